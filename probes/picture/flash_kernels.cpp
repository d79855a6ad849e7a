// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/flash_kernels.h"

namespace cleangate::probes {
namespace {

template <class Sample, class Sum>
inline __attribute__((always_inline)) void add_line(const Sample* __restrict line, int count,
                                                    std::uint16_t mask, Sum* __restrict sums) {
  for (int x = 0; x < count; ++x) sums[x] = static_cast<Sum>(sums[x] + (line[x] & mask));
}

template <int kColumns, class Sum>
inline __attribute__((always_inline)) void fold_columns(const Sum* __restrict sums, int count,
                                                        int left, int shift,
                                                        std::uint16_t* __restrict means) {
  for (int i = 0; i < count; ++i) {
    std::uint32_t sum = 0;
    for (int x = 0; x < kColumns; ++x) sum += sums[i * kColumns + x];
    means[i] = static_cast<std::uint16_t>((sum << left) >> shift);
  }
}

template <class Sum>
inline __attribute__((always_inline)) void fold_line(const Sum* sums, int count, int step, int left,
                                                     int shift, std::uint16_t* means) {
  if (step == 3) return fold_columns<8>(sums, count, left, shift, means);
  if (step == 2) return fold_columns<4>(sums, count, left, shift, means);
  if (step == 1) return fold_columns<2>(sums, count, left, shift, means);
  fold_columns<1>(sums, count, left, shift, means);
}

#define CLEANGATE_FLASH_LEVEL(level, attribute)                                                    \
  attribute void add8_##level(const std::uint8_t* line, int count, std::uint16_t mask,             \
                              std::uint16_t* sums) {                                               \
    add_line(line, count, mask, sums);                                                             \
  }                                                                                                \
  attribute void add16_##level(const std::uint16_t* line, int count, std::uint16_t mask,           \
                               std::uint16_t* sums) {                                              \
    add_line(line, count, mask, sums);                                                             \
  }                                                                                                \
  attribute void add16_deep_##level(const std::uint16_t* line, int count, std::uint16_t mask,      \
                                    std::uint32_t* sums) {                                         \
    add_line(line, count, mask, sums);                                                             \
  }                                                                                                \
  attribute void fold_##level(const std::uint16_t* sums, int count, int step, int left, int shift, \
                              std::uint16_t* means) {                                              \
    fold_line(sums, count, step, left, shift, means);                                              \
  }                                                                                                \
  attribute void fold_deep_##level(const std::uint32_t* sums, int count, int step, int left,       \
                                   int shift, std::uint16_t* means) {                              \
    fold_line(sums, count, step, left, shift, means);                                              \
  }                                                                                                \
  constexpr FlashKernels k_##level{add8_##level, add16_##level, add16_deep_##level, fold_##level,  \
                                   fold_deep_##level};

CLEANGATE_FOR_EACH_CPU_LEVEL(CLEANGATE_FLASH_LEVEL)
#undef CLEANGATE_FLASH_LEVEL

}  // namespace

const FlashKernels& flash_kernels(CpuLevel level) { return CLEANGATE_KERNELS_OF(level); }

}  // namespace cleangate::probes
