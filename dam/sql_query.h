// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "dam/catalog.h"

// SQL of users over the documented views (docs/catalog.md). It runs on a connection of its own that
// can only read; an authorizer refuses every table, pragma and function that is not promised.
namespace cleangate::dam {

using SqlValue =
    std::variant<std::monostate, std::int64_t, double, std::string, std::vector<std::byte>>;

struct SqlLimits {
  std::chrono::milliseconds time = std::chrono::seconds(30);
  std::int64_t rows = 100'000;
};

struct SqlAnswer {
  std::int64_t rows = 0;
  bool cut = false;  // there were more rows than the limit
};

// The views that may be read, sorted.
[[nodiscard]] std::vector<std::string> documented_views();

// One SELECT (or WITH … SELECT, VALUES, EXPLAIN QUERY PLAN). `head` gets the names of the columns
// once, then `row` each row. Errors: usage (SQLite's text, for wrong or forbidden SQL), timed_out,
// cancelled, and what opening and reading a catalog give.
[[nodiscard]] Expected<SqlAnswer> query_sql(
    const Catalog& catalog, const std::string& sql, const SqlLimits& limits, std::stop_token stop,
    const std::function<void(const std::vector<std::string>&)>& head,
    const std::function<void(const std::vector<SqlValue>&)>& row);

}  // namespace cleangate::dam
