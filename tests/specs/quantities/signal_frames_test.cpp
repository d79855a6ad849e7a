// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/signal_frames.h"

#include <gtest/gtest.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using probes::SignalRow;
using test::PictureStream;

TEST(SignalFrames, KnowWhatEachFrameTells) {
  PictureStream stream(8, 64, 32);
  stream.add_color(120, 128, 128).add_flat(100).add_damaged();
  const auto frames = SignalFrames::of(stream.evidence(), 0);
  ASSERT_TRUE(frames);
  EXPECT_TRUE(frames->tells(0, SignalRow::kNoChroma));
  EXPECT_TRUE(frames->tells(1, SignalRow::kNoRgb));
  EXPECT_FALSE(frames->tells(1, SignalRow::kNoChroma));
  EXPECT_EQ(frames->state(2), SignalFrames::State::damaged);
  EXPECT_EQ(frames->sites(0), 32 * 32);
  EXPECT_FALSE(frames->nothing_in(0, 3, SignalRow::kNoChroma));
  EXPECT_EQ(frames->nothing_in(1, 3, SignalRow::kNoChroma)->kind, AbsenceKind::not_applicable);
  EXPECT_EQ(frames->nothing_in(2, 3, 0)->kind, AbsenceKind::damaged);
  EXPECT_EQ(frames->nothing_in(1, 1, 0)->kind, AbsenceKind::undefined);
  EXPECT_FALSE(frames->taint(0, 2, SignalRow::kNoRgb));
  EXPECT_TRUE(frames->taint(0, 3, SignalRow::kNoRgb));
}

TEST(SignalFrames, WithoutRowsSayThatNothingWasMeasured) {
  test::RowEvidence evidence;
  const auto frames = SignalFrames::of(evidence, 0);
  ASSERT_FALSE(frames);
  EXPECT_EQ(frames.error().kind, AbsenceKind::not_measured);
}

}  // namespace
}  // namespace cleangate::specs
