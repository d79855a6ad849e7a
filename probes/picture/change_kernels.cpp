// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/change_kernels.h"

#include <algorithm>
#include <cstdlib>

namespace cleangate::probes {
namespace {

struct Accumulators {
  std::uint16_t difference_max = 0, n0 = 0, n1 = 0, n2 = 0, n3 = 0;
};

inline __attribute__((always_inline)) std::uint16_t above_by(std::uint16_t a, std::uint16_t b) {
  return static_cast<std::uint16_t>(std::max(a, b) - b);
}

inline __attribute__((always_inline)) std::uint16_t one_if(bool condition) {
  return condition ? std::uint16_t{1} : std::uint16_t{0};
}

// What one sample gives: how much it is brighter by, where it is, and how far it is off.
struct Moved {
  std::uint16_t gain, difference;
};
// Up to 15 bits the difference has a sign in 16: fewer instructions.
template <bool kDeep>
inline __attribute__((always_inline)) Moved moved(std::uint16_t now, std::uint16_t then) {
  if constexpr (kDeep) {
    const std::uint16_t gain = above_by(now, then);
    return {gain, static_cast<std::uint16_t>(gain | above_by(then, now))};
  } else {
    const auto by = static_cast<std::int16_t>(now - then);
    const auto far = static_cast<std::int16_t>(std::abs(by));
    return {static_cast<std::uint16_t>(std::max<std::int16_t>(by, 0)),
            static_cast<std::uint16_t>(far)};
  }
}

// Sums of 32 bits stand in a loop of their own: GCC 12 does not vectorize one of both widths.
template <class Sample>
inline __attribute__((always_inline)) void add_wide(const ChangeLine& task) {
  const auto* __restrict line = static_cast<const Sample*>(task.line);
  const auto* __restrict before = static_cast<const Sample*>(task.before);
  auto* __restrict differences = static_cast<std::uint32_t*>(task.column_difference);
  auto* __restrict gains = static_cast<std::uint32_t*>(task.column_gain);
  const std::int32_t mask = task.mask;
  for (int x = 0; x < task.width; ++x) {
    const std::int32_t by = (line[x] & mask) - (before[x] & mask);
    differences[x] += static_cast<std::uint32_t>(std::abs(by));
    gains[x] += static_cast<std::uint32_t>(std::max(by, 0));
  }
}

// Everything else runs in 16-bit lanes; a line has at most 65535 samples, so no count overflows.
template <class Sample, class Sum>
inline __attribute__((always_inline)) ChangeCounts measure_line(const ChangeLine& task) {
  constexpr bool kDeep = sizeof(Sum) > sizeof(std::uint16_t);
  const auto* __restrict line = static_cast<const Sample*>(task.line);
  const auto* __restrict before = static_cast<const Sample*>(task.before);
  auto* __restrict differences = static_cast<Sum*>(task.column_difference);
  auto* __restrict gains = static_cast<Sum*>(task.column_gain);
  const std::uint16_t mask = task.mask;
  const auto [r0, r1, r2, r3] = task.rungs;
  Accumulators a;
  for (int x = 0; x < task.width; ++x) {
    const auto now = static_cast<std::uint16_t>(line[x] & mask);
    const auto then = static_cast<std::uint16_t>(before[x] & mask);
    const auto [gain, difference] = moved<kDeep>(now, then);
    if constexpr (!kDeep) {
      differences[x] = static_cast<Sum>(differences[x] + difference);
      gains[x] = static_cast<Sum>(gains[x] + gain);
    }
    a.difference_max = std::max(a.difference_max, difference);
    a.n0 = static_cast<std::uint16_t>(a.n0 + one_if(difference > r0));
    a.n1 = static_cast<std::uint16_t>(a.n1 + one_if(difference > r1));
    a.n2 = static_cast<std::uint16_t>(a.n2 + one_if(difference > r2));
    a.n3 = static_cast<std::uint16_t>(a.n3 + one_if(difference > r3));
  }
  if constexpr (kDeep) add_wide<Sample>(task);
  return {a.difference_max, {a.n0, a.n1, a.n2, a.n3}};
}

const volatile std::int16_t kOneUnseen =
    1;  // hidden from the compiler, which then adds with vpmaddwd

// Differences of up to 15 bits are multiplied by one and added in pairs: half the work.
template <class Sample>
inline __attribute__((always_inline)) std::uint32_t short_difference_of(const Sample* __restrict a,
                                                                        const Sample* __restrict b,
                                                                        int count,
                                                                        std::uint16_t mask) {
  const std::int16_t one = kOneUnseen;
  std::int32_t sum = 0;  // at most 65535 * 32767
  for (int x = 0; x < count; ++x) {
    const auto now = static_cast<std::uint16_t>(a[x] & mask);
    const auto then = static_cast<std::uint16_t>(b[x] & mask);
    const auto difference = static_cast<std::int16_t>(above_by(now, then) | above_by(then, now));
    sum += difference * one;
  }
  return static_cast<std::uint32_t>(sum);
}

template <class Sample>
inline __attribute__((always_inline)) std::uint32_t difference_of(const Sample* __restrict a,
                                                                  const Sample* __restrict b,
                                                                  int count, std::uint16_t mask) {
  if (mask < 0x8000) return short_difference_of(a, b, count, mask);
  std::uint32_t sum = 0;
  for (int x = 0; x < count; ++x) {
    const auto now = static_cast<std::uint16_t>(a[x] & mask);
    const auto then = static_cast<std::uint16_t>(b[x] & mask);
    sum += static_cast<std::uint32_t>(above_by(now, then) | above_by(then, now));
  }
  return sum;
}

// Of a few cells: the compiler then sees one plain loop at a time.
constexpr int kPiece = 256, kCell = 8;
struct Piece {
  std::uint32_t difference[kPiece], gain[kPiece];
  std::uint16_t change[kPiece];
};

inline __attribute__((always_inline)) void fold_cells(const std::uint16_t* __restrict columns,
                                                      int count, std::uint32_t* __restrict sums) {
  for (int i = 0; i < count; ++i) {
    std::uint32_t sum = 0;
    for (int x = 0; x < kCell; ++x) sum += columns[i * kCell + x];
    sums[i] = sum;
  }
}

inline __attribute__((always_inline)) std::uint32_t count_over(
    const std::uint16_t* __restrict values, int count, std::uint16_t limit) {
  std::uint16_t over = 0;
  for (int i = 0; i < count; ++i)
    over = static_cast<std::uint16_t>(over + one_if(values[i] > limit));
  return over;
}

inline __attribute__((always_inline)) void count_piece(const ChangeCells& task, int first,
                                                       int count, CellCounts& counts) {
  Piece piece;
  fold_cells(task.column_difference + first * kCell, count, piece.difference);
  fold_cells(task.column_gain + first * kCell, count, piece.gain);
  const int left = task.left;
  std::uint32_t difference = 0, change = 0, difference_max = 0, change_max = 0;
  for (int i = 0; i < count; ++i) {
    // What is brighter and what is darker, as sums.
    const auto by = static_cast<std::int32_t>(2 * piece.gain[i] - piece.difference[i]);
    const auto moved = (static_cast<std::uint32_t>(std::abs(by)) << left) / (kCell * kCell);
    difference += piece.difference[i];
    difference_max = std::max(difference_max, piece.difference[i]);
    change += moved;
    change_max = std::max(change_max, moved);
    piece.change[i] = static_cast<std::uint16_t>(moved);
  }
  counts.difference += difference;
  counts.change += change;
  counts.difference_max =
      std::max(counts.difference_max,
               static_cast<std::uint16_t>((difference_max << left) / (kCell * kCell)));
  counts.change_max = std::max(counts.change_max, static_cast<std::uint16_t>(change_max));
  for (std::size_t i = 0; i < kCellChangeRungs && task.rungs[i] < change_max; ++i)
    counts.change_above[i] += count_over(piece.change, count, task.rungs[i]);
}

inline __attribute__((always_inline)) CellCounts cells_of(const ChangeCells& task) {
  CellCounts counts;
  for (int first = 0; first < task.cells; first += kPiece)
    count_piece(task, first, std::min(kPiece, task.cells - first), counts);
  return counts;
}

#define CLEANGATE_CHANGE_LEVEL(level, attribute)                                               \
  attribute ChangeCounts line8_##level(const ChangeLine& task) {                               \
    return measure_line<std::uint8_t, std::uint16_t>(task);                                    \
  }                                                                                            \
  attribute ChangeCounts line16_##level(const ChangeLine& task) {                              \
    return measure_line<std::uint16_t, std::uint16_t>(task);                                   \
  }                                                                                            \
  attribute ChangeCounts line16_deep_##level(const ChangeLine& task) {                         \
    return measure_line<std::uint16_t, std::uint32_t>(task);                                   \
  }                                                                                            \
  attribute std::uint32_t difference8_##level(const std::uint8_t* a, const std::uint8_t* b,    \
                                              int count, std::uint16_t mask) {                 \
    return difference_of(a, b, count, mask);                                                   \
  }                                                                                            \
  attribute std::uint32_t difference16_##level(const std::uint16_t* a, const std::uint16_t* b, \
                                               int count, std::uint16_t mask) {                \
    return difference_of(a, b, count, mask);                                                   \
  }                                                                                            \
  attribute CellCounts cells_##level(const ChangeCells& task) { return cells_of(task); }       \
  constexpr ChangeKernels k_##level{line8_##level, line16_##level,      line16_deep_##level,   \
                                    cells_##level, difference8_##level, difference16_##level};

CLEANGATE_FOR_EACH_CPU_LEVEL(CLEANGATE_CHANGE_LEVEL)
#undef CLEANGATE_CHANGE_LEVEL

}  // namespace

const ChangeKernels& change_kernels(CpuLevel level) { return CLEANGATE_KERNELS_OF(level); }

}  // namespace cleangate::probes
