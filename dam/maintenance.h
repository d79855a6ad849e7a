// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "dam/catalog.h"
#include "dam/record.h"

namespace cleangate::dam {

enum class CheckDepth {
  quick,  // the database's structure; series files are there and have their size
  full    // every index and constraint; facts, readings and judgements against their digests; every
          // series file is read and compared with its name
};

struct CheckProblem {
  enum class Kind {
    database,         // SQLite's integrity or foreign key check; a content that has changed
    words,            // the word index differs from what it indexes
    missing_series,   // a row names a file that is not there
    damaged_series,   // a file is not what its name says
    foreign_file,     // a file in the store that no row names and that is not ours
    orphaned_series,  // a series file that no row names (an interrupted ingest): harmless
    leftover          // an unfinished file under tmp, or a checkpoint: harmless
  };
  Kind kind;
  std::string what;  // path, or SQLite's line
  std::string advice;
  bool harmless = false;
};

struct CheckReport {
  std::vector<CheckProblem> problems;  // the first 1000 of each kind
  std::int64_t assets = 0, series = 0;
  std::uint64_t series_bytes = 0, database_bytes = 0;
  [[nodiscard]] bool sound() const;  // nothing but harmless problems
};

[[nodiscard]] Expected<CheckReport> check_catalog(Catalog& catalog, CheckDepth depth,
                                                  const std::function<void(double)>& progress = {});

// Removes orphaned series and leftovers that are older than a day (an ingest may be about to name
// younger ones), checkpoints nobody has come back to for 30 days, and rebuilds the word index.
[[nodiscard]] Expected<void> tidy_catalog(Catalog& catalog);

struct Backup {
  std::int64_t series = 0;
  std::uint64_t bytes = 0;
  std::vector<std::string>
      missing;            // series files the catalog names and does not have: not backed up
  bool replaced = false;  // restore: something was there, and is kept
};

// A second catalog at `target`, consistent and durable, while others go on writing: the database by
// SQLite's online backup, series files as hard links where the volume allows, else copies (verified
// as they are copied). `target` must not exist (usage). Its database is put in place last, by a
// rename: an interrupted backup leaves none, and the next one takes up what is there.
[[nodiscard]] Expected<Backup> backup_catalog(Catalog& catalog, const std::string& target);

// Puts the backup at `source` in the place of `target`; what was there is kept as
// "<target>.before-restore-<time>", its series files stay. Who has the old catalog open is refused
// its next write.
[[nodiscard]] Expected<Backup> restore_catalog(const std::string& source, const std::string& target,
                                               const CatalogOptions& options = {});

struct Pruned {
  std::int64_t assets = 0, series = 0;
  std::uint64_t bytes = 0;  // of series files removed
};
// Drops the series of these assets where no other asset stands on them, and their memoized
// readings. Facts, judgements and history stay. From then on rules that need the rows are
// inconclusive; the asset remembers when it was pruned.
[[nodiscard]] Expected<Pruned> prune(Catalog& catalog, std::span<const AssetNumber> assets);

}  // namespace cleangate::dam
