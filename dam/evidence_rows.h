// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/digest.h"
#include "dam/record.h"
#include "dam/series_key.h"
#include "dam/sqlite.h"
#include "probes/facts.h"

// What the database says of one asset's evidence, inside a transaction.
namespace cleangate::dam {

struct SeriesRow {
  Sha256 digest;
  std::int64_t rows = 0;
  std::uint64_t bytes = 0;  // of the file
  bool lost = false;        // gone, and measuring again did not bring it back
};

struct EvidenceRows {
  AssetNumber number = 0;
  std::string path;  // bytes; where it was seen last
  // One place for each name it lies under, the last seen of it: `path` first.
  std::vector<std::string> paths;
  std::string isolation;
  probes::AssetFacts facts;
  probes::Status status = probes::Status::unreadable;
  bool pruned = false;
  std::map<SeriesKey, SeriesRow> series;
  // Of facts, status, file name and series: equal digests, equal evidence.
  Sha256 digest;
};

// Throws not_found when there is no such asset or it has no facts, damaged when they cannot be
// read.
[[nodiscard]] EvidenceRows load_evidence_rows(Database& database, AssetNumber number);
[[nodiscard]] std::map<SeriesKey, SeriesRow> load_series_rows(Database& database,
                                                              const probes::AssetFacts& facts);
[[nodiscard]] probes::AssetFacts load_facts(Database& database, AssetNumber number);
// Bytes of the path it was seen at last.
[[nodiscard]] std::string last_path(Database& database, AssetNumber number);

[[nodiscard]] probes::Status read_status(const std::string& word);
[[nodiscard]] probes::Depth read_depth(const std::string& word);

}  // namespace cleangate::dam
