// SPDX-License-Identifier: Apache-2.0
#include "tests/specs/profiles/broken_deliverable.h"

namespace cleangate::test {
namespace {

TEST(BuiltInProfiles, FollowTheGrammarAndMakeSense) {
  const SpecLibrary library({});
  std::vector<std::string> ids;
  for (const auto& entry : library.list()) {
    ids.push_back(entry.id);
    EXPECT_TRUE(entry.valid) << entry.problem;
    const auto problems = library.lint(entry.id);
    ASSERT_TRUE(problems);
    for (const auto& problem : *problems) ADD_FAILURE() << to_string(problem);
  }
  EXPECT_THAT(ids, testing::IsSupersetOf(
                       {"ebu-r128", "roku-channel-vod", "x-upload", "youtube-upload-sdr"}));
}

// Tells what lacks a measurement, and never passes.
TEST(BuiltInProfiles, UnmeasuredEvidenceNeverPasses) {
  for (const auto& entry : SpecLibrary({}).list()) {
    const Profile profile = built_in(entry.id);
    RowEvidence nothing;
    EXPECT_NE(judge(nothing, profile, {}).verdict, VerdictKind::pass) << entry.id;
    for (const auto status : {probes::Status::unreadable, probes::Status::crashed}) {
      auto evidence = made_evidence();
      evidence.status_ = status;
      EXPECT_EQ(judge(evidence, profile, {}).verdict, VerdictKind::inconclusive) << entry.id;
    }
  }
}

TEST(BuiltInProfiles, EveryRequirementNamesItsSourceAndNoWeakOneRejects) {
  for (const auto& entry : SpecLibrary({}).list())
    for (const auto& requirement : built_in(entry.id).requirements) {
      EXPECT_FALSE(requirement->source.document.empty()) << requirement->id;
      EXPECT_TRUE(requirement->source.clause.has_value()) << requirement->id;
      const bool weak =
          requirement->source.grade == Grade::own || requirement->source.grade == Grade::community;
      if (weak) {
        EXPECT_NE(requirement->effective_severity, Severity::reject) << requirement->id;
      }
    }
}

// What the document does not say is ours, and never rejects.
TEST(BuiltInProfiles, OurAdditionsAreGradedOwn) {
  int found = 0;
  for (const auto& entry : SpecLibrary({}).list())
    for (const auto& requirement : built_in(entry.id).requirements) {
      const std::string note = requirement->note.value_or("");
      const auto says = [&](const char* words) { return note.find(words) != std::string::npos; };
      if (!says("our reading") && !says("is ours") && !says("our border") && !says("never says") &&
          !says("names no") && !says("never counts"))
        continue;
      ++found;
      EXPECT_EQ(requirement->source.grade, Grade::own) << entry.id << " " << requirement->id;
    }
  EXPECT_GE(found, 20);
}

}  // namespace
}  // namespace cleangate::test
