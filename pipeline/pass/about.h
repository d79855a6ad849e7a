// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace cleangate::pass {

// What the media libraries of this worker are and can decode: lines "library NAME VERSION" and
// "decoder CODEC yes|no" (read by `cleangate doctor`).
[[nodiscard]] std::string about();

}  // namespace cleangate::pass
