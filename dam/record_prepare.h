// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dam/fields.h"
#include "dam/finding_json.h"
#include "dam/record.h"
#include "dam/series_key.h"
#include "dam/series_store.h"
#include "probes/facts.h"

// Everything about a record that can be worked out before the writer lock is taken.
namespace cleangate::dam {

struct PreparedSeries {
  SeriesKey key;
  Sha256 digest;
  std::int64_t rows = 0, bytes = 0;
};

struct PreparedVerdict {
  const specs::Verdict* verdict = nullptr;
  std::string order;
  std::vector<PlacedFinding> loud;  // neither pass nor not_applicable
  std::vector<std::byte> quiet;     // the others, packed
  Sha256 outcome;                   // of all that is said
};

struct PreparedMeasurement {
  const probes::AssetFacts* facts = nullptr;
  probes::Status status = probes::Status::measured;
  std::vector<std::byte> document;
  std::vector<PreparedSeries> series;
  std::vector<FieldValue> fields;
  std::vector<Memo> memos;
};

struct PreparedAsset {
  const AssetRecord* record = nullptr;
  std::optional<PreparedMeasurement> measurement;
  std::vector<PreparedVerdict> verdicts;
};

// Series go into `batch`. Rows whose key the facts cannot give are left out: what cannot be found
// again is not kept.
[[nodiscard]] PreparedAsset prepare(const AssetRecord& record, SeriesStore::Batch& batch);
[[nodiscard]] PreparedVerdict prepare(const RecordedVerdict& judged);

// video | audio | captions | other
[[nodiscard]] std::string kind_of(const probes::AssetFacts& facts);

}  // namespace cleangate::dam
