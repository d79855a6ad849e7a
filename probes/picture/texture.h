// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probes/picture/frame_sweep.h"
#include "probes/picture/texture_row.h"

namespace cleangate::probes {

[[nodiscard]] TextureRow analyze_texture(const FrameSweep& sweep);

}  // namespace cleangate::probes
