// SPDX-License-Identifier: Apache-2.0
// An ingest that was ended goes on: what it records is what an uninterrupted one records.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "dam/checkpoint_file.h"
#include "dam/maintenance.h"
#include "dam/stored_evidence.h"
#include "pipeline/run/checkpoint.h"
#include "tests/dam/temporary_folder.h"
#include "tests/pipeline/pass/made_media.h"

namespace cleangate::run {
namespace {

using testing::HasSubstr;

struct Ran {
  int status = 0;
  std::string remark;  // the last
  std::string asset;   // measured, cancelled …; empty: it was not reported
  std::int64_t decoded = 0;
  dam::AssetNumber number = 0;
  std::string verdict;
  [[nodiscard]] bool killed() const {
    return WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGKILL);
  }
};

class Resume : public testing::Test {
 protected:
  void SetUp() override {
    CLEANGATE_NEEDS_FFMPEG();
    media_ = folder_ / "film.mp4";
    std::filesystem::copy_file(test::made("long.mp4"), media_);
  }
  Ran ingest(const std::string& catalog, int interval_ms, const std::string& mode,
             const std::string& environment = {}) {
    const std::string out = folder_ / "out";
    Ran ran;
    ran.status =
        std::system(fmt::format("{} {} {} {} {} {} > {}", environment, CLEANGATE_INGEST_PROCESS,
                                folder_ / catalog, media_, interval_ms, mode, out)
                        .c_str());
    std::ifstream lines(out);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string kind;
      words >> kind;
      if (kind == "remark") ran.remark = line.substr(7);
      if (kind == "asset") words >> ran.asset >> ran.decoded >> ran.number >> ran.verdict;
    }
    return ran;
  }
  Ran killed_at(const std::string& catalog, int checkpoints) {
    return ingest(catalog, 0, "usual",
                  fmt::format("CLEANGATE_CRASH_AT=checkpoint:committed:{}", checkpoints));
  }
  // Of everything a judgement stands on: facts, status, name, and the bytes of every series.
  Sha256 evidence(const std::string& catalog, dam::AssetNumber number) {
    auto opened = dam::Catalog::open(folder_ / catalog);
    EXPECT_TRUE(opened);
    auto stored = dam::StoredEvidence::load(*opened, number);
    EXPECT_TRUE(stored) << number;
    return stored ? (*stored)->digest() : Sha256{};
  }
  std::vector<std::filesystem::path> checkpoints(const std::string& catalog) {
    std::vector<std::filesystem::path> found;
    std::error_code none;
    for (const auto& entry :
         std::filesystem::directory_iterator(dam::checkpoint_directory(folder_ / catalog), none))
      found.push_back(entry.path());
    return found;
  }
  void expect_like_uninterrupted(const Ran& ran, const std::string& catalog) {
    const std::string uninterrupted = catalog + "_whole";
    const Ran whole = ingest(uninterrupted, 60'000, "usual");
    ASSERT_EQ(whole.asset, "measured");
    EXPECT_EQ(whole.decoded, kFrames);
    EXPECT_TRUE(checkpoints(uninterrupted).empty()) << "a short ingest leaves nothing";
    EXPECT_EQ(ran.asset, "measured");
    EXPECT_EQ(ran.verdict, whole.verdict);
    EXPECT_EQ(evidence(catalog, ran.number), evidence(uninterrupted, whole.number));
    EXPECT_TRUE(checkpoints(catalog).empty()) << "what is on record needs no checkpoint";
  }

  static constexpr std::int64_t kFrames = 1500;
  test::TemporaryFolder folder_;
  std::string media_;
};

TEST_F(Resume, AfterKill9WhatWasDecodedIsNotDecodedAgain) {
  const Ran killed = killed_at("killed", 30);
  ASSERT_TRUE(killed.killed());
  ASSERT_EQ(killed.asset, "");
  ASSERT_EQ(checkpoints("killed").size(), 1u);
  const Ran resumed = ingest("killed", 60'000, "usual");
  EXPECT_THAT(resumed.remark, HasSubstr("film.mp4: goes on at 00:00:"));
  EXPECT_GT(resumed.decoded, 0);
  EXPECT_LE(resumed.decoded, kFrames - 29 * 24) << "30 pieces are on disk, one is decoded again";
  expect_like_uninterrupted(resumed, "killed");
}

TEST_F(Resume, KilledAgainAndAgain) {
  std::int64_t size = 0;
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(killed_at("killed", 10).killed()) << round;
    const auto left = checkpoints("killed");
    ASSERT_EQ(left.size(), 1u);
    const auto now = static_cast<std::int64_t>(std::filesystem::file_size(left[0]));
    EXPECT_GT(now, size) << round;
    size = now;
  }
  const Ran resumed = ingest("killed", 60'000, "usual");
  EXPECT_LE(resumed.decoded, kFrames - 3 * 8 * 24);
  expect_like_uninterrupted(resumed, "killed");
}

TEST_F(Resume, CtrlCKeepsWhatThereIs) {
  const Ran stopped = ingest("stopped", 60'000, "200");
  if (stopped.asset == "measured") GTEST_SKIP() << "it was over before it could be stopped";
  EXPECT_EQ(stopped.asset, "cancelled");
  ASSERT_EQ(checkpoints("stopped").size(), 1u);
  const Ran resumed = ingest("stopped", 60'000, "usual");
  EXPECT_THAT(resumed.remark, HasSubstr("goes on at"));
  EXPECT_LT(resumed.decoded, kFrames);
  expect_like_uninterrupted(resumed, "stopped");
}

TEST_F(Resume, RehashBelievesNoCheckpoint) {
  ASSERT_TRUE(killed_at("killed", 10).killed());
  const Ran again = ingest("killed", 60'000, "rehash");
  EXPECT_EQ(again.remark, "");
  EXPECT_EQ(again.decoded, kFrames);
  expect_like_uninterrupted(again, "killed");
}

TEST_F(Resume, AFileThatHasChangedStartsAgain) {
  ASSERT_TRUE(killed_at("killed", 10).killed());
  std::filesystem::last_write_time(media_, std::filesystem::file_time_type::clock::now());
  const Ran again = ingest("killed", 60'000, "usual");
  EXPECT_EQ(again.remark, "");
  EXPECT_EQ(again.decoded, kFrames);
  EXPECT_TRUE(checkpoints("killed").empty());
}

// Whatever a checkpoint says that nobody wrote: the ingest is that of an uninterrupted one.
TEST_F(Resume, ATornOrAlteredCheckpointCostsDecodingOnly) {
  ASSERT_TRUE(killed_at("torn", 30).killed());
  const auto path = checkpoints("torn").at(0);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) * 2 / 3);
  std::ofstream(path, std::ios::app) << "and what the disk made of the rest";
  const Ran torn = ingest("torn", 60'000, "usual");
  EXPECT_THAT(torn.remark, HasSubstr("goes on at"));
  EXPECT_LT(torn.decoded, kFrames);
  expect_like_uninterrupted(torn, "torn");

  ASSERT_TRUE(killed_at("altered", 5).killed());
  std::ofstream(checkpoints("altered").at(0)) << "nothing of the kind";
  const Ran altered = ingest("altered", 60'000, "usual");
  EXPECT_EQ(altered.decoded, kFrames);
  expect_like_uninterrupted(altered, "altered");
}

TEST_F(Resume, TheCatalogsKeepersKnowACheckpoint) {
  ASSERT_TRUE(killed_at("killed", 5).killed());
  auto catalog = dam::Catalog::open(folder_ / "killed");
  ASSERT_TRUE(catalog);
  const auto report = dam::check_catalog(*catalog, dam::CheckDepth::full);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->sound());
  ASSERT_EQ(report->problems.size(), 1u);
  EXPECT_EQ(report->problems[0].kind, dam::CheckProblem::Kind::leftover);
  const auto path = checkpoints("killed").at(0);
  const auto days = [&](int count) {
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(24 * count));
  };
  days(29);
  ASSERT_TRUE(dam::tidy_catalog(*catalog));
  EXPECT_EQ(checkpoints("killed").size(), 1u);
  days(31);
  ASSERT_TRUE(dam::tidy_catalog(*catalog));
  EXPECT_TRUE(checkpoints("killed").empty());
}

TEST(WhereItGoesOn, IsSaidInTimeAndFrames) {
  EXPECT_EQ(where_it_goes_on("film.mxf", {0, 60'000, 60'024, 59'215, 2467.3}),
            "film.mxf: goes on at 00:41:07 (frame 59,215 of video stream 0).");
  EXPECT_EQ(where_it_goes_on("a", {2, 1, 2, 7, 0}),
            "a: goes on at 00:00:00 (frame 7 of video "
            "stream 2).");
}

}  // namespace
}  // namespace cleangate::run
