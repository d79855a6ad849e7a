// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dam/catalog.h"

namespace cleangate::dam {

struct SpecStatistics {
  std::string spec;
  std::int64_t pass = 0, fail = 0, inconclusive = 0;  // latest judgements, waivers applied
};

// The catalog in numbers.
struct Statistics {
  std::int64_t assets = 0, locations = 0, present = 0, missing = 0, mismatched = 0;
  std::uint64_t bytes = 0;  // of assets: each content once
  double duration_s = 0;    // of all assets with a duration
  std::map<std::string, std::int64_t> kinds, statuses;
  std::vector<SpecStatistics> specs;  // by id
  std::int64_t judgements = 0, findings = 0, waivers = 0, events = 0;
  std::int64_t tags = 0, notes = 0, cues = 0;
  std::int64_t series = 0, series_rows = 0;
  std::uint64_t series_bytes = 0, database_bytes = 0;
};

[[nodiscard]] Expected<Statistics> statistics(Catalog& catalog);

}  // namespace cleangate::dam
