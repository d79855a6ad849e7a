// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "probes/picture/outlier_sweep.h"
#include "probes/rows.h"

namespace cleangate::probes {

// Single samples (dots), lines and columns of luma Y' that stand out of what surrounds them in one
// decoded frame: OutlierDot and OutlierBand say what each number is. Levels are code values of 8
// bits, whatever the depth. Places that are not needed are 0 and come last: dots whose `dot_step`,
// lines and columns whose count is 0. With kDamaged or kNotMeasured nothing is told.
struct OutliersRow {
  enum Flag : std::uint8_t {
    kDamaged = 1,      // missing, concealed or damaged
    kNotMeasured = 2,  // these samples cannot be measured, or a side is under 16
    kFields = 4        // lines were compared with those of their own field
  };
  std::array<std::uint16_t, kMostDots> dot_x{}, dot_y{};
  std::array<std::int16_t, kMostDots> dot_step{};
  std::array<std::uint16_t, kMostBands> line_at{}, column_at{};
  std::array<std::uint8_t, kMostDots> dot_alone{};
  std::array<std::uint8_t, kMostDots * 4> dot_around{};  // four of the first dot, of the second …
  // Likewise: of the first line (column) first.
  std::array<std::uint8_t, kMostBands> line_count{}, line_apart{};
  std::array<std::uint8_t, kMostBands * 4> line_level{};
  std::array<std::uint8_t, kMostBands * 8> line_around{};  // before the band, behind it
  std::array<std::uint8_t, kMostBands> column_count{}, column_apart{};
  std::array<std::uint8_t, kMostBands * 4> column_level{};
  std::array<std::uint8_t, kMostBands * 8> column_around{};
  std::uint8_t flags = 0, reserved = 0;

  static constexpr OutliersRow damaged() {
    OutliersRow row;
    row.flags = kDamaged;
    return row;
  }

  static constexpr std::array<Column, 17> kColumns{{{"dot_x", ColumnType::u16, 0, 16},
                                                    {"dot_y", ColumnType::u16, 32, 16},
                                                    {"dot_step", ColumnType::i16, 64, 16},
                                                    {"line_at", ColumnType::u16, 96, 3},
                                                    {"column_at", ColumnType::u16, 102, 3},
                                                    {"dot_alone", ColumnType::u8, 108, 16},
                                                    {"dot_around", ColumnType::u8, 124, 64},
                                                    {"line_count", ColumnType::u8, 188, 3},
                                                    {"line_apart", ColumnType::u8, 191, 3},
                                                    {"line_level", ColumnType::u8, 194, 12},
                                                    {"line_around", ColumnType::u8, 206, 24},
                                                    {"column_count", ColumnType::u8, 230, 3},
                                                    {"column_apart", ColumnType::u8, 233, 3},
                                                    {"column_level", ColumnType::u8, 236, 12},
                                                    {"column_around", ColumnType::u8, 248, 24},
                                                    {"flags", ColumnType::u8, 272, 1},
                                                    {"reserved", ColumnType::u8, 273, 1}}};
  static constexpr RowType kType{"picture.outliers", 1, RowClock::frame, 274, kColumns};
};
static_assert(MeasurementRow<OutliersRow> && sizeof(OutliersRow) == OutliersRow::kType.size);

}  // namespace cleangate::probes
