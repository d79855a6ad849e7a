// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/bitstream/gop_labels.h"
#include "probes/bitstream/label_track.h"

namespace cleangate::probes {
namespace {

using ::testing::ElementsAre;

Label label_of(std::int64_t frames, Rational rate, DropFrame drop = DropFrame::non_drop) {
  const Timecode t = Timecode::from_frames(frames, *TimecodeFormat::for_rate(rate, drop));
  return {t.hours(), t.minutes(), t.seconds(), t.frames(), drop == DropFrame::drop};
}

TEST(LabelTrack, ContinuousInPresentationOrder) {
  LabelTrack track(1);
  track.set_rate(Rational(25));
  track.set_reordered();
  for (const int frame : {0, 3, 1, 2, 6, 4, 5})
    track.add(frame * 3600, label_of(90000 + frame, 25));
  const auto facts = track.facts();
  ASSERT_EQ(facts.size(), 1U);
  EXPECT_EQ(facts[0].source, TimecodeSource::sei);
  EXPECT_EQ(*facts[0].start, "01:00:00:00");
  EXPECT_EQ(*facts[0].rate, Rational(25));
  EXPECT_FALSE(*facts[0].drop_frame);
  EXPECT_TRUE(facts[0].discontinuities.empty());
}

TEST(LabelTrack, TellsEveryJump) {
  LabelTrack track(0);
  track.set_rate(Rational(25));
  for (int frame = 0; frame < 100; ++frame)
    track.add(frame, label_of(frame < 40 ? frame : frame < 70 ? frame + 10 : frame - 70, 25));
  EXPECT_THAT(track.facts()[0].discontinuities,
              ElementsAre(TimecodeDiscontinuity{40, "00:00:01:15", "00:00:02:00"},
                          TimecodeDiscontinuity{70, "00:00:03:05", "00:00:00:00"}));
}

TEST(LabelTrack, AGapInTheLabelsIsBridged) {
  LabelTrack track(0);
  track.set_rate(Rational(25));
  for (int frame = 0; frame < 60; ++frame)
    track.add(frame, frame % 12 ? std::nullopt : std::optional(label_of(frame, 25)));
  EXPECT_TRUE(track.facts()[0].discontinuities.empty());
}

TEST(LabelTrack, DropFrameAcrossAMinute) {
  LabelTrack track(0);
  const Rational rate(30000, 1001);
  track.set_rate(rate);
  for (int frame = 1780; frame < 1820; ++frame)
    track.add(frame, label_of(frame, rate, DropFrame::drop));
  const auto facts = track.facts();
  EXPECT_EQ(*facts[0].start, "00:00:59;10");
  EXPECT_TRUE(*facts[0].drop_frame);
  EXPECT_TRUE(facts[0].discontinuities.empty());
}

TEST(LabelTrack, PairsOfFramesShareALabel) {
  for (const int phase : {0, 1}) {
    LabelTrack track(0);
    track.set_rate(Rational(50));
    for (int frame = 0; frame < 200; ++frame) track.add(frame, label_of((frame + phase) / 2, 25));
    const auto facts = track.facts();
    EXPECT_EQ(*facts[0].rate, Rational(25)) << phase;
    EXPECT_TRUE(facts[0].discontinuities.empty()) << phase;
  }
}

TEST(LabelTrack, TheStartIsCountedBackFromTheFirstLabel) {
  LabelTrack track(0);
  track.set_rate(Rational(25));
  for (int frame = 0; frame < 40; ++frame)
    track.add(frame, frame < 12 ? std::nullopt : std::optional(label_of(90000 + frame, 25)));
  EXPECT_EQ(*track.facts()[0].start, "01:00:00:00");
  EXPECT_TRUE(track.facts()[0].discontinuities.empty());

  LabelTrack untimed(0);  // in decode order nothing can be counted
  untimed.set_rate(Rational(25));
  untimed.set_reordered();
  untimed.add(std::nullopt, std::nullopt);
  untimed.add(std::nullopt, label_of(90001, 25));
  EXPECT_FALSE(untimed.facts()[0].start.is_known());

  LabelTrack no_rate(0);
  no_rate.add(0, std::nullopt);
  no_rate.add(1, label_of(90001, 25));
  EXPECT_FALSE(no_rate.facts()[0].start.is_known());
}

TEST(LabelTrack, APairIsCountedBackWhole) {
  for (const int phase : {0, 1})
    for (const int first : {4, 5, 6, 7}) {
      LabelTrack track(0);
      track.set_rate(Rational(50));
      const auto label = [&](int frame) { return label_of(1000 + (frame + phase) / 2, 25); };
      for (int frame = 0; frame < 200; ++frame)
        track.add(frame, frame < first ? std::nullopt : std::optional(label(frame)));
      EXPECT_EQ(*track.facts()[0].start, to_string(label(0))) << phase << ", " << first;
    }
}

TEST(LabelTrack, NoLabelsNoTimecode) {
  LabelTrack track(0);
  track.add(0, std::nullopt);
  EXPECT_TRUE(track.facts().empty());
}

TEST(GopLabels, CountTheFramesOfTheGopBefore) {
  GopLabels labels(0);
  for (int gop = 0; gop < 10; ++gop) {
    labels.gop(label_of(900000 + gop * 12, 25));
    for (int frame = 0; frame < 12; ++frame) labels.frame(2, false);
  }
  auto facts = labels.facts(Rational(25));
  ASSERT_EQ(facts.size(), 1U);
  EXPECT_EQ(*facts[0].start, "10:00:00:00");
  EXPECT_TRUE(facts[0].discontinuities.empty());
  labels.gop(label_of(0, 25));
  EXPECT_THAT(labels.facts(Rational(25))[0].discontinuities,
              ElementsAre(TimecodeDiscontinuity{120, "10:00:04:20", "00:00:00:00"}));
}

TEST(GopLabels, RepeatedFieldsCount) {
  // 3:2 pulldown: four frames are ten fields, five labels.
  GopLabels labels(0);
  for (int gop = 0; gop < 8; ++gop) {
    labels.gop(label_of(gop * 5, Rational(30000, 1001)));
    for (int frame = 0; frame < 4; ++frame) labels.frame(frame % 2 ? 3 : 2, false);
  }
  EXPECT_TRUE(labels.facts(Rational(30000, 1001))[0].discontinuities.empty());
}

TEST(GopLabels, TheStartIsThatOfTheFirstPresentedFrame) {
  GopLabels labels(0);
  labels.gop(label_of(250, 25));
  labels.frame(2, false);
  labels.frame(2, true);
  labels.frame(2, true);
  EXPECT_EQ(*labels.facts(Rational(25))[0].start, "00:00:10:02");
}

TEST(GopLabels, TheStartIsCountedBackOverFramesWithoutAHeader) {
  GopLabels labels(0);
  for (int frame = 0; frame < 12; ++frame) labels.frame(2, false);
  for (int gop = 1; gop < 4; ++gop) {
    labels.gop(label_of(900000 + gop * 12, 25));
    for (int frame = 0; frame < 12; ++frame) labels.frame(2, false);
  }
  EXPECT_EQ(*labels.facts(Rational(25))[0].start, "10:00:00:00");
  EXPECT_TRUE(labels.facts(Rational(25))[0].discontinuities.empty());
  EXPECT_FALSE(labels.facts(std::nullopt)[0].start.is_known());

  GopLabels half(0);  // half a label
  half.frame(3, false);
  half.gop(label_of(1, 25));
  half.frame(2, false);
  EXPECT_FALSE(half.facts(Rational(25))[0].start.is_known());
}

}  // namespace
}  // namespace cleangate::probes
