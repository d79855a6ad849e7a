// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probes/picture/frame_sweep.h"
#include "probes/picture/signal_row.h"

namespace cleangate::probes {

[[nodiscard]] SignalRow analyze_signal(const FrameSweep& sweep);

}  // namespace cleangate::probes
