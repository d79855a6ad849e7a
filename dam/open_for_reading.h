// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "dam/sqlite.h"

namespace cleangate::dam {

// Opens a catalog's database for reading. Without a writable folder SQLite cannot share its log's
// index; a catalog that has no log can be read all the same, because nobody can be writing it.
// Null: whoever made the catalog died while doing so, and opening it for writing takes that back.
[[nodiscard]] std::unique_ptr<Database> open_for_reading(const std::string& path);

// Throws where the database is none of ours, or of a version that this program does not know yet.
void require_ours(Database& database);

}  // namespace cleangate::dam
