// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace cleangate::dam {

class Database;

// "CGAT": the application_id of every catalog.
inline constexpr std::int64_t kApplicationId = 0x43474154;

struct Migration {
  int version;  // user_version afterwards
  bool loses;   // drops something: a backup is made first
  std::string_view sql;
};

// dam/schema/NNNN_name.sql in order; a file named NNNN_name.loses.sql loses something.
[[nodiscard]] std::span<const Migration> migrations();

// Brings a database from the version it has to that of the last migration, in one transaction.
// Under the writer lock. `steps` is replaced in tests.
void migrate(Database& database, std::span<const Migration> steps);

}  // namespace cleangate::dam
