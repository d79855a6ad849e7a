// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "probes/picture/luma_row.h"
#include "probes/picture/signal_kernels.h"
#include "probes/rows.h"

namespace cleangate::probes {

// Steps outside a nominal range. R', G', B': in codes of 10 bits: 0, 1, 2, 3, 4 %, EBU R 103's 44,
// 7.5 and 10 %. C'b, C'r: in codes of 8 bits; 11 is EBU R 103's 5 %.
inline constexpr std::size_t kRgbRungs = 8, kChromaRungs = 4;
inline constexpr std::array<int, kRgbRungs> kRgbSteps{0, 9, 18, 26, 35, 44, 66, 88};
inline constexpr std::array<int, kChromaRungs> kChromaSteps{0, 2, 5, 11};

// Color of one decoded frame: C'b and C'r of every sample, R'G'B' at the sites of SignalMeasure,
// which says where they are. Quantiles as in LumaRow. C'b, C'r: native code values. R', G', B' and
// the largest of the three: codes of a narrow 10-bit signal (nominal black 64, white 940) plus
// 1024, of RgbMatrix rounded down. Counts of sites are share codes (share_code); `sites` is all of
// them. Bars beside the picture are sites as well.
struct SignalRow {
  enum Flag : std::uint16_t {
    kDamaged = 1,      // missing, concealed or damaged: nothing was measured
    kNotMeasured = 2,  // these samples cannot be measured: floats, palettes, under 8 bits,
                       // components of unequal depth
    kNoChroma = 4,     // R'G'B' or gray: no C'b, C'r
    kNoRgb = 8,        // the matrix has no R'G'B' of its own (constant luminance, YCgCo, ICtCp)
    kFields = 16,      // the filter of `filtered` stayed within fields
    kFull = 32,        // read as full range (nominal_range), else as narrow
    kPq = 64,          // scale of `light_*` (LightScale); neither kPq nor kHlg: relative
    kHlg = 128
  };
  std::uint32_t sites = 0;
  std::uint32_t cb_mean = 0, cr_mean = 0;  // times 65536, rounded down, as all means of codes
  std::uint32_t red_mean = 0, green_mean = 0, blue_mean = 0, largest_mean = 0;
  std::uint32_t saturation_mean = 0;  // distance of C'b, C'r from neutral at the sites
  // Light of the largest of R', G', B' (MaxRGB of CTA-861.3 annex P) at the sites: mean and
  // largest.
  std::uint32_t light_mean = 0, light_max = 0;
  std::uint16_t saturation_max = 0;
  std::uint16_t site_step = 0;  // luma samples from one site of a line to the next
  std::uint16_t bits = 0;       // depth of the components
  std::uint16_t flags = 0;
  std::array<std::uint16_t, kLumaQuantiles> cb{}, cr{}, red{}, green{}, blue{}, largest{};
  // Samples of C'b, C'r below 16 less kChromaSteps and above 240 plus kChromaSteps (8 bits; full
  // range: below 0 and above the last code there are none); sites below and above by kRgbSteps.
  std::array<std::uint16_t, kChromaRungs> cb_below{}, cb_above{}, cr_below{}, cr_above{};
  std::array<std::uint16_t, kRgbRungs> red_below{}, red_above{}, green_below{}, green_above{},
      blue_below{}, blue_above{};
  // Sites with any of R', G', B' (and so Y', which lies between them) farther outside than
  // kOutside, as they are and behind the filter.
  std::array<std::uint16_t, kOutsideRungs> outside{}, filtered{};

  static constexpr SignalRow damaged() {
    SignalRow row;
    row.flags = kDamaged;
    return row;
  }

  static constexpr std::array<Column, 32> kColumns{
      {{"sites", ColumnType::u32, 0, 1},
       {"cb_mean", ColumnType::u32, 4, 1},
       {"cr_mean", ColumnType::u32, 8, 1},
       {"red_mean", ColumnType::u32, 12, 1},
       {"green_mean", ColumnType::u32, 16, 1},
       {"blue_mean", ColumnType::u32, 20, 1},
       {"largest_mean", ColumnType::u32, 24, 1},
       {"saturation_mean", ColumnType::u32, 28, 1},
       {"light_mean", ColumnType::u32, 32, 1},
       {"light_max", ColumnType::u32, 36, 1},
       {"saturation_max", ColumnType::u16, 40, 1},
       {"site_step", ColumnType::u16, 42, 1},
       {"bits", ColumnType::u16, 44, 1},
       {"flags", ColumnType::u16, 46, 1},
       {"cb", ColumnType::u16, 48, kLumaQuantiles},
       {"cr", ColumnType::u16, 66, kLumaQuantiles},
       {"red", ColumnType::u16, 84, kLumaQuantiles},
       {"green", ColumnType::u16, 102, kLumaQuantiles},
       {"blue", ColumnType::u16, 120, kLumaQuantiles},
       {"largest", ColumnType::u16, 138, kLumaQuantiles},
       {"cb_below", ColumnType::u16, 156, kChromaRungs},
       {"cb_above", ColumnType::u16, 164, kChromaRungs},
       {"cr_below", ColumnType::u16, 172, kChromaRungs},
       {"cr_above", ColumnType::u16, 180, kChromaRungs},
       {"red_below", ColumnType::u16, 188, kRgbRungs},
       {"red_above", ColumnType::u16, 204, kRgbRungs},
       {"green_below", ColumnType::u16, 220, kRgbRungs},
       {"green_above", ColumnType::u16, 236, kRgbRungs},
       {"blue_below", ColumnType::u16, 252, kRgbRungs},
       {"blue_above", ColumnType::u16, 268, kRgbRungs},
       {"outside", ColumnType::u16, 284, kOutsideRungs},
       {"filtered", ColumnType::u16, 304, kOutsideRungs}}};
  static constexpr RowType kType{"picture.signal", 2, RowClock::frame, 324, kColumns};
};
static_assert(MeasurementRow<SignalRow> && sizeof(SignalRow) == SignalRow::kType.size);

}  // namespace cleangate::probes
