// SPDX-License-Identifier: Apache-2.0
#include "dam/places.h"

#include <fmt/format.h>

#include "core/text.h"
#include "dam/record_write.h"
#include "dam/sqlite.h"

namespace cleangate::dam {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

Place place_of(const Statement& row, int column) {
  const std::vector<std::byte> path = row.blob(column + 1);
  return {row.text(column), {reinterpret_cast<const char*>(path.data()), path.size()}};
}

// Another name of the file, under which it is still there: a link more, not a move.
bool has_other_name(Database& database, AssetNumber asset, const Location& at) {
  const Query query = database.query(
      "SELECT 1 FROM location WHERE asset = ?1 AND volume = ?2 AND inode = ?3 AND path <> ?4 AND "
      "state = 'present'",
      asset, at.stat.volume, static_cast<std::int64_t>(at.stat.inode), bytes_of(at.path));
  return query->step();
}

enum class Which { this_file, any };

// False where it is known already, or is not the file.
bool mark_moved(const WriteContext& to, AssetNumber asset, const Location& at, const Place& from,
                Which which) {
  const bool any = which == Which::any;
  to.database.run(
      "UPDATE location SET state = 'missing', found = 'moved' WHERE asset = ?1 AND volume = ?2 AND "
      "path = ?3 AND state <> 'replaced' AND found IS NOT 'moved' AND (?4 OR (volume = ?5 AND "
      "inode = ?6))",
      asset, from.volume, bytes_of(from.path), any ? 1 : 0, at.stat.volume,
      static_cast<std::int64_t>(at.stat.inode));
  if (to.database.changes() == 0) return false;
  write_event(to, asset,
              {"transfer",
               "success",
               fmt::format("moved from {} to {}", readable(from.path), readable(at.path)),
               {}});
  return true;
}

}  // namespace

Expected<std::vector<Place>> places_before(Catalog& catalog, AssetNumber asset,
                                           const Location& to) {
  std::vector<Place> found;
  const auto done = catalog.read([&](Database& database) {
    const Query known = database.query(
        "SELECT 1 FROM location WHERE asset = ?1 AND volume = ?2 AND path = ?3 AND state <> "
        "'replaced' AND found IS NOT 'moved'",
        asset, to.stat.volume, bytes_of(to.path));
    const Query places = database.query(
        "SELECT volume, path FROM location WHERE asset = ?1 AND state <> 'replaced' AND found IS "
        "NOT 'moved' AND NOT (volume = ?2 AND path = ?3) AND (?5 OR (volume = ?2 AND inode = ?4)) "
        "ORDER BY volume = ?2 AND inode = ?4 DESC, last_seen LIMIT 64",
        asset, to.stat.volume, bytes_of(to.path), static_cast<std::int64_t>(to.stat.inode),
        known->step() ? 0 : 1);
    while (places->step()) found.push_back(place_of(*places, 0));
  });
  if (!done) return tl::unexpected(done.error());
  return found;
}

void write_moves(const WriteContext& to, AssetNumber asset, const Location& at, bool arrived,
                 std::span<const Place> gone) {
  bool moved = false;
  for (const Place& place : gone) moved |= mark_moved(to, asset, at, place, Which::this_file);
  if (moved || !arrived || gone.empty() || has_other_name(to.database, asset, at)) return;
  for (const Place& place : gone)
    if (mark_moved(to, asset, at, place, Which::any)) return;
}

void write_mismatch(const WriteContext& to, AssetNumber asset, const Place& place) {
  to.database.run(
      "UPDATE location SET mtime_ns = 0, ctime_ns = 0, found = 'mismatched' WHERE volume = ?1 AND "
      "path = ?2 AND asset = ?3 AND state <> 'replaced'",
      place.volume, bytes_of(place.path), asset);
}

Expected<std::vector<PlaceOf>> filled_places(Catalog& catalog, std::span<const std::string> paths) {
  std::vector<PlaceOf> found;
  const auto done = catalog.read([&](Database& database) {
    for (const std::string& path : paths) {
      const Query row = database.query(
          "SELECT asset, volume, path FROM location WHERE path = ?1 AND state = 'present' AND "
          "found "
          "IS NULL AND bytes > 0",
          bytes_of(path));
      while (row->step()) found.push_back({row->integer(0), place_of(*row, 1)});
    }
  });
  if (!done) return tl::unexpected(done.error());
  return found;
}

}  // namespace cleangate::dam
