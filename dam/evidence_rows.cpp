// SPDX-License-Identifier: Apache-2.0
#include "dam/evidence_rows.h"

#include <fmt/format.h>

#include <set>

#include "core/text.h"
#include "dam/files.h"
#include "probes/facts/names.h"

namespace cleangate::dam {
namespace {

constexpr std::size_t kFactsLimit = std::size_t{1} << 30;

std::string digest_text(const SeriesKey& key, const SeriesRow& row) {
  return fmt::format("{} {} {} {} {} {} {} {} {} {} {}\n", to_hex(key.owner), key.channel,
                     key.other_owner ? to_hex(*key.other_owner) : "-", key.other_channel,
                     key.pair_offset, key.row, key.version, key.parameters, key.epoch,
                     to_hex(row.digest), row.rows);
}

std::string bytes_text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<std::string> named_paths(Database& database, AssetNumber number, std::string last) {
  std::set<std::string> names{file_name(last)};
  std::vector<std::string> paths;
  paths.push_back(std::move(last));
  const Query query = database.query(
      "SELECT path FROM location WHERE asset = ?1 AND state <> 'replaced' AND found IS NULL ORDER "
      "BY state = 'present' DESC, last_seen DESC, id",
      number);
  while (query->step()) {
    std::string path = bytes_text(query->blob(0));
    if (names.insert(file_name(path)).second) paths.push_back(std::move(path));
  }
  return paths;
}

Sha256 digest_of(const EvidenceRows& rows) {
  std::string text = fmt::format("cleangate evidence 1\n{}\n{}\n{}\n", probes::to_json(rows.facts),
                                 probes::to_string(rows.status), file_name(rows.path));
  for (const auto& [key, row] : rows.series) text += digest_text(key, row);
  return sha256_of(text);
}

}  // namespace

probes::Status read_status(const std::string& word) {
  const auto status = probes::value_of<probes::Status>(probes::kStatuses, word);
  if (!status)
    throw_failure(ErrorCode::damaged,
                  fmt::format("The catalog holds an unknown status: {}.", readable(word)));
  return *status;
}

probes::Depth read_depth(const std::string& word) {
  const auto depth = probes::value_of<probes::Depth>(probes::kDepths, word);
  if (!depth)
    throw_failure(ErrorCode::damaged,
                  fmt::format("The catalog holds an unknown depth: {}.", readable(word)));
  return *depth;
}

probes::AssetFacts load_facts(Database& database, AssetNumber number) {
  const Query query = database.query("SELECT document FROM facts WHERE asset = ?1", number);
  if (!query->step())
    throw_failure(ErrorCode::not_found, fmt::format("Of asset {} no facts are known.", number));
  auto text = unwrap(unpack(query->blob(0), kFactsLimit));
  auto facts = probes::facts_from_json(text);
  if (!facts)
    throw_failure(ErrorCode::damaged, fmt::format("The facts of asset {} cannot be read: {}",
                                                  number, facts.error().message));
  return std::move(*facts);
}

std::string last_path(Database& database, AssetNumber number) {
  const Query query = database.query(
      "SELECT path FROM location WHERE asset = ?1 ORDER BY state = 'present' DESC, last_seen DESC, "
      "id LIMIT 1",
      number);
  if (!query->step()) return {};
  return bytes_text(query->blob(0));
}

std::map<SeriesKey, SeriesRow> load_series_rows(Database& database,
                                                const probes::AssetFacts& facts) {
  std::map<SeriesKey, SeriesRow> rows;
  for (const Sha256& owner : series_owners(facts)) {
    const Query query = database.query(
        "SELECT channel, other_owner, other_channel, pair_offset, row, version, parameters, epoch, "
        "digest, rows, bytes, lost_at IS NOT NULL FROM series WHERE owner = ?1",
        owner);
    while (query->step()) {
      SeriesKey key{owner,
                    static_cast<int>(query->integer(0)),
                    query->digest(1),
                    static_cast<int>(query->integer(2)),
                    query->text(3),
                    query->text(4),
                    static_cast<int>(query->integer(5)),
                    query->text(6),
                    static_cast<int>(query->integer(7))};
      rows[std::move(key)] = {query->digest(8).value_or(Sha256{}), query->integer(9),
                              static_cast<std::uint64_t>(query->integer(10)),
                              query->integer(11) != 0};
    }
  }
  return rows;
}

EvidenceRows load_evidence_rows(Database& database, AssetNumber number) {
  EvidenceRows rows;
  rows.number = number;
  {
    const Query query = database.query(
        "SELECT status, isolation, pruned_at IS NOT NULL FROM asset WHERE id = ?1", number);
    if (!query->step())
      throw_failure(ErrorCode::not_found, fmt::format("There is no asset {}.", number));
    rows.status = read_status(query->text(0));
    rows.isolation = query->text(1);
    rows.pruned = query->integer(2) != 0;
  }
  rows.facts = load_facts(database, number);
  rows.path = last_path(database, number);
  rows.paths = named_paths(database, number, rows.path);
  rows.series = load_series_rows(database, rows.facts);
  rows.digest = digest_of(rows);
  return rows;
}

}  // namespace cleangate::dam
