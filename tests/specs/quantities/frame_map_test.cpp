// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/frame_map.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using probes::FrameTimeRow;
using test::PictureStream;

PictureStream frames(int count) { return std::move(PictureStream().add_flat(100, count)); }

TEST(FrameMap, MapsRowsToPresentedFramesAndSeconds) {
  PictureStream stream = frames(6);
  stream.times()[0].flags = stream.times()[3].flags = FrameTimeRow::kUnpresented;
  stream.facts().start_s = Rational(1, 3);
  const auto map = FrameMap::of(stream.evidence(), 0);
  ASSERT_TRUE(map);
  EXPECT_EQ(map->row_count(), 6);
  EXPECT_EQ(map->frame_count(), 4);
  EXPECT_EQ(map->row_of(0), 1);
  EXPECT_EQ(map->row_of(2), 4);
  EXPECT_EQ(map->frame_of(0), std::nullopt);
  EXPECT_EQ(map->frame_of(1), 0);
  EXPECT_EQ(map->frame_of(5), 3);
  EXPECT_EQ(map->start_s(0), Rational(1, 3));
  EXPECT_EQ(map->start_s(1), Rational(1, 3) + Rational(1, 25));
  EXPECT_EQ(map->end_s(1), Rational(1, 3) + Rational(3, 25));
  EXPECT_EQ(map->end_s(3), Rational(1, 3) + Rational(5, 25));
  EXPECT_EQ(map->incomplete(), std::nullopt);
}

TEST(FrameMap, EndsAtTheStreamsEndAsTheFactsHaveIt) {
  PictureStream stream = frames(3);
  stream.facts().duration_s = Rational(13, 100);
  EXPECT_EQ(FrameMap::of(stream.evidence(), 0)->end_s(2), Rational(13, 100));
  // A duration that ends before the last frame starts is not the stream's.
  stream.facts().duration_s = Rational(1, 100);
  EXPECT_EQ(FrameMap::of(stream.evidence(), 0)->end_s(2), Rational(3, 25));
  stream.facts().duration_s = Fact<Rational>::unknown();
  stream.times()[2].duration = 0;
  stream.facts().video()->frame_rate = Rational(50);
  EXPECT_EQ(FrameMap::of(stream.evidence(), 0)->end_s(2), Rational(2, 25) + Rational(1, 50));
  stream.facts().video()->frame_rate = Fact<Rational>::unknown();
  EXPECT_EQ(FrameMap::of(stream.evidence(), 0)->end_s(2), Rational(3, 25));
}

TEST(FrameMap, KeepsVariableDurationsAndNeverRunsBackward) {
  PictureStream stream = frames(4);
  stream.times()[1].pts = 2000;
  stream.times()[2].pts = 1000;
  stream.times()[3].pts = 3000;
  const auto map = FrameMap::of(stream.evidence(), 0);
  ASSERT_TRUE(map);
  EXPECT_EQ(map->start_s(1), Rational(2000, 12800));
  EXPECT_EQ(map->start_s(2), Rational(2000, 12800));
  EXPECT_EQ(map->start_s(3), Rational(3000, 12800));
}

// Inferred times are as good as the frame rate that they fit.
TEST(FrameMap, TellsTimesThatAreMadeUp) {
  PictureStream stream = frames(50);
  EXPECT_FALSE(FrameMap::of(stream.evidence(), 0)->untimed());
  for (auto& row : stream.times()) row.flags |= probes::FrameTimeRow::kNoPts;
  EXPECT_FALSE(FrameMap::of(stream.evidence(), 0)->untimed());
  auto& video = std::get<probes::VideoFacts>(stream.facts().media);
  video.frame_rate = Rational(24);  // 49 frames are 1.96 s at 25 and 2.04 s at 24
  ASSERT_TRUE(FrameMap::of(stream.evidence(), 0)->untimed());
  EXPECT_EQ(*FrameMap::of(stream.evidence(), 0)->untimed(),
            "The times of stream 0 are inferred and do not fit its frame rate.");
  video.frame_rate_mode = probes::RateMode::variable;
  EXPECT_FALSE(FrameMap::of(stream.evidence(), 0)->untimed());
  video.frame_rate = Fact<Rational>::unknown();
  ASSERT_TRUE(FrameMap::of(stream.evidence(), 0)->untimed());
}

TEST(FrameMap, FindsTheFramesOfAWindow) {
  PictureStream stream = frames(50);
  const auto map = FrameMap::of(stream.evidence(), 0);
  ASSERT_TRUE(map);
  using Run = std::pair<std::int64_t, std::int64_t>;
  EXPECT_EQ(map->frames_in({}), Run(0, 50));
  EXPECT_EQ(map->frames_in({Rational(1), std::nullopt}), Run(25, 50));
  EXPECT_EQ(map->frames_in({Rational(1), Rational(3, 2)}), Run(25, 38));
  EXPECT_EQ(map->frames_in({Rational(101, 100), Rational(2)}), Run(26, 50));
  EXPECT_EQ(map->frames_in({Rational(5), Rational(9)}), Run(50, 50));
  EXPECT_EQ(map->frames_in({Rational(1), Rational(0)}), Run(25, 25));
}

TEST(FrameMap, RefusesTimestampsThatLeaveSixtyFourBits) {
  for (const std::int64_t pts :
       {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    PictureStream stream = frames(3);
    stream.times()[1].pts = pts;
    const auto map = FrameMap::of(stream.evidence(), 0);
    ASSERT_FALSE(map);
    EXPECT_EQ(map.error().kind, AbsenceKind::damaged);
  }
  PictureStream stream = frames(3);
  stream.times()[2].pts = std::int64_t{1} << 60;
  stream.facts().time_base = Rational(1000003, 999983);
  stream.facts().start_s = Rational(1, 999979);
  EXPECT_FALSE(FrameMap::of(stream.evidence(), 0));
}

// Files put behind one another: the second half would last no time at all.
TEST(FrameMap, DoubtsTimesThatBeginAgain) {
  PictureStream stream = frames(100);
  EXPECT_FALSE(FrameMap::of(stream.evidence(), 0)->untimed());
  for (std::size_t i = 50; i < 100; ++i) stream.times()[i].pts = stream.times()[i - 50].pts;
  const auto map = FrameMap::of(stream.evidence(), 0);
  ASSERT_TRUE(map);
  EXPECT_TRUE(map->untimed());
}

TEST(FrameMap, SaysWhenRowsAreMissing) {
  PictureStream stream = frames(3);
  stream.facts().video()->frame_count = 5;
  EXPECT_TRUE(FrameMap::of(stream.evidence(), 0)->incomplete());
  const test::RowEvidence nothing;
  const auto none = FrameMap::of(nothing, 0);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, AbsenceKind::not_measured);
  PictureStream hidden = frames(2);
  for (FrameTimeRow& row : hidden.times()) row.flags = FrameTimeRow::kUnpresented;
  EXPECT_EQ(FrameMap::of(hidden.evidence(), 0).error().kind, AbsenceKind::undefined);
}

// Rows of single fields: which two make a frame is not told, so nothing is said of frames.
TEST(FrameMap, IsRefusedForSingleFields) {
  PictureStream stream = frames(6);
  stream.facts().video()->frame_count = std::int64_t{3};
  const auto map = FrameMap::of(stream.evidence(), 0);
  ASSERT_FALSE(map);
  EXPECT_EQ(map.error().kind, AbsenceKind::not_measured);
  EXPECT_EQ(
      map.error().because,
      "Stream 0 was decoded as 6 pictures of its 3 frames (single fields); its frames are not "
      "put together yet.");
  stream.facts().video()->frame_count = std::int64_t{6};
  EXPECT_TRUE(FrameMap::of(stream.evidence(), 0));
}

}  // namespace
}  // namespace cleangate::specs
