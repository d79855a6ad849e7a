// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "probes/picture/cpu_level.h"

// The inner loops of TextureSweep. Every level computes the same integers; only the speed differs.
namespace cleangate::probes {

inline constexpr int kTextureCell = 8;   // samples across and lines down
inline constexpr int kTextureReach = 2;  // lines read above and below a row of cells

// What a cell of 8x8 samples is made of. `rough`: sum of |L| over its samples, L being the
// sample's surroundings under (1 -2 1; -2 4 -2; 1 -2 1), which ramps and straight edges across or
// down leave at 0 (J. Immerkaer, "Fast noise variance estimation", 1996).
struct TextureCell {
  std::uint32_t rough = 0;
  std::uint16_t low = 0, high = 0;  // smallest and largest sample
  std::uint16_t plain = 0;          // samples with L = 0
  std::uint16_t steps = 0;          // differences to the left and to the line above that are not 0
  std::uint16_t step = 0;           // the largest of them
  std::uint16_t step_across = 0;    // of those to the left
  std::array<std::uint16_t, kTextureCell> across{};  // sums of those to the left, by column
};

// One row of cells, those between the first and the last of it. Samples are brought to at most 10
// bits by `shift`.
struct TextureTask {
  // std::uint8_t or std::uint16_t samples, as the kernel's name says: 2 lines above, 8, 2 below.
  std::array<const void*, kTextureCell + 2 * kTextureReach> lines{};
  int apart = 1;  // lines from a line to its neighbors: 2 within a field
  int cells = 0;  // of the row; the first and the last are not measured
  std::uint16_t mask = 0;
  int shift = 0;
  std::span<TextureCell> out;  // cells - 2
};

struct TextureKernels {
  void (*row8)(const TextureTask&);
  void (*row16)(const TextureTask&);
};
// A level this machine lacks must not be asked for.
[[nodiscard]] const TextureKernels& texture_kernels(CpuLevel level);

}  // namespace cleangate::probes
