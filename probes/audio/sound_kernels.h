// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probes/audio/k_weighting.h"

// The inner loops of SoundAnalyzer. Every clone for a newer instruction set gives the same bits:
// each lane's operations keep their order, nothing is contracted, and maxima have no order.
namespace cleangate::probes {

// How much finer than the samples the waveform is looked at (BS.1770-5 annex 2: at least 192 kHz):
// quarter points below 96 kHz, two inner points from 96 kHz on, the samples alone from 192 kHz on.
enum class Interpolation { quarter_points, inner_points, none };
[[nodiscard]] Interpolation interpolation_for(int sample_rate);

// The interpolator's reach: an output at sample n needs samples n-11 to n and describes the
// waveform between samples n-6 and n-5.
inline constexpr int kInterpolatorPast = 11;
inline constexpr int kInterpolatorDelay = 6;

struct Peaks {
  float between = 0;  // largest absolute value of the interpolated points
  float at = 0;       // largest absolute value of the samples
};

// Raises `peaks` by outputs 0 … count-1; samples[-kInterpolatorPast] must be readable. The sample
// of output n is samples[n - kInterpolatorDelay]. All samples finite.
void raise_peaks(Interpolation interpolation, const float* samples, int count, Peaks& peaks);

// K-weights `count` samples of `lanes` channels side by side (1, 2, 4 or 8: samples[n * lanes +
// lane]) and adds the squares to energy[lane]. memory[section_delay * lanes + lane], four of them.
void weigh_lanes(int lanes, const double* samples, int count, const KWeighting& weighting,
                 double* memory, double* energy);

[[nodiscard]] bool all_finite(const double* samples, int count);
// Bounds finite samples to ±2^40, makes what is below 1e-30 zero (no denormal arithmetic), and
// gives them as float too.
void bound_samples(double* __restrict samples, float* __restrict narrow, int count);

}  // namespace cleangate::probes
