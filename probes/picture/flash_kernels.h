// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "probes/picture/cpu_level.h"
#include "probes/picture/rgb_matrix.h"

// The inner loops of FlashSweep. Every level computes the same integers; only the speed differs.
namespace cleangate::probes {

// Y', C'b and C'r of some squares, left-justified in 16 bits.
struct FlashCodes {
  const std::uint16_t *y = nullptr, *cb = nullptr, *cr = nullptr;
  int count = 0;
  RgbMatrix matrix;
};

// Linear light of some squares, of kLightOne.
struct FlashSquares {
  const std::int32_t *red = nullptr, *green = nullptr, *blue = nullptr;
  int count = 0;
};
struct FlashMeaning {
  std::array<std::uint32_t, 3> weights{};  // of R, G, B in luminance, sum 65536
  std::array<float, 9> xyz{};              // rows X, Y, Z
};

// Squares with less than `dark` in R + G + B have the chromaticity white_u, white_v and are not
// red. Of the others those are whose red is four fifths of the sum or more.
struct FlashWide {
  FlashSquares squares;
  const std::uint32_t* light = nullptr;
  const std::int32_t *u = nullptr, *v = nullptr;
  std::int32_t dark = 0, white_u = 0, white_v = 0;
};
struct WideSums {
  std::uint32_t darkest = 0, brightest = 0, reds = 0, u = 0, v = 0;
};

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
  // Indexes of a LightTable for R, G, B.
  void (*index)(const FlashCodes&, std::int32_t* red, std::int32_t* green, std::int32_t* blue);
  // Luminance, u' and v' of kChromaticityOne.
  void (*light)(const FlashSquares&, const FlashMeaning&, std::uint32_t* light, std::int32_t* u,
                std::int32_t* v);
  WideSums (*wide)(const FlashWide&);  // at least one square
};
// A level this machine lacks must not be asked for.
[[nodiscard]] const FlashKernels& flash_kernels(CpuLevel level);

}  // namespace cleangate::probes
