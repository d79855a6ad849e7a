// SPDX-License-Identifier: Apache-2.0
#include "dam/catalog.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/text.h"
#include "dam/crash_point.h"
#include "dam/file_system.h"
#include "dam/files.h"
#include "dam/open_for_reading.h"
#include "dam/query/functions.h"
#include "dam/schema.h"
#include "dam/series_store.h"
#include "dam/sqlite.h"
#include "dam/times.h"

namespace cleangate::dam {
namespace {

// The log is moved into the database when it has grown so far, and cut when readers let it grow on.
constexpr int kCheckpointPages = 1000;
constexpr int kTruncatePages = 16'000;

void set_up(Database& database) {
  // Not `PRAGMA wal_autocheckpoint`: it would take the place of Database's own hook on the log.
  database.execute(
      "PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA "
      "temp_store = MEMORY; PRAGMA cache_size = -16000;");
  query::define_functions(database);
}

// Somebody recorded something here: its store is not empty.
bool has_series(const std::string& path) {
  const auto entries = SeriesStore(series_directory(path)).list();
  return entries && std::any_of(entries->begin(), entries->end(),
                                [](const SeriesStore::Entry& entry) { return entry.is_series; });
}

// Looks at the size alone and never opens the file: closing it again would drop every POSIX lock
// that this process holds on it through SQLite, and another process would then take itself for the
// only one and remove the log under our feet.
void require_whole(const std::string& path) {
  constexpr std::uint64_t kLeastPage = 512;  // SQLite takes less for an empty database
  if (file_size(path).value_or(kLeastPage) >= kLeastPage || !has_series(path)) return;
  throw_failure(ErrorCode::damaged,
                fmt::format("The catalog {} is empty, but series files lie beside it: it was cut. "
                            "`cleangate catalog restore` brings back a backup.",
                            readable(path)));
}

bool has_log(const std::string& path) { return file_size(path + "-wal").value_or(0) > 0; }

void back_up_before_migration(Database& database, const std::string& path, std::int64_t version) {
  if (version == 0) return;
  for (const Migration& step : migrations()) {
    if (step.version <= version || !step.loses) continue;
    const std::string copy = fmt::format("{}.version-{}.backup", path, version);
    if (!file_size(copy)) database.copy_to(copy);
    sync_directory(directory_of(path));
    return;
  }
}

}  // namespace

void require_ours(Database& database) {
  // The id last: another process may be making the catalog meanwhile, and whatever is seen of its
  // work, the id came with it.
  const std::int64_t version = database.integer("PRAGMA user_version");
  const bool empty = version == 0 && database.integer("SELECT count(*) FROM sqlite_schema") == 0;
  const std::int64_t id = database.integer("PRAGMA application_id");
  if (id != kApplicationId && (id != 0 || !empty))
    throw_failure(ErrorCode::unsupported,
                  fmt::format("{} is an SQLite database of another program, not a catalog.",
                              database.name()));
  if (version > catalog_version())
    throw_failure(
        ErrorCode::unsupported,
        fmt::format("The catalog {} has version {}; this program knows up to {}. Update Cleangate; "
                    "nothing was changed.",
                    database.name(), version, catalog_version()));
}

std::unique_ptr<Database> open_for_reading(const std::string& path) {
  try {
    auto database = std::make_unique<Database>(path, Database::Open::read);
    [[maybe_unused]] const auto version = database->integer("PRAGMA user_version");
    return database;
  } catch (const Failure& failure) {
    if (access(directory_of(path).c_str(), W_OK) == 0) {
      if (failure.error.code == ErrorCode::permission) return nullptr;
      throw;
    }
    if (has_log(path))
      throw_failure(ErrorCode::permission,
                    fmt::format("The catalog {} lies in a folder that cannot be written, and its "
                                "log ({}-wal) is not empty; open it once where it can be written.",
                                readable(path), readable(path)));
    return std::make_unique<Database>(path, Database::Open::immutable);
  }
}

struct Catalog::State {
  std::string path;
  CatalogOptions options;
  std::unique_ptr<Database> database;
  SeriesStore store;
  bool wrote = false;
  std::pair<dev_t, ino_t> identity{};

  State(const std::string& where, CatalogOptions how)
      : path(where), options(std::move(how)), store(series_directory(where)) {}
  ~State() { close(); }

  [[nodiscard]] WriterLock lock() const {
    return unwrap(WriterLock::acquire(lock_file(path), options.purpose, options.wait));
  }

  // Who wrote takes the log along, if nobody else is writing just now; else the next one will.
  void close() {
    if (!database) return;
    const WriterLock::Wait brief{std::chrono::milliseconds(200), {}};
    auto held = wrote ? WriterLock::acquire(lock_file(path), options.purpose, brief)
                      : fail(ErrorCode::cancelled, "");
    if (held) database->on_close(Database::OnClose::checkpoint);
    database.reset();
  }

  void open() {
    const bool there = file_size(path).has_value();
    if (!there && options.access == Access::read)
      throw_failure(ErrorCode::not_found,
                    fmt::format("There is no catalog at {}; `cleangate ingest PATH` makes one.",
                                readable(path)));
    if (!there) make_directories(directory_of(path));
    unwrap(require_local(directory_of(path), options.file_system));
    if (there) require_whole(path);
    if (there && (options.access == Access::read || options.existing)) require_begun();
    if (options.access == Access::read) open_reading();
    if (!database) open_writing();
    set_up(*database);
    identity = file_identity();
  }

  // Somebody may be making it just now, and holds the lock meanwhile.
  void require_begun() const {
    if (file_size(path) != std::uint64_t{0}) return;
    if (file_size(lock_file(path))) {
      const auto made = WriterLock::acquire(lock_file(path), options.purpose, options.wait);
      if (file_size(path) != std::uint64_t{0}) return;
    }
    throw_failure(ErrorCode::unsupported,
                  fmt::format("{} is empty: it is no catalog. `cleangate ingest PATH` makes one of "
                              "it; `cleangate catalog restore` brings back a backup.",
                              readable(path)));
  }

  [[nodiscard]] std::pair<dev_t, ino_t> file_identity() const {
    struct stat about {};
    return stat(path.c_str(), &about) == 0 ? std::pair(about.st_dev, about.st_ino)
                                           : std::pair<dev_t, ino_t>();
  }

  // A restore puts another file in the catalog's place: writing on into the old one would be lost.
  void require_same_file() const {
    if (file_identity() != identity)
      throw_failure(ErrorCode::refused,
                    fmt::format("The catalog {} was replaced while it was open; run this again.",
                                readable(path)));
  }

  void open_reading() {
    auto reading = open_for_reading(path);
    if (!reading) return;
    require_ours(*reading);
    if (reading->integer("PRAGMA user_version") == catalog_version()) database = std::move(reading);
  }

  void open_writing() {
    if (access(path.c_str(), F_OK) == 0 && access(path.c_str(), W_OK) != 0)
      throw_failure(ErrorCode::permission,
                    fmt::format("The catalog {} can be read but not written: {}.", readable(path),
                                std::strerror(errno)));
    database = std::make_unique<Database>(
        path, access(path.c_str(), F_OK) == 0 ? Database::Open::write : Database::Open::create);
    require_ours(*database);
    if (database->integer("PRAGMA user_version") < catalog_version()) bring_up_to_date();
  }

  void bring_up_to_date() {
    const WriterLock held = lock();
    set_up(*database);
    database->execute("PRAGMA journal_mode = WAL");
    require_ours(*database);
    back_up_before_migration(*database, path, database->integer("PRAGMA user_version"));
    migrate(*database, migrations());
    sync_directory(directory_of(path));
    wrote = true;
  }

  void write(const std::function<void(Database&)>& body,
             const std::function<void(Database&)>& afterwards) {
    if (options.access == Access::read)
      throw_failure(ErrorCode::permission,
                    fmt::format("The catalog {} was opened for reading.", readable(path)));
    const WriterLock held = lock();
    require_same_file();
    wrote = true;
    database->execute("BEGIN IMMEDIATE");
    try {
      body(*database);
      crash_point("catalog:before-commit");
      database->execute("COMMIT");
    } catch (...) {
      roll_back();
      throw;
    }
    crash_point("catalog:committed");
    checkpoint();
    if (afterwards) afterwards(*database);
  }

  void roll_back() noexcept {
    try {
      if (database->in_transaction()) database->execute("ROLLBACK");
    } catch (const Failure&) {  // the connection is useless; the next statement says why
    }
  }

  // The transaction is durable already: that its log could not be moved now harms nothing.
  void checkpoint() noexcept {
    if (database->wal_pages() < kCheckpointPages) return;
    try {
      database->checkpoint(database->wal_pages() < kTruncatePages ? Database::Checkpoint::passive
                                                                  : Database::Checkpoint::truncate);
      crash_point("catalog:checkpointed");
    } catch (const Failure&) {
    }
  }
};

Catalog::Catalog(std::unique_ptr<State> state) : state_(std::move(state)) {}
Catalog::~Catalog() = default;
Catalog::Catalog(Catalog&&) noexcept = default;
Catalog& Catalog::operator=(Catalog&&) noexcept = default;

Expected<Catalog> Catalog::open(const std::string& path, CatalogOptions options) {
  return guarded([&] {
    auto state = std::make_unique<State>(absolute_path(path), std::move(options));
    state->open();
    return Catalog(std::move(state));
  });
}

const std::string& Catalog::path() const { return state_->path; }
const CatalogOptions& Catalog::options() const { return state_->options; }
SeriesStore& Catalog::series() const { return state_->store; }

Expected<void> Catalog::read(const std::function<void(Database&)>& body) {
  return guarded([&] {
    state_->database->execute("BEGIN");
    try {
      body(*state_->database);
    } catch (...) {
      state_->roll_back();
      throw;
    }
    state_->roll_back();
  });
}

Expected<void> Catalog::write(const std::function<void(Database&)>& body,
                              const std::function<void(Database&)>& afterwards) {
  return guarded([&] { state_->write(body, afterwards); });
}

int catalog_version() { return migrations().back().version; }

std::string series_directory(const std::string& catalog) { return catalog + ".series"; }
std::string lock_file(const std::string& catalog) { return catalog + ".lock"; }

}  // namespace cleangate::dam
