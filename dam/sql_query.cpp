// SPDX-License-Identifier: Apache-2.0
#include "dam/sql_query.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "core/text.h"
#include "dam/open_for_reading.h"
#include "dam/sqlite.h"

namespace cleangate::dam {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<std::string_view, 13> kViews{
    "assets",        "cues",  "events",    "fields",  "findings", "judgements", "locations",
    "measured_rows", "notes", "relations", "streams", "tags",     "waivers"};

// Names of SQL, in any case.
bool is_view(const char* name) {
  return name && std::any_of(kViews.begin(), kViews.end(), [&](std::string_view view) {
           return sqlite3_stricmp(view.data(), name) == 0;
         });
}

bool begins_with(const char* name, std::string_view beginning) {
  return sqlite3_strnicmp(name, beginning.data(), static_cast<int>(beginning.size())) == 0;
}

// Table-valued functions: they read their arguments alone.
bool is_of_values(const char* name) {
  return name &&
         (sqlite3_stricmp(name, "json_each") == 0 || sqlite3_stricmp(name, "json_tree") == 0);
}

// Functions that reach beyond values.
bool is_harmless(const char* function) {
  constexpr std::array<std::string_view, 3> kForbidden{"load_extension", "fts3_tokenizer",
                                                       "readfile"};
  return function && std::find(kForbidden.begin(), kForbidden.end(), function) == kForbidden.end();
}

// SQLite asks for each thing a statement does. A table may be read by the views alone: `through` is
// the view that reads it.
int authorize(void*, int action, const char* first, const char* second, const char*,
              const char* through) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_FUNCTION:
      return is_harmless(second) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_READ:
      // Without a column only rows are counted: of a view's tables, or of the statement's own WITH.
      if (second && *second == '\0') return SQLITE_OK;
      return is_view(first) || is_view(through) || is_of_values(first) ? SQLITE_OK : SQLITE_DENY;
    default:
      return SQLITE_DENY;
  }
}

// The same where there is nothing but tables named as the views: whatever has columns is one of
// them. Without a column it may be the statement's own WITH, but nothing of SQLite's.
int authorize_names(void*, int action, const char* first, const char* second, const char*,
                    const char*) {
  if (action != SQLITE_READ) return authorize(nullptr, action, first, second, nullptr, nullptr);
  if (!first) return SQLITE_DENY;
  if (is_view(first) || is_of_values(first)) return SQLITE_OK;
  const bool counts_rows = second && *second == '\0';
  const bool of_sqlite = begins_with(first, "sqlite_") || begins_with(first, "pragma_") ||
                         begins_with(first, "dbstat");
  return counts_rows && !of_sqlite ? SQLITE_OK : SQLITE_DENY;
}

struct Watch {
  Clock::time_point end;
  std::stop_token stop;
  bool late = false;
};

int interrupt(void* watch) {
  auto& state = *static_cast<Watch*>(watch);
  state.late = Clock::now() >= state.end;
  return state.late || state.stop.stop_requested() ? 1 : 0;
}

[[noreturn]] void refuse(sqlite3* connection, int status, const Watch& watch,
                         const SqlLimits& limits) {
  if (status == SQLITE_INTERRUPT && watch.late)
    throw_failure(ErrorCode::timed_out,
                  fmt::format("The query took longer than {} s; --seconds allows more.",
                              std::chrono::duration<double>(limits.time).count()));
  if (status == SQLITE_INTERRUPT) throw_failure(ErrorCode::cancelled, "The query was stopped.");
  const std::string text = readable(sqlite3_errmsg(connection));
  if (status == SQLITE_AUTH)
    throw_failure(ErrorCode::usage, fmt::format("{}: only these views may be read: {}.", text,
                                                fmt::join(kViews, ", ")));
  if ((status & 0xff) == SQLITE_ERROR || status == SQLITE_RANGE || status == SQLITE_TOOBIG)
    throw_failure(ErrorCode::usage, fmt::format("The SQL is not understood: {}.", text));
  throw Failure(sqlite_error(connection, "the catalog", status));
}

SqlValue value_of(sqlite3_stmt* statement, int column) {
  const auto size = [&] {
    return static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  };
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return std::string(text, size());
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement, column));
      return std::vector<std::byte>(bytes, bytes + size());
    }
    default:
      return std::monostate();
  }
}

using Prepared = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

Prepared prepare(sqlite3* connection, const std::string& sql, const Watch& watch,
                 const SqlLimits& limits) {
  sqlite3_stmt* made = nullptr;
  const char* rest = nullptr;
  const int status =
      sqlite3_prepare_v2(connection, sql.data(), static_cast<int>(sql.size()), &made, &rest);
  Prepared statement(made, sqlite3_finalize);
  if (status != SQLITE_OK) refuse(connection, status, watch, limits);
  if (!statement) throw_failure(ErrorCode::usage, "There is no SQL statement.");
  const std::string_view behind(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest));
  if (behind.find_first_not_of(" \t\r\n;") != std::string_view::npos)
    throw_failure(ErrorCode::usage, "Only one SQL statement may be given.");
  if (sqlite3_stmt_readonly(made) == 0) throw_failure(ErrorCode::usage, "The SQL may only read.");
  return statement;
}

void set_limits(sqlite3* connection) {
  sqlite3_limit(connection, SQLITE_LIMIT_SQL_LENGTH, 1'000'000);
  sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, 100'000'000);
  sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(connection, SQLITE_LIMIT_EXPR_DEPTH, 200);
}

using Connection = std::unique_ptr<sqlite3, int (*)(sqlite3*)>;

// An empty database with a table for each view, of the same name and columns.
Connection views_alone(Database& database) {
  sqlite3* made = nullptr;
  const int status = sqlite3_open_v2(":memory:", &made, SQLITE_OPEN_READWRITE, nullptr);
  Connection connection(made, sqlite3_close_v2);
  if (status != SQLITE_OK) throw Failure(sqlite_error(made, "the views", status));
  for (const std::string_view view : kViews) {
    const Statement columns = database.prepare(fmt::format("SELECT * FROM {} LIMIT 0", view));
    std::string sql;
    for (int i = 0; i < columns.columns(); ++i)
      sql += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", columns.column_name(i));
    sql = fmt::format("CREATE TABLE {} ({})", view, sql);
    if (sqlite3_exec(made, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      throw Failure(sqlite_error(made, "the views", sqlite3_errcode(made)));
  }
  sqlite3_exec(made, "SELECT count(*) FROM json_each('[]'), json_tree('[]')", nullptr, nullptr,
               nullptr);
  set_limits(made);
  sqlite3_set_authorizer(made, authorize_names, nullptr);
  return connection;
}

// A statement's own WITH may have the name of a view, and what it reads then looks to the
// authorizer as if the view had read it. So the names are tried where no other table is.
void require_views_alone(const Connection& connection, const std::string& sql) {
  sqlite3_stmt* made = nullptr;
  const int status = sqlite3_prepare_v2(connection.get(), sql.data(), static_cast<int>(sql.size()),
                                        &made, nullptr);
  const Prepared statement(made, sqlite3_finalize);
  if (status != SQLITE_OK)
    throw_failure(ErrorCode::usage,
                  fmt::format("{}: only these views may be read: {}.",
                              readable(sqlite3_errmsg(connection.get())), fmt::join(kViews, ", ")));
}

}  // namespace

std::vector<std::string> documented_views() { return {kViews.begin(), kViews.end()}; }

Expected<SqlAnswer> query_sql(const Catalog& catalog, const std::string& sql,
                              const SqlLimits& limits, std::stop_token stop,
                              const std::function<void(const std::vector<std::string>&)>& head,
                              const std::function<void(const std::vector<SqlValue>&)>& row) {
  return guarded([&] {
    const auto opened = open_for_reading(catalog.path());
    if (!opened) throw_failure(ErrorCode::internal, "The catalog was not made to its end.");
    Database& database = *opened;
    sqlite3* connection = database.raw();
    Watch watch{Clock::now() + limits.time, std::move(stop), false};
    set_limits(connection);
    sqlite3_progress_handler(connection, 10'000, interrupt, &watch);
    // Made once a connection, by statements that the authorizer would refuse.
    [[maybe_unused]] const auto made =
        database.integer("SELECT count(*) FROM json_each('[]'), json_tree('[]')");
    const Connection views = views_alone(database);
    sqlite3_set_authorizer(connection, authorize, nullptr);
    const Prepared statement = prepare(connection, sql, watch, limits);
    require_views_alone(views, sql);
    const int columns = sqlite3_column_count(statement.get());
    std::vector<std::string> names;
    names.reserve(static_cast<std::size_t>(columns));
    for (int i = 0; i < columns; ++i) names.emplace_back(sqlite3_column_name(statement.get(), i));
    head(names);
    SqlAnswer answer;
    std::vector<SqlValue> values(static_cast<std::size_t>(columns));
    while (true) {
      const int status = sqlite3_step(statement.get());
      if (status == SQLITE_DONE) return answer;
      if (status != SQLITE_ROW) refuse(connection, status, watch, limits);
      if (answer.rows == limits.rows) {
        answer.cut = true;
        return answer;
      }
      for (int i = 0; i < columns; ++i)
        values[static_cast<std::size_t>(i)] = value_of(statement.get(), i);
      row(values);
      ++answer.rows;
    }
  });
}

}  // namespace cleangate::dam
