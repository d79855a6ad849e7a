// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/luma.h"

#include <algorithm>
#include <span>

#include "probes/picture/levels.h"

namespace cleangate::probes {
namespace {

using Counts = std::span<const std::uint32_t>;

template <std::size_t kRungs>
void fill_ladder(Counts counts, const std::array<std::uint16_t, kRungs>& rungs,
                 std::array<std::uint16_t, kRungs>& above) {
  std::uint64_t over = 0;  // samples above rung i, built from the top
  std::size_t code = counts.size();
  for (std::size_t i = kRungs; i-- > 0;) {
    while (code > static_cast<std::size_t>(rungs[i]) + 1) over += counts[--code];
    above[i] = share_code(static_cast<std::uint32_t>(over));
  }
}

std::uint16_t largest_step(const std::uint16_t* __restrict a, const std::uint16_t* __restrict b,
                           std::size_t count) {
  std::uint16_t largest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint16_t one = a[i], other = b[i], high = std::max(one, other);
    const auto step = static_cast<std::uint16_t>((high - one) | (high - other));  // vectorized
    largest = std::max(largest, step);
  }
  return largest;
}

void fill_cells(const CellGrid& grid, LumaRow& row) {
  std::uint16_t low = 65535, high = 0, contrast = 0;
  for (const std::uint16_t mean : grid.means) {
    low = std::min(low, mean);
    high = std::max(high, mean);
  }
  const auto width = static_cast<std::size_t>(grid.columns);
  for (int y = 0; y < grid.rows; ++y) {
    const std::uint16_t* line = grid.means.data() + static_cast<std::size_t>(y) * width;
    contrast = std::max(contrast, largest_step(line, line + 1, width - 1));
    if (y + 1 < grid.rows) contrast = std::max(contrast, largest_step(line, line + width, width));
  }
  row.cell_min = low;
  row.cell_max = high;
  row.cell_contrast = contrast;
}

std::uint16_t unmeasured_flags(Unmeasured why) {
  return static_cast<std::uint16_t>(
      LumaRow::kNotMeasured |
      (why == Unmeasured::float_samples ? LumaRow::kFloatSamples : LumaRow::kLayout));
}

std::uint16_t range_flags(const FrameSweep& sweep, SignalRange ladder_range) {
  unsigned flags = 0;
  if (sweep.color().range == SignalRange::narrow) flags |= LumaRow::kNarrow;
  if (sweep.color().range == SignalRange::full) flags |= LumaRow::kFull;
  if (ladder_range == SignalRange::full) flags |= LumaRow::kFullLadder;
  if (sweep.model() == ColorModel::rgb || sweep.model() == ColorModel::palette)
    flags |= LumaRow::kRgb;
  if (sweep.active().empty()) flags |= LumaRow::kNoPicture;
  return static_cast<std::uint16_t>(flags);
}

}  // namespace

LumaRow analyze_luma(const FrameSweep& sweep) {
  LumaRow row;
  if (sweep.unmeasured() != Unmeasured::measured) {
    row.flags = unmeasured_flags(sweep.unmeasured());
    return row;
  }
  const SignalRange range = nominal_range(sweep.model(), sweep.color().range, sweep.bits());
  row.flags = range_flags(sweep, range);
  row.width = static_cast<std::uint16_t>(sweep.width());
  row.height = static_cast<std::uint16_t>(sweep.height());
  row.bits = static_cast<std::uint16_t>(sweep.bits());
  const PictureRect active = sweep.active();
  row.active_x = active.x;
  row.active_y = active.y;
  row.active_width = active.width;
  row.active_height = active.height;

  const LumaLadder& ladder = luma_ladder(sweep.bits(), range);
  fill_levels(sweep.histogram(), row.quantiles, row.mean);
  fill_ladder(sweep.histogram(), ladder.raster, row.above);
  if (sweep.active_histogram().data() == sweep.histogram().data()) {
    row.active_quantiles = row.quantiles;
    row.active_mean = row.mean;
  } else {
    fill_levels(sweep.active_histogram(), row.active_quantiles, row.active_mean);
  }
  fill_ladder(sweep.active_histogram(), ladder.active, row.active_above);

  row.contrast_max = sweep.contrast_max();
  for (std::size_t i = 0; i < kContrastRungs; ++i)
    row.contrast_above[i] = share_code(sweep.contrast_above()[i]);
  fill_cells(sweep.cells(), row);
  return row;
}

}  // namespace cleangate::probes
