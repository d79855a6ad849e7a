// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/digest.h"
#include "core/error.h"

namespace cleangate::dam {

// SHA-256 of all bytes of an open regular file, read from beginning to end (the descriptor's
// position does not matter and does not move): what an asset is. Errors: io.
[[nodiscard]] Expected<Sha256> content_id(int descriptor);

}  // namespace cleangate::dam
