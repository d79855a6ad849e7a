// SPDX-License-Identifier: Apache-2.0
#include "dam/query/functions.h"

#include <sqlite3.h>

#include <exception>

namespace cleangate::dam::query {
namespace {

constexpr char kVisitorType[] = "visitor";

// The object behind the first argument; an error is set when there is none.
template <class T>
T* object_of(sqlite3_context* context, sqlite3_value** arguments, const char* type) {
  auto* object = static_cast<T*>(sqlite3_value_pointer(arguments[0], type));
  if (!object) sqlite3_result_error(context, "This function is not for SQL of others.", -1);
  return object;
}

void gather_row(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (auto* set = object_of<NumberSet>(context, arguments, kNumberSetType))
    set->insert(sqlite3_value_int64(arguments[1]));
}

void visit_row(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto* visitor = object_of<const Visitor>(context, arguments, kVisitorType);
  if (!visitor) return;
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(arguments[1]));
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(arguments[1]));
  try {
    (*visitor)(text ? std::string_view(text, size) : "", sqlite3_value_int64(arguments[2]));
  } catch (const std::exception&) {  // nothing may fly through SQLite, and only memory can fail
    sqlite3_result_error_nomem(context);
  }
}

void nothing_more(sqlite3_context*) {}

void holds(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (const auto* set = object_of<const NumberSet>(context, arguments, kNumberSetType))
    sqlite3_result_int(context, set->contains(sqlite3_value_int64(arguments[1])) ? 1 : 0);
}

using Step = void (*)(sqlite3_context*, int, sqlite3_value**);

void define_aggregate(Database& database, const char* name, int arguments, Step step) {
  const int status =
      sqlite3_create_function_v2(database.raw(), name, arguments, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                 nullptr, nullptr, step, nothing_more, nullptr);
  if (status != SQLITE_OK) throw Failure(sqlite_error(database.raw(), database.name(), status));
}

}  // namespace

void define_functions(Database& database) {
  define_aggregate(database, "gather", 2, gather_row);
  define_aggregate(database, "visit", 3, visit_row);
  const int status =
      sqlite3_create_function_v2(database.raw(), "holds", 2, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                 nullptr, holds, nullptr, nullptr, nullptr);
  if (status != SQLITE_OK) throw Failure(sqlite_error(database.raw(), database.name(), status));
}

void gather(Database& database, const Sql& search, NumberSet& into) {
  Statement statement = database.prepare("WITH found(number) AS (" + search.text +
                                         ") SELECT gather(?, number) FROM found");
  bind(statement, search);
  statement.put_pointer(static_cast<int>(search.values.size()) + 1, &into, kNumberSetType);
  run_gathering(statement);
}

void run_gathering(Statement& statement) {
  while (statement.step()) {
  }
}

void visit(Database& database, const Sql& rows, const Visitor& visitor) {
  Statement statement = database.prepare("WITH found(value, number) AS (" + rows.text +
                                         ") SELECT visit(?, value, number) FROM found");
  bind(statement, rows);
  Visitor called = visitor;
  statement.put_pointer(static_cast<int>(rows.values.size()) + 1, &called, kVisitorType);
  run_gathering(statement);
}

}  // namespace cleangate::dam::query
