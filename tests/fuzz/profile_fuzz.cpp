// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "specs/builtin.h"
#include "specs/extend.h"
#include "specs/judge.h"
#include "specs/lint.h"
#include "specs/reader.h"
#include "tests/specs/made_asset.h"

// Any text is read as a profile: it ends in problems, or in a profile that can be described, linted
// and judged.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace cleangate;
  using namespace cleangate::specs;
  const YamlText text{"fuzz.yaml", std::string(reinterpret_cast<const char*>(bytes), size), false};
  const FindProfile find = [&](const std::string& id,
                               const std::string&) -> std::optional<YamlText> {
    if (id == "self") return text;
    for (const BuiltinProfile& builtin : builtin_profiles())
      if (builtin.id == id) return YamlText{id, std::string(builtin.text), true};
    return std::nullopt;
  };
  std::vector<ProfileProblem> problems;
  const YamlNode tree = resolve_extends(text, find, {"ebu-r128"}, problems);
  const Profile profile = read_profile(tree, problems);
  for (const ProfileProblem& problem : problems)
    if (problem.message.empty() || problem.line < 0) std::abort();
  if (!problems.empty()) return 0;
  (void)find_contradictions(tree, profile);
  (void)describe(profile);
  static const test::RowEvidence evidence = test::made_evidence();
  const Verdict verdict = judge(evidence, profile, {{"clock", "1"}});
  for (const Finding& finding : verdict.findings)
    if (finding.message.empty()) std::abort();
  return 0;
}
