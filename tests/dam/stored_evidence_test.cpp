// SPDX-License-Identifier: Apache-2.0
#include "dam/stored_evidence.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "dam/files.h"
#include "dam/maintenance.h"
#include "dam/recorder.h"
#include "dam/series_store.h"
#include "dam/sqlite.h"
#include "tests/dam/made_measurement.h"
#include "tests/dam/temporary_folder.h"

namespace cleangate::dam {
namespace {

using specs::Outcome;
using test::measured;
using test::place;
using test::TemporaryFolder;

// Every rule passes on what was measured.
const char* const kPassing = R"(
  - {id: rate, quantity: video.frame_rate, equals: 25, severity: reject, source: {ref: s}}
  - {id: loudness, quantity: loudness.integrated, for: {each: soundfield}, equals: -17.7 LUFS, tolerance: 1 LU, severity: reject, source: {ref: s}}
  - {id: range, quantity: loudness.range, for: {each: soundfield}, max: 20 LU, severity: reject, source: {ref: s}}
  - {id: peak, quantity: loudness.true_peak, for: {each: soundfield}, max: -1 dBTP, severity: reject, source: {ref: s}}
  - {id: black, quantity: picture.black, expect: none, longer_than: 10 s, severity: reject, source: {ref: s}}
  - {id: luma, quantity: picture.luma_p99, max: 200 code, severity: reject, source: {ref: s}}
  - {id: active, quantity: picture.active_width, min: 10 px, severity: reject, source: {ref: s}}
)";

class Remembered : public ::testing::Test {
 protected:
  Remembered()
      : catalog_(*Catalog::open(folder_ / "catalog.db")), profile_(test::rules_of(kPassing)) {
    const auto evidence = measured({});
    AssetRecord asset;
    asset.location = place("/masters/film");
    asset.evidence = evidence.get();
    number_ = Recorder(catalog_).record(std::span(&asset, 1))->front().number;
    // What is tested is reading rows: what was folded before is forgotten.
    EXPECT_TRUE(catalog_.write([](Database& database) { database.run("DELETE FROM memo"); }));
  }
  specs::Verdict judged(std::span<const probes::OldRow> marks = {}) {
    const auto stored = StoredEvidence::load(catalog_, number_, marks);
    if (!stored) throw std::runtime_error(stored.error().message);
    return specs::judge(**stored, profile_, {});
  }
  std::vector<std::string> files() {
    std::vector<std::string> paths;
    const auto entries = catalog_.series().list();
    for (const auto& entry : *entries) paths.push_back(entry.path);
    return paths;
  }

  TemporaryFolder folder_;
  Catalog catalog_;
  specs::Profile profile_;
  AssetNumber number_ = 0;
};

// Outcomes may only turn from pass to inconclusive.
void expect_no_lie(const specs::Verdict& verdict, const std::string& what) {
  int undecided = 0;
  for (const specs::Finding& finding : verdict.findings) {
    EXPECT_TRUE(finding.outcome == Outcome::pass || finding.outcome == Outcome::inconclusive)
        << what << " " << finding.requirement << ": " << finding.message;
    undecided += finding.outcome == Outcome::inconclusive;
  }
  EXPECT_GT(undecided, 0) << what;
  EXPECT_EQ(verdict.verdict, specs::VerdictKind::inconclusive) << what;
}

TEST_F(Remembered, PassesFromTheCatalog) {
  const specs::Verdict verdict = judged();
  for (const specs::Finding& finding : verdict.findings)
    EXPECT_EQ(finding.outcome, Outcome::pass)
        << finding.requirement << ": " << finding.message << " " << finding.because.value_or("");
}

probes::SeriesId luma_of(std::uint16_t version) {
  return {0, -1, -1, -1, "picture.luma", version, ""};
}

TEST_F(Remembered, RowsOfAnOlderVersionStayInUse) {
  const auto stored = StoredEvidence::load(catalog_, number_);
  ASSERT_TRUE(stored);
  const auto newest = probes::current_row_type("picture.luma")->version;
  const specs::ColumnReader* later = (*stored)->rows(luma_of(newest + 1));
  ASSERT_NE(later, nullptr);
  EXPECT_EQ(later->type().version, newest);
  EXPECT_EQ(later->row_count(), (*stored)->rows(luma_of(newest))->row_count());
}

TEST_F(Remembered, RowsMarkedWrongMakeTheirRulesInconclusiveAndSayWhy) {
  EXPECT_EQ(judged().verdict, specs::VerdictKind::pass);
  const probes::OldRow marks[] = {
      {"picture.luma", probes::current_row_type("picture.luma")->version, probes::OldRowMark::wrong,
       [](const probes::AssetFacts& facts, const probes::SeriesId& rows) {
         return facts.streams.size() > 1 && rows.stream == 0;
       },
       "Rows of version 1 counted the borders twice; measure again."}};
  const specs::Verdict verdict = judged(marks);
  expect_no_lie(verdict, "marked wrong");
  for (const specs::Finding& finding : verdict.findings) {
    if (finding.requirement != "luma" && finding.requirement != "black") continue;
    EXPECT_EQ(finding.outcome, Outcome::inconclusive);
    EXPECT_NE((finding.message + finding.because.value_or("")).find("borders twice"),
              std::string::npos)
        << finding.message << " " << finding.because.value_or("");
  }
  const probes::OldRow elsewhere[] = {
      {"picture.luma", marks[0].version, probes::OldRowMark::wrong,
       [](const probes::AssetFacts&, const probes::SeriesId& rows) { return rows.stream == 9; },
       "Not for these."}};
  EXPECT_EQ(judged(elsewhere).verdict, specs::VerdictKind::pass);
}

// What was folded before rows were marked wrong is not remembered any more.
TEST_F(Remembered, AMarkForgetsWhatWasFolded) {
  const auto before = StoredEvidence::load(catalog_, number_);
  const specs::Verdict verdict = specs::judge(**before, profile_, {});
  const Recorder::Judged judged{number_, (*before)->digest(), {verdict, {}}, before->get()};
  ASSERT_TRUE(Recorder(catalog_).judged(std::span(&judged, 1)));
  EXPECT_EQ(this->judged().verdict, specs::VerdictKind::pass);
  const probes::OldRow marks[] = {{"picture.luma",
                                   probes::current_row_type("picture.luma")->version,
                                   probes::OldRowMark::wrong, nullptr, "Wrong everywhere."}};
  EXPECT_EQ(this->judged(marks).verdict, specs::VerdictKind::inconclusive);
}

TEST_F(Remembered, MissingFilesAreInconclusive) {
  ASSERT_EQ(files().size(), 4u);  // the channels sound the same: equal bytes are one file
  for (const std::string& path : files()) {
    const auto bytes = read_file(path);
    std::filesystem::remove(path);
    expect_no_lie(judged(), "without " + path);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }
  EXPECT_EQ(judged().verdict, specs::VerdictKind::pass);
}

TEST_F(Remembered, FlippedBitsAreInconclusiveOrNeverRead) {
  std::mt19937 random(11);
  for (const std::string& path : files()) {
    const auto bytes = read_file(path);
    for (int i = 0; i < 60; ++i) {
      auto damaged = bytes;
      damaged[random() % damaged.size()] ^= static_cast<std::byte>(1u << (random() % 8));
      std::ofstream(path, std::ios::binary)
          .write(reinterpret_cast<const char*>(damaged.data()),
                 static_cast<std::streamsize>(damaged.size()));
      const specs::Verdict verdict = judged();
      for (const specs::Finding& finding : verdict.findings)
        EXPECT_TRUE(finding.outcome == Outcome::pass || finding.outcome == Outcome::inconclusive)
            << path << " " << finding.requirement << ": " << finding.message;
    }
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }
}

TEST_F(Remembered, DamageIsCalledDamage) {
  for (const std::string& path : files()) std::ofstream(path, std::ios::binary) << "no series";
  const specs::Verdict verdict = judged();
  for (const specs::Finding& finding : verdict.findings) {
    if (finding.requirement == "rate") continue;
    EXPECT_EQ(finding.outcome, Outcome::inconclusive);
    const std::string text = finding.message + " " + finding.because.value_or("");
    EXPECT_NE(text.find("cannot be read"), std::string::npos)
        << finding.requirement << ": " << text;
  }
}

TEST_F(Remembered, WhatIsPrunedIsInconclusive) {
  const auto pruned = prune(catalog_, std::vector{number_});
  ASSERT_TRUE(pruned);
  EXPECT_EQ(pruned->assets, 1);
  EXPECT_GT(pruned->bytes, 0u);
  EXPECT_TRUE(files().empty());
  expect_no_lie(judged(), "pruned");
  EXPECT_TRUE((*StoredEvidence::load(catalog_, number_))->pruned());
  EXPECT_TRUE(check_catalog(catalog_, CheckDepth::full)->problems.empty());
  // Measured anew it passes again.
  const auto evidence = measured({});
  AssetRecord asset;
  asset.location = place("/masters/film");
  asset.evidence = evidence.get();
  ASSERT_TRUE(Recorder(catalog_).record(std::span(&asset, 1)));
  EXPECT_EQ(judged().verdict, specs::VerdictKind::pass);
  EXPECT_FALSE((*StoredEvidence::load(catalog_, number_))->pruned());
}

TEST_F(Remembered, TheDigestIsOfTheEvidence) {
  const auto first = (*StoredEvidence::load(catalog_, number_))->digest();
  EXPECT_EQ((*StoredEvidence::load(catalog_, number_))->digest(), first);
  ASSERT_TRUE(prune(catalog_, std::vector{number_}));
  EXPECT_NE((*StoredEvidence::load(catalog_, number_))->digest(), first);
}

TEST_F(Remembered, ThereIsNoSuchAsset) {
  EXPECT_EQ(StoredEvidence::load(catalog_, 99).error().code, ErrorCode::not_found);
}

TEST_F(Remembered, DamagedFactsAreAnError) {
  ASSERT_TRUE(catalog_.write(
      [](Database& database) { database.run("UPDATE facts SET document = x'28b52ffd00'"); }));
  EXPECT_EQ(StoredEvidence::load(catalog_, number_).error().code, ErrorCode::damaged);
}

}  // namespace
}  // namespace cleangate::dam
