// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/flash_kernels.h"

#include <algorithm>

#include "probes/picture/flash_row.h"
#include "probes/picture/light_curve.h"

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

inline __attribute__((always_inline)) std::int32_t index_of(std::int32_t code) {
  return std::clamp((code >> 16) - kRgbBlack, 0, kLightSteps - 1);
}

inline __attribute__((always_inline)) void index_line(const FlashCodes& codes,
                                                      std::int32_t* __restrict red,
                                                      std::int32_t* __restrict green,
                                                      std::int32_t* __restrict blue) {
  const RgbMatrix m = codes.matrix;
  const std::uint16_t* __restrict luma = codes.y;
  const std::uint16_t* __restrict cb16 = codes.cb;
  const std::uint16_t* __restrict cr16 = codes.cr;
  for (int x = 0; x < codes.count; ++x) {
    const std::int32_t y = m.y * luma[x] + m.offset, cb = cb16[x] - 32768, cr = cr16[x] - 32768;
    red[x] = index_of(y + m.cr_r * cr);
    green[x] = index_of(y + m.cb_g * cb + m.cr_g * cr);
    blue[x] = index_of(y + m.cb_b * cb);
  }
}

// Single steps of IEEE arithmetic without contraction: the same everywhere.
inline __attribute__((always_inline)) void light_line(const FlashSquares& squares,
                                                      const FlashMeaning& meaning,
                                                      std::uint32_t* __restrict light,
                                                      std::int32_t* __restrict u,
                                                      std::int32_t* __restrict v) {
  const std::int32_t* __restrict red = squares.red;
  const std::int32_t* __restrict green = squares.green;
  const std::int32_t* __restrict blue = squares.blue;
  const auto weights = meaning.weights;
  const auto xyz = meaning.xyz;
  for (int x = 0; x < squares.count; ++x) {
    light[x] = (static_cast<std::uint32_t>(red[x]) * weights[0] +
                static_cast<std::uint32_t>(green[x]) * weights[1] +
                static_cast<std::uint32_t>(blue[x]) * weights[2]) >>
               16;
    const auto r = static_cast<float>(red[x]), g = static_cast<float>(green[x]),
               b = static_cast<float>(blue[x]);
    const float cx = xyz[0] * r + xyz[1] * g + xyz[2] * b;
    const float cy = xyz[3] * r + xyz[4] * g + xyz[5] * b;
    const float cz = xyz[6] * r + xyz[7] * g + xyz[8] * b;
    const float scale = static_cast<float>(kChromaticityOne) / (cx + 15.0F * cy + 3.0F * cz + 1.0F);
    u[x] = static_cast<std::int32_t>(4.0F * cx * scale + 0.5F);
    v[x] = static_cast<std::int32_t>(9.0F * cy * scale + 0.5F);
  }
}

inline __attribute__((always_inline)) WideSums wide_sums(const FlashWide& task) {
  const std::int32_t* __restrict red = task.squares.red;
  const std::int32_t* __restrict green = task.squares.green;
  const std::int32_t* __restrict blue = task.squares.blue;
  const std::uint32_t* __restrict light = task.light;
  const std::int32_t* __restrict u = task.u;
  const std::int32_t* __restrict v = task.v;
  const std::int32_t dark = task.dark, white_u = task.white_u, white_v = task.white_v;
  std::uint32_t darkest = light[0], brightest = light[0];
  std::int32_t reds = 0, u_sum = 0, v_sum = 0;
  for (int x = 0; x < task.squares.count; ++x) {
    darkest = std::min(darkest, light[x]);
    brightest = std::max(brightest, light[x]);
    const std::int32_t sum = red[x] + green[x] + blue[x];
    u_sum += sum >= dark ? u[x] : white_u;
    v_sum += sum >= dark ? v[x] : white_v;
    reds += (sum >= dark ? 1 : 0) & (5 * red[x] >= 4 * sum ? 1 : 0);
  }
  const auto counted = [](std::int32_t sum) { return static_cast<std::uint32_t>(sum); };
  return {darkest, brightest, counted(reds), counted(u_sum), counted(v_sum)};
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
  attribute void index_##level(const FlashCodes& codes, std::int32_t* red, std::int32_t* green,    \
                               std::int32_t* blue) {                                               \
    index_line(codes, red, green, blue);                                                           \
  }                                                                                                \
  attribute void light_##level(const FlashSquares& squares, const FlashMeaning& meaning,           \
                               std::uint32_t* light, std::int32_t* u, std::int32_t* v) {           \
    light_line(squares, meaning, light, u, v);                                                     \
  }                                                                                                \
  attribute WideSums wide_##level(const FlashWide& task) { return wide_sums(task); }               \
  constexpr FlashKernels k_##level{add8_##level,  add16_##level,     add16_deep_##level,           \
                                   fold_##level,  fold_deep_##level, index_##level,                \
                                   light_##level, wide_##level};

CLEANGATE_FOR_EACH_CPU_LEVEL(CLEANGATE_FLASH_LEVEL)
#undef CLEANGATE_FLASH_LEVEL

}  // namespace

const FlashKernels& flash_kernels(CpuLevel level) { return CLEANGATE_KERNELS_OF(level); }

}  // namespace cleangate::probes
