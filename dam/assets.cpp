// SPDX-License-Identifier: Apache-2.0
#include "dam/assets.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "core/text.h"
#include "dam/evidence_rows.h"
#include "dam/files.h"
#include "dam/sqlite.h"

namespace cleangate::dam {
namespace {

std::string bytes_text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<AssetNumber> first_number(Query query) {
  if (!query->step()) return std::nullopt;
  return query->integer(0);
}

std::optional<AssetNumber> by_path(Database& database, const std::string& name) {
  return first_number(database.query(
      "SELECT asset FROM location WHERE path = ?1 AND state <> 'replaced' ORDER BY state = "
      "'present' DESC, last_seen DESC, id DESC LIMIT 1",
      std::as_bytes(std::span(name))));
}

std::optional<AssetNumber> by_number(Database& database, std::string_view name) {
  AssetNumber number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return first_number(
      database.query("SELECT coalesce(merged_into, id) FROM asset WHERE id = ?1", number));
}

// Digits of a content id: 8 to 64 of them.
std::optional<std::string> hex_digits(std::string_view name) {
  if (name.starts_with("sha256:")) name.remove_prefix(7);
  const bool hex = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
  if (!hex || name.size() < 8 || name.size() > 64) return std::nullopt;
  std::string digits(name);
  for (char& c : digits)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  return digits;
}

// Content ids between the prefix filled up with 0 and with f: an index search.
std::optional<AssetNumber> by_prefix(Database& database, const std::string& digits) {
  std::string low = digits, high = digits;
  low.resize(64, '0');
  high.resize(64, 'f');
  const Query query = database.query(
      "SELECT id FROM asset WHERE content_id BETWEEN ?1 AND ?2 ORDER BY content_id LIMIT 2",
      unwrap(parse_content_id(low)), unwrap(parse_content_id(high)));
  if (!query->step()) return std::nullopt;
  const AssetNumber number = query->integer(0);
  if (query->step())
    throw_failure(ErrorCode::usage,
                  fmt::format("The content id {} fits several assets; give more digits.", digits));
  return number;
}

std::optional<AssetNumber> resolve(Database& database, const std::string& name) {
  for (const std::string& path : {name, absolute_place(name), absolute_path(name)})
    if (auto found = by_path(database, path)) return found;
  const auto digits = hex_digits(name);
  if (digits)
    if (auto found = by_prefix(database, *digits)) return found;
  return by_number(database, name);
}

void load_locations(Database& database, StoredAsset& asset) {
  const Query query = database.query(
      "SELECT path, volume, device, inode, bytes, mtime_ns, ctime_ns, coalesce(found, state), "
      "first_seen, last_seen FROM location WHERE asset = ?1 ORDER BY state = 'present' DESC, "
      "last_seen DESC, id",
      asset.number);
  while (query->step()) {
    StoredLocation found;
    found.location.path = bytes_text(query->blob(0));
    found.location.stat = {query->text(1),
                           static_cast<std::uint64_t>(query->integer(2)),
                           static_cast<std::uint64_t>(query->integer(3)),
                           static_cast<std::uint64_t>(query->integer(4)),
                           query->integer(5),
                           query->integer(6)};
    found.state = query->text(7);
    found.first_seen = query->text(8);
    found.last_seen = query->text(9);
    asset.locations.push_back(std::move(found));
  }
}

void load_words(Database& database, StoredAsset& asset) {
  const Query tags =
      database.query("SELECT name, by, time FROM tag WHERE asset = ?1 ORDER BY name", asset.number);
  while (tags->step()) asset.tags.push_back({tags->text(0), tags->text(1), tags->text(2)});
  const Query notes = database.query(
      "SELECT id, text, by, time FROM note WHERE asset = ?1 ORDER BY id", asset.number);
  while (notes->step())
    asset.notes.push_back({notes->integer(0), notes->text(1), notes->text(2), notes->text(3)});
}

void load_relations(Database& database, StoredAsset& asset) {
  {
    const Query query = database.query(
        "SELECT number, kind, other FROM relations WHERE number = ?1 OR other = ?1 ORDER BY "
        "number <> ?1, kind, other, number",
        asset.number);
    while (query->step())
      asset.relations.push_back({query->integer(0), query->text(1), query->integer(2), {}});
  }
  for (StoredRelation& one : asset.relations)
    one.path = last_path(database, one.number == asset.number ? one.other : one.number);
}

StoredAsset load(Database& database, AssetNumber number) {
  StoredAsset asset;
  asset.number = number;
  {
    const Query query = database.query(
        "SELECT content_id, bytes, kind, status, isolation, error_code, error_message, first_seen, "
        "measured_at, pruned_at FROM asset WHERE id = ?1",
        number);
    if (!query->step())
      throw_failure(ErrorCode::not_found, fmt::format("There is no asset {}.", number));
    asset.content_id = query->digest(0);
    asset.bytes = static_cast<std::uint64_t>(query->integer(1));
    asset.kind = query->text(2);
    asset.status = read_status(query->text(3));
    asset.isolation = query->text(4);
    if (!query->is_null(5))
      asset.error =
          Error{parse_error_code(query->text(5)).value_or(ErrorCode::internal), query->text(6)};
    asset.first_seen = query->text(7);
    asset.measured_at = query->text(8);
    asset.pruned_at = query->optional_text(9);
  }
  const Query has_facts = database.query("SELECT 1 FROM facts WHERE asset = ?1", number);
  if (has_facts->step()) asset.facts = load_facts(database, number);
  load_locations(database, asset);
  load_words(database, asset);
  load_relations(database, asset);
  return asset;
}

}  // namespace

Expected<AssetNumber> resolve_asset(Catalog& catalog, const std::string& name) {
  return guarded([&] {
    std::optional<AssetNumber> found;
    unwrap(catalog.read([&](Database& database) { found = resolve(database, name); }));
    if (!found)
      throw_failure(ErrorCode::not_found,
                    fmt::format("The catalog has no asset {}. An asset is named by its path, its "
                                "content id (8 or more digits of it) or its number; `cleangate "
                                "find` lists them.",
                                readable(name)));
    return *found;
  });
}

Expected<std::vector<SeenPlace>> places_of(Catalog& catalog, std::span<const AssetNumber> assets) {
  std::vector<SeenPlace> places;
  const auto done = catalog.read([&](Database& database) {
    for (const AssetNumber asset : assets) {
      std::optional<Sha256> content;
      {
        const Query query = database.query("SELECT content_id FROM asset WHERE id = ?1", asset);
        if (query->step()) content = query->digest(0);
      }
      const std::size_t before = places.size();
      const Query query = database.query(
          "SELECT volume, path, state = 'missing' OR found = 'mismatched' FROM location WHERE "
          "asset "
          "= ?1 AND state <> 'replaced' AND found IS NOT 'moved' ORDER BY state = 'present' DESC, "
          "id",
          asset);
      while (query->step())
        places.push_back({asset, content, query->text(0), bytes_text(query->blob(1)),
                          query->integer(2) == 1, false});
      if (places.size() == before)
        places.push_back({asset, content, "", last_path(database, asset), false, true});
    }
  });
  if (!done) return tl::unexpected(done.error());
  return places;
}

Expected<StoredAsset> load_asset(Catalog& catalog, AssetNumber number) {
  return guarded([&] {
    StoredAsset asset;
    unwrap(catalog.read([&](Database& database) { asset = load(database, number); }));
    return asset;
  });
}

Expected<std::vector<StoredEvent>> load_events(Catalog& catalog, AssetNumber number) {
  return guarded([&] {
    std::vector<StoredEvent> events;
    unwrap(catalog.read([&](Database& database) {
      const Query query = database.query(
          "WITH RECURSIVE own(id) AS (SELECT ?1 UNION SELECT asset.id FROM asset JOIN own ON "
          "merged_into = own.id) SELECT id, type, time, outcome, detail, agent, object FROM event "
          "WHERE asset IN (SELECT id FROM own) ORDER BY id",
          number);
      while (query->step())
        events.push_back({query->integer(0), query->text(1), query->text(2), query->text(3),
                          query->text(4), query->text(5), query->text(6)});
    }));
    return events;
  });
}

}  // namespace cleangate::dam
