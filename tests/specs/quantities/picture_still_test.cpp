// SPDX-License-Identifier: Apache-2.0
// picture.freeze, picture.static and picture.repeats.
#include <gtest/gtest.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::frames_of;
using test::Noise;
using test::PictureStream;
using test::Runs;

// A picture with grain; `at` says how far its pattern has moved, `scene` which one it is.
PictureStream::Luma scene(int which, int at, unsigned grain, Noise& noise) {
  return [=, &noise](int x, int y) {
    const int moved = x + at * (1 + which / 4);
    const int pattern = ((moved / 16 + (y / 16) * (which + 1)) % 2) * 90;
    return static_cast<std::uint32_t>(50 + which * 13 + pattern + moved % 16) +
           (grain ? noise() % grain : 0);
  };
}

class Still : public testing::Test {
 protected:
  Still() : stream_(8, 192, 112) {}
  void moving(int which, int count, unsigned grain = 4) {
    for (int i = 0; i < count; ++i) stream_.add(scene(which, at_++, grain, noise_));
  }
  // Exact repeats of the frame before.
  void frozen(int which, int count) {
    Noise same(1);
    const auto still = scene(which, at_++, 4, same);
    stream_.add(still, count);
  }
  // The picture stands, its grain lives.
  void under_grain(int which, int count) {
    for (int i = 0; i < count; ++i) stream_.add(scene(which, at_, 4, noise_));
    ++at_;
  }
  // The picture stands; each frame differs in a third of its samples by a code value, every
  // `repeat`th repeats the one before.
  void coded_anew(int which, int count, int repeat) {
    Noise same(1);
    const auto still = scene(which, at_++, 4, same);
    std::vector<std::uint32_t> picture;
    for (int y = 0; y < 112; ++y)
      for (int x = 0; x < 192; ++x) picture.push_back(still(x, y));
    for (int i = 0; i < count; ++i) {
      std::vector<std::uint32_t> coded = picture;
      for (auto& sample : coded) sample += coding_() % 3 == 0 ? 1 : 0;
      if (i == 0 || i % repeat != repeat - 1)
        held_ = [coded](int x, int y) { return coded[static_cast<std::size_t>(y * 192 + x)]; };
      stream_.add(held_);
    }
  }
  Runs runs(std::string_view id,
            std::initializer_list<std::pair<std::string_view, std::string_view>> written = {}) {
    const Reading reading = stream_.read(id, written);
    const auto* spans = std::get_if<Spans>(&reading.value);
    EXPECT_TRUE(spans);
    spans_ = spans ? *spans : Spans{};
    return frames_of(spans_.runs);
  }
  PictureStream stream_;
  Noise noise_{7}, coding_{5};
  PictureStream::Luma held_;
  int at_ = 0;
  Spans spans_;
};

TEST_F(Still, AFreezeBeginsWithTheFrameThatIsRepeatedAndEndsWhereThePictureMovesAgain) {
  moving(0, 20);
  frozen(0, 12);  // frames 20 to 31
  moving(0, 20);
  EXPECT_EQ(runs("picture.freeze"), (Runs{{20, 32}}));
  EXPECT_EQ(spans_.runs[0].confidence, Rational(1));
  EXPECT_TRUE(spans_.undecided.empty());
  EXPECT_TRUE(runs("picture.static").empty());
  EXPECT_EQ(runs("picture.repeats"), (Runs{{21, 32}}));
}

// As MPEG-2 does: samples differ by a code value, no cell moves, each third frame is a repeat.
TEST_F(Still, AFreezeThatIsCodedAnewIsFoundByTheRepeatsInIt) {
  moving(0, 10);
  coded_anew(0, 13, 3);
  moving(0, 10);
  EXPECT_EQ(runs("picture.freeze"), (Runs{{10, 23}}));
  EXPECT_EQ(spans_.runs[0].confidence, Rational(1));
}

// A camera on a tripod with little noise, and one frame too many.
TEST_F(Still, AnUnmovingShotWithOneRepeatedFrameIsNoFreeze) {
  moving(0, 10);
  coded_anew(0, 20, 100);
  stream_.add(held_);
  coded_anew(0, 20, 100);
  moving(0, 10);
  EXPECT_EQ(runs("picture.freeze"), (Runs{}));
}

// 25 frames a second shown as 50: motion that pauses is no freeze.
TEST_F(Still, WherePicturesComeTwiceAllAlongTheirRepeatsAreNoFreeze) {
  const auto twice = [&] {
    for (int i = 0; i < 20; ++i) {
      const auto picture = scene(0, at_++, 1, noise_);
      stream_.add(picture, 2);
    }
  };
  twice();
  coded_anew(0, 20, 2);
  twice();
  EXPECT_EQ(runs("picture.freeze"), (Runs{}));
}

TEST_F(Still, FramesThatAreAskedForAreCounted) {
  moving(0, 20);
  frozen(0, 12);  // 0.48 s
  moving(0, 20);
  EXPECT_EQ(runs("picture.freeze", {{"shortest", "12 frames"}}), (Runs{{20, 32}}));
  EXPECT_EQ(runs("picture.freeze", {{"shortest", "13 frames"}}), (Runs{}));
  EXPECT_EQ(runs("picture.static", {{"shortest", "5 frames"}}), (Runs{}));
  std::get<probes::VideoFacts>(stream_.facts().media).frame_rate_mode = probes::RateMode::variable;
  const Reading variable = stream_.read("picture.freeze", {{"shortest", "12 frames"}});
  ASSERT_TRUE(std::holds_alternative<Absent>(variable.value));
  EXPECT_EQ(std::get<Absent>(variable.value).kind, AbsenceKind::undecided);
}

// ffmpeg's freezedetect prints no end there.
TEST_F(Still, AFreezeToTheEndOfTheFileEndsWithIt) {
  moving(0, 20);
  frozen(0, 15);
  EXPECT_EQ(runs("picture.freeze"), (Runs{{20, 35}}));
  EXPECT_EQ(spans_.runs[0].end_s, Rational(35, 25));
}

TEST_F(Still, OneRepeatedFrameIsFoundAndIsNoFreeze) {
  moving(0, 10);
  frozen(0, 2);
  moving(0, 10);
  EXPECT_TRUE(runs("picture.freeze").empty());
  EXPECT_EQ(runs("picture.repeats"), (Runs{{11, 12}}));
}

TEST_F(Still, AStillShotFromCutToCutIsNoFreeze) {
  moving(0, 15);
  frozen(5, 40);
  moving(2, 15);
  EXPECT_TRUE(runs("picture.freeze").empty());
  EXPECT_EQ(runs("picture.static"), (Runs{{15, 55}}));
}

TEST_F(Still, AFileOfOneStillIsStaticAndAFreezeAtTheStartOfAShotIsAFreeze) {
  frozen(1, 40);
  EXPECT_TRUE(runs("picture.freeze").empty());
  EXPECT_EQ(runs("picture.static"), (Runs{{0, 40}}));
  moving(1, 20);
  EXPECT_EQ(runs("picture.freeze"), (Runs{{0, 40}}));
}

// freezedetect does not find it at its defaults.
TEST_F(Still, APictureThatStopsUnderLiveGrainIsAFreezeOfLowerConfidence) {
  moving(0, 20);
  under_grain(0, 20);
  moving(0, 20);
  EXPECT_EQ(runs("picture.freeze", {{"confidence", "0.5"}}), (Runs{{20, 40}}));
  EXPECT_EQ(spans_.runs[0].confidence, Rational(1, 2));
  EXPECT_TRUE(runs("picture.freeze").empty()) << "unless it is asked for";
  EXPECT_TRUE(runs("picture.repeats").empty()) << "no frame is repeated";
}

TEST_F(Still, AStillShotUnderGrainIsNoFreeze) {
  moving(0, 15);
  under_grain(5, 30);
  moving(2, 15);
  EXPECT_TRUE(runs("picture.freeze", {{"confidence", "0.5"}}).empty());
}

TEST_F(Still, CardsThatFollowOneAnotherAreStaticHoweverLittleOfThemDiffers) {
  const auto card = [](int line) {
    return [line](int x, int y) { return y / 8 == line && x > 40 && x < 120 ? 235u : 16u; };
  };
  stream_.add_flat(16, 20);
  stream_.add(card(3), 30);
  stream_.add(card(7), 30);
  stream_.add_flat(16, 20);
  EXPECT_TRUE(runs("picture.freeze").empty());
  EXPECT_EQ(runs("picture.static"), (Runs{{20, 50}, {50, 80}}));
}

TEST_F(Still, AnimationOnTwosFreezes) {
  const auto twos = [&](int count) {
    for (int i = 0; i < count; ++i) stream_.add(scene(0, at_++, 0, noise_), 2);
  };
  twos(15);
  stream_.add(scene(0, at_++, 0, noise_), 40);
  twos(15);
  EXPECT_EQ(runs("picture.freeze"), (Runs{{30, 70}}));
  EXPECT_TRUE(runs("picture.static").empty());
}

TEST_F(Still, OnePictureThatIsPresentedForLongIsAFreeze) {
  moving(0, 50);
  auto& times = stream_.times();
  for (std::size_t i = 21; i < times.size(); ++i) times[i].pts += 10 * PictureStream::kTicks;
  EXPECT_EQ(runs("picture.freeze"), (Runs{{20, 21}}));
  EXPECT_EQ(spans_.runs[0].end_s - spans_.runs[0].start_s, Rational(11, 25));
}

TEST_F(Still, ASlideThatIsPresentedForLongBetweenTwoCutsIsNone) {
  moving(0, 20);
  moving(5, 1);
  moving(2, 30);
  auto& times = stream_.times();
  for (std::size_t i = 21; i < times.size(); ++i) times[i].pts += 10 * PictureStream::kTicks;
  EXPECT_TRUE(runs("picture.freeze").empty());
  EXPECT_TRUE(spans_.undecided.empty());
}

TEST_F(Still, BlackAndFlatPicturesDoNotFreeze) {
  moving(0, 10);
  stream_.add_flat(16, 50);
  moving(0, 10);
  stream_.add_flat(120, 50);
  EXPECT_TRUE(runs("picture.freeze").empty());
  EXPECT_TRUE(runs("picture.static").empty());
  EXPECT_TRUE(runs("picture.repeats").empty());
}

TEST_F(Still, ARepeatThatWasCodedAgainIsARepeatAndASmallThingThatMovesIsNot) {
  moving(0, 10);
  Noise same(3);
  auto base = std::make_shared<std::vector<std::uint32_t>>();
  const auto first = scene(0, at_++, 4, same);
  for (int y = 0; y < 112; ++y)
    for (int x = 0; x < 192; ++x) base->push_back(first(x, y));
  const auto stored = [base](int x, int y) {
    return (*base)[static_cast<std::size_t>(y * 192 + x)];
  };
  for (int i = 0; i < 10; ++i)  // one sample in twenty is off by one
    stream_.add([&](int x, int y) { return stored(x, y) + (noise_() % 20 == 0 ? 1u : 0u); });
  moving(0, 10);
  EXPECT_EQ(runs("picture.freeze"), (Runs{{10, 20}}));
  for (int i = 0; i < 10; ++i)  // a clock in the corner
    stream_.add([&](int x, int y) { return x < 8 && y < 8 ? 40u + 20u * (i % 2) : stored(x, y); });
  moving(0, 10);
  EXPECT_EQ(runs("picture.freeze"), (Runs{{10, 20}}));
}

// What MPEG-2 and HEVC at low bit rates do to a freeze.
TEST_F(Still, APictureThatPulsesWithEachIntraFrameStandsStill) {
  const auto pulse = [&] {
    stream_.add([this](int x, int y) {
      Noise same(1);
      return scene(0, 10, 0, same)(x, y) + noise_() % 6 - 2;
    });
  };
  moving(0, 10, 0);
  at_ = 10;
  for (int gop = 0; gop < 3; ++gop) {
    if (gop > 0) pulse();  // frames 20 and 31
    stream_.add(scene(0, 10, 0, noise_), 10);
  }
  at_ = 11;
  moving(0, 10, 0);
  EXPECT_EQ(runs("picture.freeze").size(), 3u) << "not intra frames: the picture is another";
  for (const std::size_t key : {20u, 31u}) stream_.times()[key].flags |= probes::FrameTimeRow::kKey;
  EXPECT_EQ(runs("picture.freeze"), (Runs{{10, 42}}));
}

TEST_F(Still, DamagedFramesAndThoseBehindThemAreUndecided) {
  moving(0, 10);
  frozen(0, 10);
  stream_.add_damaged(2);
  frozen(0, 10);
  moving(0, 5);
  EXPECT_EQ(runs("picture.freeze"), (Runs{{10, 20}, {22, 32}}));
  EXPECT_EQ(frames_of(spans_.undecided), (Runs{{20, 23}}));
}

TEST_F(Still, AStillBetweenACutAndDamageIsNeitherAFreezeNorStaticForSure) {
  moving(0, 15);
  frozen(5, 40);
  stream_.add_damaged();
  moving(2, 15);
  for (const char* id : {"picture.freeze", "picture.static"}) {
    EXPECT_TRUE(runs(id).empty()) << id;
    EXPECT_EQ(frames_of(spans_.undecided), (Runs{{15, 55}, {55, 57}})) << id;
  }
}

TEST_F(Still, WhatFollowsAFrameThatIsNotPresentedIsUndecided) {
  moving(0, 10);
  frozen(0, 10);
  moving(0, 5);
  stream_.times()[14].flags |= probes::FrameTimeRow::kUnpresented;
  EXPECT_EQ(runs("picture.repeats"), (Runs{{11, 14}, {15, 19}}));
  EXPECT_EQ(frames_of(spans_.undecided), (Runs{{14, 15}}));
}

TEST_F(Still, ALimitBeyondWhatTheRowsTellIsUndecided) {
  moving(0, 10);
  stream_.add_flat(200);
  EXPECT_TRUE(runs("picture.freeze", {{"difference", "100 %"}, {"cell", "100 %"}}).empty());
  EXPECT_EQ(frames_of(spans_.undecided), (Runs{{1, 11}}));
}

TEST_F(Still, ARegionCutsTheRuns) {
  moving(0, 20);
  frozen(0, 20);
  moving(0, 20);
  const auto reading = stream_.read("picture.freeze", {}, {Rational(1), Rational(7, 5)});
  EXPECT_EQ(frames_of(std::get<Spans>(reading.value).runs), (Runs{{25, 35}}));
}

TEST_F(Still, WithoutRowsItIsNotMeasured) {
  test::RowEvidence nothing;
  nothing.facts_ = stream_.evidence().facts();
  const Quantity* quantity = find_quantity("picture.freeze");
  const auto readings = quantity->evaluate(nothing, default_parameters(*quantity), {});
  ASSERT_EQ(readings.size(), 1u);
  EXPECT_EQ(std::get<Absent>(readings[0].value).kind, AbsenceKind::not_measured);
}

}  // namespace
}  // namespace cleangate::specs
