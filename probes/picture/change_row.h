// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "probes/picture/frame_change.h"
#include "probes/rows.h"

namespace cleangate::probes {

// How one decoded frame differs from the frame presented before it, over the whole raster.
// Differences are absolute, of luma Y' (LumaLines) in native code values unless said otherwise. A
// frame without a predecessor that it can be compared with (kAlone) tells its digest and nothing
// else; one with kDamaged or kNotMeasured tells nothing.
struct ChangeRow {
  enum Flag : std::uint16_t {
    kDamaged = 1,      // missing, concealed or damaged
    kNotMeasured = 2,  // these samples cannot be measured
    kAlone = 4,        // the first frame, or the one before is missing, damaged or of another form
    kOtherForm = 8,    // with kAlone: the one before has another size or sample layout
    kChroma = 32,      // `chroma` is told: luma differs by at most kChromaLimit8 in the mean
    kIdentical = 16    // every sample of every component is that of the frame before
  };
  std::int64_t digest = 0;  // the bits of PictureDigest: equal pictures of a stream, equal digests
  std::uint32_t difference = 0;   // mean of the raster, times 65536, rounded down
  std::uint32_t chroma = 0;       // mean of C'b and C'r together (R' and B'), times 65536
  std::uint32_t cell_change = 0;  // mean over the 8x8 cells of how far their means moved; means
                                  // left-justified in 16 bits, times 65536
  std::uint16_t difference_max = 0;
  std::uint16_t cell_difference_max = 0;  // largest mean difference of an 8x8 cell, and
  std::uint16_t cell_change_max = 0;      // farthest move of a cell's mean; left-justified
  std::uint16_t bits = 0;                 // depth of Y', 1..16
  std::uint16_t flags = 0;
  // Share codes (share_code) of the samples that differ by more than difference_rungs(bits), and of
  // the cells whose mean moved by more than cell_change_rung(i).
  std::array<std::uint16_t, kDifferenceRungs> above{};
  std::array<std::uint16_t, kCellChangeRungs> cells_above{};

  static constexpr ChangeRow damaged() {
    ChangeRow row;
    row.flags = kDamaged;
    return row;
  }
  // The same frame behind another that it cannot be compared with.
  [[nodiscard]] constexpr ChangeRow alone() const {
    ChangeRow row;
    row.digest = digest;
    row.bits = bits;
    row.flags = static_cast<std::uint16_t>((flags & (kDamaged | kNotMeasured)) | kAlone);
    return row;
  }

  static constexpr std::array<Column, 11> kColumns{
      {{"digest", ColumnType::i64, 0, 1},
       {"difference", ColumnType::u32, 8, 1},
       {"chroma", ColumnType::u32, 12, 1},
       {"cell_change", ColumnType::u32, 16, 1},
       {"difference_max", ColumnType::u16, 20, 1},
       {"cell_difference_max", ColumnType::u16, 22, 1},
       {"cell_change_max", ColumnType::u16, 24, 1},
       {"bits", ColumnType::u16, 26, 1},
       {"flags", ColumnType::u16, 28, 1},
       {"above", ColumnType::u16, 30, kDifferenceRungs},
       {"cells_above", ColumnType::u16, 38, kCellChangeRungs}}};
  static constexpr RowType kType{"picture.change", 1, RowClock::frame, 56, kColumns};
};
static_assert(MeasurementRow<ChangeRow> && sizeof(ChangeRow) == ChangeRow::kType.size);

}  // namespace cleangate::probes
