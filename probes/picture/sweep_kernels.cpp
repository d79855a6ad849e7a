// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/sweep_kernels.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <type_traits>

namespace cleangate::probes {
namespace {

// Local contrast of one sample, counted into the row's accumulators.
struct Accumulators {
  std::uint16_t above = 0;
  std::uint16_t n0 = 0, n1 = 0, n2 = 0, n3 = 0, n4 = 0, n5 = 0;
};

inline __attribute__((always_inline)) std::uint16_t one_if(bool condition) {
  return condition ? std::uint16_t{1} : std::uint16_t{0};
}

// Everything runs in 16-bit lanes; a line has at most 65535 samples, so no count overflows. `Lane`
// is std::int16_t for samples of up to 15 bits: signed comparisons and absolute values are one
// instruction each. The last column stands outside the loop: it has no right neighbor.
template <class Lane, class Sample, class Sum>
inline __attribute__((always_inline)) LineCounts measure_line(const LumaLine& task) {
  const auto* __restrict line = static_cast<const Sample*>(task.line);
  const auto* __restrict next = static_cast<const Sample*>(task.next);
  auto* __restrict above = task.column_above;
  auto* __restrict sum = static_cast<Sum*>(task.column_sum);
  const std::uint16_t mask = task.mask;
  const auto lane = [](std::uint16_t value) { return static_cast<Lane>(value); };
  const Lane black = lane(task.black), r0 = lane(task.rungs[0]), r1 = lane(task.rungs[1]),
             r2 = lane(task.rungs[2]), r3 = lane(task.rungs[3]), r4 = lane(task.rungs[4]),
             r5 = lane(task.rungs[5]);
  Accumulators a;
  Lane contrast_max = 0;
  const auto distance = [](Lane one, Lane other) __attribute__((always_inline)) {
    if constexpr (std::is_signed_v<Lane>)  // two instructions, and no mask
      return static_cast<Lane>(std::abs(static_cast<Lane>(one - other)));
    else
      return static_cast<Lane>(one > other ? one - other : other - one);
  };
  const auto count = [&](int x, Lane center, Lane contrast) __attribute__((always_inline)) {
    const std::uint16_t picture = one_if(center > black);
    a.above = static_cast<std::uint16_t>(a.above + picture);
    above[x] = static_cast<std::uint16_t>(above[x] + picture);
    sum[x] = static_cast<Sum>(sum[x] + static_cast<Sum>(center));
    contrast_max = std::max(contrast_max, contrast);
    a.n0 = static_cast<std::uint16_t>(a.n0 + one_if(contrast > r0));
    a.n1 = static_cast<std::uint16_t>(a.n1 + one_if(contrast > r1));
    a.n2 = static_cast<std::uint16_t>(a.n2 + one_if(contrast > r2));
    a.n3 = static_cast<std::uint16_t>(a.n3 + one_if(contrast > r3));
    a.n4 = static_cast<std::uint16_t>(a.n4 + one_if(contrast > r4));
    a.n5 = static_cast<std::uint16_t>(a.n5 + one_if(contrast > r5));
  };
  const int last = task.width - 1;
  for (int x = 0; x < last; ++x) {
    const auto center = static_cast<Lane>(line[x] & mask);
    const auto right = static_cast<Lane>(line[x + 1] & mask);
    const auto below = static_cast<Lane>(next[x] & mask);
    count(x, center, std::max(distance(center, right), distance(center, below)));
  }
  const auto center = static_cast<Lane>(line[last] & mask);
  count(last, center, distance(center, static_cast<Lane>(next[last] & mask)));
  return {a.above, static_cast<std::uint16_t>(contrast_max), {a.n0, a.n1, a.n2, a.n3, a.n4, a.n5}};
}

// Tables a multiple of 4 KiB apart would alias each other's stores.
constexpr std::size_t kPad = 48;
constexpr std::size_t stride_for(int bits) { return (std::size_t{1} << bits) + kPad; }

// Samples from `first` to `end`, whole groups. A word of memory holds several; each goes to the
// table of its place in the group.
template <int kTables, class Sample, class Entry>
inline __attribute__((always_inline)) void count_words(const HistogramRun& run, int first,
                                                       int end) {
  constexpr int kBits = 8 * sizeof(Sample);
  constexpr int kPerWord = 64 / kBits;
  constexpr int kGroup = kTables < kPerWord ? kPerWord : kTables;
  const auto* samples = static_cast<const Sample*>(run.samples);
  auto* tables = static_cast<Entry*>(run.tables);
  for (int x = first; x < end; x += kGroup)
    for (int word = 0; word < kGroup / kPerWord; ++word) {
      std::uint64_t held = 0;
      std::memcpy(&held, samples + x + word * kPerWord, sizeof(held));
      for (int i = 0; i < kPerWord; ++i) {
        const auto table = static_cast<std::size_t>((word * kPerWord + i) % kTables);
        ++tables[table * run.stride + (static_cast<unsigned>(held >> (i * kBits)) & run.mask)];
      }
    }
}

// kEvenRun bytes of one value. Nearly always told from three words where they are not.
template <class Sample>
inline __attribute__((always_inline)) bool is_even(const Sample* samples) {
  constexpr std::size_t kWords = kEvenRun / 8;
  const auto word = [samples](std::size_t i) __attribute__((always_inline)) {
    std::uint64_t held = 0;
    std::memcpy(&held, reinterpret_cast<const std::byte*>(samples) + 8 * i, sizeof held);
    return held;
  };
  const std::uint64_t first = word(0), turned = std::rotl(first, 8 * sizeof(Sample));
  if (((first ^ turned) | (first ^ word(kWords / 2)) | (first ^ word(kWords - 1))) != 0)
    return false;
  std::uint64_t other = 0;
  for (std::size_t i = 0; i < kWords; ++i) other |= word(i) ^ first;
  return other == 0;
}

template <int kTables, class Sample, class Entry>
inline __attribute__((always_inline)) void count_samples(const HistogramRun& run) {
  constexpr int kSize = static_cast<int>(sizeof(Sample));
  constexpr int kLine = 64 / kSize, kEven = kEvenRun / kSize;  // samples in a line of the cache
  const auto* samples = static_cast<const Sample*>(run.samples);
  const auto* one = static_cast<const Sample*>(run.soon[0] ? run.soon[0] : samples);
  const auto* other = static_cast<const Sample*>(run.soon[1] ? run.soon[1] : samples);
  const int whole = run.count / kLine * kLine;
  for (int x = 0; x < whole;) {
    const int end = std::min(x + kEven, whole);
    const bool even = end - x == kEven && is_even(samples + x);
    if (even) run.counts[samples[x] & run.mask] += kEven;
    for (; x < end; x += kLine) {
      __builtin_prefetch(one + x);
      __builtin_prefetch(other + x);
      if (!even) count_words<kTables, Sample, Entry>(run, x, x + kLine);
    }
  }
  constexpr int kGroup = std::max(kTables, 8 / static_cast<int>(sizeof(Sample)));
  const int groups = run.count / kGroup * kGroup;
  count_words<kTables, Sample, Entry>(run, whole, groups);
  auto* tables = static_cast<Entry*>(run.tables);
  for (int x = groups; x < run.count; ++x) ++tables[samples[x] & run.mask];
}

// The same for the usual depth, which the compiler then knows: two instructions a sample fewer.
template <int kBits, int kTables, class Sample, class Entry>
inline __attribute__((always_inline)) void count_usual(const HistogramRun& run) {
  constexpr unsigned kMask = (1u << kBits) - 1;
  if (run.mask == kMask && run.stride == stride_for(kBits))
    count_samples<kTables, Sample, Entry>(
        {run.samples, run.count, run.tables, stride_for(kBits), kMask, run.soon, run.counts});
  else
    count_samples<kTables, Sample, Entry>(run);
}

#define CLEANGATE_SWEEP_LEVEL(level, attribute)                                                \
  attribute LineCounts line8_##level(const LumaLine& task) {                                   \
    return measure_line<std::int16_t, std::uint8_t, std::uint16_t>(task);                      \
  }                                                                                            \
  attribute LineCounts line16_##level(const LumaLine& task) {                                  \
    return measure_line<std::int16_t, std::uint16_t, std::uint16_t>(task);                     \
  }                                                                                            \
  attribute LineCounts line16_deep_##level(const LumaLine& task) {                             \
    return measure_line<std::uint16_t, std::uint16_t, std::uint32_t>(task);                    \
  }                                                                                            \
  attribute void count8_##level(const HistogramRun& run) {                                     \
    count_usual<8, 8, std::uint8_t, std::uint16_t>(run);                                       \
  }                                                                                            \
  attribute void count16_##level(const HistogramRun& run) {                                    \
    count_usual<10, 8, std::uint16_t, std::uint16_t>(run);                                     \
  }                                                                                            \
  attribute void count16_four_##level(const HistogramRun& run) {                               \
    count_samples<4, std::uint16_t, std::uint16_t>(run);                                       \
  }                                                                                            \
  attribute void count16_deep_##level(const HistogramRun& run) {                               \
    count_samples<2, std::uint16_t, std::uint32_t>(run);                                       \
  }                                                                                            \
  constexpr SweepKernels k_##level{line8_##level,       line16_##level,  line16_deep_##level,  \
                                   count8_##level,      count16_##level, count16_four_##level, \
                                   count16_deep_##level};

CLEANGATE_FOR_EACH_CPU_LEVEL(CLEANGATE_SWEEP_LEVEL)
#undef CLEANGATE_SWEEP_LEVEL

constexpr int kShortBits = 12;  // deepest that still has 16-bit tables

}  // namespace

const SweepKernels& sweep_kernels(CpuLevel level) { return CLEANGATE_KERNELS_OF(level); }

void LumaHistogram::reset(int bits) {
  const std::size_t codes = std::size_t{1} << bits;
  if (bits != bits_) {
    bits_ = bits;
    stride_ = stride_for(bits);
    tables_ = bits <= 10 ? 8 : bits <= kShortBits ? 4 : 2;
    if (bits <= kShortBits)
      short_tables_.resize(stride_ * static_cast<std::size_t>(tables_));
    else
      long_tables_.resize(stride_ * 2);
  }
  std::fill(short_tables_.begin(), short_tables_.end(), std::uint16_t{0});
  if (bits > kShortBits) std::fill(long_tables_.begin(), long_tables_.end(), 0u);
  counts_.assign(codes, 0);
  pending_ = 0;
}

void LumaHistogram::fold() {
  const std::size_t codes = counts_.size();
  std::uint32_t* __restrict out = counts_.data();
  for (int t = 0; t < tables_; ++t) {
    const std::size_t first = stride_ * static_cast<std::size_t>(t);
    if (bits_ <= kShortBits) {
      std::uint16_t* __restrict table = short_tables_.data() + first;
      for (std::size_t i = 0; i < codes; ++i) out[i] += table[i];
      std::fill_n(table, codes, std::uint16_t{0});
    } else {
      std::uint32_t* __restrict table = long_tables_.data() + first;
      for (std::size_t i = 0; i < codes; ++i) out[i] += table[i];
      std::fill_n(table, codes, 0u);
    }
  }
  pending_ = 0;
}

HistogramRun LumaHistogram::run(const void* samples, int count, const ReadSoon& soon) {
  if (bits_ <= kShortBits) {
    // An entry of one table grows by at most count / tables, and by the remainder in the first.
    const auto growth = static_cast<std::uint32_t>(count / tables_ + 2 * tables_);
    if (pending_ + growth > 65535u) fold();
    pending_ += growth;
  }
  void* tables = bits_ <= kShortBits ? static_cast<void*>(short_tables_.data())
                                     : static_cast<void*>(long_tables_.data());
  const auto mask = static_cast<unsigned>(counts_.size() - 1);
  return {samples, count, tables, stride_, mask, soon, counts_.data()};
}

void LumaHistogram::add(const std::uint8_t* samples, int count, const ReadSoon& soon) {
  kernels_->count8(run(samples, count, soon));
}

void LumaHistogram::add(const std::uint16_t* samples, int count, const ReadSoon& soon) {
  const auto add_run = tables_ == 8   ? kernels_->count16
                       : tables_ == 4 ? kernels_->count16_four
                                      : kernels_->count16_deep;
  add_run(run(samples, count, soon));
}

std::span<std::uint32_t> LumaHistogram::counts() {
  fold();
  return counts_;
}

}  // namespace cleangate::probes
