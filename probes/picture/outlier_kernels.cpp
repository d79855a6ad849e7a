// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/outlier_kernels.h"

#include <algorithm>
#include <cstring>

namespace cleangate::probes {
namespace {

// Of a level's vectors.
constexpr int kBytes_baseline = 16;
#if defined(__x86_64__)
constexpr int kBytes_v3 = 32, kBytes_v4 = 64;
#endif

struct Place {
  std::int8_t line, x;  // of DotLine::lines; beside the sample
};
// Almost no sample stands out of the first four, or of the first eight where there is much noise:
// the others are looked at where one did.
constexpr std::size_t kFew = 4, kMore = 8, kAll = 16;
constexpr Place kRing[kAll] = {{2, -2}, {2, 2}, {0, 0},  {4, 0}, {0, -2}, {0, 2}, {4, -2}, {4, 2},
                               {0, -1}, {0, 1}, {1, -2}, {1, 2}, {3, -2}, {3, 2}, {4, -1}, {4, 1}};

template <class Sample>
inline __attribute__((always_inline)) Sample at(const DotLine& task, Place place, int x) {
  const auto* line = static_cast<const Sample*>(task.lines[static_cast<std::size_t>(place.line)]);
  return static_cast<Sample>(line[x + place.x] & task.mask);
}

template <class Sample>
inline __attribute__((always_inline)) bool stands_out(const DotLine& task, int x) {
  const int sample = at<Sample>(task, {2, 0}, x);
  int high = 0, low = 65535;
  for (std::size_t i = 0; i < kAll; ++i) {
    const int code = at<Sample>(task, kRing[i], x);
    high = std::max(high, code);
    low = std::min(low, code);
    if (std::max(sample - high, low - sample) < task.least) return false;
  }
  return true;
}

template <class Sample, int kBytes>
struct Samples {
  static constexpr int kCount = kBytes / static_cast<int>(sizeof(Sample));
  static constexpr int kVectors = 4;  // tested together
  typedef Sample Vector __attribute__((vector_size(kBytes)));

  static inline __attribute__((always_inline)) void load(Vector& into, const DotLine& task,
                                                         Place place, int x) {
    const auto* line = static_cast<const Sample*>(task.lines[static_cast<std::size_t>(place.line)]);
    std::memcpy(&into, line + x + place.x, sizeof into);
    into &= static_cast<Sample>(task.mask);
  }
  // How far the samples from x on lie outside of the first places of their rings.
  template <std::size_t kPlaces>
  static inline __attribute__((always_inline)) void outside(Vector& into, const DotLine& task,
                                                            int x) {
    Vector sample, high, low, other;
    load(sample, task, {2, 0}, x);
    load(high, task, kRing[0], x);
    low = high;
#pragma GCC unroll 16
    for (std::size_t i = 1; i < kPlaces; ++i) {
      load(other, task, kRing[i], x);
      high = high > other ? high : other;
      low = low < other ? low : other;
    }
    into = ((sample > high ? sample : high) - high) | (low - (sample < low ? sample : low));
  }
  static inline __attribute__((always_inline)) bool reaches(const Vector& steps, Sample least) {
    const auto over = steps >= least;
    typedef std::uint64_t Pair __attribute__((vector_size(16)));
    Pair pairs[kBytes / 16], found = {};
    std::memcpy(pairs, &over, sizeof pairs);
    for (const Pair& pair : pairs) found |= pair;
    return (found[0] | found[1]) != 0;
  }
  // Does one of kVectors vectors from x on reach out of its first places?
  template <std::size_t kPlaces>
  static inline __attribute__((always_inline)) bool any(const DotLine& task, int x) {
    Vector most = {}, one;
    for (int i = 0; i < kVectors; ++i) {
      outside<kPlaces>(one, task, x + i * kCount);
      most = most > one ? most : one;
    }
    return reaches(most, static_cast<Sample>(task.least));
  }
  static inline __attribute__((always_inline)) bool any_of_one(const DotLine& task, int x) {
    Vector steps;
    outside<kMore>(steps, task, x);
    if (!reaches(steps, static_cast<Sample>(task.least))) return false;
    outside<kAll>(steps, task, x);
    return reaches(steps, static_cast<Sample>(task.least));
  }
};

template <class Sample, int kBytes, std::size_t kPlaces>
inline __attribute__((always_inline)) int next_dot(const DotLine& task, int from) {
  using In = Samples<Sample, kBytes>;
  constexpr int kStep = In::kCount * In::kVectors;
  const int end = task.width - kRingReach;
  int x = std::max(from, kRingReach);
  for (; x + kStep <= end; x += kStep) {
    if (!In::template any<kPlaces>(task, x)) continue;
    for (int one = x; one < x + kStep; one += In::kCount) {
      if (!In::any_of_one(task, one)) continue;
      for (int i = one; i < one + In::kCount; ++i)
        if (stands_out<Sample>(task, i)) return i;
    }
  }
  // What is left over is tested with samples before it, so that little is done one by one.
  if (x < end && end - kStep >= kRingReach && !In::template any<kPlaces>(task, end - kStep))
    return task.width;
  for (; x < end; ++x)
    if (stands_out<Sample>(task, x)) return x;
  return task.width;
}

template <class Sample, int kBytes>
inline __attribute__((always_inline)) int next_dot(const DotLine& task, int from) {
  return task.crowded ? next_dot<Sample, kBytes, kMore>(task, from)
                      : next_dot<Sample, kBytes, kFew>(task, from);
}

template <class Sample>
inline __attribute__((always_inline)) void add_edges(const Sample* __restrict line, int width,
                                                     std::uint16_t mask,
                                                     std::uint32_t* __restrict sums) {
  for (int x = 1; x < width; ++x) {
    const auto right = static_cast<std::uint16_t>(line[x] & mask);
    const auto left = static_cast<std::uint16_t>(line[x - 1] & mask);
    sums[x] += static_cast<std::uint16_t>(std::max(left, right) - std::min(left, right));
  }
}

#define CLEANGATE_OUTLIER_LEVEL(level, attribute)                                          \
  attribute int dot8_##level(const DotLine& task, int from) {                              \
    return next_dot<std::uint8_t, kBytes_##level>(task, from);                             \
  }                                                                                        \
  attribute int dot16_##level(const DotLine& task, int from) {                             \
    return next_dot<std::uint16_t, kBytes_##level>(task, from);                            \
  }                                                                                        \
  attribute void edges8_##level(const std::uint8_t* line, int width, std::uint16_t mask,   \
                                std::uint32_t* sums) {                                     \
    add_edges(line, width, mask, sums);                                                    \
  }                                                                                        \
  attribute void edges16_##level(const std::uint16_t* line, int width, std::uint16_t mask, \
                                 std::uint32_t* sums) {                                    \
    add_edges(line, width, mask, sums);                                                    \
  }                                                                                        \
  constexpr OutlierKernels k_##level{dot8_##level, dot16_##level, edges8_##level, edges16_##level};

CLEANGATE_FOR_EACH_CPU_LEVEL(CLEANGATE_OUTLIER_LEVEL)
#undef CLEANGATE_OUTLIER_LEVEL

}  // namespace

const OutlierKernels& outlier_kernels(CpuLevel level) { return CLEANGATE_KERNELS_OF(level); }

}  // namespace cleangate::probes
