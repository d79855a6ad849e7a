// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/change.h"

#include "probes/picture/luma_ladder.h"

namespace cleangate::probes {
namespace {

// The sum is below 2^48: at most 2^32 samples of at most 2^16.
std::uint32_t mean(std::uint64_t sum, std::uint64_t count) {
  return count == 0 ? 0 : static_cast<std::uint32_t>((sum << 16) / count);
}

ChangeRow with_change(ChangeRow row, const FrameSweep& sweep) {
  const FrameChange& change = sweep.change();
  row = row.alone();
  if (change.pairing != FrameChange::Pairing::paired) {
    if (change.pairing == FrameChange::Pairing::other_form) row.flags |= ChangeRow::kOtherForm;
    return row;
  }
  row.flags = static_cast<std::uint16_t>((change.identical ? ChangeRow::kIdentical : 0) |
                                         (change.chroma_compared ? ChangeRow::kChroma : 0));
  row.difference = mean(change.luma_difference, change.luma_samples);
  row.chroma = mean(change.chroma_difference, change.chroma_samples);
  row.cell_change = mean(change.cell_change, change.cells);
  row.difference_max = change.luma_difference_max;
  row.cell_difference_max = change.cell_difference_max;
  row.cell_change_max = change.cell_change_max;
  for (std::size_t i = 0; i < kDifferenceRungs; ++i)
    row.above[i] = share_code(change.luma_above[i]);
  for (std::size_t i = 0; i < kCellChangeRungs; ++i)
    row.cells_above[i] = share_code(change.cells_above[i]);
  return row;
}

}  // namespace

ChangeRow analyze_change(const FrameSweep& sweep) {
  ChangeRow row;
  if (sweep.unmeasured() != Unmeasured::measured) {
    row.flags = ChangeRow::kNotMeasured;
    return row;
  }
  row.digest = static_cast<std::int64_t>(sweep.digest());
  row.bits = static_cast<std::uint16_t>(sweep.bits());
  return with_change(row, sweep);
}

ChangeRow join(const FrameSweep& compared, const ChangeRow& row) {
  if (row.flags & (ChangeRow::kDamaged | ChangeRow::kNotMeasured)) return row;
  return with_change(row, compared);
}

}  // namespace cleangate::probes
