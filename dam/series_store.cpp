// SPDX-License-Identifier: Apache-2.0
#include "dam/series_store.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "dam/crash_point.h"
#include "dam/files.h"
#include "dam/sqlite.h"

namespace cleangate::dam {
namespace {

constexpr std::string_view kSuffix = ".series";
constexpr std::size_t kOpenFiles = 200;  // at most so many at once

bool intact(const std::string& path, const Sha256& digest) {
  const auto found = guarded([&] { return sha256_of(read_file(path)); });
  return found && *found == digest;
}

std::string temporary_name(const std::string& directory) {
  static std::atomic<std::uint64_t> counter{0};
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  return fmt::format("{}/tmp/{}-{:x}-{}.part", directory, getpid(), now, ++counter);
}

using Directory = std::unique_ptr<DIR, decltype([](DIR* open) { closedir(open); })>;

std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> names;
  const Directory open(opendir(directory.c_str()));
  if (!open && errno != ENOENT && errno != ENOTDIR)
    throw_failure(ErrorCode::io, fmt::format("{} cannot be listed: {}.", directory,
                                             std::generic_category().message(errno)));
  while (const dirent* entry = open ? readdir(open.get()) : nullptr) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  return names;
}

}  // namespace

struct SeriesStore::Batch::State {
  struct Part {
    std::string path;
    Sha256 digest;
  };
  const SeriesStore* store;
  std::vector<Part> parts;
  std::vector<File> open;  // of the last parts, not synced yet
  std::set<Sha256> added;
  // Of files that were there already: whoever put them there may not have made that durable yet.
  std::set<std::string> folders;

  void sync() {
    sync_all(open, store->directory());
    open.clear();
  }
};

SeriesStore::SeriesStore(std::string directory) : directory_(std::move(directory)) {}

SeriesStore::Batch::Batch(const SeriesStore& store) : state_(std::make_unique<State>()) {
  state_->store = &store;
}

SeriesStore::Batch::~Batch() {
  for (const State::Part& part : state_->parts) unlink(part.path.c_str());
}

Expected<Sha256> SeriesStore::Batch::add(std::span<const std::byte> file) {
  return guarded([&] {
    const Sha256 digest = sha256_of(file);
    const SeriesStore& store = *state_->store;
    if (!state_->added.insert(digest).second) return digest;
    if (intact(store.path_of(digest), digest)) {
      state_->folders.insert(directory_of(store.path_of(digest)));
      return digest;
    }
    make_directories(store.directory() + "/tmp");
    const std::string path = temporary_name(store.directory());
    state_->open.push_back(open_file(path, O_WRONLY | O_CREAT | O_EXCL));
    state_->parts.push_back({path, digest});
    write_all(state_->open.back(), path, file);
    if (state_->open.size() >= kOpenFiles) state_->sync();
    return digest;
  });
}

Expected<void> SeriesStore::Batch::settle() {
  return guarded([&] {
    const SeriesStore& store = *state_->store;
    crash_point("series:written");
    state_->sync();
    crash_point("series:synced");
    std::set<std::string>& folders = state_->folders;
    for (const State::Part& part : state_->parts) {
      const std::string target = store.path_of(part.digest);
      const std::string folder = directory_of(target);
      if (folders.insert(folder).second) mkdir(folder.c_str(), 0777);
      rename_file(part.path, target);
      crash_point("series:renamed");
    }
    sync_directories({folders.begin(), folders.end()});
    if (!folders.empty()) {
      // Even when the folders were there: another process may have made them just now.
      sync_directory(store.directory());
      sync_directory(directory_of(store.directory()));
    }
    state_->parts.clear();
    crash_point("series:settled");
  });
}

std::string SeriesStore::path_of(const Sha256& digest) const {
  const std::string hex = to_hex(digest);
  return fmt::format("{}/{}/{}{}", directory_, hex.substr(0, 2), hex.substr(2), kSuffix);
}

bool SeriesStore::has(const Sha256& digest) const { return file_size(path_of(digest)).has_value(); }

Expected<void> SeriesStore::verify(const Sha256& digest) const {
  return guarded([&] {
    const std::string path = path_of(digest);
    if (sha256_of(read_file(path)) != digest)
      throw_failure(ErrorCode::damaged,
                    fmt::format("{} is not what its name says: its bytes have changed.", path));
  });
}

Expected<void> SeriesStore::remove(const Sha256& digest) const {
  return guarded([&] {
    const std::string path = path_of(digest);
    if (unlink(path.c_str()) != 0 && errno != ENOENT)
      throw_failure(ErrorCode::io, fmt::format("{} cannot be removed: {}.", path,
                                               std::generic_category().message(errno)));
  });
}

Expected<std::vector<SeriesStore::Entry>> SeriesStore::list() const {
  return guarded([&] {
    std::vector<Entry> entries;
    for (const std::string& folder : names_in(directory_)) {
      const std::string inside = directory_ + "/" + folder;
      struct stat about {};
      const bool is_folder = lstat(inside.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
      if (!is_folder) entries.push_back({inside, false, {}, about.st_mtime, 0});
      if (is_folder)
        for (const std::string& name : names_in(inside)) {
          Entry entry{inside + "/" + name, false, {}, 0, 0};
          if (lstat(entry.path.c_str(), &about) != 0) continue;  // settled or removed meanwhile
          entry.modified_s = about.st_mtime;
          entry.bytes = static_cast<std::uint64_t>(about.st_size);
          const bool suffixed = name.ends_with(kSuffix) && S_ISREG(about.st_mode);
          const auto digest = parse_content_id(
              folder + (suffixed ? name.substr(0, name.size() - kSuffix.size()) : ""));
          entry.is_series = suffixed && digest && path_of(*digest) == entry.path;
          if (entry.is_series) entry.digest = *digest;
          entries.push_back(std::move(entry));
        }
    }
    return entries;
  });
}

}  // namespace cleangate::dam
