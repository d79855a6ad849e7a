// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "dam/catalog.h"

namespace cleangate::dam {

// What SQLite's own check does not see, because any text is good text to it: facts, searched
// fields, remembered readings, judgements and events whose bytes are others than were written. Each
// carries a digest of what it was. `wrong` is told one line for each that differs. Throws what
// reading a catalog throws.
void check_contents(Catalog& catalog, const std::function<void(const std::string&)>& wrong);

}  // namespace cleangate::dam
