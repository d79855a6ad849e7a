// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/luma_frames.h"

#include <gtest/gtest.h>

#include "probes/picture/luma_row.h"
#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using probes::LumaRow;
using probes::NominalLuma;
using test::PictureStream;

TEST(LumaScale, PutsLevelsAtTheirCodes) {
  LumaScale scale;
  scale.nominal = {16, 235};
  EXPECT_EQ(scale.percent(16), Rational(0));
  EXPECT_EQ(scale.percent(235), Rational(100));
  EXPECT_EQ(scale.percent(5), Rational(-1100, 219));
  EXPECT_EQ(scale.code_at(Rational(5), Unit::percent), 26);  // 26.95
  EXPECT_EQ(scale.code_at(Rational(-5), Unit::percent), 5);  // 5.05
  EXPECT_EQ(scale.code_at(Rational(100), Unit::percent), 235);
  EXPECT_EQ(scale.code_at(Rational(36), Unit::code), 36);
  EXPECT_GT(scale.code_at(Rational(std::int64_t{1} << 60), Unit::percent), 65535);
  EXPECT_LT(scale.code_at(Rational(-(std::int64_t{1} << 60)), Unit::code), 0);
  scale.nominal = {64, 940};
  EXPECT_EQ(scale.code_at(Rational(5), Unit::percent), 107);  // 107.8
}

TEST(LumaFrames, ReadsTheRangeOfTheFrameThenOfTheStreamThenTheModels) {
  PictureStream stream;
  stream.add_flat(50).range(SignalRange::full).add_flat(50);
  LumaRow rgb;
  rgb.bits = 8;
  rgb.width = rgb.height = 10;
  rgb.flags = LumaRow::kRgb | LumaRow::kFullLadder;
  stream.add_row(rgb, 0);
  auto frames = LumaFrames::of(stream.evidence(), 0);
  ASSERT_TRUE(frames);
  EXPECT_EQ(frames->scale(0).nominal, (NominalLuma{16, 235}));
  EXPECT_EQ(frames->scale(1).nominal, (NominalLuma{0, 255}));
  EXPECT_EQ(frames->scale(2).nominal, (NominalLuma{0, 255}));
  EXPECT_EQ(frames->scale(2).samples, 100);
  stream.facts().video()->color.range = SignalRange::full;
  EXPECT_EQ(LumaFrames::of(stream.evidence(), 0)->scale(0).nominal, (NominalLuma{0, 255}));
  stream.facts().video()->color.range = SignalRange::narrow;
  frames = LumaFrames::of(stream.evidence(), 0);
  EXPECT_EQ(frames->scale(1).nominal, (NominalLuma{0, 255}));  // the frame says full
  EXPECT_EQ(frames->scale(2).nominal, (NominalLuma{16, 235}));
}

TEST(LumaFrames, KnowsWhatWasNotMeasured) {
  LumaRow floating;
  floating.flags = LumaRow::kNotMeasured | LumaRow::kFloatSamples;
  PictureStream stream;
  stream.add_flat(16).add_damaged().add_row(floating, 0);
  const auto frames = LumaFrames::of(stream.evidence(), 0);
  ASSERT_TRUE(frames);
  using State = LumaFrames::State;
  EXPECT_EQ(frames->state(0), State::measured);
  EXPECT_EQ(frames->state(1), State::damaged);
  EXPECT_EQ(frames->state(2), State::unmeasured);
  EXPECT_EQ(frames->nothing_in(0, 3), std::nullopt);
  EXPECT_EQ(frames->nothing_in(1, 2)->kind, AbsenceKind::damaged);
  EXPECT_EQ(frames->nothing_in(2, 3)->kind, AbsenceKind::not_measured);
  EXPECT_EQ(frames->nothing_in(3, 3)->kind, AbsenceKind::undefined);
  EXPECT_TRUE(frames->taint(0, 3));
  EXPECT_FALSE(frames->taint(0, 1));
}

// A frame-time row may know of damage that came to light after its luma was swept.
TEST(LumaFrames, TakesDamageFromEitherRow) {
  PictureStream stream;
  stream.add_flat(16, 2);
  stream.times()[1].flags = probes::FrameTimeRow::kDamaged;
  EXPECT_EQ(LumaFrames::of(stream.evidence(), 0)->state(1), LumaFrames::State::damaged);
}

TEST(LumaFrames, LeavesUnpresentedFramesOutOfWhatItReads) {
  PictureStream stream;
  for (std::uint32_t code = 20; code < 60; ++code) stream.add_flat(code);
  for (const std::size_t row : {std::size_t{0}, std::size_t{15}, std::size_t{16}})
    stream.times()[row].flags = probes::FrameTimeRow::kUnpresented;
  const auto frames = LumaFrames::of(stream.evidence(), 0);
  const auto codes = frames->read("quantiles", 0, 12, 17);
  ASSERT_TRUE(codes);
  EXPECT_EQ(*codes, (std::vector<std::int64_t>{33, 34, 37, 38, 39}));
  EXPECT_EQ(frames->read("quantiles", 0, 3, 3)->size(), 0u);
  EXPECT_FALSE(frames->read("no such column", 0, 0, 2));
}

TEST(LumaFrames, RefusesRowsThatDoNotMatchTheFrames) {
  PictureStream stream;
  stream.add_flat(16, 3);
  stream.times().pop_back();
  const auto frames = LumaFrames::of(stream.evidence(), 0);
  ASSERT_FALSE(frames);
  EXPECT_EQ(frames.error().kind, AbsenceKind::damaged);
}

}  // namespace
}  // namespace cleangate::specs
