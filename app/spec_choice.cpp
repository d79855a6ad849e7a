// SPDX-License-Identifier: Apache-2.0
#include "app/spec_choice.h"

#include <sys/stat.h>

#include <set>
#include <utility>

#include "app/command_line.h"

namespace cleangate::app {
namespace {

bool is_profile_name(const std::string& text) {
  return text.ends_with(".yaml") || text.ends_with(".yml");
}

}  // namespace

void add_spec_choice(Command command, SpecChoice& choice) {
  command.option("--spec", choice.ids, "Spec ids or profile files (.yaml)");
  command.flag("--all-specs", choice.all, "Every spec that is not a draft");
}

void return_paths(SpecChoice& choice, const specs::SpecLibrary& library,
                  std::vector<std::string>& paths) {
  std::set<std::string> known;
  for (const auto& entry : library.list()) known.insert(entry.id);
  std::vector<std::string> ids;
  for (const std::string& value : choice.ids) {
    struct stat about {};
    const bool path = !known.contains(value) && !is_profile_name(value) && !ids.empty() &&
                      stat(value.c_str(), &about) == 0;
    (path ? paths : ids).push_back(value);
  }
  choice.ids = std::move(ids);
}

Expected<std::vector<specs::Profile>> load_profiles(const SpecChoice& choice,
                                                    const specs::SpecLibrary& library) {
  std::vector<std::string> ids = choice.ids;
  if (choice.all)
    for (const auto& entry : library.list())
      if (entry.status != "draft" && entry.status != "base") ids.push_back(entry.id);
  std::vector<specs::Profile> profiles;
  std::set<std::string> seen;
  for (const std::string& id : ids) {
    if (!seen.insert(id).second) continue;
    auto profile = library.load(id);
    if (!profile) return tl::unexpected(profile.error());
    profiles.push_back(std::move(*profile));
  }
  return profiles;
}

}  // namespace cleangate::app
