// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dam/query/find.h"
#include "dam/query/number_set.h"
#include "dam/query/vocabulary.h"

namespace cleangate::dam::query {

struct Page {
  std::vector<AssetNumber> assets;
  std::optional<std::string> next;
};

// The page of `found` that the request's sort, limit and cursor ask for. Throws Failure (usage) for
// a field that cannot be sorted by and a cursor of another query.
[[nodiscard]] Page page_of(Database& database, Vocabulary& vocabulary, const AssetSet& found,
                           const FindRequest& request);

}  // namespace cleangate::dam::query
