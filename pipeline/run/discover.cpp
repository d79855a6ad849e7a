// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run/discover.h"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "core/text.h"

namespace cleangate::run {
namespace {

constexpr std::array<std::string_view, 6> kUnfinished{".part",       ".partial",  ".tmp",
                                                      ".crdownload", ".filepart", ".download"};
constexpr std::array<std::string_view, 6> kLeftovers{"thumbs.db",    "desktop.ini",
                                                     "$recycle.bin", "system volume information",
                                                     "lost+found",   "icon\r"};
constexpr std::array<std::string_view, 28> kSidecars{
    "srt", "vtt",  "scc", "mcc", "stl", "ttml", "itt",    "dfxp",  "smi",  "ass",
    "ssa", "sub",  "cap", "xml", "md5", "sha1", "sha256", "xxh64", "xxh3", "c4",
    "mhl", "json", "txt", "csv", "pdf", "edl",  "aaf",    "log"};

std::string lower(std::string text) {
  for (char& letter : text)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return text;
}

std::pair<std::string, std::string> split_extension(const std::string& name) {
  const auto dot = name.rfind('.');
  if (dot == std::string::npos || dot == 0) return {name, {}};
  return {name.substr(0, dot), lower(name.substr(dot + 1))};
}

bool is_sidecar_extension(const std::string& extension) {
  return std::find(kSidecars.begin(), kSidecars.end(), extension) != kSidecars.end();
}

struct Folder {
  std::vector<std::string> files, folders;  // names, sorted
  std::map<std::string, std::uint64_t> bytes;
};

std::string joined(const std::string& folder, const std::string& name) {
  return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

std::string_view kind_of(mode_t mode) {
  if (S_ISFIFO(mode)) return "a FIFO";
  return S_ISSOCK(mode) ? "a socket" : "a device";
}

}  // namespace

bool is_passed_over(const std::string& name) {
  if (name.starts_with('.') || name.ends_with('~')) return true;
  const std::string small = lower(name);
  return std::find(kLeftovers.begin(), kLeftovers.end(), small) != kLeftovers.end() ||
         std::any_of(kUnfinished.begin(), kUnfinished.end(),
                     [&](std::string_view ending) { return small.ends_with(ending); });
}

Masters::Masters(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto [stem, extension] = split_extension(name);
    if (is_sidecar_extension(extension)) continue;
    by_stem_.emplace(stem, name);  // of several with the same stem the first
    whole_.insert(name);
  }
}

std::optional<std::string> Masters::of(const std::string& name) const {
  auto [stem, extension] = split_extension(name);
  if (!is_sidecar_extension(extension)) return std::nullopt;
  if (whole_.contains(stem)) return stem;
  // The longest name fits best: "a.b.srt" belongs to "a.b.mov", not to "a.mov".
  for (;;) {
    const auto found = by_stem_.find(stem);
    if (found != by_stem_.end()) return found->second;
    const auto dot = stem.rfind('.');
    if (dot == std::string::npos || dot == 0) return std::nullopt;
    stem.resize(dot);
  }
}

struct Discovery::State {
  State(std::vector<std::string> given, std::vector<std::string> owned)
      : paths(given.begin(), given.end()), own(std::move(owned)) {}

  bool enter(const std::string& path);
  void begin(const std::string& path);
  Folder list(const std::string& path);
  [[nodiscard]] bool is_own(const struct stat& about) const;

  std::deque<std::string> paths;     // given, not yet begun
  std::vector<std::string> own;      // passed over
  std::deque<Candidate> ready;       // files found, in order
  std::vector<std::string> folders;  // to walk, next one last
  std::set<std::pair<dev_t, ino_t>> walked;
  std::vector<std::string> remarks;
  std::size_t unread = 0;
};

bool Discovery::State::is_own(const struct stat& about) const {
  return std::any_of(own.begin(), own.end(), [&](const std::string& path) {
    struct stat one {};
    return ::stat(path.c_str(), &one) == 0 && one.st_dev == about.st_dev &&
           one.st_ino == about.st_ino;
  });
}

// A folder that is met again is left out.
bool Discovery::State::enter(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) {
    ++unread;
    remarks.push_back(
        fmt::format("{}: this folder cannot be read: {}.", readable(path), std::strerror(errno)));
    return false;
  }
  if (is_own(about)) return false;
  if (walked.emplace(about.st_dev, about.st_ino).second) return true;
  remarks.push_back(fmt::format(
      "{}: this folder has been walked already (a link to it, or given twice); passed over.",
      readable(path)));
  return false;
}

Folder Discovery::State::list(const std::string& path) {
  Folder folder;
  DIR* const stream = ::opendir(path.c_str());
  if (!stream) {
    ++unread;
    remarks.push_back(
        fmt::format("{}: this folder cannot be read: {}.", readable(path), std::strerror(errno)));
    return folder;
  }
  while (const dirent* entry = ::readdir(stream)) {
    const std::string name = entry->d_name;
    if (name == "." || name == ".." || is_passed_over(name)) continue;
    struct stat about {};
    if (::stat(joined(path, name).c_str(), &about) != 0) {
      ++unread;
      remarks.push_back(fmt::format("{}: cannot be looked at: {}; passed over.",
                                    readable(joined(path, name)), std::strerror(errno)));
    } else if (S_ISDIR(about.st_mode)) {
      folder.folders.push_back(name);
    } else if (S_ISREG(about.st_mode) && !is_own(about)) {
      folder.files.push_back(name);
      folder.bytes[name] = static_cast<std::uint64_t>(about.st_size);
    } else if (!S_ISREG(about.st_mode)) {
      remarks.push_back(fmt::format("{}: is {}, not a file; passed over.",
                                    readable(joined(path, name)), kind_of(about.st_mode)));
    }
  }
  ::closedir(stream);
  std::sort(folder.files.begin(), folder.files.end());
  std::sort(folder.folders.begin(), folder.folders.end());
  return folder;
}

void Discovery::State::begin(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode)) {
    folders.push_back(path);
    return;
  }
  if (S_ISREG(about.st_mode) && is_own(about)) {
    ++unread;
    remarks.push_back(
        fmt::format("{}: this is a file of the catalog in use; passed over.", readable(path)));
    return;
  }
  // Whatever it is: whoever opens it says what is wrong with it.
  ready.push_back({path, true,
                   S_ISREG(about.st_mode) ? static_cast<std::uint64_t>(about.st_size) : 0,
                   std::nullopt});
}

Discovery::Discovery(std::vector<std::string> paths, std::vector<std::string> own)
    : state_(std::make_unique<State>(std::move(paths), std::move(own))) {}
Discovery::~Discovery() = default;

std::optional<Candidate> Discovery::next() {
  State& state = *state_;
  while (state.ready.empty()) {
    if (state.folders.empty()) {
      if (state.paths.empty()) return std::nullopt;
      const std::string path = state.paths.front();
      state.paths.pop_front();
      state.begin(path);
      continue;
    }
    const std::string path = state.folders.back();
    state.folders.pop_back();
    if (!state.enter(path)) continue;
    const Folder folder = state.list(path);
    const Masters masters(folder.files);
    for (const std::string& name : folder.files) {
      Candidate found{joined(path, name), false, folder.bytes.at(name), std::nullopt};
      if (const auto master = masters.of(name)) found.sidecar_of = joined(path, *master);
      state.ready.push_back(std::move(found));
    }
    for (auto name = folder.folders.rbegin(); name != folder.folders.rend(); ++name)
      state.folders.push_back(joined(path, *name));
  }
  Candidate found = std::move(state.ready.front());
  state.ready.pop_front();
  return found;
}

std::size_t Discovery::unread() const { return state_->unread; }

std::vector<std::string> Discovery::take_remarks() { return std::exchange(state_->remarks, {}); }

}  // namespace cleangate::run
