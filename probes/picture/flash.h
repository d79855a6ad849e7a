// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probes/picture/flash_row.h"
#include "probes/picture/frame_sweep.h"

namespace cleangate::probes {

[[nodiscard]] FlashRow analyze_flash(const FrameSweep& sweep);

}  // namespace cleangate::probes
