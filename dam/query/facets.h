// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "dam/query/evaluate.h"
#include "dam/query/find.h"

namespace cleangate::dam::query {

// How many assets of `found` have which value of a field: a quantity, status, kind, container, tag,
// spec, verdict, or the id of a spec (its verdicts). Throws Failure (usage) for what has no facet.
[[nodiscard]] std::vector<Facet> facets_of(Database& database, Evaluation& evaluation,
                                           const AssetSet& found, const std::string& name,
                                           std::size_t most);

}  // namespace cleangate::dam::query
