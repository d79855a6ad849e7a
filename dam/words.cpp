// SPDX-License-Identifier: Apache-2.0
#include "dam/words.h"

#include <fmt/format.h>

#include <array>

namespace cleangate::dam {
namespace {

struct Table {
  const char* name;
  const char* column;
};

constexpr std::array<Table, 5> kTables{{{"location_words", "path_text"},
                                        {"tag_words", "name"},
                                        {"note_words", "text"},
                                        {"cue_words", "text"},
                                        {"finding_words", "message"}}};

const Table& table_of(Words words) { return kTables.at(static_cast<std::size_t>(words)); }

}  // namespace

void index_words(Database& database, Words table, std::int64_t row, std::string_view text) {
  const Table& words = table_of(table);
  database.run(fmt::format("INSERT INTO {}(rowid, {}) VALUES (?1, ?2)", words.name, words.column),
               row, text);
}

void unindex_words(Database& database, Words table, std::int64_t row, std::string_view text) {
  const Table& words = table_of(table);
  database.run(fmt::format("INSERT INTO {0}({0}, rowid, {1}) VALUES ('delete', ?1, ?2)", words.name,
                           words.column),
               row, text);
}

void rebuild_words(Database& database) {
  for (const Table& words : kTables)
    database.run(fmt::format("INSERT INTO {0}({0}) VALUES ('rebuild')", words.name));
}

void check_words(Database& database) {
  for (const Table& words : kTables)  // rank 1: compared with what it indexes, too
    database.run(
        fmt::format("INSERT INTO {0}({0}, rank) VALUES ('integrity-check', 1)", words.name));
}

}  // namespace cleangate::dam
