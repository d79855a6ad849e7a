// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probes/picture/bars_row.h"
#include "probes/picture/frame_sweep.h"

namespace cleangate::probes {

[[nodiscard]] BarsRow analyze_bars(const FrameSweep& sweep);

}  // namespace cleangate::probes
