// SPDX-License-Identifier: Apache-2.0
#include "dam/reading_memo.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "dam/finding_json.h"
#include "dam/maintenance.h"
#include "dam/recorder.h"
#include "dam/series_store.h"
#include "dam/stored_evidence.h"
#include "specs/parameters.h"
#include "tests/dam/made_measurement.h"
#include "tests/dam/temporary_folder.h"

namespace cleangate::dam {
namespace {

using test::TemporaryFolder;

const char* const kOtherParameters = R"(
  - {id: black, quantity: picture.black, with: {level: 30 %}, expect: none, severity: reject, source: {ref: s}}
)";

class Remembering : public ::testing::Test {
 protected:
  Remembering() : catalog_(*Catalog::open(folder_ / "catalog.db")) {
    const auto evidence = test::measured({});
    AssetRecord asset;
    asset.location = test::place("/masters/film");
    asset.evidence = evidence.get();
    number_ = Recorder(catalog_).record(std::span(&asset, 1))->front().number;
  }
  std::unique_ptr<StoredEvidence> load() {
    auto stored = StoredEvidence::load(catalog_, number_);
    if (!stored) throw std::runtime_error(stored.error().message);
    return std::move(*stored);
  }
  specs::Verdict judge_and_record(const specs::Profile& profile) {
    const auto stored = load();
    specs::Verdict verdict = specs::judge(*stored, profile, {});
    EXPECT_TRUE(Recorder(catalog_).judged(
        std::vector<Recorder::Judged>{{number_, stored->digest(), {verdict, {}}, stored.get()}}));
    return verdict;
  }
  void remove_series() { std::filesystem::remove_all(catalog_.series().directory()); }

  TemporaryFolder folder_;
  Catalog catalog_;
  AssetNumber number_ = 0;
};

TEST_F(Remembering, EveryReadingIsReadBackAsItWas) {
  const auto evidence = test::measured({});
  int kinds = 0;
  for (const specs::Quantity* quantity : specs::quantities()) {
    const auto readings = quantity->evaluate(*evidence, specs::default_parameters(*quantity), {});
    const auto read = read_readings(readings_json(readings));
    ASSERT_TRUE(read) << quantity->id;
    EXPECT_EQ(*read, readings) << quantity->id;
    ++kinds;
  }
  EXPECT_GT(kinds, 50);
  for (const char* wrong : {"", "{", "[1]", "[{\"kind\":99,\"index\":0,\"value\":{\"flag\":true}}]",
                            "[{\"kind\":0,\"index\":0,\"absent\":-1,\"because\":\"\"}]"})
    EXPECT_FALSE(read_readings(wrong)) << wrong;
}

TEST_F(Remembering, WhatWasFoldedWhenRecordingIsNotFoldedAgain) {
  const specs::Profile profile = test::made_rules();
  const specs::Verdict folded = specs::judge(*test::measured({}), profile, {});
  remove_series();  // nothing can be folded any more
  const specs::Verdict remembered = specs::judge(*load(), profile, {});
  ASSERT_EQ(remembered.findings.size(), folded.findings.size());
  for (std::size_t i = 0; i < folded.findings.size(); ++i)
    EXPECT_EQ(findings_json({{0, remembered.findings[i]}}),
              findings_json({{0, folded.findings[i]}}));
}

TEST_F(Remembering, OtherParametersAreFoldedOnce) {
  const specs::Profile profile = test::rules_of(kOtherParameters);
  const specs::Verdict folded = judge_and_record(profile);
  EXPECT_EQ(folded.verdict, specs::VerdictKind::fail);
  remove_series();
  EXPECT_EQ(specs::judge(*load(), profile, {}).findings[0].message, folded.findings[0].message);
}

TEST_F(Remembering, WhatCouldNotBeReadIsNotRemembered) {
  const auto stashed = folder_ / "stash";
  std::filesystem::rename(catalog_.series().directory(), stashed);
  const specs::Profile profile = test::rules_of(kOtherParameters);
  EXPECT_EQ(judge_and_record(profile).verdict, specs::VerdictKind::inconclusive);
  std::filesystem::rename(stashed, catalog_.series().directory());
  EXPECT_EQ(judge_and_record(profile).verdict, specs::VerdictKind::fail);
}

TEST_F(Remembering, PruningForgetsTheReadingsToo) {
  ASSERT_TRUE(prune(catalog_, std::vector{number_}));
  EXPECT_EQ(specs::judge(*load(), test::made_rules(), {}).verdict,
            specs::VerdictKind::inconclusive);
}

TEST_F(Remembering, OtherEvidenceRemembersNothingOfIt) {
  const auto before = load()->digest();
  test::Made louder;
  louder.energy = 0.02;
  const auto evidence = test::measured(louder);
  AssetRecord asset;
  asset.location = test::place("/masters/film");
  asset.evidence = evidence.get();
  ASSERT_TRUE(Recorder(catalog_).record(std::span(&asset, 1)));
  EXPECT_NE(load()->digest(), before);
  const auto direct = specs::judge(*evidence, test::made_rules(), {});
  EXPECT_EQ(specs::judge(*load(), test::made_rules(), {}).findings[1].message,
            direct.findings[1].message);
}

}  // namespace
}  // namespace cleangate::dam
