// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probes/picture/frame_sweep.h"
#include "probes/picture/luma_row.h"

namespace cleangate::probes {

// The luma row of a swept frame; `previous` is not looked at.
[[nodiscard]] LumaRow analyze_luma(const FrameSweep& sweep, const FrameSweep* previous = nullptr);

}  // namespace cleangate::probes
