// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "dam/sqlite.h"

// The word index (FTS5 over tables of the catalog). SQLite lets no trigger write it while
// trusted_schema is off, so every statement that adds, changes or removes indexed text calls these.
namespace cleangate::dam {

enum class Words { location, tag, note, cue, finding };

// The row under which a cue or a finding is indexed: it says its asset too.
[[nodiscard]] constexpr std::int64_t words_row(std::int64_t asset, std::int64_t row) {
  return asset << 36 | row;
}

void index_words(Database& database, Words table, std::int64_t row, std::string_view text);
// `text` is exactly what was indexed.
void unindex_words(Database& database, Words table, std::int64_t row, std::string_view text);
void rebuild_words(Database& database);
// Throws damaged when the index differs from what it indexes.
void check_words(Database& database);

}  // namespace cleangate::dam
