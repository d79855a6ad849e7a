// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run/departed.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "dam/known.h"

namespace cleangate::run {
namespace {

bool says_nothing_there() { return errno == ENOENT || errno == ENOTDIR; }

// The volume of the nearest folder above that is there; empty when it cannot be told.
std::string volume_above(std::string path) {
  while (path.size() > 1) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return {};
    path.resize(slash == 0 ? 1 : slash);
    const int folder = ::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
      if (!says_nothing_there()) return {};
      continue;
    }
    auto volume = dam::volume_of(folder);
    ::close(folder);
    return volume ? *std::move(volume) : std::string();
  }
  return {};
}

bool is_gone(const dam::Place& place) {
  struct stat about {};
  if (::stat(place.path.c_str(), &about) == 0 || !says_nothing_there()) return false;
  return volume_above(place.path) == place.volume;
}

}  // namespace

std::vector<dam::Place> departed(std::vector<dam::Place> places) {
  std::erase_if(places, [](const dam::Place& place) { return !is_gone(place); });
  return places;
}

}  // namespace cleangate::run
