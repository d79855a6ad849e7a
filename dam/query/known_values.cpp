// SPDX-License-Identifier: Apache-2.0
#include "dam/query/known_values.h"

#include <fmt/format.h>

namespace cleangate::dam::query {

Column values_of_field(std::int64_t row) { return {"field WHERE name = ?", "text", row}; }
Column values_of_tags() { return {"tag WHERE true", "name"}; }
Column values_of_requirements() { return {"finding WHERE true", "requirement"}; }

Sql select_from(std::string_view selection, const Column& column) {
  Sql sql;
  sql.add(fmt::format("SELECT {} FROM ", selection));
  return column.bound ? sql.add(column.rows, *column.bound) : sql.add(column.rows);
}

const KnownValues::Values& KnownValues::of(const Column& column) {
  const auto [known, fresh] =
      known_.try_emplace({column.rows, column.value, column.bound.value_or(0)});
  if (!fresh) return known->second;
  const std::string least = fmt::format("min({})", column.value);
  const Sql sql = Sql()
                      .add("WITH RECURSIVE one(value) AS (")
                      .add(select_from(least, column))
                      .add(" UNION ALL SELECT (")
                      .add(select_from(least, column))
                      .add(fmt::format(" AND {} > one.value)", column.value))
                      .add(
                          " FROM one WHERE one.value IS NOT NULL) SELECT value FROM one WHERE "
                          "value IS NOT NULL LIMIT ?",
                          static_cast<std::int64_t>(kMost + 1));
  Statement rows = database_.prepare(sql.text);
  bind(rows, sql);
  std::vector<std::string> values;
  while (rows.step()) values.push_back(rows.text(0));
  if (values.size() <= kMost) known->second = std::move(values);
  return known->second;
}

}  // namespace cleangate::dam::query
