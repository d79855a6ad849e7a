// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probes/audio/sound_kernels.h"

// The kernels once more, compiled for the baseline instruction set alone.
namespace cleangate::probes {

void portable_raise_peaks(Interpolation interpolation, const float* samples, int count,
                          Peaks& peaks);
void portable_weigh_lanes(int lanes, const double* samples, int count, const KWeighting& weighting,
                          double* memory, double* energy);
void portable_bound_samples(double* __restrict samples, float* __restrict narrow, int count);

}  // namespace cleangate::probes
