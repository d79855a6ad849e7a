// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "dam/query/sql.h"
#include "dam/sqlite.h"

namespace cleangate::dam::query {

// A column whose values an index has in order.
struct Column {
  std::string_view rows;   // where they stand, to be gone on with AND: "field WHERE name = ?"
  std::string_view value;  // the column: "text"
  std::optional<std::int64_t> bound = std::nullopt;  // the question mark of `rows`
};

[[nodiscard]] Column values_of_field(std::int64_t row);  // SearchField::row
[[nodiscard]] Column values_of_tags();
[[nodiscard]] Column values_of_requirements();

// "SELECT …" followed by the rows of the column, bound.
[[nodiscard]] Sql select_from(std::string_view selection, const Column& column);

// The different values of columns that have few: codecs, sizes, tags. They are found by skipping in
// the index from one to the next, which reads some rows of 200,000. Of values that differ in case
// alone, where the column does not tell them apart, there is one.
class KnownValues {
 public:
  static constexpr std::size_t kMost = 1000;

  // `database` must outlive it and stay in one read transaction.
  explicit KnownValues(Database& database) : database_(database) {}

  using Values = std::optional<std::vector<std::string>>;
  // In the order of the column; empty when there are more than kMost. Read once.
  [[nodiscard]] const Values& of(const Column& column);

 private:
  Database& database_;
  std::map<std::tuple<std::string_view, std::string_view, std::int64_t>, Values> known_;
};

}  // namespace cleangate::dam::query
