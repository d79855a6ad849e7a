// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probes/picture/change_row.h"
#include "probes/picture/frame_sweep.h"

namespace cleangate::probes {

// The change row of a swept frame.
[[nodiscard]] ChangeRow analyze_change(const FrameSweep& sweep);
// That row with what FrameSweep::compare found later.
[[nodiscard]] ChangeRow join(const FrameSweep& compared, const ChangeRow& row);

}  // namespace cleangate::probes
