// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/field_history.h"

#include <gtest/gtest.h>

#include "tests/specs/quantities/field_evidence.h"

namespace cleangate::specs {
namespace {

using test::FieldStream;
using Scan = FieldRun::Scan;
using Order = FieldRun::Order;

TEST(FieldHistory, LaysCadencesOverScans) {
  FieldStream stream;
  stream.progressive(40).pulled({2, 3}, 40, false).interlaced(40, true);
  const FieldHistory history(stream.field_frames());
  const std::vector<FieldRun> runs = history.runs_in(0, 120);
  ASSERT_EQ(runs.size(), 3u);
  const FieldRun &film = runs[0], &pulled = runs[1], &video = runs[2];
  EXPECT_EQ(film.scan, Scan::progressive);
  EXPECT_EQ(film.order, Order::none);
  EXPECT_EQ(pulled.scan, Scan::telecined);
  EXPECT_EQ(pulled.order, Order::bottom);
  EXPECT_EQ(pulled.cadence, "2:3");
  EXPECT_EQ(video.scan, Scan::interlaced);
  EXPECT_EQ(video.order, Order::top);
  EXPECT_EQ(film.first, 0);
  EXPECT_EQ(film.end, pulled.first);
  EXPECT_EQ(pulled.end, video.first);
  EXPECT_EQ(video.end, 120);
}

TEST(FieldHistory, NamesShiftedPicturesAndRepeatedFrames) {
  FieldStream shifted, repeated, still;
  const auto runs_of = [](FieldStream& stream) {
    return FieldHistory(stream.field_frames()).runs_in(0, stream.frames());
  };
  const auto one = runs_of(shifted.pulled({2}, 30, true, 1));
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].scan, Scan::telecined);
  EXPECT_EQ(one[0].cadence, kShiftedCadence);
  EXPECT_EQ(one[0].order, Order::top);
  const auto two = runs_of(repeated.pulled({2, 2, 2, 4}, 60, true));
  ASSERT_EQ(two.size(), 1u);
  EXPECT_EQ(two[0].scan, Scan::progressive);
  EXPECT_EQ(two[0].cadence, "2:2:2:4");
  const auto none = runs_of(still.still(30));
  ASSERT_EQ(none.size(), 1u);
  EXPECT_EQ(none[0].scan, Scan::unknown);
}

// Stills belong to the run around them, but of themselves they are nothing.
TEST(FieldHistory, OfStillsIsNotKnownFromTheFramesAroundThem) {
  FieldStream stream;
  stream.still(40).pulled({2, 3}, 40, true).still(40).interlaced(40, true);
  const FieldHistory history(stream.field_frames());
  for (const auto& [first, end] : {std::pair(0, 36), std::pair(88, 118)}) {
    const auto runs = history.runs_in(first, end);
    ASSERT_EQ(runs.size(), 1u) << first;
    EXPECT_EQ(runs[0].scan, Scan::unknown) << first;
    EXPECT_EQ(runs[0].cadence, "") << first;
    EXPECT_EQ(runs[0].first, first);
    EXPECT_EQ(runs[0].end, end);
    EXPECT_FALSE(history.tells(end - 1));
  }
  const auto film = history.runs_in(50, 70);
  ASSERT_EQ(film.size(), 1u);
  EXPECT_EQ(film[0].scan, Scan::telecined);
  EXPECT_EQ(film[0].cadence, "2:3");
  for (const FieldRun& run : history.runs_in(0, 160)) EXPECT_NE(run.scan, Scan::progressive);
}

}  // namespace
}  // namespace cleangate::specs
