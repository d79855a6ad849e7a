// SPDX-License-Identifier: Apache-2.0
#include "app/progress_bar.h"

#include <gtest/gtest.h>

namespace cleangate::app {
namespace {

TEST(ProgressBar, ShowsShareRateAndTimeLeft) {
  ProgressState state;
  state.bytes_done = 420'000'000;
  state.bytes_total = 1'000'000'000;
  state.assets_done = 2;
  state.assets_total = 5;
  state.media_seconds = 6.4;
  state.elapsed_s = 2;
  const std::string line = progress_line(state, 120);
  EXPECT_NE(line.find(" 42 %"), std::string::npos) << line;
  EXPECT_NE(line.find("2 of 5 files"), std::string::npos) << line;
  EXPECT_NE(line.find("3.2x real time"), std::string::npos) << line;
  EXPECT_NE(line.find("210 MB/s"), std::string::npos) << line;
  EXPECT_NE(line.find("0:03 left"), std::string::npos) << line;
}

TEST(ProgressBar, NeverIsWiderThanTheTerminal) {
  ProgressState state;
  state.bytes_done = 999'000'000'000;
  state.bytes_total = 1'000'000'000'000;
  state.assets_total = 100'000;
  state.media_seconds = 1e6;
  state.elapsed_s = 12345;
  for (int width = 1; width < 200; ++width)
    EXPECT_LE(progress_line(state, width).size(), static_cast<std::size_t>(width));
}

TEST(ProgressBar, NothingKnownIsNoDivisionByZero) {
  EXPECT_NE(progress_line({}, 80).find("  0 %"), std::string::npos);
}

TEST(ProgressBar, OneAssetHasItsOwnShareRateAndTimeLeft) {
  ProgressState state;
  state.bytes_done = 30;
  state.bytes_total = 100;
  state.media_seconds = 9;
  state.elapsed_s = 3;
  EXPECT_EQ(asset_line("film.mxf", state, 80), "  film.mxf   30 %  3.0x real time  0:07 left");
  for (int width = 1; width < 100; ++width)
    EXPECT_LE(asset_line(std::string(300, 'x'), state, width).size(),
              static_cast<std::size_t>(width + 2));  // the ellipsis has three bytes
}

// A file that is gone is finished without ever having been expected.
TEST(ProgressBar, KnowsInputsOnlyWhenTheyAreFinished) {
  testing::internal::CaptureStderr();
  {
    ProgressBar bar({}, ProgressMode::always);
    bar.finished(7);
    bar.expect(3, "/media/film.mxf", 100);
    bar.update(3, {});
    bar.clear();
  }
  EXPECT_NE(testing::internal::GetCapturedStderr().find("of 8 files"), std::string::npos);
}

}  // namespace
}  // namespace cleangate::app
