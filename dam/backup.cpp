// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <set>

#include "core/text.h"
#include "dam/crash_point.h"
#include "dam/file_system.h"
#include "dam/files.h"
#include "dam/kept_aside.h"
#include "dam/maintenance.h"
#include "dam/open_for_reading.h"
#include "dam/schema.h"
#include "dam/series_store.h"
#include "dam/sqlite.h"

namespace cleangate::dam {
namespace {

constexpr int kSnapshots = 5;

bool exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

std::set<Sha256> named_series(Database& database) {
  std::set<Sha256> named;
  Statement rows = database.prepare("SELECT digest FROM series");
  while (rows.step())
    if (const auto digest = rows.digest(0)) named.insert(*digest);
  return named;
}

// A copy under a temporary name, verified, then renamed.
void copy_series(const std::string& from, const std::string& to, const Sha256& digest) {
  const std::vector<std::byte> bytes = read_file(from);
  if (sha256_of(bytes) != digest)
    throw_failure(ErrorCode::damaged,
                  fmt::format("{} is not what its name says; `cleangate catalog check` tells more.",
                              readable(from)));
  const std::string part = to + ".part";
  unlink(part.c_str());
  {
    const File file = open_file(part, O_WRONLY | O_CREAT | O_EXCL);
    write_all(file, part, bytes);
    sync_file(file, part);
  }
  rename_file(part, to);
}

// False: there is no such file.
bool transfer(const SeriesStore& from, const SeriesStore& to, const Sha256& digest,
              std::set<std::string>& folders) {
  const std::string source = from.path_of(digest), target = to.path_of(digest);
  if (to.verify(digest)) return true;
  if (!exists(source)) return false;
  unlink(target.c_str());
  make_directories(directory_of(target));
  folders.insert(directory_of(target));
  if (link(source.c_str(), target.c_str()) != 0 && errno != EEXIST)
    copy_series(source, target, digest);
  return true;
}

Backup transfer_all(const SeriesStore& from, const SeriesStore& to, const std::set<Sha256>& named) {
  Backup backup;
  std::set<std::string> folders;
  for (const Sha256& digest : named) {
    if (!transfer(from, to, digest, folders)) {
      backup.missing.push_back(from.path_of(digest));
      continue;
    }
    ++backup.series;
    backup.bytes += file_size(to.path_of(digest)).value_or(0);
    crash_point("backup:series");
  }
  sync_directories({folders.begin(), folders.end()});
  return backup;
}

// The database as one durable file; no log beside it.
void snapshot(Database& database, const std::string& path) {
  for (const char* tail : {"", "-wal", "-shm", "-journal"}) unlink((path + tail).c_str());
  database.copy_to(path);
  sync_file(open_file(path, O_RDWR), path);
}

// Is every missing file one that was pruned after the snapshot was taken?
bool pruned_meanwhile(Catalog& catalog, const Backup& backup) {
  if (backup.missing.empty()) return false;
  std::set<Sha256> named;
  unwrap(catalog.read([&](Database& database) { named = named_series(database); }));
  return std::any_of(backup.missing.begin(), backup.missing.end(), [&](const std::string& path) {
    return std::none_of(named.begin(), named.end(), [&](const Sha256& digest) {
      return catalog.series().path_of(digest) == path;
    });
  });
}

// A backup is read as it lies: it may be on a disk where no catalog may be written, and be of an
// older version. One that has a log is a catalog in use (or was).
std::unique_ptr<Database> open_backup(const std::string& path, const CatalogOptions& options) {
  if (!file_size(path))
    throw_failure(ErrorCode::not_found, fmt::format("There is no backup at {}.", readable(path)));
  const bool in_use = exists(path + "-wal") || exists(path + "-shm");
  if (in_use) unwrap(require_local(directory_of(path), options.file_system));
  auto database =
      in_use ? open_for_reading(path) : std::make_unique<Database>(path, Database::Open::immutable);
  if (!database)
    throw_failure(ErrorCode::permission, fmt::format("{} cannot be read.", readable(path)));
  require_ours(*database);
  if (database->integer("PRAGMA application_id") != kApplicationId)
    throw_failure(ErrorCode::unsupported,
                  fmt::format("{} is empty: it is no backup of a catalog. Nothing was changed.",
                              readable(path)));
  return database;
}

void require_intact(Database& database) {
  Statement check = database.prepare("PRAGMA quick_check(1)");
  if (check.step() && check.text(0) != "ok")
    throw_failure(ErrorCode::damaged,
                  fmt::format("The backup {} is damaged: {}.", database.name(), check.text(0)));
}

}  // namespace

Expected<Backup> backup_catalog(Catalog& catalog, const std::string& target) {
  return guarded([&] {
    const std::string to = absolute_path(target), part = to + ".part";
    if (exists(to))
      throw_failure(ErrorCode::usage,
                    fmt::format("{} is there already; name a new file.", readable(to)));
    make_directories(directory_of(to));
    const SeriesStore store(series_directory(to));
    Backup backup;
    for (int attempt = 0; attempt < kSnapshots; ++attempt) {
      std::set<Sha256> named;
      unwrap(catalog.read([&](Database& database) { snapshot(database, part); }));
      crash_point("backup:snapshot");
      {
        Database copy(part, Database::Open::immutable);
        named = named_series(copy);
      }
      backup = transfer_all(catalog.series(), store, named);
      if (!pruned_meanwhile(catalog, backup)) break;
    }
    if (exists(store.directory())) sync_directory(store.directory());
    rename_file(part, to);
    sync_directory(directory_of(to));
    return backup;
  });
}

Expected<Backup> restore_catalog(const std::string& source, const std::string& target,
                                 const CatalogOptions& options) {
  return guarded([&] {
    const std::string from = absolute_path(source), to = absolute_path(target);
    const std::string part = to + ".part";
    if (from == to) throw_failure(ErrorCode::usage, "A catalog cannot be restored from itself.");
    const auto backup = open_backup(from, options);
    require_intact(*backup);
    make_directories(directory_of(to));
    unwrap(require_local(directory_of(to), options.file_system));
    const WriterLock held =
        unwrap(WriterLock::acquire(lock_file(to), "catalog restore", options.wait));
    // One moment of it, should it be in use.
    backup->execute("BEGIN");
    snapshot(*backup, part);
    const std::set<Sha256> named = named_series(*backup);
    backup->execute("COMMIT");
    const SeriesStore store(series_directory(to));
    const SeriesStore saved(series_directory(catalog_before(from)));
    Backup restored = transfer_all(saved, store, named);
    if (exists(store.directory())) sync_directory(store.directory());
    crash_point("restore:ready");
    restored.replaced = file_size(to).has_value();
    keep_aside(to);
    crash_point("restore:aside");
    rename_file(part, to);
    sync_directory(directory_of(to));
    return restored;
  });
}

}  // namespace cleangate::dam
