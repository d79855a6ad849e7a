// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "probes/picture/bars_patterns.h"
#include "probes/rows.h"

namespace cleangate::probes {

// The color bars of one decoded frame: which pattern its upper part looks like, how much so, and
// how high its bars stand. BarsFinder says how they are found. A frame that looks like no bars has
// pattern 0, score 0 and no bars.
struct BarsRow {
  enum Flag : std::uint16_t {
    kDamaged = 1,      // missing, concealed or damaged: nothing was measured
    kNotMeasured = 2,  // these samples cannot be measured: floats, palettes, under 8 bits,
                       // components of unequal depth, a matrix that has no R'G'B' of its own
    kTooSmall = 4,     // not measured: under kBarsWidth x kBarsHeight
    kNoChroma = 8,     // not measured: gray
    kRgb = 16,         // the bars are R', G', B', else Y', C'b, C'r
    kFull = 32,        // read as full range (nominal_range), else as narrow
    kNoRange = 64      // the frame states no range
  };
  std::uint16_t flags = 0;
  std::uint16_t bits = 0;     // depth of the components
  std::uint16_t pattern = 0;  // BarsPattern
  std::uint16_t score = 0;    // 0..1000
  // How far samples of one bar lie apart, across and down, in the component where it is most; mean
  // over the bars and panels, ten-thousandths of the nominal range.
  std::uint16_t unevenness = 0;
  // Ten-thousandths (LumaWeights): of the matrix that the frame states, 0 where it states none; of
  // the one the bars fit best (of those of BT.601, BT.709, BT.2020 and the stated one). 0 of
  // R'G'B'.
  std::uint16_t stated_kr = 0, stated_kb = 0, fit_kr = 0, fit_kb = 0;
  // Where the pattern stands, luma samples.
  std::uint16_t x = 0, y = 0, width = 0, height = 0;
  // Means of the main bars from left to right, three components each, left-justified in 16 bits.
  // Patterns of seven bars have no eighth.
  std::array<std::uint16_t, kMostBars * 3> bars{};

  static constexpr BarsRow damaged() {
    BarsRow row;
    row.flags = kDamaged;
    return row;
  }

  static constexpr std::array<Column, 14> kColumns{{{"flags", ColumnType::u16, 0, 1},
                                                    {"bits", ColumnType::u16, 2, 1},
                                                    {"pattern", ColumnType::u16, 4, 1},
                                                    {"score", ColumnType::u16, 6, 1},
                                                    {"unevenness", ColumnType::u16, 8, 1},
                                                    {"stated_kr", ColumnType::u16, 10, 1},
                                                    {"stated_kb", ColumnType::u16, 12, 1},
                                                    {"fit_kr", ColumnType::u16, 14, 1},
                                                    {"fit_kb", ColumnType::u16, 16, 1},
                                                    {"x", ColumnType::u16, 18, 1},
                                                    {"y", ColumnType::u16, 20, 1},
                                                    {"width", ColumnType::u16, 22, 1},
                                                    {"height", ColumnType::u16, 24, 1},
                                                    {"bars", ColumnType::u16, 26, kMostBars * 3}}};
  static constexpr RowType kType{"picture.bars", 1, RowClock::frame, 74, kColumns};
};
static_assert(MeasurementRow<BarsRow> && sizeof(BarsRow) == BarsRow::kType.size);

}  // namespace cleangate::probes
