// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probes/picture/frame_sweep.h"
#include "probes/picture/outliers_row.h"

namespace cleangate::probes {

// The outliers row of a swept frame.
[[nodiscard]] OutliersRow analyze_outliers(const FrameSweep& sweep);

}  // namespace cleangate::probes
