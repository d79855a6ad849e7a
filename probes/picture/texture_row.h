// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "probes/picture/texture_sweep.h"
#include "probes/rows.h"

namespace cleangate::probes {

// What coding, scaling and noise leave behind in the small, of one decoded frame: TextureMeasure
// says what each number is. Means are of luma Y' in 1/64 of a code value of 10 bits, rounded down,
// whatever the depth.
struct TextureRow {
  enum Flag : std::uint16_t {
    kDamaged = 1,      // missing, concealed or damaged
    kNotMeasured = 2,  // these samples cannot be measured, or there are less than 3 cells
    kFields = 4        // lines have their neighbors in the same field
  };
  std::uint32_t cells = 0;
  std::array<std::uint16_t, kTextureCell> across{};     // mean |difference| to the left, by x mod 8
  std::array<std::uint16_t, kTextureCell> down{};       // to the line above, by its line mod 8
  std::uint16_t across_two = 0;                         // mean |right - left|
  std::uint16_t flat = 0;                               // share code of the cells of one value
  std::array<std::uint16_t, kRoughShares> rough{};      // mean |L| of a cell, 1/16 of a code value
  std::array<std::uint16_t, kContourRungs> contours{};  // share codes
  std::uint16_t flags = 0;

  static constexpr TextureRow damaged() {
    TextureRow row;
    row.flags = kDamaged;
    return row;
  }

  static constexpr std::array<Column, 8> kColumns{{{"cells", ColumnType::u32, 0, 1},
                                                   {"across", ColumnType::u16, 4, kTextureCell},
                                                   {"down", ColumnType::u16, 20, kTextureCell},
                                                   {"across_two", ColumnType::u16, 36, 1},
                                                   {"flat", ColumnType::u16, 38, 1},
                                                   {"rough", ColumnType::u16, 40, kRoughShares},
                                                   {"contours", ColumnType::u16, 48, kContourRungs},
                                                   {"flags", ColumnType::u16, 54, 1}}};
  static constexpr RowType kType{"picture.texture", 1, RowClock::frame, 56, kColumns};
};
static_assert(MeasurementRow<TextureRow> && sizeof(TextureRow) == TextureRow::kType.size);

}  // namespace cleangate::probes
