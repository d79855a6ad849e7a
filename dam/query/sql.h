// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "dam/query/number_set.h"
#include "dam/sqlite.h"

namespace cleangate::dam::query {

// SQL of ours with the values for its question marks. Nothing a user wrote stands in `text`.
struct Sql {
  using Set = std::shared_ptr<NumberSet>;  // for functions.h
  using Bound = std::variant<std::int64_t, double, std::string, std::vector<std::byte>, Set>;
  std::string text;
  std::vector<Bound> values;

  Sql& add(std::string_view sql) {
    text += sql;
    return *this;
  }
  Sql& add(std::string_view sql, Bound value) {
    text += sql;
    values.push_back(std::move(value));
    return *this;
  }
  Sql& add(const Sql& other) {
    text += other.text;
    values.insert(values.end(), other.values.begin(), other.values.end());
    return *this;
  }
};

inline constexpr char kNumberSetType[] = "set";

inline void bind(Statement& statement, const Sql& sql) {
  int index = 0;
  for (const Sql::Bound& value : sql.values)
    std::visit(
        [&](const auto& one) {
          if constexpr (std::is_same_v<std::decay_t<decltype(one)>, Sql::Set>)
            statement.put_pointer(++index, one.get(), kNumberSetType);
          else
            statement.put(++index, one);
        },
        value);
}

// Conditions, at least one, joined by " AND " or " OR ", in parentheses. Many become a tree: SQLite
// takes expressions up to 1,000 levels deep, and a row of conditions is as deep as it is long.
inline Sql joined(std::span<const Sql> conditions, std::string_view by) {
  constexpr std::size_t kBranches = 32;
  const std::size_t share = conditions.size() <= kBranches ? 1 : conditions.size() / kBranches + 1;
  Sql sql;
  for (std::size_t i = 0; i < conditions.size(); i += share) {
    sql.add(i == 0 ? "(" : by);
    if (share == 1)
      sql.add("(").add(conditions[i]).add(")");
    else
      sql.add(joined(conditions.subspan(i, std::min(share, conditions.size() - i)), by));
  }
  return sql.add(")");
}

}  // namespace cleangate::dam::query
