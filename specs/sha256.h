// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/digest.h"

namespace cleangate::specs {

[[nodiscard]] Sha256 sha256(std::string_view text);

}  // namespace cleangate::specs
