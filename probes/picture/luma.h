// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probes/picture/frame_sweep.h"
#include "probes/picture/luma_row.h"

namespace cleangate::probes {

// The luma row of a swept frame.
[[nodiscard]] LumaRow analyze_luma(const FrameSweep& sweep);

}  // namespace cleangate::probes
