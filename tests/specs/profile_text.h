// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "specs/judge.h"
#include "specs/profile.h"
#include "tests/specs/made_asset.h"

namespace cleangate::test {

// A spec directory that lives as long as a test.
class SpecDirectory {
 public:
  SpecDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "cleangate-specs-XXXXXX").string();
    if (!mkdtemp(name.data())) ADD_FAILURE() << "no temporary directory";
    path_ = name;
  }
  ~SpecDirectory() { std::filesystem::remove_all(path_); }
  SpecDirectory(const SpecDirectory&) = delete;
  SpecDirectory& operator=(const SpecDirectory&) = delete;

  void put(const std::string& id, const std::string& text) const {
    std::ofstream(path_ / (id + ".yaml")) << text;
  }
  [[nodiscard]] specs::SpecLibrary library() const { return specs::SpecLibrary({path_.string()}); }
  [[nodiscard]] std::string file(const std::string& id) const {
    return (path_ / (id + ".yaml")).string();
  }

 private:
  std::filesystem::path path_;
};

// A whole profile "made" around requirements; its first requirement stands in line 8.
inline std::string made_profile(const std::string& requirements, const std::string& extra = "") {
  return "profile: made\ntitle: Made\nstatus: beta\nedition: '1'\nrevision: 1\n"
         "sources: {s: {document: Doc, edition: '1', grade: primary}}\n" +
         extra + "requirements:\n" + requirements;
}

// One measured requirement `r` from the inside of a flow mapping.
inline std::string rule(const std::string& inside, const std::string& id = "r",
                        const std::string& severity = "reject") {
  return "  - {id: " + id + ", " + inside + ", severity: " + severity + ", source: {ref: s}}\n";
}

// Loads a text as the profile "made"; the error's lines come without the directory.
inline Expected<specs::Profile> load_text(const std::string& text) {
  const SpecDirectory directory;
  directory.put("made", text);
  auto profile = directory.library().load("made");
  if (!profile) {
    std::string& message = profile.error().message;
    const std::string prefix = directory.file("made");
    for (auto at = message.find(prefix); at != std::string::npos; at = message.find(prefix))
      message.replace(at, prefix.size(), "made.yaml");
  }
  return profile;
}

// The only error of a text, or "" when it loads.
inline std::string error_of(const std::string& text) {
  const auto profile = load_text(text);
  return profile ? "" : profile.error().message;
}

inline specs::Verdict judge_rule(const RowEvidence& evidence, const std::string& requirements,
                                 const specs::OrderData& order = {},
                                 const std::string& extra = "") {
  const auto profile = load_text(made_profile(requirements, extra));
  if (!profile) {
    ADD_FAILURE() << profile.error().message;
    return {};
  }
  return specs::judge(evidence, *profile, order);
}

inline std::string outcome(const specs::Finding& finding) {
  return std::string(specs::to_string(finding.outcome));
}

// The outcome of the first finding of one rule.
inline std::string outcome_of(const RowEvidence& evidence, const std::string& inside,
                              const specs::OrderData& order = {}) {
  const auto verdict = judge_rule(evidence, rule(inside), order);
  return verdict.findings.empty() ? "no finding" : outcome(verdict.findings[0]);
}

}  // namespace cleangate::test
