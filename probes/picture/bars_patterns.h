// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/video_frame.h"
#include "probes/picture/rgb_matrix.h"

// Color-bar test patterns, as far as they are recognized: the vertical bars of their upper part,
// from the documents' R'G'B' levels. What stands below (castellations, ramps, PLUGE) is not looked
// at: there identifications are burnt in.
namespace cleangate::probes {

// Numbers as the rows store them: they never change.
enum class BarsPattern : std::uint16_t {
  none = 0,
  smpte = 1,       // SMPTE EG 1: seven bars of 75 % across the picture
  rp219 = 2,       // SMPTE RP 219-1, -2; ARIB STD-B28: seven bars of 75 % between gray panels
  ebu75 = 3,       // ITU-R BT.471 100/0/75/0 ("EBU bars"): eight bars
  ebu100 = 4,      // ITU-R BT.471 100/0/100/0: eight bars
  bt2111_hlg = 5,  // ITU-R BT.2111 HLG; ARIB STD-B72: 75 % below 100 %, gray panels
  bt2111_pq = 6,   // ITU-R BT.2111 PQ: 58 % below 100 %, gray panels
  tech3373 = 7     // EBU Tech 3373 HLG: as 5, above two rows of BT.709 bars in HLG
};
inline constexpr std::size_t kBarsPatterns = 8;  // with `none`
// "none", "smpte", "rp219", "ebu75", "ebu100", "bt2111_hlg", "bt2111_pq", "tech3373".
[[nodiscard]] std::string_view bars_name(BarsPattern pattern);

// How the bars stand side by side.
enum class BarsLayout : std::uint8_t {
  seven,   // a seventh of the width each
  panels,  // seven in the middle three quarters, a gray panel on either side
  eight    // an eighth each, the last one black
};
[[nodiscard]] BarsLayout layout_of(BarsPattern pattern);  // not of `none`
inline constexpr int kMostBars = 8;
[[nodiscard]] constexpr int bars_of(BarsLayout layout) {
  return layout == BarsLayout::eight ? 8 : 7;
}

// Heights at which bars are looked at, in thousandths of the pattern's height: above BT.2111's
// lower edge of the row of 100 %; in the row of 75 % that all of them have; where Tech 3373 shows
// BT.709 bars.
enum class BarsBand : std::uint8_t { top, main, low };
inline constexpr std::size_t kBarsBands = 3;

// Ten-thousandths of the nominal range. Of Y'C'bC'r: Y' from 0 to 10000, C'b and C'r from -5000 to
// 5000.
using BarLevel = std::array<std::int32_t, 3>;
[[nodiscard]] BarLevel bar_rgb(BarsPattern pattern, BarsBand band, int bar);
inline constexpr BarLevel kBarsPanel{4000, 4000, 4000};
[[nodiscard]] BarLevel ycbcr_of(const BarLevel& rgb, LumaWeights weights);

// What a code value, left-justified in 16 bits, is in ten-thousandths of its nominal range.
// `chroma`: C'b or C'r.
enum class BarComponent : std::uint8_t { level, chroma };
[[nodiscard]] std::int32_t bar_level(std::uint32_t code, BarComponent component, SignalRange range,
                                     int bits);

}  // namespace cleangate::probes
