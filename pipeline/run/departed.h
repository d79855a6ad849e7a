// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "dam/places.h"

namespace cleangate::run {

// Those of the places where nothing is any more. A place on a volume that is not mounted now is
// none of them: what lies there may well be there.
[[nodiscard]] std::vector<dam::Place> departed(std::vector<dam::Place> places);

}  // namespace cleangate::run
