// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace cleangate::av {

// What this build of libav is and can do, for `cleangate doctor`: lines "library NAME VERSION" and
// "decoder CODEC yes|no" for the codecs that masters and deliverables use.
[[nodiscard]] std::string about();

}  // namespace cleangate::av
