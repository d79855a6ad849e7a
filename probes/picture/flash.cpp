// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/flash.h"

namespace cleangate::probes {

FlashRow analyze_flash(const FrameSweep& sweep) { return sweep.flash(); }

}  // namespace cleangate::probes
