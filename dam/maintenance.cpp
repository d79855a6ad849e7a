// SPDX-License-Identifier: Apache-2.0
#include "dam/maintenance.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "core/text.h"
#include "dam/check_contents.h"
#include "dam/checkpoint_file.h"
#include "dam/crash_point.h"
#include "dam/files.h"
#include "dam/kept_aside.h"
#include "dam/record_write.h"
#include "dam/series_store.h"
#include "dam/sqlite.h"
#include "dam/times.h"
#include "dam/words.h"

namespace cleangate::dam {
namespace {

constexpr std::size_t kProblemsOfAKind = 1000;
constexpr std::int64_t kYoungSeconds = 24 * 3600;
constexpr std::int64_t kCheckpointSeconds = 30 * kYoungSeconds;

using Kind = CheckProblem::Kind;

class Report {
 public:
  explicit Report(CheckReport& report) : report_(report) {}
  void add(Kind kind, std::string what, std::string advice, bool harmless = false) {
    if (++counts_[kind] <= kProblemsOfAKind)
      report_.problems.push_back({kind, std::move(what), std::move(advice), harmless});
  }

 private:
  CheckReport& report_;
  std::map<Kind, std::size_t> counts_;
};

void check_database(Database& database, CheckDepth depth, Report& report) {
  const char* advice = "Restore a backup (`cleangate catalog restore`).";
  try {
    Statement check = database.prepare(depth == CheckDepth::full ? "PRAGMA integrity_check(1000)"
                                                                 : "PRAGMA quick_check(1000)");
    while (check.step())
      if (check.text(0) != "ok") report.add(Kind::database, check.text(0), advice);
    Statement keys = database.prepare("PRAGMA foreign_key_check");
    while (keys.step())
      report.add(Kind::database,
                 fmt::format("row {} of {} names a row of {} that is not there", keys.integer(1),
                             keys.text(0), keys.text(2)),
                 advice);
  } catch (const Failure& failure) {
    report.add(Kind::database, failure.error.message, advice);
  }
}

// A file whose end is gone: SQLite takes the missing bytes of the last page for zeros.
void check_size(Database& database, const std::string& path, Report& report) {
  const std::int64_t page = database.integer("PRAGMA page_size");
  const std::uint64_t size = file_size(path).value_or(0);
  if (page > 0 && size % static_cast<std::uint64_t>(page) != 0)
    report.add(Kind::database,
               fmt::format("the database has {} bytes, which is no whole number of pages", size),
               "Its end was cut off: restore a backup (`cleangate catalog restore`).");
}

struct NamedSeries {
  std::int64_t bytes = 0;
  bool lost = false;  // measuring again did not bring it back
};

std::map<Sha256, NamedSeries> named_series(Database& database) {
  std::map<Sha256, NamedSeries> named;
  Statement rows = database.prepare("SELECT digest, bytes, lost_at IS NOT NULL FROM series");
  while (rows.step())
    if (const auto digest = rows.digest(0))
      named[*digest] = {rows.integer(1), rows.integer(2) != 0};
  return named;
}

struct Loaded {
  std::map<Sha256, NamedSeries> series;
  std::int64_t assets = 0;
};

void check_series(const SeriesStore& store, const std::map<Sha256, NamedSeries>& named,
                  CheckDepth depth, const std::function<void(double)>& progress, Report& report) {
  constexpr const char* kGone =
      "Rules that need it are inconclusive; `cleangate ingest --rehash` with the media measures it "
      "anew.";
  constexpr const char* kLost =
      "Rules that need it are inconclusive; measuring the media again did not make it anew, only a "
      "backup may have it (`cleangate catalog restore`).";
  std::size_t done = 0;
  for (const auto& [digest, one] : named) {
    const auto& [bytes, lost] = one;
    const char* advice = lost ? kLost : kGone;
    const std::string path = store.path_of(digest);
    const auto size = file_size(path);
    if (!size)
      report.add(Kind::missing_series, path, advice);
    else if (*size != static_cast<std::uint64_t>(bytes))
      report.add(Kind::damaged_series,
                 fmt::format("{} has {} bytes instead of {}", path, *size, bytes), advice);
    else if (depth == CheckDepth::full)
      if (const auto intact = store.verify(digest); !intact)
        report.add(Kind::damaged_series, intact.error().message, advice);
    if (progress) progress(static_cast<double>(++done) / static_cast<double>(named.size()));
  }
}

bool is_checkpoint(const SeriesStore::Entry& entry, const Catalog& catalog) {
  return entry.path.starts_with(checkpoint_directory(catalog.path()) + "/");
}

void check_files(const Catalog& catalog, const std::map<Sha256, NamedSeries>& named,
                 Report& report) {
  const SeriesStore& store = catalog.series();
  const auto aside = series_kept_aside(catalog.path());
  for (const std::string& path : kept_aside(catalog.path()))
    report.add(Kind::leftover, path,
               "A restore put this catalog aside; remove it when nobody needs it any more. Until "
               "then `tidy` keeps its series.",
               true);
  for (const SeriesStore::Entry& entry : unwrap(store.list())) {
    const bool part = entry.path.starts_with(store.directory() + "/tmp/");
    if (part)
      report.add(Kind::leftover, entry.path, "An interrupted ingest left it; `tidy` removes it.",
                 true);
    else if (is_checkpoint(entry, catalog))
      report.add(Kind::leftover, entry.path,
                 "An ingest that did not end left it: the next one of that file goes on from it; "
                 "`tidy` removes it after 30 days.",
                 true);
    else if (!entry.is_series)
      report.add(Kind::foreign_file, entry.path,
                 "It is not of the catalog; move it away if nobody needs it.", true);
    else if (!named.contains(entry.digest) && aside && !aside->contains(entry.digest))
      report.add(
          Kind::orphaned_series, entry.path,
          "No row names it: an interrupted ingest, or one going on; `tidy` removes old ones.",
          true);
  }
}

std::int64_t now_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// Series that no asset stands on any more lose their rows; their files are named by the digests
// returned, unless another series has the same bytes.
std::vector<std::pair<Sha256, std::int64_t>> drop_unneeded(Database& database) {
  std::vector<std::pair<Sha256, std::int64_t>> dropped;
  {
    Statement rows = database.prepare(
        "SELECT digest, bytes FROM series WHERE NOT EXISTS (SELECT 1 FROM asset_series WHERE "
        "series "
        "= series.id)");
    while (rows.step())
      if (const auto digest = rows.digest(0)) dropped.emplace_back(*digest, rows.integer(1));
  }
  database.run(
      "DELETE FROM series WHERE NOT EXISTS (SELECT 1 FROM asset_series WHERE series = series.id)");
  std::erase_if(dropped, [&](const auto& one) {
    const Query query = database.query("SELECT 1 FROM series WHERE digest = ?1", one.first);
    return query->step();
  });
  return dropped;
}

}  // namespace

bool CheckReport::sound() const {
  return std::all_of(problems.begin(), problems.end(),
                     [](const CheckProblem& problem) { return problem.harmless; });
}

Expected<CheckReport> check_catalog(Catalog& catalog, CheckDepth depth,
                                    const std::function<void(double)>& progress) {
  return guarded([&] {
    CheckReport found;
    Report report(found);
    Loaded loaded;
    const auto read = catalog.read([&](Database& database) {
      check_size(database, catalog.path(), report);
      check_database(database, depth, report);
      loaded.assets = database.integer("SELECT count(*) FROM asset WHERE merged_into IS NULL");
      loaded.series = named_series(database);
    });
    if (!read) {
      report.add(Kind::database, read.error().message, "Restore a backup.");
      return found;
    }
    if (catalog.options().access == Access::write && depth == CheckDepth::full) {
      const auto words = catalog.write([](Database& database) { check_words(database); });
      if (!words) report.add(Kind::words, words.error().message, "`tidy` rebuilds the word index.");
    }
    if (depth == CheckDepth::full)
      check_contents(catalog, [&](const std::string& what) {
        report.add(Kind::database, what, "Restore a backup, or ingest or judge the asset again.");
      });
    check_series(catalog.series(), loaded.series, depth, progress, report);
    check_files(catalog, loaded.series, report);
    found.assets = loaded.assets;
    found.series = static_cast<std::int64_t>(loaded.series.size());
    for (const auto& [digest, one] : loaded.series)
      found.series_bytes += static_cast<std::uint64_t>(one.bytes);
    found.database_bytes = file_size(catalog.path()).value_or(0);
    return found;
  });
}

Expected<void> tidy_catalog(Catalog& catalog) {
  return catalog.write(rebuild_words, [&](Database& database) {
    const auto named = named_series(database);
    const auto aside = series_kept_aside(catalog.path());
    const std::int64_t now = now_s();
    for (const SeriesStore::Entry& entry : unwrap(catalog.series().list())) {
      const bool part = entry.path.starts_with(catalog.series().directory() + "/tmp/");
      const bool orphan = entry.is_series && !named.contains(entry.digest) && aside &&
                          !aside->contains(entry.digest);
      const bool old = is_checkpoint(entry, catalog)
                           ? entry.modified_s < now - kCheckpointSeconds
                           : (part || orphan) && entry.modified_s < now - kYoungSeconds;
      if (old) unlink(entry.path.c_str());
    }
  });
}

Expected<Pruned> prune(Catalog& catalog, std::span<const AssetNumber> assets) {
  return guarded([&] {
    Pruned pruned;
    std::vector<std::pair<Sha256, std::int64_t>> dropped;
    unwrap(catalog.write(
        [&](Database& database) {
          const WriteContext to{database, utc_now(), catalog.options().agent};
          for (const AssetNumber asset : assets) {
            database.run("DELETE FROM asset_series WHERE asset = ?1", asset);
            database.run("DELETE FROM memo WHERE asset = ?1", asset);
            database.run("UPDATE asset SET pruned_at = ?2 WHERE id = ?1", asset, to.now);
            if (database.changes() == 0)
              throw_failure(ErrorCode::not_found, fmt::format("There is no asset {}.", asset));
            write_event(to, asset, {"deletion", "success", "its series were pruned", {}});
          }
          dropped = drop_unneeded(database);
        },
        [&](Database&) {
          crash_point("prune:committed");
          for (const auto& [digest, bytes] : dropped) unwrap(catalog.series().remove(digest));
        }));
    pruned.assets = static_cast<std::int64_t>(assets.size());
    pruned.series = static_cast<std::int64_t>(dropped.size());
    for (const auto& [digest, bytes] : dropped) pruned.bytes += static_cast<std::uint64_t>(bytes);
    return pruned;
  });
}

}  // namespace cleangate::dam
