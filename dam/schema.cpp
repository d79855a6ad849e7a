// SPDX-License-Identifier: Apache-2.0
#include "dam/schema.h"

#include <fmt/format.h>

#include "dam/crash_point.h"
#include "dam/sqlite.h"

namespace cleangate::dam {

void migrate(Database& database, std::span<const Migration> steps) {
  database.execute("BEGIN IMMEDIATE");
  try {
    const std::int64_t version = database.integer("PRAGMA user_version");
    for (const Migration& step : steps) {
      if (step.version <= version) continue;
      database.execute(step.sql);
      database.execute(fmt::format("PRAGMA user_version = {}", step.version));
      crash_point("migrate:step");
    }
    database.execute(fmt::format("PRAGMA application_id = {}", kApplicationId));
    database.execute("COMMIT");
  } catch (...) {
    if (database.in_transaction()) database.execute("ROLLBACK");
    throw;
  }
}

}  // namespace cleangate::dam
