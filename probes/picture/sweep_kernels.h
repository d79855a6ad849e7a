// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "probes/picture/cpu_level.h"

// The inner loops of FrameSweep. Every level computes the same integers; only the speed differs.
namespace cleangate::probes {

inline constexpr std::size_t kContrastRungs = 6;
inline constexpr int kMaxPictureSide = 65535;  // samples; wider or taller frames are not measured

// One line of luma, the one below it, and the column sums it adds to.
struct LumaLine {
  const void* line = nullptr;  // std::uint8_t or std::uint16_t samples, as the kernel's name says
  const void* next = nullptr;  // the line itself where there is none below
  int width = 0;               // 1..kMaxPictureSide
  std::uint16_t mask = 0;      // bits above the depth are ignored
  std::uint16_t black = 0;     // samples over this count as picture
  std::array<std::uint16_t, kContrastRungs> rungs{};
  std::uint16_t* column_above = nullptr;  // += 1 where the sample is over `black`
  void* column_sum = nullptr;  // += sample: std::uint16_t (depth up to 12), else std::uint32_t
};

// The local contrast of a sample is the larger of its absolute differences to the sample on its
// right and to the one below it; a missing neighbor counts as equal.
struct LineCounts {
  std::uint32_t above = 0;                                     // samples over `black`
  std::uint16_t contrast_max = 0;                              // code values
  std::array<std::uint32_t, kContrastRungs> contrast_above{};  // samples with more than the rung
};

// What will be read soon, at least as many samples as are counted now; null: nothing. Counting
// waits for stores and leaves the memory idle: what is fetched meanwhile costs nothing (measured: a
// fifth of the whole sweep).
using ReadSoon = std::array<const void*, 2>;

// Bytes that are counted at once where all hold one value: black, the bars of a letterbox.
inline constexpr int kEvenRun = 256;

// Adds samples to private histogram tables, `stride` entries apart; a table has mask + 1 entries.
struct HistogramRun {
  const void* samples = nullptr;
  int count = 0;
  void* tables = nullptr;
  std::size_t stride = 0;
  unsigned mask = 0;  // bits above the depth are ignored
  ReadSoon soon{};
  std::uint32_t* counts = nullptr;  // mask + 1 of them, for kEvenRun bytes of one value
};

struct SweepKernels {
  LineCounts (*line8)(const LumaLine&);        // 8-bit samples, 16-bit column sums
  LineCounts (*line16)(const LumaLine&);       // 16-bit samples, 16-bit column sums
  LineCounts (*line16_deep)(const LumaLine&);  // 16-bit samples, 32-bit column sums
  void (*count8)(const HistogramRun&);         // 8-bit samples, eight tables of 16 bits
  void (*count16)(const HistogramRun&);        // 16-bit samples, eight tables of 16 bits
  void (*count16_four)(const HistogramRun&);   // 16-bit samples, four tables of 16 bits
  void (*count16_deep)(const HistogramRun&);   // 16-bit samples, two tables of 32 bits
};
// A level this machine lacks must not be asked for.
[[nodiscard]] const SweepKernels& sweep_kernels(CpuLevel level);

// Exact counts of code values. Neighboring samples go to different private tables: equal
// neighbors would otherwise wait for each other's load, add and store.
class LumaHistogram {
 public:
  explicit LumaHistogram(const SweepKernels& kernels) : kernels_(&kernels) {}
  void reset(int bits);  // 1..16; keeps its memory
  void add(const std::uint8_t* samples, int count, const ReadSoon& soon = {});
  void add(const std::uint16_t* samples, int count, const ReadSoon& soon = {});
  // Counts of every code value, 2^bits of them; ends the adding until the next reset.
  [[nodiscard]] std::span<std::uint32_t> counts();

 private:
  HistogramRun run(const void* samples, int count, const ReadSoon& soon);
  void fold();

  const SweepKernels* kernels_;
  int bits_ = 0;
  int tables_ = 0;                           // private tables in use
  std::size_t stride_ = 0;                   // entries from one table to the next
  std::uint32_t pending_ = 0;                // upper bound of any entry since the last fold
  std::vector<std::uint16_t> short_tables_;  // depth up to 12
  std::vector<std::uint32_t> long_tables_;   // deeper
  std::vector<std::uint32_t> counts_;
};

}  // namespace cleangate::probes
