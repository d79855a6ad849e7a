// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/shown_runs.h"

#include <gtest/gtest.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::frames_of;
using test::PictureStream;
using test::Runs;
using enum Shown;

FrameMap map_of(PictureStream& stream) { return *FrameMap::of(stream.evidence(), 0); }

TEST(ShownRuns, AreThoseOfFramesThatDoAndOfFramesThatMay) {
  PictureStream stream;
  stream.add_flat(100, 9);
  const Spans spans = runs_of(map_of(stream), 2, {yes, yes, no, open, yes, open, open});
  EXPECT_EQ(frames_of(spans.runs), (Runs{{2, 4}, {6, 7}}));
  EXPECT_EQ(frames_of(spans.undecided), (Runs{{5, 6}, {7, 9}}));
  EXPECT_TRUE(runs_of(map_of(stream), 0, {}).runs.empty());
}

TEST(ShownRuns, OfFramesWithoutTimesNobodyKnowsHowLongTheyAre) {
  PictureStream timed;
  timed.add_flat(100, 4);
  Reading reading;
  tell_spans(map_of(timed), runs_of(map_of(timed), 0, {yes, no, no, open}), reading);
  EXPECT_EQ(std::get<Spans>(reading.value).runs.size(), 1u);
  EXPECT_FALSE(reading.tainted_because);
  for (auto& row : timed.times()) row.flags |= probes::FrameTimeRow::kNoPts;
  std::get<probes::VideoFacts>(timed.facts().media).frame_rate = Fact<Rational>::unknown();
  tell_spans(map_of(timed), runs_of(map_of(timed), 0, {yes, no, no, open}), reading);
  EXPECT_TRUE(std::get<Spans>(reading.value).runs.empty());
  EXPECT_EQ(frames_of(std::get<Spans>(reading.value).undecided), (Runs{{3, 4}, {0, 1}}));
  EXPECT_TRUE(reading.tainted_because);
}

}  // namespace
}  // namespace cleangate::specs
