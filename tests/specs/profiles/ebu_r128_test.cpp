// SPDX-License-Identifier: Apache-2.0
#include "tests/specs/profiles/broken_deliverable.h"

namespace cleangate::test {
namespace {

// A 1 kHz sine of -23 dBFS in both channels is -23.0 LUFS (EBU Tech 3341, test 1).
RowEvidence tone(double level) {
  Sound made = silence(48000, 2, 0);
  add_tone(made, 20, 1000, {level, level});
  auto evidence = evidence_of(made);
  evidence.facts_.soundfields[0].grouping = probes::Grouping::container;
  return evidence;
}

TEST(EbuR128, TargetToleranceAndPeak) {
  EXPECT_EQ(judge(tone(-23), built_in("ebu-r128"), {}).verdict, VerdictKind::pass);
  EXPECT_THAT(told(tone(-23.5), "ebu-r128"), ElementsAreArray({"programme-loudness fail"}));
  EXPECT_THAT(told(tone(-23.5), "ebu-r128", {{"live", "yes"}}), testing::IsEmpty());
  EXPECT_THAT(told(tone(-21.5), "ebu-r128", {{"live", "yes"}}),
              ElementsAreArray({"programme-loudness-live fail"}));
  EXPECT_THAT(told(tone(-0.5), "ebu-r128"),
              ElementsAreArray({"programme-loudness fail", "true-peak fail"}));
  RowEvidence silent = evidence_of(silence(48000, 2, 5));
  silent.facts_.soundfields[0].grouping = probes::Grouping::container;
  EXPECT_THAT(told(silent, "ebu-r128"), ElementsAreArray({"programme-loudness fail"}));
}

// What is left of a damaged file must not stand for the whole: not by passing, and not by being too
// short or silent.
TEST(EbuR128, ADamagedFileNeverPasses) {
  const auto verdict = [](const RowEvidence& evidence) {
    return judge(evidence, built_in("ebu-r128"), {}).verdict;
  };
  auto truncated = tone(-23);
  truncated.facts_.container_damage = {{-1, {}, "The file ends 9 bytes before its mdat box does."}};
  EXPECT_EQ(verdict(truncated), VerdictKind::inconclusive);
  auto loud = tone(-15);
  loud.facts_.container_damage = truncated.facts_.container_damage;
  EXPECT_EQ(verdict(loud), VerdictKind::inconclusive);  // the rest may have been quiet
  auto over = tone(-0.5);
  over.facts_.container_damage = truncated.facts_.container_damage;
  EXPECT_EQ(verdict(over), VerdictKind::fail);  // its peak is over whatever is missing

  auto torn = tone(-23);
  torn.facts_.decode.emplace();
  torn.facts_.decode->errors = {{0, 48000, "Invalid data found when processing input"}};
  EXPECT_EQ(verdict(torn), VerdictKind::inconclusive);
  torn.facts_.decode->errors.front().stream = 7;  // damage elsewhere says nothing of this sound
  EXPECT_EQ(verdict(torn), VerdictKind::pass);

  auto silent = tone(-200);
  EXPECT_EQ(verdict(silent), VerdictKind::fail);
  silent.facts_.container_damage = truncated.facts_.container_damage;
  EXPECT_EQ(verdict(silent), VerdictKind::inconclusive);
}

}  // namespace
}  // namespace cleangate::test
