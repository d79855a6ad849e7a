// SPDX-License-Identifier: Apache-2.0
#include "dam/recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>

#include "dam/assets.h"
#include "dam/finding_json.h"
#include "dam/known.h"
#include "dam/maintenance.h"
#include "dam/series_store.h"
#include "dam/sqlite.h"
#include "dam/stored_evidence.h"
#include "tests/dam/made_measurement.h"
#include "tests/dam/temporary_folder.h"

namespace cleangate::dam {
namespace {

using test::Made;
using test::measured;
using test::named;
using test::place;
using test::TemporaryFolder;
using ::testing::HasSubstr;

class Recording : public ::testing::Test {
 protected:
  Recording() : catalog_(*Catalog::open(folder_ / "catalog.db")), recorder_(catalog_) {}

  Recorded record(const AssetRecord& asset) {
    auto done = recorder_.record(std::span(&asset, 1));
    if (!done) {
      ADD_FAILURE() << done.error().message;
      return {};
    }
    return done->front();
  }
  Recorded record(const Made& made, const std::string& path) {
    const auto evidence = measured(made);
    AssetRecord asset;
    asset.location = place(path);
    asset.evidence = evidence.get();
    asset.isolation = "strict";
    asset.verdicts = {{specs::judge(*evidence, test::made_rules(), {}), {}}};
    return record(asset);
  }
  std::int64_t count(const std::string& what) {
    std::int64_t rows = -1;
    const auto read = catalog_.read(
        [&](Database& database) { rows = database.integer("SELECT count(*) FROM " + what); });
    EXPECT_TRUE(read);
    return rows;
  }
  void expect_sound() {
    const auto report = check_catalog(catalog_, CheckDepth::full);
    ASSERT_TRUE(report);
    for (const CheckProblem& problem : report->problems) ADD_FAILURE() << problem.what;
  }

  TemporaryFolder folder_;
  Catalog catalog_;
  Recorder recorder_;
};

TEST_F(Recording, JudgingFromTheCatalogEqualsJudgingWhatWasMeasured) {
  const auto evidence = measured({});
  const specs::Profile profile = test::made_rules();
  const specs::Verdict direct = specs::judge(*evidence, profile, {});
  ASSERT_EQ(direct.verdict, specs::VerdictKind::fail);
  ASSERT_EQ(direct.counts.inconclusive, 0);

  const Recorded recorded = record({}, "/masters/film");
  EXPECT_EQ(recorded.what, Recorded::What::added);
  const auto stored = StoredEvidence::load(catalog_, recorded.number);
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ((*stored)->facts(), evidence->facts());
  EXPECT_EQ((*stored)->status(), probes::Status::measured);
  EXPECT_EQ((*stored)->path(), "/masters/film");
  const specs::Verdict again = specs::judge(**stored, profile, {});
  ASSERT_EQ(again.findings.size(), direct.findings.size());
  for (std::size_t i = 0; i < again.findings.size(); ++i)
    EXPECT_EQ(findings_json({{0, again.findings[i]}}), findings_json({{0, direct.findings[i]}}));
  expect_sound();
}

TEST_F(Recording, AJudgementIsReadBackAsItWasJudged) {
  const Recorded recorded = record({}, "/masters/film");
  const specs::Verdict direct = specs::judge(*measured({}), test::made_rules(), {});
  const auto judgements = load_judgements(catalog_, recorded.number, "", false);
  ASSERT_TRUE(judgements) << judgements.error().message;
  ASSERT_EQ(judgements->size(), 1u);
  const specs::Verdict& read = judgements->front().verdict;
  EXPECT_EQ(read.spec, "made");
  EXPECT_EQ(read.profile_digest, direct.profile_digest);
  EXPECT_EQ(read.verdict, direct.verdict);
  const auto counts = [](const specs::Counts& n) {
    return std::array{n.pass,         n.fail,   n.warn,   n.info,         n.not_applicable,
                      n.inconclusive, n.manual, n.waived, n.not_looked_at};
  };
  EXPECT_EQ(counts(read.counts), counts(direct.counts));
  ASSERT_EQ(read.findings.size(), direct.findings.size());
  for (std::size_t i = 0; i < read.findings.size(); ++i)
    EXPECT_EQ(findings_json({{0, read.findings[i]}}), findings_json({{0, direct.findings[i]}}));
  EXPECT_EQ(judgements->front().findings.size(), 3u);  // loudness, black, eyes
}

TEST_F(Recording, TheSameAgainChangesNothing) {
  const Recorded first = record({}, "/masters/film");
  const auto events = count("event");
  const Recorded again = record({}, "/masters/film");
  EXPECT_EQ(again.number, first.number);
  EXPECT_EQ(again.what, Recorded::What::measured_anew);
  EXPECT_EQ(count("asset"), 1);
  EXPECT_EQ(count("location"), 1);
  EXPECT_EQ(count("judgement"), 1);
  EXPECT_EQ(count("finding"), 3);
  EXPECT_EQ(count("series"), 6);
  EXPECT_EQ(count("event"), events + 1);  // that it was measured anew
  expect_sound();
}

TEST_F(Recording, ACopyIsALocationMore) {
  const Recorded first = record({}, "/masters/film");
  const Recorded copy = record({}, "/copies/film");
  EXPECT_EQ(copy.number, first.number);
  const auto asset = load_asset(catalog_, first.number);
  ASSERT_TRUE(asset);
  ASSERT_EQ(asset->locations.size(), 2u);
  EXPECT_EQ(asset->locations[0].state, "present");
  EXPECT_EQ(asset->locations[1].state, "present");
  EXPECT_EQ(asset->isolation, "strict");
  EXPECT_EQ(asset->kind, "video");
  for (const char* name : {"/masters/film", "/copies/film"})
    EXPECT_EQ(resolve_asset(catalog_, name), first.number);
}

TEST_F(Recording, AnotherFileAtTheSamePlaceReplacesTheLocationNotTheAsset) {
  const Recorded first = record(named("first"), "/in/film");
  const Recorded second = record(named("second"), "/in/film");
  EXPECT_NE(first.number, second.number);
  EXPECT_EQ(load_asset(catalog_, first.number)->locations.at(0).state, "replaced");
  EXPECT_EQ(load_asset(catalog_, second.number)->locations.at(0).state, "present");
  EXPECT_EQ(resolve_asset(catalog_, "/in/film"), second.number);
  // And back again: the old location lives again.
  ASSERT_TRUE(recorder_.seen(first.number, place("/in/film", 9)));
  EXPECT_EQ(resolve_asset(catalog_, "/in/film"), first.number);
  EXPECT_EQ(count("location"), 2);
  expect_sound();
}

TEST_F(Recording, AnotherWrapperOfTheSameEssenceStandsOnTheSameSeries) {
  const Recorded first = record({}, "/masters/film.mov");
  Made wrapped;
  wrapped.wrapper = ".faststart";
  const probes::AssetFacts facts = test::facts_of(wrapped);
  MemoryEvidence bare("/masters/film2.mov");  // a packets pass: facts, no rows
  bare.facts(facts);
  AssetRecord asset;
  asset.location = place("/masters/film2.mov", 8);
  asset.evidence = &bare;
  const Recorded second = record(asset);
  EXPECT_NE(second.number, first.number);
  EXPECT_EQ(count("series"), 6);
  EXPECT_EQ(count("asset_series"), 12);
  const auto stored = StoredEvidence::load(catalog_, second.number);
  ASSERT_TRUE(stored);
  const specs::Verdict verdict = specs::judge(**stored, test::made_rules(), {});
  EXPECT_EQ(verdict.counts.inconclusive, 0);
  EXPECT_EQ(verdict.verdict, specs::VerdictKind::fail);
  // Pruning one leaves the rows that the other stands on.
  ASSERT_TRUE(prune(catalog_, std::vector{first.number}));
  EXPECT_EQ(count("series"), 6);
  expect_sound();
}

TEST_F(Recording, SoundThatAWrapperTrimsIsNotTheSameSound) {
  (void)record({}, "/masters/film.mov");
  probes::AssetFacts facts = test::facts_of({});
  const probes::SeriesId id = test::RowEvidence::id<probes::AudioPeakRow>(1, 0);
  Known known(catalog_);
  EXPECT_EQ(known.stored(facts, std::vector{id})->size(), 1u);
  facts.streams[1].audio()->sample_count = 123;
  EXPECT_EQ(known.stored(facts, std::vector{id})->size(), 0u);
}

TEST_F(Recording, WorseKnowledgeDoesNotReplaceBetter) {
  const Recorded first = record({}, "/masters/film");
  MemoryEvidence header("/masters/film");
  probes::AssetFacts facts = test::facts_of({});
  facts.depth = probes::Depth::header;
  facts.decode.reset();
  header.facts(facts);
  AssetRecord asset;
  asset.location = place("/masters/film");
  asset.evidence = &header;
  const Recorded again = record(asset);
  EXPECT_EQ(again.number, first.number);
  EXPECT_EQ(again.what, Recorded::What::known);
  EXPECT_EQ(load_asset(catalog_, first.number)->facts.depth, probes::Depth::decode);
}

TEST_F(Recording, WhatCouldNotBeReadIsRememberedAndLaterBecomesTheAsset) {
  MemoryEvidence nothing("/in/film");
  nothing.set_status(probes::Status::crashed);
  AssetRecord asset;
  asset.location = place("/in/film");
  asset.evidence = &nothing;
  asset.error = Error{ErrorCode::crashed, "The worker crashed."};
  const Recorded broken = record(asset);
  EXPECT_EQ(broken.what, Recorded::What::added);
  EXPECT_EQ(load_asset(catalog_, broken.number)->error, asset.error);
  EXPECT_EQ(record(asset).number, broken.number);  // tried again: one asset
  const Recorded read = record({}, "/in/film");
  EXPECT_EQ(read.number, broken.number);
  EXPECT_EQ(count("asset"), 1);
  EXPECT_FALSE(load_asset(catalog_, read.number)->error);
}

TEST_F(Recording, WhatTurnsOutToBeAKnownAssetIsMerged) {
  const Recorded known = record({}, "/masters/film");
  MemoryEvidence nothing("/in/film");
  nothing.set_status(probes::Status::timed_out);
  AssetRecord asset;
  asset.location = place("/in/film", 99);
  asset.evidence = &nothing;
  const Recorded unknown = record(asset);
  EXPECT_NE(unknown.number, known.number);
  const auto evidence = measured({});
  asset.evidence = evidence.get();
  EXPECT_EQ(record(asset).number, known.number);
  EXPECT_EQ(count("assets"), 1);
  EXPECT_EQ(resolve_asset(catalog_, std::to_string(unknown.number)), known.number);
  EXPECT_EQ(load_asset(catalog_, known.number)->locations.size(), 2u);
}

TEST_F(Recording, ANewOutcomeRetiresTheOldJudgement) {
  const Recorded recorded = record({}, "/masters/film");
  specs::Profile wider = *test::load_text(
      test::made_profile(test::rule("quantity: loudness.integrated, for: {each: soundfield}, "
                                    "equals: -18 LUFS, tolerance: 1 LU")));
  const auto stored = StoredEvidence::load(catalog_, recorded.number);
  const RecordedVerdict judged{specs::judge(**stored, wider, {}), {}};
  ASSERT_EQ(judged.verdict.verdict, specs::VerdictKind::pass);
  for (int i = 0; i < 2; ++i)
    ASSERT_TRUE(recorder_.judged(
        std::vector<Recorder::Judged>{{recorded.number, (*stored)->digest(), judged}}));
  EXPECT_EQ(load_judgements(catalog_, recorded.number, "made", false)->size(), 2u);
  const auto latest = load_judgements(catalog_, recorded.number, "made", true);
  ASSERT_EQ(latest->size(), 1u);
  EXPECT_EQ(latest->front().verdict.verdict, specs::VerdictKind::pass);
  EXPECT_EQ(count("finding_words WHERE finding_words MATCH 'LUFS'"), 0);  // no longer the case
  expect_sound();
}

TEST_F(Recording, CommonMeasurementsAreIndexed) {
  (void)record({}, "/masters/film");
  const auto has = [&](const std::string& condition) { return count("fields WHERE " + condition); };
  EXPECT_EQ(has("field = 'video.frame_rate' AND text = '25/1' AND part = 0"), 1);
  EXPECT_EQ(has("field = 'video.codec' AND text = 'h264'"), 1);
  EXPECT_EQ(has("field = 'loudness.integrated' AND value BETWEEN -17.8 AND -17.5"), 1);
  EXPECT_EQ(has("field = 'picture.black.seconds' AND value = 4"), 1);
  EXPECT_EQ(has("field = 'picture.black.count' AND value = 1"), 1);
  EXPECT_EQ(has("field = 'file.name'"), 0);
  EXPECT_EQ(count("location_words WHERE location_words MATCH 'film'"), 1);
  EXPECT_EQ(count("finding_words WHERE finding_words MATCH 'loudness'"), 1);
}

TEST_F(Recording, HostileNamesAreOnlyNames) {
  const std::string name = "/in/'); DROP TABLE asset; --\n\xff\x1b[31m" + std::string(10'000, 'x');
  const Recorded recorded = record({}, name);
  EXPECT_EQ(load_asset(catalog_, recorded.number)->locations.at(0).location.path, name);
  EXPECT_EQ(resolve_asset(catalog_, name), recorded.number);
  EXPECT_EQ(count("asset"), 1);
  expect_sound();
}

TEST_F(Recording, ABatchIsAllOrNothing) {
  const auto good = measured(named("good"));
  std::vector<AssetRecord> batch(2);
  batch[0].location = place("/in/good", 1);
  batch[0].evidence = good.get();
  batch[1].location = place("/in/bad", 2);
  batch[1].events = {{"", "", "", ""}};
  batch[1].verdicts = {{specs::Verdict{}, {}}};  // an asset without facts cannot have been judged
  EXPECT_FALSE(recorder_.record(batch));
  EXPECT_EQ(count("asset"), 0);
  batch.pop_back();
  EXPECT_TRUE(recorder_.record(batch));
  EXPECT_EQ(count("asset"), 1);
}

TEST_F(Recording, AssetsAreNamedAsUsersDo) {
  const Recorded first = record(named("one"), "/a");
  (void)record(named("two"), "/b");
  const std::string hex = to_hex(*test::facts_of(named("one")).content_id);
  EXPECT_EQ(resolve_asset(catalog_, "sha256:" + hex), first.number);
  EXPECT_EQ(resolve_asset(catalog_, hex.substr(0, 8)), first.number);
  EXPECT_EQ(resolve_asset(catalog_, std::to_string(first.number)), first.number);
  for (const char* wrong : {"", "/nowhere", "99", "0123456", "00000000", "-1", "1x"})
    EXPECT_EQ(resolve_asset(catalog_, wrong).error().code, ErrorCode::not_found) << wrong;
}

TEST_F(Recording, EventsTellWhatHappened) {
  const Recorded recorded = record({}, "/masters/film");
  const auto events = load_events(catalog_, recorded.number);
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 2u);
  EXPECT_EQ((*events)[0].type, "ingestion");
  EXPECT_EQ((*events)[1].type, "validation");
  EXPECT_EQ((*events)[1].outcome, "fail");
  EXPECT_THAT((*events)[1].object, HasSubstr("sha256:"));
  EXPECT_THAT((*events)[0].time, ::testing::MatchesRegex("20..-..-..T..:..:..\\....Z"));
}

}  // namespace
}  // namespace cleangate::dam
