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
  ASSERT_EQ(history.runs().size(), 3u);
  const FieldRun &film = history.runs()[0], &pulled = history.runs()[1], &video = history.runs()[2];
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
  const FieldHistory one(shifted.pulled({2}, 30, true, 1).field_frames());
  ASSERT_EQ(one.runs().size(), 1u);
  EXPECT_EQ(one.runs()[0].scan, Scan::telecined);
  EXPECT_EQ(one.runs()[0].cadence, kShiftedCadence);
  EXPECT_EQ(one.runs()[0].order, Order::top);
  const FieldHistory two(repeated.pulled({2, 2, 2, 4}, 60, true).field_frames());
  ASSERT_EQ(two.runs().size(), 1u);
  EXPECT_EQ(two.runs()[0].scan, Scan::progressive);
  EXPECT_EQ(two.runs()[0].cadence, "2:2:2:4");
  const FieldHistory none(still.still(30).field_frames());
  ASSERT_EQ(none.runs().size(), 1u);
  EXPECT_EQ(none.runs()[0].scan, Scan::unknown);
}

}  // namespace
}  // namespace cleangate::specs
