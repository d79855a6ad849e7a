// SPDX-License-Identifier: Apache-2.0
#include "app/batch.h"

#include <gtest/gtest.h>

#include "app/progress_bar.h"

namespace cleangate::app {
namespace {

TEST(Batch, PiecesComeInTheOrderOfTheArguments) {
  // Nothing of this can be opened, so that no worker is needed.
  const std::vector<std::string> paths{"/", "/dev", "/proc", "/tmp", "/usr"};
  BatchOptions options;
  options.threads = 4;
  ProgressBar bar(paths, ProgressMode::never);
  std::vector<std::string> seen;
  measure_all(
      paths, options, bar, {},
      [](const ToldAsset& asset) {
        Piece piece;
        piece.text = asset.path;
        piece.tally.unread = 1;
        EXPECT_EQ(asset.status, probes::Status::unreadable);
        EXPECT_EQ(asset.error.value().code, ErrorCode::not_a_file);
        EXPECT_NE(asset.error->message.find("ingest"), std::string::npos);
        return piece;
      },
      [&](const Piece& piece) { seen.push_back(piece.text); });
  EXPECT_EQ(seen, paths);
}

TEST(Batch, AStopCancelsWhatWasNotStarted) {
  const std::vector<std::string> paths{"/", "/dev"};
  ProgressBar bar(paths, ProgressMode::never);
  std::stop_source stop;
  stop.request_stop();
  int cancelled = 0;
  measure_all(
      paths, {}, bar, stop.get_token(),
      [&](const ToldAsset& asset) {
        cancelled += asset.status == probes::Status::cancelled;
        return Piece{};
      },
      [](const Piece&) {});
  EXPECT_EQ(cancelled, 2);
}

TEST(Batch, AnExceptionCostsOneAssetOnly) {
  const std::vector<std::string> paths{"/", "/dev"};
  ProgressBar bar(paths, ProgressMode::never);
  Tally tally;
  testing::internal::CaptureStderr();
  measure_all(
      paths, {}, bar, {},
      [&](const ToldAsset& asset) -> Piece {
        if (asset.path == "/") throw std::runtime_error("broken");
        return {};
      },
      [&](const Piece& piece) { tally += piece.tally; });
  EXPECT_NE(testing::internal::GetCapturedStderr().find("broken"), std::string::npos);
  EXPECT_EQ(tally.unread, 1);
}

}  // namespace
}  // namespace cleangate::app
