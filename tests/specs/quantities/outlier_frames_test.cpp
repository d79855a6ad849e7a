// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/outlier_frames.h"

#include <gtest/gtest.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

TEST(OutlierFrames, HandsOutWhatTheRowsHold) {
  test::PictureStream stream(10, 64, 48);
  stream.add_flat(400, 2).add_damaged();
  stream.add([](int x, int y) { return x == 9 && y == 7 ? 800u : y == 20 ? 600u : 400u; });
  const auto frames = OutlierFrames::of(stream.evidence(), 0);
  ASSERT_TRUE(frames);
  const auto dots = frames->dots(0, 4);
  ASSERT_TRUE(dots);
  ASSERT_EQ(dots->size(), 1u);
  EXPECT_EQ(dots->front().frame, 3);
  EXPECT_EQ(dots->front().x, 9);
  EXPECT_EQ(dots->front().y, 7);
  EXPECT_EQ(dots->front().step, 100);
  EXPECT_EQ(dots->front().around, (OutlierFrames::Around{100, 100, 100, 100}));
  const auto lines = frames->bands(OutlierFrames::Axis::line, 3, 1, 4);
  ASSERT_TRUE(lines);
  ASSERT_EQ(lines->size(), 1u);
  EXPECT_EQ(lines->front().frame, 3);
  EXPECT_EQ(lines->front().at, 20);
  EXPECT_EQ(lines->front().level, 50);
  EXPECT_EQ(lines->front().around[1][2], 100);
  EXPECT_TRUE(frames->bands(OutlierFrames::Axis::column, 0, 0, 4)->empty());
  EXPECT_EQ(frames->state(2), OutlierFrames::State::damaged);
  EXPECT_EQ(frames->state(3), OutlierFrames::State::measured);
  EXPECT_TRUE(frames->taint(0, 4).has_value());
  EXPECT_FALSE(frames->taint(0, 2).has_value());
  EXPECT_TRUE(frames->nothing_in(2, 3).has_value());
  EXPECT_FALSE(frames->nothing_in(1, 3).has_value());
}

TEST(OutlierFrames, TheSamePictureBrighterIsNoOther) {
  EXPECT_FALSE(OutlierFrames::another_picture({36, 56, 76, 96}, {56, 96, 136, 176}));
  EXPECT_FALSE(OutlierFrames::another_picture({36, 36, 36, 36}, {176, 176, 176, 176}));
  EXPECT_TRUE(OutlierFrames::another_picture({36, 56, 76, 96}, {96, 76, 56, 36}));
  EXPECT_FALSE(OutlierFrames::another_picture({16, 16, 16, 16}, {16, 16, 17, 15}));
}

}  // namespace
}  // namespace cleangate::specs
