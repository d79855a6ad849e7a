// SPDX-License-Identifier: Apache-2.0
#include "app/verdict_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cleangate::app {
namespace {

using testing::HasSubstr;
using testing::Not;

specs::Finding loud() {
  specs::Finding finding;
  finding.requirement = "programme-loudness";
  finding.quantity = "loudness.integrated";
  finding.outcome = specs::Outcome::fail;
  finding.severity = specs::Severity::reject;
  finding.soundfield = 1;
  finding.message = "The programme loudness of soundfield 1 (2.0) is -21.0 LUFS.";
  finding.measured.text = "-21.0 LUFS";
  finding.expected.text = "-23.0 LUFS ±0.2 LU";
  finding.source = {"EBU R 128", "v5.0", "target level", std::nullopt, specs::Grade::excerpt, {}};
  return finding;
}

specs::Verdict verdict(specs::VerdictKind kind, std::vector<specs::Finding> findings) {
  specs::Verdict verdict;
  verdict.spec = "ebu-r128";
  verdict.spec_title = "EBU R 128";
  verdict.edition = "v5.0";
  verdict.revision = 1;
  verdict.verdict = kind;
  verdict.findings = std::move(findings);
  for (const auto& finding : verdict.findings) {
    verdict.counts.fail +=
        finding.outcome == specs::Outcome::fail && finding.severity == specs::Severity::reject;
    verdict.counts.inconclusive += finding.outcome == specs::Outcome::inconclusive;
    verdict.counts.manual += finding.outcome == specs::Outcome::manual;
    verdict.counts.pass += finding.outcome == specs::Outcome::pass;
  }
  return verdict;
}

TEST(VerdictText, AFailureSaysWhatWhereHowMuchAndWhoDemandsIt) {
  const std::string text = verdict_text(
      {100, false}, {}, verdict(specs::VerdictKind::fail, {loud()}), FindingsShown::notable);
  for (const char* part :
       {"FAIL", "ebu-r128", "programme-loudness", "is -21.0 LUFS.", "-23.0 LUFS ±0.2 LU",
        "EBU R 128 v5.0, target level [excerpt]", "1 requirement fails"})
    EXPECT_THAT(text, HasSubstr(part));
}

TEST(VerdictText, NoLineIsWiderThanTheTerminal) {
  specs::Finding finding = loud();
  finding.message =
      "The quick brown fox jumps over the lazy dog, and over and over and over again, "
      "until the line is far too long for any terminal.";
  const std::string text = verdict_text(
      {60, false}, {}, verdict(specs::VerdictKind::fail, {finding}), FindingsShown::notable);
  std::size_t at = text.find("quick");
  ASSERT_NE(at, std::string::npos);
  while (at < text.size()) {
    const std::size_t end = text.find('\n', at);
    EXPECT_LE(columns(text.substr(at, end - at)), 60);
    if (end == std::string::npos) break;
    at = end + 1;
  }
}

TEST(VerdictText, APassClaimsNoMoreThanTheReading) {
  specs::Finding met = loud();
  met.outcome = specs::Outcome::pass;
  specs::Finding seen = loud();
  seen.outcome = specs::Outcome::manual;
  const std::string sentence = verdict_sentence(verdict(specs::VerdictKind::pass, {met, seen}));
  EXPECT_THAT(sentence, HasSubstr("this reading of the document"));
  EXPECT_THAT(sentence, HasSubstr("1 requirement met"));
  EXPECT_THAT(sentence, HasSubstr("1 point is left for a person"));
}

TEST(VerdictText, WhatIsUndecidedIsNoPass) {
  specs::Finding open = loud();
  open.outcome = specs::Outcome::inconclusive;
  open.because = "The sound was not decoded.";
  const auto judged = verdict(specs::VerdictKind::inconclusive, {open});
  EXPECT_THAT(verdict_sentence(judged), HasSubstr("no pass"));
  const std::string text = verdict_text({100, false}, {}, judged, FindingsShown::notable);
  EXPECT_THAT(text, HasSubstr("INCONCLUSIVE"));
  EXPECT_THAT(text, HasSubstr("The sound was not decoded."));
}

TEST(VerdictText, NotesAndWhatWasNotLookedAtAreCounted) {
  auto judged = verdict(specs::VerdictKind::pass, {});
  judged.counts = {.pass = 4, .info = 2, .inconclusive = 3, .not_looked_at = 3};
  const std::string sentence = verdict_sentence(judged);
  EXPECT_THAT(sentence, HasSubstr("2 notes are not met."));
  EXPECT_THAT(sentence, HasSubstr("3 points were not looked at."));
}

TEST(VerdictText, ThePointsForPeopleAreListedOnlyWhenAsked) {
  specs::Finding seen = loud();
  seen.requirement = "textless";
  seen.outcome = specs::Outcome::manual;
  const auto judged = verdict(specs::VerdictKind::pass, {seen});
  EXPECT_THAT(verdict_text({100, false}, {}, judged, FindingsShown::notable),
              Not(HasSubstr("textless")));
  EXPECT_THAT(verdict_text({100, false}, {}, judged, FindingsShown::all), HasSubstr("textless"));
}

TEST(VerdictText, NamesCannotDriveTheTerminal) {
  specs::Finding finding = loud();
  finding.message = "The file name is \x1b[31mred\x07.";
  EXPECT_THAT(verdict_text({100, false}, {}, verdict(specs::VerdictKind::fail, {finding}),
                           FindingsShown::notable),
              Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace cleangate::app
