// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "probes/picture/cpu_level.h"

// The inner loops of FieldSweep. Every level computes the same integers; only the speed differs.
namespace cleangate::probes {

inline constexpr int kFieldBlockWidth = 64, kFieldBlockLines = 16;

// Up to 16 lines of a block, each with its neighbors in the frame (lines of the other field) and
// the same line of the frame before.
struct FieldBlock {
  // std::uint8_t or std::uint16_t samples, as the kernel's name says: the line above the first, the
  // lines, the line below the last.
  std::array<const void*, kFieldBlockLines + 2> lines{};
  std::array<const void*, kFieldBlockLines> before{};
  int count = 0;           // 1..16 lines
  int first_field = 0;     // of the first line: 0 top, 1 bottom
  int x = 0, width = 0;    // its columns; width 1..127
  std::uint16_t mask = 0;  // bits above the depth are ignored
};

struct FieldSums {
  std::array<std::uint32_t, 2> weave{};         // |above + below - 2 line|, by field
  std::array<std::uint32_t, 2> weave_before{};  // |above + below - 2 before|
  std::array<std::uint32_t, 2> difference{};    // |line - before|
  std::uint32_t vertical = 0;                   // |above - below|, of both fields
};

struct FieldKernels {
  FieldSums (*block8)(const FieldBlock&);
  FieldSums (*block16)(const FieldBlock&);       // up to 12 bits
  FieldSums (*block16_deep)(const FieldBlock&);  // up to 16 bits
};
// A level this machine lacks must not be asked for.
[[nodiscard]] const FieldKernels& field_kernels(CpuLevel level);

}  // namespace cleangate::probes
