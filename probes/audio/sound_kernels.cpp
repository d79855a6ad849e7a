// SPDX-License-Identifier: Apache-2.0
#include "probes/audio/sound_kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

// The loader picks a clone before a sanitizer's run time stands, hence none under ASan. The test of
// the clones defines this itself, as nothing.
#if !defined(CLEANGATE_CLONES)
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CLEANGATE_CLONES \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLEANGATE_CLONES
#endif
#endif

namespace cleangate::probes {
namespace {

// BS.1770-5 annex 2: phases 0 and 1 of the 48-tap interpolator; phases 3 and 2 are the same taps
// backwards. Multiples of 2^-13: exact.
constexpr float kPhase0[12] = {0.0017089843750F,  0.0109863281250F,  -0.0196533203125F,
                               0.0332031250000F,  -0.0594482421875F, 0.1373291015625F,
                               0.9721679687500F,  -0.1022949218750F, 0.0476074218750F,
                               -0.0266113281250F, 0.0148925781250F,  -0.0083007812500F};
constexpr float kPhase1[12] = {-0.0291748046875F, 0.0292968750000F,  -0.0517578125000F,
                               0.0891113281250F,  -0.1665039062500F, 0.4650878906250F,
                               0.7797851562500F,  -0.2003173828125F, 0.1015625000000F,
                               -0.0582275390625F, 0.0330810546875F,  -0.0189208984375F};

// A phase p and its mirror image q at once: with s = (p+q)/2 from the sums of mirrored samples and
// d = (p-q)/2 from their differences, max(|p|,|q|) = |s| + |d|. Half the multiplications.
struct MirrorPair {
  float sum[6], difference[6];
};
constexpr MirrorPair mirror_pair(const float (&taps)[12]) {
  MirrorPair pair{};
  for (int k = 0; k < 6; ++k) {
    pair.sum[k] = (taps[k] + taps[11 - k]) / 2;
    pair.difference[k] = (taps[k] - taps[11 - k]) / 2;
  }
  return pair;
}
constexpr MirrorPair kOuter = mirror_pair(kPhase0);
constexpr MirrorPair kInner = mirror_pair(kPhase1);

// Non-negative floats order as their bits do: integer maxima vectorize without -ffast-math.
[[gnu::always_inline]] inline std::int32_t order(float magnitude) {
  return std::bit_cast<std::int32_t>(magnitude);
}

template <bool kWithOuter>
[[gnu::always_inline]] inline void interpolate(const float* x, int count, Peaks& peaks) {
  std::int32_t between = order(peaks.between), at = order(peaks.at);
  for (int n = 0; n < count; ++n) {
    float outer_sum = 0, outer_difference = 0, inner_sum = 0, inner_difference = 0;
#pragma GCC unroll 6
    for (int k = 0; k < 6; ++k) {
      const float a = x[n - k] + x[n - 11 + k], b = x[n - k] - x[n - 11 + k];
      if constexpr (kWithOuter) {
        outer_sum += kOuter.sum[k] * a;
        outer_difference += kOuter.difference[k] * b;
      }
      inner_sum += kInner.sum[k] * a;
      inner_difference += kInner.difference[k] * b;
    }
    between = std::max(between, order(std::fabs(inner_sum) + std::fabs(inner_difference)));
    if constexpr (kWithOuter)
      between = std::max(between, order(std::fabs(outer_sum) + std::fabs(outer_difference)));
    at = std::max(at, order(std::fabs(x[n - kInterpolatorDelay])));
  }
  peaks = {std::bit_cast<float>(between), std::bit_cast<float>(at)};
}

CLEANGATE_CLONES void quarter_points(const float* x, int count, Peaks& peaks) {
  interpolate<true>(x, count, peaks);
}
CLEANGATE_CLONES void inner_points(const float* x, int count, Peaks& peaks) {
  interpolate<false>(x, count, peaks);
}
CLEANGATE_CLONES void samples_alone(const float* x, int count, Peaks& peaks) {
  std::int32_t at = order(peaks.at);
  for (int n = 0; n < count; ++n) at = std::max(at, order(std::fabs(x[n - kInterpolatorDelay])));
  peaks.at = std::bit_cast<float>(at);
}

template <int L>
[[gnu::always_inline]] inline void weigh(const double* samples, int count, const KWeighting& w,
                                         double* memory, double* energy) {
  const Biquad s = w.shelf, h = w.high_pass;
  double s1[L], s2[L], h1[L], h2[L], e[L];
  for (int i = 0; i < L; ++i) {
    s1[i] = memory[i];
    s2[i] = memory[L + i];
    h1[i] = memory[2 * L + i];
    h2[i] = memory[3 * L + i];
    e[i] = energy[i];
  }
  for (int n = 0; n < count; ++n) {
#pragma GCC ivdep
    for (int i = 0; i < L; ++i) {
      const double x = samples[n * L + i];
      const double y = s.b0 * x + s1[i];
      s1[i] = (s.b1 * x + s2[i]) - s.a1 * y;
      s2[i] = s.b2 * x - s.a2 * y;
      const double z = h.b0 * y + h1[i];
      h1[i] = (h.b1 * y + h2[i]) - h.a1 * z;
      h2[i] = h.b2 * y - h.a2 * z;
      e[i] += z * z;
    }
  }
  for (int i = 0; i < L; ++i) {
    memory[i] = s1[i];
    memory[L + i] = s2[i];
    memory[2 * L + i] = h1[i];
    memory[3 * L + i] = h2[i];
    energy[i] = e[i];
  }
}

CLEANGATE_CLONES void weigh_8(const double* samples, int count, const KWeighting& w, double* memory,
                              double* energy) {
  weigh<8>(samples, count, w, memory, energy);
}
CLEANGATE_CLONES void weigh_4(const double* samples, int count, const KWeighting& w, double* memory,
                              double* energy) {
  weigh<4>(samples, count, w, memory, energy);
}

}  // namespace

Interpolation interpolation_for(int sample_rate) {
  if (sample_rate >= 192000) return Interpolation::none;
  return sample_rate >= 96000 ? Interpolation::inner_points : Interpolation::quarter_points;
}

void raise_peaks(Interpolation interpolation, const float* samples, int count, Peaks& peaks) {
  switch (interpolation) {
    case Interpolation::quarter_points:
      return quarter_points(samples, count, peaks);
    case Interpolation::inner_points:
      return inner_points(samples, count, peaks);
    case Interpolation::none:
      return samples_alone(samples, count, peaks);
  }
}

void weigh_lanes(int lanes, const double* samples, int count, const KWeighting& weighting,
                 double* memory, double* energy) {
  switch (lanes) {
    case 8:
      return weigh_8(samples, count, weighting, memory, energy);
    case 4:
      return weigh_4(samples, count, weighting, memory, energy);
    case 2:
      return weigh<2>(samples, count, weighting, memory, energy);
    default:
      return weigh<1>(samples, count, weighting, memory, energy);
  }
}

CLEANGATE_CLONES bool all_finite(const double* samples, int count) {
  // The exponent field of what is not finite is all ones: as an integer the largest magnitude.
  std::int64_t largest = 0;
  for (int n = 0; n < count; ++n)
    largest = std::max(largest, std::bit_cast<std::int64_t>(std::fabs(samples[n])));
  return largest < 0x7FF0'0000'0000'0000;
}

// On the bits, which order as the magnitudes do: comparisons of doubles would stay scalar.
CLEANGATE_CLONES void bound_samples(double* __restrict samples, float* __restrict narrow,
                                    int count) {
  constexpr auto kLargest = std::bit_cast<std::int64_t>(0x1p40);
  constexpr auto kSmallest = std::bit_cast<std::int64_t>(1e-30);
  for (int n = 0; n < count; ++n) {
    const auto bits = std::bit_cast<std::int64_t>(samples[n]);
    std::int64_t magnitude = std::min(bits & std::numeric_limits<std::int64_t>::max(), kLargest);
    magnitude = magnitude < kSmallest ? 0 : magnitude;
    const auto sample =
        std::bit_cast<double>(magnitude | (bits & std::numeric_limits<std::int64_t>::min()));
    samples[n] = sample;
    narrow[n] = static_cast<float>(sample);
  }
}

}  // namespace cleangate::probes
