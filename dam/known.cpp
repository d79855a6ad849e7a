// SPDX-License-Identifier: Apache-2.0
#include "dam/known.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "dam/evidence_rows.h"
#include "dam/files.h"
#include "dam/series_store.h"
#include "dam/sqlite.h"

namespace cleangate::dam {
namespace {

constexpr std::uint64_t kHintBytes = 1u << 20;

tl::unexpected<Error> system_error(std::string_view what) {
  return fail(ErrorCode::io, fmt::format("{}: {}.", what, std::strerror(errno)));
}

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

constexpr const char* kColumns =
    "asset.id, asset.content_id, asset.status, asset.depth, asset.pruned_at IS NOT NULL, "
    "coalesce((SELECT version FROM facts WHERE facts.asset = asset.id), 0), asset.error_code, "
    "asset.error_message";

std::optional<Error> error_of(const Statement& row) {
  const auto code = row.optional_text(6);
  if (!code) return std::nullopt;
  return Error{parse_error_code(*code).value_or(ErrorCode::internal),
               row.optional_text(7).value_or("")};
}

std::vector<KnownAsset> read_all(Database& database, Query query) {
  std::vector<KnownAsset> found;
  while (query->step())
    found.push_back({query->integer(0),
                     query->digest(1),
                     read_status(query->text(2)),
                     read_depth(query->text(3)),
                     query->integer(4) != 0,
                     static_cast<int>(query->integer(5)),
                     {},
                     error_of(*query)});
  for (KnownAsset& asset : found) asset.path = last_path(database, asset.number);
  return found;
}

std::string by_stream(const char* column) {
  return fmt::format(
      "SELECT DISTINCT {} FROM stream JOIN asset ON asset.id = stream.asset WHERE stream.{} = ?1 "
      "AND merged_into IS NULL",
      kColumns, column);
}

}  // namespace

Expected<std::string> volume_of(int descriptor) {
  struct statfs system {};
  struct stat about {};
  if (fstatfs(descriptor, &system) != 0 || fstat(descriptor, &about) != 0)
    return system_error("The volume of a file cannot be told");
  std::array<std::uint32_t, 2> id{};
  static_assert(sizeof id == sizeof system.f_fsid);
  std::memcpy(id.data(), &system.f_fsid, sizeof id);
  if (id[0] != 0 || id[1] != 0) return fmt::format("fsid:{:08x}{:08x}", id[0], id[1]);
  return fmt::format("dev:{}:{}", major(about.st_dev), minor(about.st_dev));
}

Expected<FileStat> stat_of(int descriptor) {
  struct stat about {};
  if (fstat(descriptor, &about) != 0) return system_error("A file cannot be described");
  auto volume = volume_of(descriptor);
  if (!volume) return tl::unexpected(volume.error());
  return FileStat{std::move(*volume),
                  about.st_dev,
                  about.st_ino,
                  static_cast<std::uint64_t>(about.st_size),
                  nanoseconds(about.st_mtim),
                  nanoseconds(about.st_ctim)};
}

Expected<FileStat> stat_at(const std::string& path) {
  const File file(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (file.get() < 0) return system_error("A file cannot be described");
  return stat_of(file.get());
}

Expected<std::vector<std::byte>> content_hint(int descriptor) {
  struct stat about {};
  if (fstat(descriptor, &about) != 0) return system_error("A file cannot be described");
  const auto size = static_cast<std::uint64_t>(about.st_size);
  std::vector<std::byte> ends(
      static_cast<std::size_t>(size > 2 * kHintBytes ? 2 * kHintBytes : size));
  const auto head = static_cast<std::size_t>(std::min<std::uint64_t>(size, kHintBytes));
  if (auto read = read_at(descriptor, 0, std::span(ends).first(head)); !read)
    return tl::unexpected(read.error());
  const auto tail = std::span(ends).subspan(head);
  if (auto read = read_at(descriptor, size - tail.size(), tail); !read)
    return tl::unexpected(read.error());
  XXH128_canonical_t digest{};
  XXH128_canonicalFromHash(&digest, XXH3_128bits(ends.data(), ends.size()));
  std::vector<std::byte> hint(sizeof size + sizeof digest);
  for (std::size_t i = 0; i < sizeof size; ++i)
    hint[i] = static_cast<std::byte>(size >> (8 * i) & 0xFF);
  std::memcpy(hint.data() + sizeof size, &digest, sizeof digest);
  return hint;
}

Expected<std::optional<KnownAsset>> Known::by_stat(const FileStat& stat) {
  return guarded([&]() -> std::optional<KnownAsset> {
    std::vector<KnownAsset> found;
    unwrap(catalog_.read([&](Database& database) {
      found = read_all(
          database,
          database.query(
              fmt::format("SELECT DISTINCT {} FROM location JOIN asset ON asset.id = "
                          "location.asset WHERE inode = ?1 AND location.bytes = ?2 AND mtime_ns = "
                          "?3 AND ctime_ns = ?4 AND device = ?5 AND volume = ?6 AND state <> "
                          "'replaced' AND merged_into IS NULL",
                          kColumns),
              static_cast<std::int64_t>(stat.inode), static_cast<std::int64_t>(stat.bytes),
              stat.mtime_ns, stat.ctime_ns, static_cast<std::int64_t>(stat.device), stat.volume));
    }));
    if (found.size() != 1) return std::nullopt;  // two answers are none
    return found.front();
  });
}

Expected<std::optional<KnownAsset>> Known::by_content(const Sha256& content_id) {
  return guarded([&]() -> std::optional<KnownAsset> {
    std::vector<KnownAsset> found;
    unwrap(catalog_.read([&](Database& database) {
      found = read_all(
          database,
          database.query(fmt::format("SELECT {} FROM asset WHERE content_id = ?1", kColumns),
                         content_id));
    }));
    if (found.empty()) return std::nullopt;
    return found.front();
  });
}

Expected<std::vector<KnownAsset>> Known::by_content_hint(std::span<const std::byte> hint) {
  return guarded([&] {
    std::vector<KnownAsset> found;
    unwrap(catalog_.read([&](Database& database) {
      found =
          read_all(database, database.query(fmt::format("SELECT {} FROM asset WHERE content_hint "
                                                        "= ?1 AND merged_into IS NULL",
                                                        kColumns),
                                            hint));
    }));
    return found;
  });
}

Expected<std::vector<KnownAsset>> Known::by_essence_hint(const Sha256& hint) {
  return guarded([&] {
    std::vector<KnownAsset> found;
    unwrap(catalog_.read([&](Database& database) {
      found = read_all(database, database.query(by_stream("essence_hint"), hint));
    }));
    return found;
  });
}

Expected<std::vector<KnownAsset>> Known::by_essence(const Sha256& essence) {
  return guarded([&] {
    std::vector<KnownAsset> found;
    unwrap(catalog_.read([&](Database& database) {
      found = read_all(database, database.query(by_stream("essence"), essence));
    }));
    return found;
  });
}

Expected<std::vector<probes::SeriesId>> Known::stored(const probes::AssetFacts& facts,
                                                      std::span<const probes::SeriesId> wanted) {
  return guarded([&] {
    std::map<SeriesKey, SeriesRow> rows;
    unwrap(catalog_.read([&](Database& database) { rows = load_series_rows(database, facts); }));
    std::vector<probes::SeriesId> found;
    for (const probes::SeriesId& id : wanted) {
      const auto key = series_key(facts, id);
      const auto at = key ? rows.find(*key) : rows.end();
      if (at != rows.end() && catalog_.series().has(at->second.digest)) found.push_back(id);
    }
    return found;
  });
}

}  // namespace cleangate::dam
