// SPDX-License-Identifier: Apache-2.0
#include "app/catalog_option.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <fmt/core.h>

#include "app/command_line.h"
#include "core/text.h"

namespace cleangate::app {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// Relative folders are invalid there (XDG Base Directory Specification 0.8).
std::string absolute_or_none(std::string folder) {
  return folder.starts_with('/') ? std::move(folder) : std::string();
}

// $CLEANGATE_CATALOG_WAIT, in seconds: how long to wait for whoever is writing.
void set_patience(dam::WriterLock::Wait& wait) {
  const std::string text = environment("CLEANGATE_CATALOG_WAIT");
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc() && end == text.data() + text.size() && seconds >= 0)
    wait.at_most = std::chrono::seconds(seconds);
}

bool is_there(const std::string& path) {
  struct stat about {};
  return lstat(path.c_str(), &about) == 0;
}

}  // namespace

void add_catalog_option(Command command, CatalogOption& option) {
  command.option("--catalog", option.path,
                 "The catalog (default: $CLEANGATE_CATALOG, else "
                 "$XDG_DATA_HOME/cleangate/catalog.db)");
}

std::string catalog_path(const CatalogOption& option) {
  if (!option.path.empty()) return option.path;
  if (std::string named = environment("CLEANGATE_CATALOG"); !named.empty()) return named;
  std::string data = absolute_or_none(environment("XDG_DATA_HOME"));
  if (data.empty())
    if (const std::string home = environment("HOME"); !home.empty()) data = home + "/.local/share";
  return data.empty() ? data : data + "/cleangate/catalog.db";
}

dam::CatalogOptions catalog_options(dam::Access access, const std::string& purpose) {
  dam::CatalogOptions options;
  options.access = access;
  options.purpose = purpose;
  options.agent = "cleangate " CLEANGATE_VERSION;
  set_patience(options.wait);
  options.wait.tell = [](const std::string& waiting) {
    std::fprintf(stderr, "cleangate: %s\n", readable(waiting).c_str());
  };
  return options;
}

Expected<std::string> known_catalog_path(const CatalogOption& option) {
  std::string path = catalog_path(option);
  if (path.empty())
    return fail(ErrorCode::usage,
                "No place for a catalog is known: neither $CLEANGATE_CATALOG nor $XDG_DATA_HOME "
                "nor $HOME is set. Give --catalog FILE.");
  return path;
}

Expected<dam::Catalog> open_catalog(const CatalogOption& option, dam::Access access,
                                    const std::string& purpose) {
  const auto path = known_catalog_path(option);
  if (!path) return tl::unexpected(path.error());
  return dam::Catalog::open(*path, catalog_options(access, purpose));
}

Expected<dam::Catalog> open_existing_catalog(const CatalogOption& option,
                                             const std::string& purpose) {
  const auto known = known_catalog_path(option);
  if (!known) return tl::unexpected(known.error());
  const bool there = is_there(*known);
  if (!there) return open_catalog(option, dam::Access::read, purpose);
  dam::CatalogOptions options = catalog_options(dam::Access::write, purpose);
  options.existing = true;
  return dam::Catalog::open(*known, options);
}

std::string acting_person() {
  if (std::string named = environment("CLEANGATE_USER"); !named.empty()) return named;
  std::array<char, 4096> room{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &entry, room.data(), room.size(), &found) == 0 && found &&
      *found->pw_name)
    return found->pw_name;
  return "unknown";
}

}  // namespace cleangate::app
