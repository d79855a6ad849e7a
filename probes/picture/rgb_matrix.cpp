// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/rgb_matrix.h"

namespace cleangate::probes {
namespace {

constexpr std::int64_t kWhole = 10000;
constexpr std::int64_t kSpan = kRgbWhite - kRgbBlack;
constexpr LumaWeights kBt709{2126, 722}, kBt2020{2627, 593}, kBt601{2990, 1140},
    kSmpte240{2120, 870}, kFcc{3000, 1100};

std::int32_t rounded(std::int64_t numerator, std::int64_t denominator) {
  const std::int64_t half = numerator < 0 ? -denominator / 2 : denominator / 2;
  return static_cast<std::int32_t>((numerator + half) / denominator);
}

// Code values from nominal black to nominal white, and of the whole excursion of C'b and C'r.
struct Excursion {
  std::int64_t black, luma, chroma;
};
Excursion excursion(SignalRange range, int bits) {
  const std::int64_t all = (std::int64_t{1} << bits) - 1;
  if (range == SignalRange::full || bits < 8) return {0, all, all};
  return {std::int64_t{16} << (bits - 8), std::int64_t{219} << (bits - 8),
          std::int64_t{224} << (bits - 8)};
}

}  // namespace

LumaWeights weights_of_primaries(ColorPrimaries primaries) {
  switch (primaries) {
    case ColorPrimaries::bt2020:
      return kBt2020;
    case ColorPrimaries::bt470bg:
    case ColorPrimaries::smpte170m:
      return kBt601;
    case ColorPrimaries::smpte240m:
      return kSmpte240;
    case ColorPrimaries::bt470m:
      return kFcc;
    default:
      return kBt709;
  }
}

std::optional<LumaWeights> luma_weights(const ColorDescription& color) {
  using M = MatrixCoefficients;
  switch (color.matrix) {
    case M::bt709:
      return kBt709;
    case M::bt2020nc:
      return kBt2020;
    case M::bt470bg:
    case M::smpte170m:
      return kBt601;
    case M::smpte240m:
      return kSmpte240;
    case M::fcc:
      return kFcc;
    case M::unspecified:
    case M::chroma_derived_nc:
      break;
    default:
      return std::nullopt;
  }
  return weights_of_primaries(color.primaries);
}

RgbMatrix rgb_to_rgb(SignalRange range, int bits, int fraction) {
  const Excursion e = excursion(range, bits);
  RgbMatrix m;
  const std::int64_t scale = kSpan << 16;
  m.y = rounded(scale, e.luma << fraction);
  m.offset = static_cast<std::int32_t>((std::int64_t{kRgbBlack} << 16) -
                                       (e.black << fraction) * m.y + (1 << 15));
  return m;
}

RgbMatrix ycbcr_to_rgb(LumaWeights weights, SignalRange range, int bits, int fraction) {
  RgbMatrix m = rgb_to_rgb(range, bits, fraction);
  const std::int64_t kr = weights.kr, kb = weights.kb, kg = kWhole - kr - kb;
  const std::int64_t scale = kSpan << 16, chroma = excursion(range, bits).chroma << fraction;
  m.cr_r = rounded(scale * 2 * (kWhole - kr), chroma * kWhole);
  m.cb_b = rounded(scale * 2 * (kWhole - kb), chroma * kWhole);
  m.cb_g = rounded(-scale * 2 * kb * (kWhole - kb) / kWhole, chroma * kg);
  m.cr_g = rounded(-scale * 2 * kr * (kWhole - kr) / kWhole, chroma * kg);
  return m;
}

}  // namespace cleangate::probes
