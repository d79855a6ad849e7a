// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "probes/picture/cpu_level.h"
#include "probes/picture/rgb_matrix.h"

// The inner loops of SignalSweep. Every level computes the same integers; only the speed differs.
namespace cleangate::probes {

// How far outside the nominal range, in codes of RgbMatrix: 0, 1, 2, 3, 4, 5 %, EBU R 103's 44
// codes of 10 bits, 6, 7.5, 10 %.
inline constexpr std::size_t kOutsideRungs = 10;
inline constexpr std::array<std::int32_t, kOutsideRungs> kOutside{0,   35,  70,  105, 140,
                                                                  175, 176, 210, 263, 350};

// R', G' and B' are counted in bins of four codes, from -4096 codes on.
inline constexpr int kRgbBins = 3072, kRgbBinOffset = 1024;

// Thirty-seconds, by log2 of how many luma samples a sample stands for. Chroma in between is
// interpolated: what a luma tap finds there is shared out between its neighbors.
inline constexpr int kFilterTapBits = 5;
inline constexpr std::array<std::int32_t, 7> kFilterTaps[3]{
    {2, 4, 6, 8, 6, 4, 2}, {0, 1, 8, 14, 8, 1, 0}, {0, 0, 5, 22, 5, 0, 0}};

// One line of sites.
struct SiteLine {
  // Y', C'b, C'r or R', G', B', with the matrix's fraction; C'b and C'r less their neutral value.
  // Gray: the second and third are unused.
  std::array<const std::int32_t*, 3> values{};
  int count = 0;
  RgbMatrix matrix;
  // Bins of R', G', B' and of the largest of them; null: only `outside` is wanted.
  std::array<std::uint16_t*, 4> bins{};
};

struct SiteCounts {
  std::array<std::uint32_t, kOutsideRungs> outside{};  // sites with any of R', G', B' farther out
};

struct SaturationCounts {
  std::uint64_t sum = 0;  // of sqrt(Cb^2 + Cr^2), rounded down, in code values
  std::uint32_t max = 0;
};

struct SignalKernels {
  // Every `step`th of the samples, less `neutral`.
  void (*gather8)(const void* samples, int step, int count, std::uint16_t mask,
                  std::int32_t neutral, std::int32_t* out);
  void (*gather16)(const void* samples, int step, int count, std::uint16_t mask,
                   std::int32_t neutral, std::int32_t* out);
  // out[x] = above + 2 * line + below
  void (*blend8)(const void* const (&lines)[3], int count, std::uint16_t mask, std::int32_t* out);
  void (*blend16)(const void* const (&lines)[3], int count, std::uint16_t mask, std::int32_t* out);
  // out[i] = sum over k = -3..3 of kFilterTaps[across][k + 3] * in[i * step + k], rounded and
  // shifted right by `shift` of at least 1, less `neutral`.
  void (*filter)(const std::int32_t* in, int step, int count, int across, int shift,
                 std::int32_t neutral, std::int32_t* out);
  SiteCounts (*ycbcr)(const SiteLine&);
  SiteCounts (*rgb)(const SiteLine&);
  SiteCounts (*gray)(const SiteLine&);
  SaturationCounts (*saturation)(const std::int32_t* cb, const std::int32_t* cr, int count);
};
// A level this machine lacks must not be asked for.
[[nodiscard]] const SignalKernels& signal_kernels(CpuLevel level);

}  // namespace cleangate::probes
