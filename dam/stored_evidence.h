// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/digest.h"
#include "dam/catalog.h"
#include "dam/record.h"
#include "probes/old_rows.h"
#include "specs/evidence.h"

namespace cleangate::dam {

struct Memo;  // dam/reading_memo.h

// One asset as the catalog remembers it. Loading takes one short read; afterwards it stands alone
// (the catalog may be used or closed) and opens series files when they are asked for. Thread-safe
// once loaded.
class StoredEvidence final : public specs::Evidence {
 public:
  // not_found: no such asset; damaged: its facts cannot be read.
  // `marks` is replaced in tests.
  [[nodiscard]] static Expected<std::unique_ptr<StoredEvidence>> load(
      Catalog& catalog, AssetNumber number,
      std::span<const probes::OldRow> marks = probes::old_rows());
  ~StoredEvidence() override;

  [[nodiscard]] const std::string& path() const override;
  [[nodiscard]] const probes::AssetFacts& facts() const override;
  [[nodiscard]] probes::Status status() const override;
  // nullptr: not measured, or pruned. Rows of an older version stand in for those that were never
  // measured, while they are not marked wrong. A file that is gone or damaged, and rows that are
  // wrong, give a reader whose reads are errors (DamagedSeries).
  [[nodiscard]] const specs::ColumnReader* rows(const probes::SeriesId& id) const override;

  // One for each name the asset lies under: path() first.
  [[nodiscard]] const std::vector<std::string>& paths() const;
  [[nodiscard]] AssetNumber number() const;
  [[nodiscard]] bool pruned() const;
  // Whether a series of one of these rows (nothing: of any) that would be read is gone from the
  // store, or cut, and measuring again has not been tried.
  [[nodiscard]] bool lacks(const std::optional<std::set<std::string>>& rows) const;
  [[nodiscard]] const std::string& isolation() const;
  // Of the facts, the status, the file's name and every series: equal digests give equal
  // judgements.
  [[nodiscard]] const Sha256& digest() const;

  // Readings of quantities that the catalog remembers for this very evidence. What is judged now
  // adds to them; Recorder::judged writes what is new.
  [[nodiscard]] specs::ReadingMemory* memory() const override;
  // New readings, none when a series could not be read.
  [[nodiscard]] std::vector<Memo> new_readings() const;

 private:
  struct State;
  explicit StoredEvidence(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cleangate::dam
