// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/error.h"
#include "dam/writer_lock.h"

namespace cleangate::dam {

class Database;
class SeriesStore;

enum class Access { read, write };

struct CatalogOptions {
  Access access = Access::write;      // write makes a catalog that is not there yet
  bool existing = false;              // to write, but an empty file is no catalog either
  std::string purpose = "cleangate";  // what a waiting writer is told we are doing: "ingest"
  std::string agent = "cleangate";    // who events are recorded for: program and version
  WriterLock::Wait wait;
  std::optional<std::uint64_t> file_system;  // tests: what statfs would call the file system
};

// The catalog: one SQLite database (docs/catalog.md) and, beside it, "<path>.series" with the
// series files and "<path>.lock" with the writer lock. Many processes may have it open, read it and
// write it. An object belongs to one thread at a time; open another for another thread.
//
// Errors of all its functions: permission (read-only), timed_out (another writer would not end),
// damaged (SQLite's text, and what to do), unsupported (newer version, network file system), io
// (full disk and the like). What a function acknowledged is on disk and survives a power cut.
class Catalog {
 public:
  // Migrates an older version, after a backup where the migration loses anything. Refuses a newer
  // version, a database that is not ours, and network file systems, where SQLite's locks and its
  // shared memory do not work.
  [[nodiscard]] static Expected<Catalog> open(const std::string& path, CatalogOptions options = {});
  ~Catalog();
  Catalog(Catalog&&) noexcept;
  Catalog& operator=(Catalog&&) noexcept;

  [[nodiscard]] const std::string& path() const;
  [[nodiscard]] const CatalogOptions& options() const;
  [[nodiscard]] SeriesStore& series() const;

  // For the files of this room: `body` sees one consistent state; a Failure it throws is returned.
  // A write is one transaction: all of it, durable, or nothing. Keep both short. `afterwards` runs
  // when it is durable and the writer lock is still held: removing files nobody names any more.
  [[nodiscard]] Expected<void> read(const std::function<void(Database&)>& body);
  [[nodiscard]] Expected<void> write(const std::function<void(Database&)>& body,
                                     const std::function<void(Database&)>& afterwards = {});

 private:
  struct State;
  explicit Catalog(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The version of the schema this program writes.
[[nodiscard]] int catalog_version();

// Where the parts of a catalog lie.
[[nodiscard]] std::string series_directory(const std::string& catalog);
[[nodiscard]] std::string lock_file(const std::string& catalog);

}  // namespace cleangate::dam
