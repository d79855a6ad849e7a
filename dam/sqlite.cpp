// SPDX-License-Identifier: Apache-2.0
#include "dam/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/text.h"

namespace cleangate::dam {
namespace {

// Writers queue at the lock file, so this is met only when another program holds the database.
constexpr int kBusyMs = 20'000;

std::string advice(int status, sqlite3* connection) {
  switch (status & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return " Another program holds the database; close it and try again.";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return " It can be read but not written; check the permissions of the file and its folder.";
    case SQLITE_FULL:
      return " The disk is full; what was acknowledged is safe. Free space and run this again.";
    case SQLITE_NOTADB:
      return " It is not a catalog: it does not begin as an SQLite database. If it was one, "
             "`cleangate catalog restore` brings back a backup.";
    case SQLITE_CORRUPT:
      return " The catalog is damaged; `cleangate catalog check` says how much, `cleangate catalog "
             "restore` brings back a backup.";
    case SQLITE_IOERR:
      return connection && sqlite3_system_errno(connection) != 0
                 ? fmt::format(" The system says: {}.",
                               std::strerror(sqlite3_system_errno(connection)))
             : status == SQLITE_IOERR_WRITE
                 ? " It could not be written: the disk is full, or files may not grow so large. "
                   "What was acknowledged is safe."
                 : "";
    default:
      return "";
  }
}

ErrorCode code_of(int status) {
  switch (status & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::timed_out;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return ErrorCode::permission;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::damaged;
    case SQLITE_CANTOPEN:
    case SQLITE_FULL:
    case SQLITE_IOERR:
      return ErrorCode::io;
    case SQLITE_NOMEM:
      return ErrorCode::out_of_memory;
    case SQLITE_INTERRUPT:
      return ErrorCode::cancelled;
    default:
      return ErrorCode::internal;
  }
}

int flags_of(Database::Open how) {
  constexpr int kAlways = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE;
  switch (how) {
    case Database::Open::read:
    case Database::Open::immutable:
      return kAlways | SQLITE_OPEN_READONLY;
    case Database::Open::write:
      return kAlways | SQLITE_OPEN_READWRITE;
    case Database::Open::create:
      return kAlways | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  }
  return kAlways;
}

// Every byte that could mean something in a URI is written as %XX, so that any name of a file
// works.
std::string uri_of(const std::string& path, Database::Open how) {
  std::string uri = "file:";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                       (byte >= 'A' && byte <= 'Z') || c == '/' || c == '.' || c == '-' || c == '_';
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return how == Database::Open::immutable ? uri + "?immutable=1" : uri;
}

}  // namespace

void throw_failure(ErrorCode code, std::string message) {
  throw Failure(Error{code, std::move(message)});
}

bool matches_glob(const std::string& pattern, const std::string& text) {
  return sqlite3_strglob(pattern.c_str(), text.c_str()) == 0;
}

Error sqlite_error(sqlite3* connection, const std::string& name, int status) {
  const char* text = connection ? sqlite3_errmsg(connection) : sqlite3_errstr(status);
  return {code_of(status), fmt::format("The catalog {}: {} (SQLite {}).{}", name, text, status,
                                       advice(status, connection))};
}

// ---- Statement --------------------------------------------------------------------------------

Statement::Statement(sqlite3* connection, const std::string& name, std::string_view sql)
    : connection_(connection), name_(name) {
  check(sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()), 0, &statement_,
                           nullptr));
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_),
      name_(std::move(other.name_)),
      statement_(std::exchange(other.statement_, nullptr)) {}

void Statement::check(int status) const {
  if (status != SQLITE_OK) throw Failure(sqlite_error(connection_, name_, status));
}

bool Statement::step() {
  const int status = sqlite3_step(statement_);
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) return false;
  const Error error = sqlite_error(connection_, name_, status);
  sqlite3_reset(statement_);
  throw Failure(error);
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Statement::put_null(int index) { check(sqlite3_bind_null(statement_, index)); }
void Statement::put_integer(int index, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, index, value));
}
void Statement::put_real(int index, double value) {
  check(sqlite3_bind_double(statement_, index, value));
}
void Statement::put_text(int index, std::string_view value) {
  check(sqlite3_bind_text64(statement_, index, value.data() ? value.data() : "", value.size(),
                            SQLITE_TRANSIENT, SQLITE_UTF8));
}
void Statement::put_blob(int index, std::span<const std::byte> value) {
  check(value.empty()
            ? sqlite3_bind_zeroblob(statement_, index, 0)
            : sqlite3_bind_blob64(statement_, index, value.data(), value.size(), SQLITE_TRANSIENT));
}

void Statement::put_pointer(int index, void* object, const char* type) {
  check(sqlite3_bind_pointer(statement_, index, object, type, nullptr));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
double Statement::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string Statement::text(int column) const { return std::string(view(column)); }

std::string_view Statement::view(int column) const {
  const auto* at = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return at ? std::string_view(at,
                               static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)))
            : std::string_view();
}

std::vector<std::byte> Statement::blob(int column) const {
  const auto* at = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return at ? std::vector<std::byte>(at, at + size) : std::vector<std::byte>();
}

std::optional<Sha256> Statement::digest(int column) const {
  const auto bytes = blob(column);
  Sha256 digest;
  if (bytes.size() != digest.bytes.size()) return std::nullopt;
  std::memcpy(digest.bytes.data(), bytes.data(), bytes.size());
  return digest;
}

std::optional<std::string> Statement::optional_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

int Statement::columns() const { return sqlite3_column_count(statement_); }
std::string Statement::column_name(int column) const {
  const char* name = sqlite3_column_name(statement_, column);
  return name ? name : "";
}

// ---- Database ---------------------------------------------------------------------------------

Database::Database(const std::string& path, Open how)
    : name_(readable(path)), wal_pages_(std::make_unique<int>(0)) {
  const int status =
      sqlite3_open_v2(uri_of(path, how).c_str(), &connection_, flags_of(how), nullptr);
  if (status != SQLITE_OK) {
    const Error error = sqlite_error(connection_, name_, status);
    sqlite3_close_v2(connection_);
    throw Failure(error);
  }
  sqlite3_busy_timeout(connection_, kBusyMs);
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  // Takes the place of SQLite's automatic checkpoints, which must not happen outside the lock.
  sqlite3_wal_hook(
      connection_,
      [](void* pages, sqlite3*, const char*, int count) {
        *static_cast<int*>(pages) = count;
        return SQLITE_OK;
      },
      wal_pages_.get());
  on_close(OnClose::leave_log);
}

Database::~Database() {
  kept_.clear();
  sqlite3_close_v2(connection_);
}

void Database::execute(std::string_view sql) {
  const int status = sqlite3_exec(connection_, std::string(sql).c_str(), nullptr, nullptr, nullptr);
  if (status != SQLITE_OK) throw Failure(sqlite_error(connection_, name_, status));
}

Statement Database::prepare(std::string_view sql) const { return {connection_, name_, sql}; }

Statement& Database::kept(std::string_view sql) {
  auto found = kept_.find(sql);
  if (found == kept_.end()) found = kept_.emplace(std::string(sql), prepare(sql)).first;
  found->second.reset();
  return found->second;
}

std::int64_t Database::integer(std::string_view sql) {
  Statement statement = prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(connection_); }
std::int64_t Database::changes() const { return sqlite3_changes64(connection_); }
bool Database::in_transaction() const { return sqlite3_get_autocommit(connection_) == 0; }

void Database::checkpoint(Checkpoint how) {
  const int mode =
      how == Checkpoint::truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
  if (how == Checkpoint::truncate) sqlite3_busy_timeout(connection_, 500);
  const int status = sqlite3_wal_checkpoint_v2(connection_, nullptr, mode, nullptr, nullptr);
  if (how == Checkpoint::truncate) sqlite3_busy_timeout(connection_, kBusyMs);
  // A reader may keep part of the log: the next checkpoint takes it.
  if (status != SQLITE_OK && (status & 0xFF) != SQLITE_BUSY && (status & 0xFF) != SQLITE_LOCKED)
    throw Failure(sqlite_error(connection_, name_, status));
}

void Database::on_close(OnClose what) {
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
                    what == OnClose::leave_log ? 1 : 0, nullptr);
}

void Database::copy_to(const std::string& path) {
  Database target(path, Open::create);
  target.on_close(OnClose::checkpoint);
  sqlite3_backup* backup = sqlite3_backup_init(target.raw(), "main", connection_, "main");
  if (!backup)
    throw Failure(sqlite_error(target.raw(), target.name(), sqlite3_errcode(target.raw())));
  sqlite3_backup_step(backup, -1);
  const int status = sqlite3_backup_finish(backup);
  if (status != SQLITE_OK) throw Failure(sqlite_error(target.raw(), target.name(), status));
}

}  // namespace cleangate::dam
