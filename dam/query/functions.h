// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "dam/query/number_set.h"
#include "dam/query/sql.h"
#include "dam/sqlite.h"

// Functions of ours that run inside SQLite, so that a search of 400,000 rows steps out once and not
// 400,000 times. What they work on are bound pointers: no text of SQL can name one.
namespace cleangate::dam::query {

// Once a connection, before anything below is used on it.
//   gather(set, number)         an aggregate: puts the numbers of its rows into a NumberSet
//   visit(visitor, text, number) an aggregate: calls a Visitor with each of its rows
//   holds(set, number)          1 where a NumberSet has the number, else 0
void define_functions(Database& database);

// `search` gives one column of numbers.
void gather(Database& database, const Sql& search, NumberSet& into);

// What a statement that calls gather() gives is in its sets: it has no row to look at.
void run_gathering(Statement& statement);

using Visitor = std::function<void(std::string_view text, std::int64_t number)>;
// `rows` gives a text and a number; they are visited in its ORDER BY.
void visit(Database& database, const Sql& rows, const Visitor& visitor);

}  // namespace cleangate::dam::query
