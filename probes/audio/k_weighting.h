// SPDX-License-Identifier: Apache-2.0
#pragma once

// K-weighting, ITU-R BS.1770-5 annex 1: a high shelf (the head) and a high pass (RLB curve), each a
// second-order section y = b0 x + b1 x' + b2 x'' - a1 y' - a2 y''.
namespace cleangate::probes {

struct Biquad {
  double b0 = 0, b1 = 0, b2 = 0, a1 = 0, a2 = 0;
};

struct KWeighting {
  Biquad shelf, high_pass;
};

// The rates at which the filter exists: the shelf's corner (1682 Hz) lies below the Nyquist
// frequency.
inline constexpr int kMinSampleRate = 4'000;
inline constexpr int kMaxSampleRate = 1'000'000;

// At 48 kHz the document's own coefficients; at any other rate those of the same analog prototypes
// through the bilinear transform, gain matched to the 48 kHz filter. Only + - * / are used, so that
// every machine gets the same bits. Precondition: kMinSampleRate <= sample_rate <= kMaxSampleRate.
[[nodiscard]] KWeighting k_weighting(int sample_rate);

}  // namespace cleangate::probes
