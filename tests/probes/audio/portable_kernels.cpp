// SPDX-License-Identifier: Apache-2.0
#include "tests/probes/audio/portable_kernels.h"

// The file itself under other names, without its clones.
#define CLEANGATE_CLONES
#define interpolation_for portable_interpolation_for
#define raise_peaks portable_raise_peaks
#define weigh_lanes portable_weigh_lanes
#define all_finite portable_all_finite
#define bound_samples portable_bound_samples
namespace cleangate::probes {
Interpolation portable_interpolation_for(int sample_rate);
bool portable_all_finite(const double* samples, int count);
}  // namespace cleangate::probes
#include "probes/audio/sound_kernels.cpp"  // NOLINT
