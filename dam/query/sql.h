// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dam/sqlite.h"

namespace cleangate::dam::query {

// SQL of ours with the values for its question marks. Nothing a user wrote stands in `text`.
struct Sql {
  using Bound = std::variant<std::int64_t, double, std::string, std::vector<std::byte>>;
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

inline void bind(Statement& statement, const Sql& sql) {
  int index = 0;
  for (const Sql::Bound& value : sql.values)
    std::visit([&](const auto& one) { statement.put(++index, one); }, value);
}

}  // namespace cleangate::dam::query
