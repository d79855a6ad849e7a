// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "core/digest.h"
#include "core/text.h"
#include "specs/builtin.h"
#include "specs/extend.h"
#include "specs/lint.h"
#include "specs/profile.h"
#include "specs/reader.h"
#include "specs/scaffold.h"
#include "specs/sha256.h"

namespace cleangate::specs {
namespace {

namespace fs = std::filesystem;
constexpr std::uintmax_t kMostBytes = 1 << 20;

std::string digest_of(const YamlNode& tree) {
  const std::string text = "cleangate.profile/1\n" + canonical_text(tree);
  return to_content_id(sha256(text));
}

bool is_path(const std::string& id_or_path) {
  return id_or_path.find('/') != std::string::npos || id_or_path.ends_with(".yaml") ||
         id_or_path.ends_with(".yml");
}

Expected<YamlText> read_file(const std::string& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status))
    return fail(ErrorCode::unknown_spec, fmt::format("{}: there is no such file.", readable(path)));
  if (!fs::is_regular_file(status))
    return fail(ErrorCode::unknown_spec, fmt::format("{} is not a file.", readable(path)));
  if (fs::file_size(path, error) > kMostBytes)
    return fail(ErrorCode::invalid_profile,
                fmt::format("{}:1: larger than {} bytes", readable(path), kMostBytes));
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in || in.bad())
    return fail(ErrorCode::io,
                fmt::format("{} cannot be read; check its permissions.", readable(path)));
  return YamlText{readable(path), text.str(), false};
}

}  // namespace

struct SpecLibrary::Impl {
  std::vector<std::string> directories;

  // Ids and the file that each comes from ("" = built in); the first directory wins.
  [[nodiscard]] std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> found;
    for (const std::string& directory : directories) {
      std::error_code error;
      for (fs::directory_iterator each(directory, error), end; !error && each != end;
           each.increment(error))
        if (each->path().extension() == ".yaml" || each->path().extension() == ".yml")
          found.emplace(each->path().stem().string(), each->path().string());
    }
    for (const BuiltinProfile& builtin : builtin_profiles())
      found.emplace(std::string(builtin.id), "");
    return found;
  }

  [[nodiscard]] std::vector<std::string> ids() const {
    std::vector<std::string> all;
    for (const auto& [id, file] : files()) all.push_back(id);
    return all;
  }

  [[nodiscard]] Expected<YamlText> by_id(const std::string& id) const {
    const auto all = files();
    const auto found = all.find(id);
    if (found == all.end())
      return fail(
          ErrorCode::unknown_spec,
          fmt::format("There is no specification '{}'{}; `cleangate specs list` shows them.",
                      readable(id), did_you_mean(id, ids())));
    if (!found->second.empty()) return read_file(found->second);
    for (const BuiltinProfile& builtin : builtin_profiles())
      if (builtin.id == id)
        return YamlText{fmt::format("specs/profiles/{}.yaml", id), std::string(builtin.text), true};
    return fail(ErrorCode::unknown_spec, fmt::format("There is no specification '{}'.", id));
  }

  [[nodiscard]] FindProfile finder() const {
    return [this](const std::string& id, const std::string& from) -> std::optional<YamlText> {
      const fs::path beside = fs::path(from).parent_path() / (id + ".yaml");
      std::error_code error;
      const bool named = id.find('/') == std::string::npos && fs::path(from).has_parent_path();
      if (named && fs::is_regular_file(beside, error))
        if (auto text = read_file(beside.string())) return std::move(*text);
      auto text = by_id(id);
      if (!text) return std::nullopt;
      return std::move(*text);
    };
  }

  struct Loaded {
    Profile profile;
    YamlNode tree;
    std::vector<ProfileProblem> problems;
  };

  [[nodiscard]] Expected<Loaded> load(const std::string& id_or_path) const {
    const bool path = is_path(id_or_path);
    const auto text = path ? read_file(id_or_path) : by_id(id_or_path);
    if (!text) return tl::unexpected(text.error());
    Loaded loaded;
    loaded.tree = resolve_extends(*text, finder(), ids(), loaded.problems);
    // What is no YAML at all needs no list of the keys that it lacks.
    if (loaded.problems.empty() || !loaded.tree.members.empty())
      loaded.profile = read_profile(loaded.tree, loaded.problems);
    loaded.profile.digest = digest_of(loaded.tree);
    if (!path && !loaded.profile.id.empty() && loaded.profile.id != id_or_path)
      loaded.problems.push_back(
          {text->file, 1, "profile",
           fmt::format("is '{}'; a file in a spec directory is named after its id",
                       readable(loaded.profile.id))});
    std::stable_sort(loaded.problems.begin(), loaded.problems.end(),
                     [](const ProfileProblem& a, const ProfileProblem& b) {
                       return a.file == b.file && a.line < b.line;
                     });
    return loaded;
  }
};

SpecLibrary::SpecLibrary(std::vector<std::string> directories) : impl_(std::make_unique<Impl>()) {
  impl_->directories = std::move(directories);
}
SpecLibrary::~SpecLibrary() = default;
SpecLibrary::SpecLibrary(SpecLibrary&&) noexcept = default;
SpecLibrary& SpecLibrary::operator=(SpecLibrary&&) noexcept = default;

std::vector<SpecLibrary::Entry> SpecLibrary::list() const {
  std::vector<Entry> entries;
  for (const auto& [id, file] : impl_->files()) {
    Entry entry;
    entry.id = id;
    entry.file = file.empty() ? "built in" : readable(file);
    const auto loaded = impl_->load(id);
    if (!loaded) {
      entry.valid = false;
      entry.problem = loaded.error().message;
    } else {
      const Profile& profile = loaded->profile;
      if (profile.status == ProfileStatus::base && loaded->problems.empty()) continue;
      entry.title = profile.title;
      entry.edition = profile.edition;
      entry.status = to_string(profile.status);
      entry.valid = loaded->problems.empty();
      if (!entry.valid) entry.problem = to_string(loaded->problems.front());
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

Expected<Profile> SpecLibrary::load(const std::string& id_or_path) const {
  auto loaded = impl_->load(id_or_path);
  if (!loaded) return tl::unexpected(loaded.error());
  if (!loaded->problems.empty()) {
    std::vector<std::string> lines;
    for (const ProfileProblem& problem : loaded->problems) lines.push_back(to_string(problem));
    return fail(ErrorCode::invalid_profile, fmt::format("{}", fmt::join(lines, "\n")));
  }
  if (loaded->profile.status == ProfileStatus::base)
    return fail(ErrorCode::unknown_spec,
                fmt::format("'{}' is a base, made to be extended; it judges nothing by itself.",
                            readable(id_or_path)));
  return std::move(loaded->profile);
}

Expected<std::vector<ProfileProblem>> SpecLibrary::lint(const std::string& id_or_path) const {
  auto loaded = impl_->load(id_or_path);
  if (!loaded) {
    if (loaded.error().code != ErrorCode::invalid_profile) return tl::unexpected(loaded.error());
    return std::vector<ProfileProblem>{{readable(id_or_path), 1, "", loaded.error().message}};
  }
  if (loaded->problems.empty())
    loaded->problems = find_contradictions(loaded->tree, loaded->profile);
  return std::move(loaded->problems);
}

Expected<std::string> SpecLibrary::scaffold(const std::string& id,
                                            const std::optional<std::string>& base) const {
  std::vector<ProfileProblem> problems;
  if (!Reader(problems).id(YamlNode{}, "profile", id))
    return fail(ErrorCode::usage, fmt::format("{}.", problems.front().message));
  if (!base) return scaffold_new(id);
  auto loaded = impl_->load(*base);
  if (!loaded) return tl::unexpected(loaded.error());
  if (!loaded->problems.empty())
    return fail(ErrorCode::invalid_profile, to_string(loaded->problems.front()));
  return scaffold_extending(id, loaded->profile);
}

}  // namespace cleangate::specs
