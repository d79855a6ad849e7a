// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "probes/picture/cpu_level.h"

// The inner loops of ChangeSweep. Every level computes the same integers; only the speed differs.
namespace cleangate::probes {

inline constexpr std::size_t kDifferenceRungs = 4, kCellChangeRungs = 9;

// The same line of two frames, and the column sums it adds to.
struct ChangeLine {
  const void* line = nullptr;    // std::uint8_t or std::uint16_t samples, as the kernel's name says
  const void* before = nullptr;  // the same line of the frame before
  int width = 0;                 // 1..kMaxPictureSide
  std::uint16_t mask = 0;        // bits above the depth are ignored
  std::array<std::uint16_t, kDifferenceRungs> rungs{};
  // += |difference| and += what the line is brighter by, where it is: std::uint16_t (depth up to
  // 12, at most 15 lines), else std::uint32_t.
  void* column_difference = nullptr;
  void* column_gain = nullptr;
};

struct ChangeCounts {
  std::uint16_t difference_max = 0;  // code values
  std::array<std::uint32_t, kDifferenceRungs>
      difference_above{};  // samples with more than the rung
};

// Cells of 8x8 samples, from the sums of their columns over 8 lines (depth up to 12).
struct ChangeCells {
  const std::uint16_t* column_difference = nullptr;
  const std::uint16_t* column_gain = nullptr;
  int cells = 0;
  int left = 0;  // bits that left-justify a sample in 16
  // Ascending; not over 32767.
  std::array<std::uint16_t, kCellChangeRungs> rungs{};
};

// `difference`: the sums of |difference|; `difference_max`: the largest mean of a cell. `change`:
// how far the mean of a cell has moved. Means are left-justified in 16 bits.
struct CellCounts {
  std::uint64_t difference = 0, change = 0;
  std::uint16_t difference_max = 0, change_max = 0;
  std::array<std::uint32_t, kCellChangeRungs> change_above{};  // cells that moved by more
};

struct ChangeKernels {
  ChangeCounts (*line8)(const ChangeLine&);
  ChangeCounts (*line16)(const ChangeLine&);       // 16-bit column sums
  ChangeCounts (*line16_deep)(const ChangeLine&);  // 32-bit column sums
  CellCounts (*cells)(const ChangeCells&);
  // Sum of |difference| of two runs of samples, 1..kMaxPictureSide of them; bits outside the mask
  // are ignored.
  std::uint32_t (*difference8)(const std::uint8_t*, const std::uint8_t*, int, std::uint16_t mask);
  std::uint32_t (*difference16)(const std::uint16_t*, const std::uint16_t*, int,
                                std::uint16_t mask);
};
// A level this machine lacks must not be asked for.
[[nodiscard]] const ChangeKernels& change_kernels(CpuLevel level);

}  // namespace cleangate::probes
