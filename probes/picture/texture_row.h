// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "probes/picture/texture_sweep.h"
#include "probes/rows.h"

namespace cleangate::probes {

// What coding, scaling and noise leave behind in the small, of one decoded frame: TextureMeasure
// says what each number is.
struct TextureRow {
  enum Flag : std::uint16_t {
    kDamaged = 1,      // missing, concealed or damaged
    kNotMeasured = 2,  // these samples cannot be measured or have less than 8 bits, or there are
                       // less than 3 cells across or down
    kFields = 4        // lines have their neighbors in the same field
  };
  std::uint32_t cells = 0;
  // Share codes (share_code) of cells.
  std::uint16_t flat = 0;
  std::uint16_t contrasty = 0;
  std::array<std::uint16_t, kContourRungs> contours{};
  std::array<std::uint16_t, kTextureCell> edges{};
  std::array<std::uint16_t, kRoughShares> rough{};  // mean |L| of a sample, 1/64 of a code value of
                                                    // 10 bits, rounded down
  std::array<std::uint16_t, kSharpShares> sharp{};  // 64ths
  std::uint16_t flags = 0;
  std::uint16_t reserved = 0;

  static constexpr TextureRow damaged() {
    TextureRow row;
    row.flags = kDamaged;
    return row;
  }

  static constexpr std::array<Column, 9> kColumns{{{"cells", ColumnType::u32, 0, 1},
                                                   {"flat", ColumnType::u16, 4, 1},
                                                   {"contrasty", ColumnType::u16, 6, 1},
                                                   {"contours", ColumnType::u16, 8, kContourRungs},
                                                   {"edges", ColumnType::u16, 16, kTextureCell},
                                                   {"rough", ColumnType::u16, 32, kRoughShares},
                                                   {"sharp", ColumnType::u16, 40, kSharpShares},
                                                   {"flags", ColumnType::u16, 44, 1},
                                                   {"reserved", ColumnType::u16, 46, 1}}};
  static constexpr RowType kType{"picture.texture", 1, RowClock::frame, 48, kColumns};
};
static_assert(MeasurementRow<TextureRow> && sizeof(TextureRow) == TextureRow::kType.size);

}  // namespace cleangate::probes
