// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/outliers.h"

#include <algorithm>
#include <cstddef>

namespace cleangate::probes {
namespace {

void put(const Bands& bands, std::array<std::uint16_t, kMostBands>& at,
         std::array<std::uint8_t, kMostBands>& count, std::array<std::uint8_t, kMostBands>& apart,
         std::array<std::uint8_t, kMostBands * 4>& level,
         std::array<std::uint8_t, kMostBands * 8>& around) {
  for (std::size_t i = 0; i < kMostBands; ++i) {
    at[i] = bands[i].at;
    count[i] = bands[i].count;
    apart[i] = bands[i].apart;
    std::copy(bands[i].level.begin(), bands[i].level.end(),
              level.begin() + static_cast<std::ptrdiff_t>(i * 4));
    for (std::size_t side = 0; side < 2; ++side)
      std::copy(bands[i].around[side].begin(), bands[i].around[side].end(),
                around.begin() + static_cast<std::ptrdiff_t>(i * 8 + side * 4));
  }
}

}  // namespace

OutliersRow analyze_outliers(const FrameSweep& sweep) {
  OutliersRow row;
  const FrameOutliers& found = sweep.outliers();
  if (sweep.unmeasured() != Unmeasured::measured || !found.measured) {
    row.flags = OutliersRow::kNotMeasured;
    return row;
  }
  if (found.fields) row.flags = OutliersRow::kFields;
  for (std::size_t i = 0; i < found.dot_count; ++i) {
    const OutlierDot& dot = found.dots[i];
    row.dot_x[i] = dot.x;
    row.dot_y[i] = dot.y;
    row.dot_step[i] = dot.step;
    row.dot_alone[i] = dot.alone;
    std::copy(dot.around.begin(), dot.around.end(),
              row.dot_around.begin() + static_cast<std::ptrdiff_t>(i * 4));
  }
  put(found.lines, row.line_at, row.line_count, row.line_apart, row.line_level, row.line_around);
  put(found.columns, row.column_at, row.column_count, row.column_apart, row.column_level,
      row.column_around);
  return row;
}

}  // namespace cleangate::probes
