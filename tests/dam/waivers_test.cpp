// SPDX-License-Identifier: Apache-2.0
#include "dam/waivers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dam/annotations.h"
#include "dam/recorder.h"
#include "dam/sqlite.h"
#include "tests/dam/made_measurement.h"
#include "tests/dam/temporary_folder.h"

namespace cleangate::dam {
namespace {

using specs::Outcome;
using specs::Severity;
using specs::VerdictKind;
using test::TemporaryFolder;

StoredFinding found(Outcome outcome, Severity severity, bool waived) {
  StoredFinding finding;
  finding.finding.outcome = outcome;
  finding.finding.severity = severity;
  if (waived) finding.waiver = StoredWaiver{};
  return finding;
}

specs::Verdict left_of(VerdictKind stored, std::vector<StoredFinding> findings) {
  StoredJudgement judgement;
  judgement.verdict.verdict = stored;
  for (const StoredFinding& one : findings)
    if (one.finding.outcome == Outcome::fail) {
      if (one.finding.severity == Severity::reject) ++judgement.verdict.counts.fail;
      if (one.finding.severity == Severity::warn) ++judgement.verdict.counts.warn;
      if (one.finding.severity == Severity::info) ++judgement.verdict.counts.info;
    }
  judgement.findings = std::move(findings);
  return with_waivers(judgement);
}

TEST(Waivers, NothingWaivedIsAsStored) {
  for (const VerdictKind kind : {VerdictKind::pass, VerdictKind::fail, VerdictKind::inconclusive})
    EXPECT_EQ(left_of(kind, {}).verdict, kind);
  const auto verdict = left_of(VerdictKind::fail, {found(Outcome::fail, Severity::reject, false)});
  EXPECT_EQ(verdict.verdict, VerdictKind::fail);
  EXPECT_EQ(verdict.counts.fail, 1);
  EXPECT_EQ(verdict.counts.waived, 0);
}

TEST(Waivers, TheVerdictIsWhatIsLeft) {
  const StoredFinding waived = found(Outcome::fail, Severity::reject, true);
  EXPECT_EQ(left_of(VerdictKind::fail, {waived}).verdict, VerdictKind::pass);
  EXPECT_EQ(left_of(VerdictKind::fail, {waived}).counts.waived, 1);
  EXPECT_EQ(left_of(VerdictKind::fail, {waived}).counts.fail, 0);
  EXPECT_EQ(
      left_of(VerdictKind::fail, {waived, found(Outcome::fail, Severity::reject, false)}).verdict,
      VerdictKind::fail);
  EXPECT_EQ(
      left_of(VerdictKind::fail, {waived, found(Outcome::inconclusive, Severity::reject, false)})
          .verdict,
      VerdictKind::inconclusive);
  EXPECT_EQ(left_of(VerdictKind::fail, {waived, found(Outcome::inconclusive, Severity::warn, false),
                                        found(Outcome::fail, Severity::warn, false)})
                .verdict,
            VerdictKind::pass);
}

TEST(Waivers, AWaivedRecommendationOnlyCounts) {
  const auto verdict = left_of(VerdictKind::fail, {found(Outcome::fail, Severity::warn, true),
                                                   found(Outcome::fail, Severity::reject, false)});
  EXPECT_EQ(verdict.verdict, VerdictKind::fail);
  EXPECT_EQ(verdict.counts.warn, 0);
  EXPECT_EQ(verdict.counts.waived, 1);
  const auto note = left_of(VerdictKind::pass, {found(Outcome::fail, Severity::info, true)});
  EXPECT_EQ(note.counts.waived, 1);
  EXPECT_EQ(note.counts.info, 0);
}

// The same answers from the set of all waived verdicts and from one asset's judgement.
class WaivedVerdicts : public ::testing::Test {
 protected:
  WaivedVerdicts() : catalog_(*Catalog::open(folder_ / "catalog.db")) {}

  AssetNumber record(const test::Made& made, const std::string& path) {
    const auto evidence = test::measured(made);
    AssetRecord asset;
    asset.location = test::place(path);
    asset.evidence = evidence.get();
    asset.verdicts = {{specs::judge(*evidence, test::made_rules(), {}), {}}};
    const auto done = Recorder(catalog_).record(std::span(&asset, 1));
    EXPECT_TRUE(done);
    return done->front().number;
  }
  std::string finding(AssetNumber asset, const std::string& requirement) {
    for (const StoredFinding& one : judgement(asset).findings)
      if (one.finding.requirement == requirement) return one.finding.finding_id;
    return "";
  }
  StoredJudgement judgement(AssetNumber asset) {
    return load_judgements(catalog_, asset, "", true)->front();
  }
  std::vector<WaivedVerdict> all() {
    std::vector<WaivedVerdict> found;
    EXPECT_TRUE(catalog_.read([&](Database& database) { found = waived_verdicts(database); }));
    return found;
  }
  // Both ways; they must agree.
  VerdictKind verdict(AssetNumber asset) {
    const StoredJudgement stored = judgement(asset);
    const VerdictKind one = with_waivers(stored).verdict;
    VerdictKind set = stored.verdict.verdict;
    for (const WaivedVerdict& waived : all())
      if (waived.asset == asset) set = waived.effective;
    EXPECT_EQ(one, set);
    return one;
  }
  std::int64_t waive(const std::string& finding, WaiverScope scope = WaiverScope::finding,
                     std::optional<std::string> title = {}) {
    const auto id = dam::waive(catalog_, {finding, scope, "agreed", "me", {}, std::move(title)});
    EXPECT_TRUE(id) << id.error().message;
    return id.value_or(0);
  }

  TemporaryFolder folder_;
  Catalog catalog_;
};

TEST_F(WaivedVerdicts, HoldUntilRevoked) {
  const AssetNumber film = record(test::named("film"), "/film");
  EXPECT_EQ(verdict(film), VerdictKind::fail);
  const std::int64_t id = waive(finding(film, "loudness"));
  EXPECT_EQ(verdict(film), VerdictKind::pass);
  ASSERT_EQ(all().size(), 1u);
  EXPECT_EQ(all()[0].waived, 1);
  EXPECT_EQ(all()[0].stored, VerdictKind::fail);
  ASSERT_TRUE(revoke_waiver(catalog_, id, "me"));
  EXPECT_EQ(verdict(film), VerdictKind::fail);
  EXPECT_TRUE(all().empty());
}

TEST_F(WaivedVerdicts, ARuleIsWaivedOnItsAssetAlone) {
  const AssetNumber film = record(test::named("film"), "/film");
  test::Made wrapped = test::named("film");
  wrapped.wrapper = ".mxf";
  const AssetNumber other = record(wrapped, "/other");
  waive(finding(film, "loudness"), WaiverScope::rule);
  EXPECT_EQ(verdict(film), VerdictKind::pass);
  EXPECT_EQ(verdict(other), VerdictKind::fail);
}

TEST_F(WaivedVerdicts, ATitleIsEveryAssetThatCarriesItsTag) {
  const AssetNumber film = record(test::named("film"), "/film");
  test::Made wrapped = test::named("film");  // the same measurement in another wrapper
  wrapped.wrapper = ".mxf";
  const AssetNumber other = record(wrapped, "/other");
  test::Made louder = test::named("louder");
  louder.energy = 0.05;
  const AssetNumber loud = record(louder, "/louder");
  waive(finding(film, "loudness"), WaiverScope::title, "Night");
  EXPECT_EQ(verdict(film), VerdictKind::pass);
  EXPECT_EQ(verdict(other), VerdictKind::fail);
  ASSERT_TRUE(add_tag(catalog_, other, "title:Night", "me"));
  ASSERT_TRUE(add_tag(catalog_, loud, "title:Night", "me"));
  EXPECT_EQ(verdict(other), VerdictKind::pass);
  EXPECT_EQ(verdict(loud), VerdictKind::fail);  // what was waived is not what was measured here
}

}  // namespace
}  // namespace cleangate::dam
