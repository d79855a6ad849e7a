// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/field_frames.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/specs/quantities/field_evidence.h"

namespace cleangate::specs {
namespace {

using test::FieldStream;
using State = FieldFrames::State;

TEST(FieldFrames, TellWhatEachFrameIsGoodFor) {
  FieldStream stream;
  stream.progressive(2).damaged().progressive(2);
  const FieldFrames frames = stream.field_frames();
  ASSERT_EQ(frames.count(), 5);
  EXPECT_EQ(frames.frame(0).state, State::alone);
  EXPECT_EQ(frames.frame(1).state, State::compared);
  EXPECT_EQ(frames.frame(2).state, State::damaged);
  EXPECT_EQ(frames.frame(3).state, State::alone);
  EXPECT_EQ(frames.frame(4).state, State::compared);
  EXPECT_EQ(frames.nothing_in(2, 3)->kind, AbsenceKind::damaged);
  EXPECT_EQ(frames.nothing_in(2, 2)->kind, AbsenceKind::undefined);
  EXPECT_FALSE(frames.nothing_in(1, 4));
  EXPECT_EQ(frames.taint(0, 5), "1 of 5 frames of stream 0 are damaged or could not be measured.");
  EXPECT_FALSE(frames.taint(0, 2));
}

TEST(FieldFrames, AreTheSameAtEveryDepth) {
  FieldStream eight(8), twelve(12), sixteen(16);
  for (FieldStream* stream : {&eight, &twelve, &sixteen}) stream->interlaced(3, true);
  const auto a = eight.field_frames(), b = twelve.field_frames(), c = sixteen.field_frames();
  for (const std::int64_t i : {1, 2})
    for (const std::size_t field : {0u, 1u}) {
      EXPECT_LE(std::abs(a.frame(i).worse[field] - b.frame(i).worse[field]), 2);
      EXPECT_LE(std::abs(a.frame(i).worse[field] - c.frame(i).worse[field]), 2);
      EXPECT_EQ(a.frame(i).top_first, c.frame(i).top_first);
    }
  EXPECT_GT(a.frame(1).worse[0], 4 * std::abs(a.frame(1).worse[1]));
  EXPECT_GT(a.frame(1).top_first, 4 + 4 * a.frame(1).bottom_first);
}

TEST(FieldFrames, TellMoreNoiseOfGrain) {
  FieldStream clean, grainy(8, 40);
  for (FieldStream* stream : {&clean, &grainy}) stream->still(4);
  EXPECT_GE(clean.field_frames().frame(2).noise, 655);
  EXPECT_GT(grainy.field_frames().frame(2).noise, 2 * clean.field_frames().frame(2).noise);
}

TEST(FieldFrames, SayWhyThereAreNone) {
  test::RowEvidence evidence;
  const auto frames = FieldFrames::of(evidence, 0);
  ASSERT_FALSE(frames);
  EXPECT_EQ(frames.error().kind, AbsenceKind::not_measured);
  EXPECT_EQ(frames.error().because, "The interlacing of stream 0 was not measured.");
}

}  // namespace
}  // namespace cleangate::specs
