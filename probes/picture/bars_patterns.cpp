// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/bars_patterns.h"

namespace cleangate::probes {
namespace {

struct Pattern {
  std::string_view name;
  BarsLayout layout;
  std::int32_t white, color;  // of the bars, ten-thousandths
  std::int32_t top;           // of the row on top; 0: it is like the others
};

// SMPTE EG 1-1990. SMPTE RP 219-1:2014 annex B, RP 219-2:2016. ITU-R BT.471-1. ITU-R BT.2111-2
// (HLG: 721 in 10 bits is 75 %, PQ: 572 is 58 %). EBU Tech 3373 tables 3 to 5.
constexpr std::array<Pattern, kBarsPatterns> kPatterns{
    {{"none", BarsLayout::seven, 0, 0, 0},
     {"smpte", BarsLayout::seven, 7500, 7500, 0},
     {"rp219", BarsLayout::panels, 7500, 7500, 0},
     {"ebu75", BarsLayout::eight, 10000, 7500, 0},
     {"ebu100", BarsLayout::eight, 10000, 10000, 0},
     {"bt2111_hlg", BarsLayout::panels, 7500, 7500, 10000},
     {"bt2111_pq", BarsLayout::panels, 5800, 5800, 10000},
     {"tech3373", BarsLayout::panels, 7500, 7500, 10000}}};

const Pattern& at(BarsPattern pattern) { return kPatterns[static_cast<std::size_t>(pattern)]; }

// White, yellow, cyan, green, magenta, red, blue, black: which of R', G', B' are on.
constexpr std::array<std::array<int, 3>, kMostBars> kOn{
    {{1, 1, 1}, {1, 1, 0}, {0, 1, 1}, {0, 1, 0}, {1, 0, 1}, {1, 0, 0}, {0, 0, 1}, {0, 0, 0}}};

// BT.709 bars of 75 % in HLG by display light: 10-bit narrow codes.
constexpr std::array<std::array<std::int32_t, 3>, 7> kDisplayLight{{{602, 602, 602},
                                                                    {594, 601, 246},
                                                                    {408, 591, 601},
                                                                    {388, 589, 232},
                                                                    {534, 227, 595},
                                                                    {522, 216, 138},
                                                                    {187, 127, 602}}};

constexpr std::int64_t divide(std::int64_t a, std::int64_t b) {  // rounded, halves away from 0
  return (a >= 0 ? a + b / 2 : a - b / 2) / b;
}

}  // namespace

std::string_view bars_name(BarsPattern pattern) { return at(pattern).name; }
BarsLayout layout_of(BarsPattern pattern) { return at(pattern).layout; }

BarLevel bar_rgb(BarsPattern pattern, BarsBand band, int bar) {
  const auto index = static_cast<std::size_t>(bar);
  BarLevel level{};
  if (pattern == BarsPattern::tech3373 && band == BarsBand::low) {
    for (std::size_t i = 0; i < 3; ++i)
      level[i] = static_cast<std::int32_t>(divide((kDisplayLight[index][i] - 64) * 10000, 876));
    return level;
  }
  const Pattern& of = at(pattern);
  std::int32_t on = bar == 0 ? of.white : of.color;
  if (band == BarsBand::top && of.top > 0) on = of.top;
  for (std::size_t i = 0; i < 3; ++i) level[i] = kOn[index][i] * on;
  return level;
}

BarLevel ycbcr_of(const BarLevel& rgb, LumaWeights weights) {
  const std::int64_t kr = weights.kr, kb = weights.kb, kg = 10000 - kr - kb;
  const std::int64_t luma = kr * rgb[0] + kg * rgb[1] + kb * rgb[2];  // times 10000
  const auto difference = [&](std::int32_t color, std::int64_t weight) {
    return static_cast<std::int32_t>(
        divide(std::int64_t{color} * 10000 - luma, 2 * (10000 - weight)));
  };
  return {static_cast<std::int32_t>(divide(luma, 10000)), difference(rgb[2], kb),
          difference(rgb[0], kr)};
}

std::int32_t bar_level(std::uint32_t code, BarComponent component, SignalRange range, int bits) {
  const bool full = range == SignalRange::full, chroma = component == BarComponent::chroma;
  const std::int64_t zero = chroma ? 32768 : full ? 0 : 16 << 8;
  const std::int64_t excursion =
      full ? ((std::int64_t{1} << bits) - 1) << (16 - bits) : (chroma ? 224 : 219) << 8;
  return static_cast<std::int32_t>(divide((std::int64_t{code} - zero) * 10000, excursion));
}

}  // namespace cleangate::probes
