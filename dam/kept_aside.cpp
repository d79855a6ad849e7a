// SPDX-License-Identifier: Apache-2.0
#include "dam/kept_aside.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "core/text.h"
#include "dam/files.h"
#include "dam/sqlite.h"
#include "dam/times.h"

namespace cleangate::dam {
namespace {

constexpr std::string_view kMark = ".before-restore-";
constexpr std::string_view kTails[] = {"-wal", "-shm", "-journal"};

}  // namespace

void keep_aside(const std::string& target) {
  if (!file_size(target)) return;
  const auto settled = guarded([&] {
    Database old(target, Database::Open::write);
    (void)old.integer("PRAGMA user_version");  // or SQLite does not know yet that there is a log
    old.checkpoint(Database::Checkpoint::truncate);
  });
  if (settled && file_size(target + "-wal").value_or(0) > 0)
    throw_failure(ErrorCode::timed_out,
                  fmt::format("{} is being read by somebody, so that its log cannot be emptied. "
                              "Run this again when they have ended; nothing was changed.",
                              readable(target)));
  const std::string aside = target + std::string(kMark) + utc_now();
  if (link(target.c_str(), aside.c_str()) != 0)
    throw_failure(ErrorCode::io,
                  fmt::format("{} cannot be made, to keep what is restored over: {}.",
                              readable(aside), std::strerror(errno)));
  sync_directory(directory_of(target));
  // A damaged one keeps what is left of its log.
  for (const std::string_view tail : kTails)
    if (file_size(target + std::string(tail)))
      rename_file(target + std::string(tail), aside + std::string(tail));
}

std::string catalog_before(const std::string& path) {
  const std::size_t name = path.rfind('/') + 1;  // npos + 1 is 0
  return path.substr(0, path.find(kMark, name));
}

std::vector<std::string> kept_aside(const std::string& catalog) {
  const std::filesystem::path path(catalog);
  const std::string begin = path.filename().string() + std::string(kMark);
  std::vector<std::string> found;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(path.parent_path(), failed)) {
    const std::string name = entry.path().filename().string();
    const bool beside = std::any_of(std::begin(kTails), std::end(kTails),
                                    [&](std::string_view tail) { return name.ends_with(tail); });
    if (name.starts_with(begin) && !beside) found.push_back(entry.path().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::optional<std::set<Sha256>> series_kept_aside(const std::string& catalog) {
  std::set<Sha256> named;
  for (const std::string& path : kept_aside(catalog)) {
    const auto read = guarded([&] {
      // One that was damaged when it was put aside may have a log that nobody has read.
      if (file_size(path + "-wal").value_or(0) > 0)
        throw_failure(ErrorCode::damaged, "Its log was never emptied.");
      Database database(path, Database::Open::immutable);
      Statement rows = database.prepare("SELECT digest FROM series");
      while (rows.step())
        if (const auto digest = rows.digest(0)) named.insert(*digest);
    });
    if (!read) return std::nullopt;
  }
  return named;
}

}  // namespace cleangate::dam
