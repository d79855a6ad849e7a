// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "probes/picture/cpu_level.h"

// The inner loops of FlashSweep. Every level computes the same integers; only the speed differs.
namespace cleangate::probes {

struct FlashKernels {
  // Adds a line of `count` samples to the sums of its columns; bits outside the mask are ignored.
  // Sums are std::uint16_t (depth up to 12, at most 15 lines), those of `add16_deep` std::uint32_t.
  void (*add8)(const std::uint8_t*, int count, std::uint16_t mask, std::uint16_t* sums);
  void (*add16)(const std::uint16_t*, int count, std::uint16_t mask, std::uint16_t* sums);
  void (*add16_deep)(const std::uint16_t*, int count, std::uint16_t mask, std::uint32_t* sums);
  // The means of `count` whole squares of 1 << step columns each, from the sums of their columns:
  // (sum << left) >> shift.
  void (*fold)(const std::uint16_t* sums, int count, int step, int left, int shift,
               std::uint16_t* means);
  void (*fold_deep)(const std::uint32_t* sums, int count, int step, int left, int shift,
                    std::uint16_t* means);
};
// A level this machine lacks must not be asked for.
[[nodiscard]] const FlashKernels& flash_kernels(CpuLevel level);

}  // namespace cleangate::probes
