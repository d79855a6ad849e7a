// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "probes/picture/field_sweep.h"
#include "probes/rows.h"

namespace cleangate::probes {

// How the two fields of one decoded frame fit together, and how those of the frame presented before
// it would fit in their place: FrameFields says what each number is. Index 0 is the top field (even
// lines, counted from 0), 1 the bottom field. Luma Y' in native code values; means are times 65536,
// rounded down. A frame that cannot be compared with the one before (kAlone) tells `weave`,
// `vertical` and `combed`; one with kDamaged or kNotMeasured tells nothing.
struct FieldsRow {
  enum Flag : std::uint16_t {
    kDamaged = 1,      // missing, concealed or damaged
    kNotMeasured = 2,  // these samples cannot be measured, or there are less than three lines
    kAlone = 4         // the first frame, or the one before is missing, damaged or of another form
  };
  std::array<std::uint32_t, 2> weave{};         // mean distance from the mean of the samples above
                                                // and below, which are of the other field
  std::array<std::uint32_t, 2> weave_before{};  // the same of the frame before's samples there
  std::array<std::uint32_t, 2> difference{};    // mean |difference| to the frame before
  std::uint32_t vertical = 0;                   // mean |above - below|
  std::array<std::uint16_t, 2> difference_max{};  // of a block; left-justified in 16 bits
  std::uint32_t blocks = 0;
  // Share codes (share_code) of how many blocks have more than field_rung(i).
  std::array<std::uint16_t, kFieldRungs> progressive{};
  std::array<std::uint16_t, kFieldRungs> top_first{};
  std::array<std::uint16_t, kFieldRungs> bottom_first{};
  std::array<std::uint16_t, kFieldRungs> better_top{};
  std::array<std::uint16_t, kFieldRungs> better_bottom{};
  std::array<std::uint16_t, kFieldRungs> combed{};
  std::uint16_t bits = 0;  // depth of Y', 1..16
  std::uint16_t flags = 0;

  static constexpr FieldsRow damaged() {
    FieldsRow row;
    row.flags = kDamaged;
    return row;
  }
  // The same frame behind another that it cannot be compared with.
  [[nodiscard]] constexpr FieldsRow alone() const {
    FieldsRow row;
    row.weave = weave;
    row.vertical = vertical;
    row.blocks = blocks;
    row.combed = combed;
    row.bits = bits;
    row.flags = static_cast<std::uint16_t>((flags & (kDamaged | kNotMeasured)) | kAlone);
    return row;
  }

  static constexpr std::array<Column, 14> kColumns{
      {{"weave", ColumnType::u32, 0, 2},
       {"weave_before", ColumnType::u32, 8, 2},
       {"difference", ColumnType::u32, 16, 2},
       {"vertical", ColumnType::u32, 24, 1},
       {"difference_max", ColumnType::u16, 28, 2},
       {"blocks", ColumnType::u32, 32, 1},
       {"progressive", ColumnType::u16, 36, kFieldRungs},
       {"top_first", ColumnType::u16, 48, kFieldRungs},
       {"bottom_first", ColumnType::u16, 60, kFieldRungs},
       {"better_top", ColumnType::u16, 72, kFieldRungs},
       {"better_bottom", ColumnType::u16, 84, kFieldRungs},
       {"combed", ColumnType::u16, 96, kFieldRungs},
       {"bits", ColumnType::u16, 108, 1},
       {"flags", ColumnType::u16, 110, 1}}};
  static constexpr RowType kType{"picture.fields", 1, RowClock::frame, 112, kColumns};
};
static_assert(MeasurementRow<FieldsRow> && sizeof(FieldsRow) == FieldsRow::kType.size);

}  // namespace cleangate::probes
