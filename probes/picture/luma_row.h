// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "probes/picture/luma_ladder.h"
#include "probes/picture/sweep_kernels.h"
#include "probes/rows.h"

namespace cleangate::probes {

inline constexpr std::size_t kLumaQuantiles = 9;
// Quantiles in thousandths: element q is the smallest code value v such that at least that share of
// the samples is at or below v; 0 is the minimum, 1000 the maximum.
inline constexpr std::array<int, kLumaQuantiles> kLumaQuantileShares{0,   1,   10,  100, 500,
                                                                     900, 990, 999, 1000};

// Luma of one decoded frame: of the raster and of its active rectangle (FrameSweep::active, whose
// header says how it is found). All levels are native code values Y' as decoded; for R'G'B' see
// LumaLines. A frame with kDamaged or kNotMeasured has zero everywhere else: it says nothing.
struct LumaRow {
  enum Flag : std::uint16_t {
    kDamaged = 1,      // missing, concealed or damaged: nothing was measured
    kNotMeasured = 2,  // these samples cannot be measured; one of the next two says why
    kFloatSamples = 4,
    kLayout = 8,   // a layout that is not read, or a side over 65535
    kNarrow = 16,  // range as decoded with the frame; neither kNarrow nor kFull: unspecified
    kFull = 32,
    kFullLadder = 64,  // the rungs are those of the full range (nominal_range), else of the narrow
    kRgb = 128,        // Y' was computed from R'G'B' or a palette
    kNoPicture = 256   // nothing over black: the active rectangle is empty, and the active
                       // quantiles, mean and ladder are those of the raster
  };
  std::uint32_t mean = 0;  // sum of Y' * 65536 / samples, rounded down
  std::uint32_t active_mean = 0;
  std::uint16_t width = 0, height = 0;  // of the raster, luma samples
  std::uint16_t active_x = 0, active_y = 0, active_width = 0, active_height = 0;
  std::uint16_t bits = 0;  // depth of Y', 1..16
  std::uint16_t flags = 0;
  std::array<std::uint16_t, kLumaQuantiles> quantiles{};
  std::array<std::uint16_t, kLumaQuantiles> active_quantiles{};
  // Share codes (share_code) of the samples above rung i of luma_ladder(bits, range).
  std::array<std::uint16_t, kLumaRungs> above{};
  std::array<std::uint16_t, kActiveLumaRungs> active_above{};
  // Texture of the raster. Local contrast as FrameSweep::contrast_max: largest, and share codes of
  // the samples above 2, 4, 8, 16, 32, 64 (8-bit).
  std::uint16_t contrast_max = 0;
  std::array<std::uint16_t, kContrastRungs> contrast_above{};
  // Means of 8x8 cells (CellGrid: left-justified in 16 bits): noise averages out, picture does not.
  std::uint16_t cell_min = 0, cell_max = 0;
  std::uint16_t cell_contrast = 0;  // largest difference between neighbors, across or down

  static constexpr LumaRow damaged() {
    LumaRow row;
    row.flags = kDamaged;
    return row;
  }

  static constexpr std::array<Column, 19> kColumns{
      {{"mean", ColumnType::u32, 0, 1},
       {"active_mean", ColumnType::u32, 4, 1},
       {"width", ColumnType::u16, 8, 1},
       {"height", ColumnType::u16, 10, 1},
       {"active_x", ColumnType::u16, 12, 1},
       {"active_y", ColumnType::u16, 14, 1},
       {"active_width", ColumnType::u16, 16, 1},
       {"active_height", ColumnType::u16, 18, 1},
       {"bits", ColumnType::u16, 20, 1},
       {"flags", ColumnType::u16, 22, 1},
       {"quantiles", ColumnType::u16, 24, kLumaQuantiles},
       {"active_quantiles", ColumnType::u16, 42, kLumaQuantiles},
       {"above", ColumnType::u16, 60, kLumaRungs},
       {"active_above", ColumnType::u16, 214, kActiveLumaRungs},
       {"contrast_max", ColumnType::u16, 280, 1},
       {"contrast_above", ColumnType::u16, 282, kContrastRungs},
       {"cell_min", ColumnType::u16, 294, 1},
       {"cell_max", ColumnType::u16, 296, 1},
       {"cell_contrast", ColumnType::u16, 298, 1}}};
  static constexpr RowType kType{"picture.luma", 1, RowClock::frame, 300, kColumns};
};
static_assert(MeasurementRow<LumaRow> && sizeof(LumaRow) == LumaRow::kType.size);

}  // namespace cleangate::probes
