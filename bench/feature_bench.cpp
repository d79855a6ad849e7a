// SPDX-License-Identifier: Apache-2.0
// A catalog of many features from one that was really measured.
//   feature_bench multiply FILE ASSETS: writes copies of asset 1, each with a content and essences
//   of its own, until there are so many. Their rows are equal bytes, so that all share its series
//   files: the store stays small, and reading it finds it in the page cache.
//   feature_bench rows: name, version and bytes of a row of every type
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "dam/catalog.h"
#include "dam/evidence_rows.h"
#include "dam/files.h"
#include "dam/reading_memo.h"
#include "dam/record.h"
#include "dam/series_key.h"
#include "dam/sqlite.h"
#include "dam/words.h"
#include "probes/facts.h"
#include "probes/rows.h"

namespace cleangate::dam {
namespace {

constexpr AssetNumber kOriginal = 1;
constexpr std::int64_t kBatch = 100;  // assets a transaction

template <class T>
T need(Expected<T> expected) {
  if (!expected) {
    fmt::print(stderr, "feature_bench: {}\n", expected.error().message);
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*expected);
}

// "INSERT INTO table SELECT …" of the rows of the original; named columns get other values.
class Copied {
 public:
  Copied(Database& database, std::string table) : table_(std::move(table)) {
    Statement columns = database.prepare("PRAGMA table_info(" + table_ + ")");
    while (columns.step()) columns_.push_back(columns.text(1));
  }
  [[nodiscard]] std::string sql(const std::map<std::string, std::string>& values,
                                const std::string& where) const {
    std::string names, picks;
    for (const std::string& column : columns_) {
      const auto other = values.find(column);
      if (other != values.end() && other->second.empty()) continue;  // the table gives it
      names += (names.empty() ? "" : ", ") + column;
      picks += (picks.empty() ? "" : ", ") + (other == values.end() ? column : other->second);
    }
    return fmt::format("INSERT INTO {} ({}) SELECT {} FROM {} WHERE {}", table_, names, picks,
                       table_, where);
  }

 private:
  std::string table_;
  std::vector<std::string> columns_;
};

class Multiplier {
 public:
  Multiplier(Database& database, std::uint64_t seed)
      : database_(database),
        facts_(load_facts(database, kOriginal)),
        path_(last_path(database, kOriginal)),
        asset_(Copied(database, "asset").sql({{"id", ""}, {"content_id", "?1"}}, "id = 1")),
        stream_(Copied(database, "stream")
                    .sql({{"asset", "?1"}, {"essence", "?3"}}, "asset = 1 AND number = ?2")),
        field_(Copied(database, "field").sql({{"asset", "?1"}}, "asset = 1")),
        memos_(load_memos(database, kOriginal, load_evidence_rows(database, kOriginal).digest)),
        location_(Copied(database, "location")
                      .sql({{"id", ""},
                            {"asset", "?1"},
                            {"path", "?2"},
                            {"path_text", "?3"},
                            {"inode", "inode + ?1"}},
                           "asset = 1")),
        series_(Copied(database, "series")
                    .sql({{"id", ""},
                          {"owner", "?1"},
                          {"other_owner", "CASE WHEN other_owner = x'' THEN x'' ELSE ?1 END"}},
                         "owner = ?2")),
        random_(seed) {}

  void copy(std::int64_t index) {
    probes::AssetFacts facts = facts_;
    facts.content_id = random_digest();
    for (probes::StreamFacts& stream : facts.streams)
      if (stream.essence_digest) stream.essence_digest = random_digest();
    database_.run(asset_, *facts.content_id);
    const AssetNumber number = database_.last_row();
    const std::string folder = path_.substr(0, path_.rfind('/'));
    const std::string path =
        fmt::format("{}/{}{}", folder, index, path_.substr(path_.rfind('/')));  // the same name
    database_.run(location_, number, std::as_bytes(std::span(path)), path);
    index_words(database_, Words::location, database_.last_row(), path);
    database_.run("INSERT INTO facts(asset, document) VALUES (?1, ?2)", number,
                  pack(probes::to_json(facts)));
    for (const probes::StreamFacts& stream : facts.streams)
      database_.run(stream_, number, stream.index, stream.essence_digest);
    database_.run(field_, number);
    copy_series(number, facts);
    write_memos(database_, number, load_evidence_rows(database_, number).digest, memos_);
  }

 private:
  Sha256 random_digest() {
    Sha256 digest;
    for (auto& byte : digest.bytes) byte = static_cast<std::uint8_t>(random_());
    return digest;
  }
  void copy_series(AssetNumber number, const probes::AssetFacts& facts) {
    const std::vector<Sha256> from = series_owners(facts_), to = series_owners(facts);
    for (std::size_t i = 0; i < from.size(); ++i) {
      database_.run(series_, to[i], from[i]);
      database_.run(
          "INSERT OR IGNORE INTO asset_series(asset, series) SELECT ?1, id FROM series WHERE "
          "owner = ?2",
          number, to[i]);
    }
  }

  Database& database_;
  const probes::AssetFacts facts_;
  const std::string path_;
  const std::string asset_, stream_, field_;
  const std::vector<Memo> memos_;
  const std::string location_, series_;
  std::mt19937_64 random_;
};

void multiply(const std::string& path, std::int64_t assets) {
  Catalog catalog = need(Catalog::open(path));
  for (std::int64_t first = 1; first < assets; first += kBatch) {
    need(catalog.write([&](Database& database) {
      Multiplier multiplier(database, static_cast<std::uint64_t>(first));
      for (std::int64_t i = first; i < std::min(first + kBatch, assets); ++i) multiplier.copy(i);
    }));
    fmt::print(stderr, "\r{} assets", std::min(first + kBatch, assets));
  }
  fmt::print(stderr, "\n");
}

}  // namespace
}  // namespace cleangate::dam

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "multiply" && argc == 4) {
    cleangate::dam::multiply(argv[2], std::atoll(argv[3]));
  } else if (what == "rows") {
    for (const cleangate::probes::RowType* type : cleangate::probes::row_types())
      fmt::print("{} {} {}\n", type->name, type->version, type->size);
  } else {
    fmt::print(stderr, "feature_bench multiply FILE ASSETS | rows\n");
    return 2;
  }
  return 0;
}
