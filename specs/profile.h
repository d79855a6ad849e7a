// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"

namespace cleangate::specs {

enum class Severity : std::uint8_t { reject, warn, info };
enum class Grade : std::uint8_t {
  primary,
  excerpt,
  secondary,
  community,
  own
};  // how the number was read
enum class ProfileStatus : std::uint8_t { ship, beta, draft, base };
[[nodiscard]] std::string_view to_string(Severity);
[[nodiscard]] std::string_view to_string(Grade);
[[nodiscard]] std::string_view to_string(ProfileStatus);

struct Source {
  std::string document, edition;
  std::optional<std::string> clause, url;
  Grade grade = Grade::own;
  std::optional<std::string> checked;  // date, ISO 8601
};

struct Requirement;  // specs/requirement.h
struct Regions;      // specs/requirement.h

// Order data that a profile declares (`--set KEY=VALUE`).
struct OrderDatum {
  std::string ask;                   // what it means, for people; may be empty
  std::vector<std::string> allowed;  // empty: any text
  std::optional<std::string> fallback;
};

// A resolved profile: `extends` applied, every value parsed and converted.
struct Profile {
  std::string id, title, edition;
  ProfileStatus status = ProfileStatus::draft;
  int revision = 1;
  std::string digest;        // "sha256:…" of the canonical resolved text
  std::string file;          // where it was read from; "built in" for ours
  std::string last_checked;  // newest `checked` of its sources, ISO 8601; may be empty
  std::map<std::string, OrderDatum> order;
  std::shared_ptr<const Regions> regions;  // never null once loaded
  std::vector<std::shared_ptr<const Requirement>> requirements;
};

// A mistake in a profile: one line, "file:line: key: what is wrong; allowed: …".
struct ProfileProblem {
  std::string file;
  int line = 0;
  std::string key, message;
};
[[nodiscard]] std::string to_string(const ProfileProblem& problem);

// Where profiles come from: directories in order of preference, then the built-in library.
class SpecLibrary {
 public:
  // `directories`: --specs-dir, $CLEANGATE_SPECS, $XDG_CONFIG_HOME/cleangate/specs; missing ones
  // are skipped.
  explicit SpecLibrary(std::vector<std::string> directories);
  ~SpecLibrary();
  SpecLibrary(SpecLibrary&&) noexcept;
  SpecLibrary& operator=(SpecLibrary&&) noexcept;

  struct Entry {
    std::string id, title, edition, status, file;
    bool valid = true;  // a broken file is listed with its first problem
    std::string problem;
  };
  [[nodiscard]] std::vector<Entry> list() const;  // sorted by id; bases left out
  // An id, or a path of a .yaml file (anything with a '/' or ending in .yaml or .yml). Errors:
  // unknown_spec with the nearest id, invalid_profile with every problem, one a line.
  [[nodiscard]] Expected<Profile> load(const std::string& id_or_path) const;
  // All problems of one file, none when it is clean (`specs lint`).
  [[nodiscard]] Expected<std::vector<ProfileProblem>> lint(const std::string& id_or_path) const;
  // The text of a new house profile, commented, that extends `base` when given (`specs new`).
  [[nodiscard]] Expected<std::string> scaffold(const std::string& id,
                                               const std::optional<std::string>& base) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One requirement as a person reads it (`specs show`).
struct RequirementLine {
  std::string id, quantity, demand, severity, effective_severity, source, clause, grade, note;
};
[[nodiscard]] std::vector<RequirementLine> describe(const Profile& profile);

// Row names that a profile needs; the pass measures no more (an empty list: facts are enough).
[[nodiscard]] std::vector<std::string> rows_needed(const Profile& profile);
// Whether a rule, or when it applies, is about the file's name: the verdict then holds for one
// name.
[[nodiscard]] bool asks_for_name(const Profile& profile);

}  // namespace cleangate::specs
