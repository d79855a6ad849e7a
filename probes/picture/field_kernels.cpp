// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/field_kernels.h"

#include <algorithm>
#include <cstring>

namespace cleangate::probes {
namespace {

// Of a level's vectors.
constexpr int kBytes_baseline = 16;
#if defined(__x86_64__)
constexpr int kBytes_v3 = 32, kBytes_v4 = 64;
#endif

// Columns side by side in one vector. Lanes of 16 bits hold the sums of a block: 8 lines of a field
// times twice a sample of 12 bits, or 16 times one.
template <class Sample, class Lane, int kBytes>
struct Columns {
  static constexpr int kCount = kBytes / static_cast<int>(sizeof(Lane));
  typedef Lane Vector __attribute__((vector_size(kBytes)));
  typedef Sample Loaded __attribute__((vector_size(kBytes / sizeof(Lane) * sizeof(Sample))));

  static inline __attribute__((always_inline)) void load(Vector& into, const void* line, int x,
                                                         Lane mask) {
    Loaded loaded;
    std::memcpy(&loaded, static_cast<const Sample*>(line) + x, sizeof loaded);
    into = __builtin_convertvector(loaded, Vector) & mask;
  }
  static inline __attribute__((always_inline)) void add_distance(Vector& sum, const Vector& a,
                                                                 const Vector& b) {
    sum += (a > b ? a : b) - (a > b ? b : a);
  }
  static inline __attribute__((always_inline)) void fold(std::uint32_t& sum, const Vector& lanes) {
    for (int i = 0; i < kCount; ++i) sum += lanes[i];
  }
};

template <class Sample, class Lane, int kBytes>
inline __attribute__((always_inline)) void add_columns(const FieldBlock& block, int x,
                                                       FieldSums& sums) {
  using In = Columns<Sample, Lane, kBytes>;
  const auto mask = static_cast<Lane>(block.mask);
  typename In::Vector weave[2] = {}, weave_before[2] = {}, difference[2] = {}, vertical = {};
  typename In::Vector above, line, below, before;
  In::load(above, block.lines[0], x, mask);
  In::load(line, block.lines[1], x, mask);
  const auto add = [&](std::size_t i, int turn) __attribute__((always_inline)) {
    In::load(below, block.lines[i + 2], x, mask);
    In::load(before, block.before[i], x, mask);
    const typename In::Vector around = above + below;
    In::add_distance(weave[turn], around, line + line);
    In::add_distance(weave_before[turn], around, before + before);
    In::add_distance(difference[turn], line, before);
    In::add_distance(vertical, above, below);
    above = line;
    line = below;
  };
  const auto count = static_cast<std::size_t>(block.count);
  std::size_t i = 0;
  for (; i + 2 <= count; i += 2) {
    add(i, 0);
    add(i + 1, 1);
  }
  if (i < count) add(i, 0);
  const auto first = static_cast<std::size_t>(block.first_field);
  for (const std::size_t turn : {0u, 1u}) {
    In::fold(sums.weave[first ^ turn], weave[turn]);
    In::fold(sums.weave_before[first ^ turn], weave_before[turn]);
    In::fold(sums.difference[first ^ turn], difference[turn]);
  }
  In::fold(sums.vertical, vertical);
}

inline std::uint32_t apart(std::uint32_t a, std::uint32_t b) { return a > b ? a - b : b - a; }

// What is left over beside the vectors.
template <class Sample>
inline __attribute__((always_inline)) void add_column(const FieldBlock& block, int x,
                                                      FieldSums& sums) {
  const auto sample = [&](const void* line) -> std::uint32_t {
    return static_cast<const Sample*>(line)[x] & block.mask;
  };
  for (std::size_t i = 0; i < static_cast<std::size_t>(block.count); ++i) {
    const std::size_t field = (static_cast<std::size_t>(block.first_field) + i) & 1;
    const std::uint32_t above = sample(block.lines[i]), line = sample(block.lines[i + 1]);
    const std::uint32_t below = sample(block.lines[i + 2]), before = sample(block.before[i]);
    sums.weave[field] += apart(above + below, 2 * line);
    sums.weave_before[field] += apart(above + below, 2 * before);
    sums.difference[field] += apart(line, before);
    sums.vertical += apart(above, below);
  }
}

template <class Sample, class Lane, int kBytes>
inline __attribute__((always_inline)) FieldSums sums_of(const FieldBlock& block) {
  constexpr int kStep = Columns<Sample, Lane, kBytes>::kCount;
  FieldSums sums;
  int x = block.x;
  const int end = block.x + block.width;
  for (; x + kStep <= end; x += kStep) add_columns<Sample, Lane, kBytes>(block, x, sums);
  for (; x < end; ++x) add_column<Sample>(block, x, sums);
  return sums;
}

#define CLEANGATE_FIELD_LEVEL(level, attribute)                          \
  attribute FieldSums block8_##level(const FieldBlock& block) {          \
    return sums_of<std::uint8_t, std::uint16_t, kBytes_##level>(block);  \
  }                                                                      \
  attribute FieldSums block16_##level(const FieldBlock& block) {         \
    return sums_of<std::uint16_t, std::uint16_t, kBytes_##level>(block); \
  }                                                                      \
  attribute FieldSums block16_deep_##level(const FieldBlock& block) {    \
    return sums_of<std::uint16_t, std::uint32_t, kBytes_##level>(block); \
  }                                                                      \
  constexpr FieldKernels k_##level{block8_##level, block16_##level, block16_deep_##level};

CLEANGATE_FOR_EACH_CPU_LEVEL(CLEANGATE_FIELD_LEVEL)
#undef CLEANGATE_FIELD_LEVEL

}  // namespace

const FieldKernels& field_kernels(CpuLevel level) { return CLEANGATE_KERNELS_OF(level); }

}  // namespace cleangate::probes
