// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/signal_kernels.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cleangate::probes {
namespace {

#define CLEANGATE_INLINE inline __attribute__((always_inline))

// A step that the compiler knows; 0: that it does not.
template <int kStep, class Sample>
CLEANGATE_INLINE void gather_every(const Sample* __restrict samples, int step, int count,
                                   std::uint16_t mask, std::int32_t neutral,
                                   std::int32_t* __restrict out) {
  if constexpr (kStep != 0) step = kStep;
  for (int i = 0; i < count; ++i) out[i] = (samples[i * step] & mask) - neutral;
}

template <class Sample>
CLEANGATE_INLINE void gather(const void* samples, int step, int count, std::uint16_t mask,
                             std::int32_t neutral, std::int32_t* __restrict out) {
  const auto* in = static_cast<const Sample*>(samples);
  if (step == 1) return gather_every<1>(in, step, count, mask, neutral, out);
  if (step == 2) return gather_every<2>(in, step, count, mask, neutral, out);
  if (step == 4) return gather_every<4>(in, step, count, mask, neutral, out);
  gather_every<0>(in, step, count, mask, neutral, out);
}

template <class Sample>
CLEANGATE_INLINE void blend(const void* const (&lines)[3], int count, std::uint16_t mask,
                            std::int32_t* __restrict out) {
  const auto* __restrict above = static_cast<const Sample*>(lines[0]);
  const auto* __restrict line = static_cast<const Sample*>(lines[1]);
  const auto* __restrict below = static_cast<const Sample*>(lines[2]);
  for (int x = 0; x < count; ++x)
    out[x] = (above[x] & mask) + 2 * (line[x] & mask) + (below[x] & mask);
}

// The taps are the same on both sides.
template <int kAcross, int kStep>
CLEANGATE_INLINE void filter_every(const std::int32_t* __restrict in, int step, int count,
                                   int shift, std::int32_t neutral, std::int32_t* __restrict out) {
  constexpr auto kTaps = kFilterTaps[kAcross];
  static_assert(kTaps[0] == kTaps[6] && kTaps[1] == kTaps[5] && kTaps[2] == kTaps[4]);
  if constexpr (kStep != 0) step = kStep;
  const std::int32_t round = 1 << (shift - 1);
  for (int i = 0; i < count; ++i) {
    const std::int32_t* at = in + i * step;
    std::int32_t sum = kTaps[3] * at[0] + kTaps[2] * (at[-1] + at[1]);
    if constexpr (kTaps[1] != 0) sum += kTaps[1] * (at[-2] + at[2]);
    if constexpr (kTaps[0] != 0) sum += kTaps[0] * (at[-3] + at[3]);
    out[i] = ((sum + round) >> shift) - neutral;
  }
}

template <int kAcross>
CLEANGATE_INLINE void filter_across(const std::int32_t* in, int step, int count, int shift,
                                    std::int32_t neutral, std::int32_t* out) {
  if (step == 1) return filter_every<kAcross, 1>(in, step, count, shift, neutral, out);
  if (step == 2) return filter_every<kAcross, 2>(in, step, count, shift, neutral, out);
  if (step == 4) return filter_every<kAcross, 4>(in, step, count, shift, neutral, out);
  filter_every<kAcross, 0>(in, step, count, shift, neutral, out);
}

CLEANGATE_INLINE void filter(const std::int32_t* in, int step, int count, int across, int shift,
                             std::int32_t neutral, std::int32_t* out) {
  if (across == 0) return filter_across<0>(in, step, count, shift, neutral, out);
  if (across == 1) return filter_across<1>(in, step, count, shift, neutral, out);
  filter_across<2>(in, step, count, shift, neutral, out);
}

enum class Model { ycbcr, rgb, gray };

struct Rgb {
  std::int32_t r, g, b;
};

template <Model kModel>
CLEANGATE_INLINE Rgb rgb_at(const SiteLine& task, const RgbMatrix& m, int i) {
  const std::int32_t first = task.values[0][i] * m.y + m.offset;
  if constexpr (kModel == Model::gray) return {first >> 16, first >> 16, first >> 16};
  const std::int32_t second = task.values[1][i], third = task.values[2][i];
  if constexpr (kModel == Model::rgb)
    return {first >> 16, (second * m.y + m.offset) >> 16, (third * m.y + m.offset) >> 16};
  return {(first + m.cr_r * third) >> 16, (first + m.cb_g * second + m.cr_g * third) >> 16,
          (first + m.cb_b * second) >> 16};
}

CLEANGATE_INLINE std::uint16_t bin_of(std::int32_t code) {
  return static_cast<std::uint16_t>(std::clamp((code >> 2) + kRgbBinOffset, 0, kRgbBins - 1));
}

// What a few sites give, before it is counted: the compiler then sees one plain loop at a time.
constexpr int kPiece = 256;
struct Piece {
  std::int16_t outside[kPiece];  // farthest of any of the three, negative inside
  std::int16_t farthest;         // of these
};

template <Model kModel, bool kBins>
CLEANGATE_INLINE void measure_piece(const SiteLine& task, const RgbMatrix& m, int first, int count,
                                    Piece& piece) {
  std::int16_t* __restrict out = piece.outside;
  std::uint16_t* __restrict red = task.bins[0] + first;
  std::uint16_t* __restrict green = task.bins[1] + first;
  std::uint16_t* __restrict blue = task.bins[2] + first;
  std::uint16_t* __restrict largest = task.bins[3] + first;
  std::int16_t farthest = -1;
  for (int i = 0; i < count; ++i) {
    const auto [r, g, b] = rgb_at<kModel>(task, m, first + i);
    const std::int32_t high = std::max(r, std::max(g, b)), low = std::min(r, std::min(g, b));
    const std::int32_t outside = std::max(high - kRgbWhite, kRgbBlack - low);
    out[i] = static_cast<std::int16_t>(std::min(outside, 32767));
    farthest = std::max(farthest, out[i]);
    if constexpr (kBins) {
      red[i] = bin_of(r);
      green[i] = bin_of(g);
      blue[i] = bin_of(b);
      largest[i] = bin_of(high);
    }
  }
  piece.farthest = farthest;
}

CLEANGATE_INLINE std::uint32_t count_over(const Piece& piece, int count, std::int32_t limit) {
  const auto over = static_cast<std::int16_t>(limit);
  std::int16_t n = 0;
  for (int i = 0; i < count; ++i)
    n = static_cast<std::int16_t>(n + (piece.outside[i] > over ? 1 : 0));
  return static_cast<std::uint32_t>(n);
}

// Rung by rung, written out: a loop over them would be the one that GCC vectorizes. Most pictures
// have nothing outside.
template <std::size_t... kRung>
CLEANGATE_INLINE void count_piece(const Piece& piece, int count, SiteCounts& counts,
                                  std::index_sequence<kRung...>) {
  ((counts.outside[kRung] +=
    piece.farthest > kOutside[kRung] ? count_over(piece, count, kOutside[kRung]) : 0),
   ...);
}

template <Model kModel>
CLEANGATE_INLINE SiteCounts sites(const SiteLine& task) {
  const RgbMatrix m = task.matrix;
  SiteCounts counts;
  Piece piece;
  for (int first = 0; first < task.count; first += kPiece) {
    const int count = std::min(kPiece, task.count - first);
    if (task.bins[0])
      measure_piece<kModel, true>(task, m, first, count, piece);
    else
      measure_piece<kModel, false>(task, m, first, count, piece);
    count_piece(piece, count, counts, std::make_index_sequence<kOutsideRungs>{});
  }
  return counts;
}

// The root of a float is exactly rounded everywhere.
CLEANGATE_INLINE SaturationCounts saturation_of(const std::int32_t* __restrict cb,
                                                const std::int32_t* __restrict cr, int count) {
  std::int32_t sum = 0, max = 0;  // at most 32768 sites of 46341
  for (int i = 0; i < count; ++i) {
    const auto blue = static_cast<float>(cb[i]), red = static_cast<float>(cr[i]);
    const auto root = static_cast<std::int32_t>(std::sqrt(blue * blue + red * red));
    sum += root;
    max = std::max(max, root);
  }
  return {static_cast<std::uint64_t>(sum), static_cast<std::uint32_t>(max)};
}

#define CLEANGATE_SIGNAL_LEVEL(level, attribute)                                                 \
  attribute void gather8_##level(const void* samples, int step, int count, std::uint16_t mask,   \
                                 std::int32_t neutral, std::int32_t* out) {                      \
    gather<std::uint8_t>(samples, step, count, mask, neutral, out);                              \
  }                                                                                              \
  attribute void gather16_##level(const void* samples, int step, int count, std::uint16_t mask,  \
                                  std::int32_t neutral, std::int32_t* out) {                     \
    gather<std::uint16_t>(samples, step, count, mask, neutral, out);                             \
  }                                                                                              \
  attribute void blend8_##level(const void* const(&lines)[3], int count, std::uint16_t mask,     \
                                std::int32_t* out) {                                             \
    blend<std::uint8_t>(lines, count, mask, out);                                                \
  }                                                                                              \
  attribute void blend16_##level(const void* const(&lines)[3], int count, std::uint16_t mask,    \
                                 std::int32_t* out) {                                            \
    blend<std::uint16_t>(lines, count, mask, out);                                               \
  }                                                                                              \
  attribute void filter_##level(const std::int32_t* in, int step, int count, int across,         \
                                int shift, std::int32_t neutral, std::int32_t* out) {            \
    filter(in, step, count, across, shift, neutral, out);                                        \
  }                                                                                              \
  attribute SiteCounts ycbcr_##level(const SiteLine& task) { return sites<Model::ycbcr>(task); } \
  attribute SiteCounts rgb_##level(const SiteLine& task) { return sites<Model::rgb>(task); }     \
  attribute SiteCounts gray_##level(const SiteLine& task) { return sites<Model::gray>(task); }   \
  attribute SaturationCounts saturation_##level(const std::int32_t* cb, const std::int32_t* cr,  \
                                                int count) {                                     \
    return saturation_of(cb, cr, count);                                                         \
  }                                                                                              \
  constexpr SignalKernels k_##level{gather8_##level, gather16_##level, blend8_##level,           \
                                    blend16_##level, filter_##level,   ycbcr_##level,            \
                                    rgb_##level,     gray_##level,     saturation_##level};

CLEANGATE_FOR_EACH_CPU_LEVEL(CLEANGATE_SIGNAL_LEVEL)
#undef CLEANGATE_SIGNAL_LEVEL

}  // namespace

const SignalKernels& signal_kernels(CpuLevel level) { return CLEANGATE_KERNELS_OF(level); }

}  // namespace cleangate::probes
