// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/vui.h"

#include <array>
#include <utility>

namespace cleangate::probes {
namespace {

// H.264 table E-1, HEVC table E.1.
constexpr std::array<std::pair<int, int>, 17> kAspects{{{0, 0},
                                                        {1, 1},
                                                        {12, 11},
                                                        {10, 11},
                                                        {16, 11},
                                                        {40, 33},
                                                        {24, 11},
                                                        {20, 11},
                                                        {32, 11},
                                                        {80, 33},
                                                        {18, 11},
                                                        {15, 11},
                                                        {64, 33},
                                                        {160, 99},
                                                        {4, 3},
                                                        {3, 2},
                                                        {2, 1}}};
constexpr std::array<const char*, 6> kSitings{"left", "center",     "topleft",
                                              "top",  "bottomleft", "bottom"};

void read_aspect(BitReader& bits, Vui& vui) {
  const std::uint32_t idc = bits.u(8);
  int width = 0, height = 0;
  if (idc == 255) {
    width = bits.i(16);
    height = bits.i(16);
  } else if (idc < kAspects.size()) {
    std::tie(width, height) = kAspects[idc];
  }
  if (width > 0 && height > 0) vui.pixel_aspect = Rational(width, height);
}

}  // namespace

void read_common_vui(BitReader& bits, Vui& vui) {
  if (bits.flag()) read_aspect(bits, vui);
  if (bits.flag()) bits.skip(1);  // overscan
  if (bits.flag()) {
    bits.skip(3);  // video_format
    vui.color.range = bits.flag() ? SignalRange::full : SignalRange::narrow;
    if (bits.flag()) {
      vui.color.primaries = static_cast<ColorPrimaries>(bits.u(8));
      vui.color.transfer = static_cast<TransferCharacteristics>(bits.u(8));
      vui.color.matrix = static_cast<MatrixCoefficients>(bits.u(8));
    }
  }
  if (bits.flag()) {
    const std::uint32_t top = bits.ue();
    bits.ue();
    if (top < kSitings.size()) vui.chroma_siting = kSitings[top];
  }
}

std::optional<Rational> frame_rate_of(const Vui& vui, int ticks_per_frame) {
  if (!vui.units_in_tick || !vui.time_scale || *vui.units_in_tick == 0 || *vui.time_scale == 0)
    return std::nullopt;
  const Rational rate(*vui.time_scale, std::int64_t{*vui.units_in_tick} * ticks_per_frame);
  if (rate > Rational(1000) || rate < Rational(1, 1000)) return std::nullopt;
  return rate;
}

std::string chroma_name(int chroma_format_idc) {
  constexpr std::array<const char*, 4> kNames{"4:0:0", "4:2:0", "4:2:2", "4:4:4"};
  return kNames[static_cast<std::size_t>(chroma_format_idc) & 3];
}

}  // namespace cleangate::probes
