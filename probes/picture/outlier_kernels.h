// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "probes/picture/cpu_level.h"

// The inner loops of OutlierSweep. Every level computes the same integers; only the speed differs.
namespace cleangate::probes {

// A dot stands out of the ring of 16 samples two away from it, so that it may be smeared over its
// own neighbors, and so that the ring's lines right above and below are of its own field.
inline constexpr int kRingReach = 2;

struct DotLine {
  std::array<const void*, 5> lines{};  // from two above to two below
  int width = 0;
  std::uint16_t mask = 0;   // bits above the depth are ignored
  std::uint16_t least = 1;  // code values, at least 1
  bool crowded = false;     // many samples nearly stand out; only the speed depends on it
};

struct OutlierKernels {
  // The first sample of the middle line, from `from` on, that lies at least `least` above the
  // largest or below the smallest sample of its ring; the width when there is none. Samples less
  // than two from an end have no ring.
  int (*dot8)(const DotLine&, int from);
  int (*dot16)(const DotLine&, int from);
  // Adds |sample - the one on its left| of every sample but the first to its column's sum.
  void (*edges8)(const std::uint8_t* line, int width, std::uint16_t mask, std::uint32_t* sums);
  void (*edges16)(const std::uint16_t* line, int width, std::uint16_t mask, std::uint32_t* sums);
};
// A level this machine lacks must not be asked for.
[[nodiscard]] const OutlierKernels& outlier_kernels(CpuLevel level);

}  // namespace cleangate::probes
