// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/picture/luma_row.h"
#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::frames_of;
using test::Noise;
using test::PictureStream;
using test::Runs;

Spans spans(const Reading& reading) {
  if (const auto* absent = std::get_if<Absent>(&reading.value))
    throw std::runtime_error("absent: " + absent->because);
  return std::get<Spans>(reading.value);
}

Runs black(PictureStream& stream,
           std::initializer_list<std::pair<std::string_view, std::string_view>> written = {},
           const Window& window = {}) {
  const Spans found = spans(stream.read("picture.black", written, window));
  EXPECT_TRUE(found.undecided.empty());
  return frames_of(found.runs);
}

std::uint32_t gradient(int x, int y) { return 40 + static_cast<std::uint32_t>(x + y); }

// Other programs end such a run one frame short.
TEST(PictureBlack, ReachesTheEndOfTheStream) {
  PictureStream stream;
  stream.add(gradient, 75).add_flat(16, 100);
  const Reading reading = stream.read("picture.black");
  const Spans found = spans(reading);
  ASSERT_EQ(frames_of(found.runs), (Runs{{75, 175}}));
  EXPECT_EQ(found.runs[0].start_s, Rational(3));
  EXPECT_EQ(found.runs[0].end_s, Rational(7));
  EXPECT_EQ(found.runs[0].stream, 0);
  EXPECT_FALSE(reading.tainted_because);
  stream.facts().duration_s = Rational(701, 100);
  EXPECT_EQ(spans(stream.read("picture.black")).runs[0].end_s, Rational(701, 100));
}

// Nobody knows how long the frames of a stream without times and rate last.
TEST(PictureBlack, WithoutTimesNothingIsDecided) {
  PictureStream stream;
  stream.add(gradient, 75).add_flat(16, 100);
  for (auto& row : stream.times()) row.flags |= probes::FrameTimeRow::kNoPts;
  std::get<probes::VideoFacts>(stream.facts().media).frame_rate = Fact<Rational>::unknown();
  const Reading reading = stream.read("picture.black");
  EXPECT_TRUE(spans(reading).runs.empty());
  EXPECT_EQ(frames_of(spans(reading).undecided), (Runs{{75, 175}}));
  EXPECT_TRUE(reading.tainted_because);
}

TEST(PictureBlack, FindsASingleFrame) {
  PictureStream stream;
  stream.add(gradient, 50).add_flat(16).add(gradient, 50);
  const Spans found = spans(stream.read("picture.black"));
  ASSERT_EQ(frames_of(found.runs), (Runs{{50, 51}}));
  EXPECT_EQ(found.runs[0].start_s, Rational(2));
  EXPECT_EQ(found.runs[0].end_s, Rational(51, 25));
}

TEST(PictureBlack, IsNotCreditsOnBlackEvenWhereTheAreaIsLoose) {
  PictureStream stream(8, 1280, 720);
  for (int i = 0; i < 3; ++i)
    stream.add([i](int x, int y) {
      return x >= 600 && x < 680 && y >= 700 - i && y < 712 - i ? 235u : 16u;
    });
  EXPECT_EQ(black(stream), Runs{});
  EXPECT_EQ(black(stream, {{"area", "98 %"}}), Runs{});
  // Unless the profile wants no look at structure.
  EXPECT_EQ(black(stream, {{"area", "98 %"}, {"contrast", "100 %"}}), (Runs{{0, 3}}));
}

TEST(PictureBlack, IsNotADarkMovingScene) {
  PictureStream stream(8, 320, 180);
  for (int i = 0; i < 4; ++i)
    stream.add(
        [i](int x, int y) { return 16u + static_cast<std::uint32_t>((x / 8 + y / 8 + i) % 21); });
  EXPECT_EQ(black(stream), Runs{});
}

TEST(PictureBlack, IsBlackUnderGrainUpToTheLevel) {
  Noise noise(1);
  PictureStream stream(8, 640, 360);
  stream.add([&](int, int) { return 12 + noise() % 15; });  // 12..26, 5 % is 26.95
  stream.add([&](int, int) { return 12 + noise() % 16; });  // 12..27
  EXPECT_EQ(black(stream), (Runs{{0, 1}}));
  // Noise peaks over the level are noise, not picture.
  EXPECT_EQ(black(stream, {{"area", "90 %"}}), (Runs{{0, 2}}));
}

TEST(PictureBlack, HasFrameExactEdgesInFades) {
  PictureStream stream;
  for (std::uint32_t code = 40; code >= 16; --code) stream.add_flat(code);
  for (std::uint32_t code = 16; code <= 40; ++code) stream.add_flat(code);
  EXPECT_EQ(black(stream), (Runs{{14, 36}}));                      // 26 and below
  EXPECT_EQ(black(stream, {{"level", "0 %"}}), (Runs{{24, 26}}));  // 16
  EXPECT_EQ(black(stream, {{"level", "26 code"}}), (Runs{{14, 36}}));
  EXPECT_EQ(black(stream, {{"level", "30 code"}}), (Runs{{10, 40}}));
  EXPECT_EQ(black(stream, {{"level", "-5 %"}}), Runs{});
}

TEST(PictureBlack, IsNotALetterboxedPicture) {
  PictureStream stream(8, 192, 108);
  stream.add([](int x, int y) { return y < 14 || y >= 94 ? 16u : gradient(x, y); }, 5);
  EXPECT_EQ(black(stream), Runs{});
}

// 20 in a million of 1920x1080 are 41.47 samples.
TEST(PictureBlack, AllowsTwentySamplesInAMillion) {
  for (const int white : {41, 42}) {
    PictureStream stream(8, 1920, 1080);
    stream.add([white](int x, int y) { return y == 500 && x < white ? 235u : 16u; });
    EXPECT_EQ(black(stream), white == 41 ? (Runs{{0, 1}}) : Runs{}) << white;
  }
}

TEST(PictureBlack, ReadsLevelsByTheSignalledRange) {
  PictureStream narrow;
  narrow.range(SignalRange::narrow).add_flat(16, 2).add_flat(26).add_flat(27);
  EXPECT_EQ(black(narrow), (Runs{{0, 3}}));
  PictureStream full;  // 5 % of 255 is 12.75
  full.range(SignalRange::full).add_flat(0, 2).add_flat(12).add_flat(13).add_flat(16);
  EXPECT_EQ(black(full), (Runs{{0, 3}}));
  PictureStream ten(10);
  ten.add_flat(64, 2).add_flat(107).add_flat(108);
  EXPECT_EQ(black(ten), (Runs{{0, 3}}));
  PictureStream stated(10);  // only the stream's facts say full: 51.15
  stated.facts().video()->color.range = SignalRange::full;
  stated.add_flat(51).add_flat(52);
  EXPECT_EQ(black(stated), (Runs{{0, 1}}));
}

TEST(PictureBlack, LeavesOpenWhatTheStoredRungsCannotTell) {
  PictureStream stream(10, 640, 360);
  // 4.25 % at 10 bits is 101.2; the next rungs are 99 (4 %) and 103 (4.5 %).
  stream.add([](int x, int) { return x < 320 ? 64u : 102u; });
  stream.add([](int x, int) { return x < 320 ? 64u : 100u; });
  stream.add([](int x, int) { return x < 320 ? 64u : 98u; });
  stream.add([](int x, int) { return x < 320 ? 64u : 104u; });
  stream.add([](int x, int y) { return x < 320 ? 64u : x == 639 && y == 9 ? 110u : 100u; });
  const Spans found = spans(stream.read("picture.black", {{"level", "4.25 %"}}));
  // The highest code value settles the second and third, the upper rung the fourth.
  EXPECT_EQ(frames_of(found.runs), (Runs{{1, 3}}));
  EXPECT_EQ(frames_of(found.undecided), (Runs{{0, 1}, {4, 5}}));
}

TEST(PictureBlack, LeavesDamagedFramesOpenWhereTheyAre) {
  PictureStream stream;
  stream.add_flat(16, 5)
      .add_damaged(2)
      .add_flat(16, 3)
      .add(gradient, 4)
      .add_damaged()
      .add(gradient);
  const Reading reading = stream.read("picture.black");
  EXPECT_EQ(frames_of(spans(reading).runs), (Runs{{0, 5}, {7, 10}}));
  EXPECT_EQ(frames_of(spans(reading).undecided), (Runs{{5, 7}, {14, 15}}));
  EXPECT_FALSE(reading.tainted_because);
}

TEST(PictureBlack, IsAbsentWhereNothingWasMeasured) {
  const auto kind = [](const Reading& reading) { return std::get<Absent>(reading.value).kind; };
  PictureStream damaged;
  damaged.add_damaged(3);
  EXPECT_EQ(kind(damaged.read("picture.black")), AbsenceKind::damaged);
  probes::LumaRow floating;
  floating.flags = probes::LumaRow::kNotMeasured | probes::LumaRow::kFloatSamples;
  PictureStream unmeasured;
  unmeasured.add_row(floating, 0);
  EXPECT_EQ(kind(unmeasured.read("picture.black")), AbsenceKind::not_measured);
  PictureStream outside;
  outside.add_flat(16, 3);
  EXPECT_EQ(kind(outside.read("picture.black", {}, {Rational(9), std::nullopt})),
            AbsenceKind::undefined);
  test::RowEvidence nothing;
  nothing.facts_.streams.resize(1);
  nothing.facts_.streams[0].kind = probes::StreamKind::video;
  const Quantity& quantity = *find_quantity("picture.black");
  const auto readings = quantity.evaluate(nothing, default_parameters(quantity), {});
  ASSERT_EQ(readings.size(), 1u);
  EXPECT_EQ(kind(readings[0]), AbsenceKind::not_measured);
}

TEST(PictureBlack, TaintsAStreamMeasuredInPart) {
  PictureStream stream;
  stream.add(gradient, 10);
  stream.facts().video()->frame_count = 20;
  EXPECT_TRUE(stream.read("picture.black").tainted_because);
}

TEST(PictureBlack, CountsPresentedFramesOnly) {
  PictureStream stream;
  stream.add_flat(16, 4).add(gradient, 6).add_flat(16, 3).add(gradient, 5);
  for (const std::size_t row : {0, 1, 11})
    stream.times()[row].flags = probes::FrameTimeRow::kUnpresented;
  EXPECT_EQ(black(stream), (Runs{{0, 2}, {8, 10}}));
}

TEST(PictureBlack, LooksInsideTheWindowOnly) {
  PictureStream stream;
  stream.add_flat(16, 50).add(gradient, 25).add_flat(16, 50);
  EXPECT_EQ(black(stream, {}, {Rational(1), Rational(4)}), (Runs{{25, 50}, {75, 100}}));
  EXPECT_EQ(black(stream, {}, {Rational(2), Rational(3)}), Runs{});
}

// Runs meet chunk borders (16 rows) and chunks that are skipped by their bounds.
TEST(PictureBlack, CrossesChunks) {
  PictureStream stream;
  stream.add(gradient, 40)
      .add_flat(16, 40)
      .add(gradient, 48)
      .add_flat(16)
      .add(gradient, 15)
      .add_flat(16, 17);
  EXPECT_EQ(black(stream), (Runs{{40, 80}, {128, 129}, {144, 161}}));
}

TEST(PictureBlack, FollowsAChangeOfDepthAndSize) {
  PictureStream stream;
  PictureStream other(10, 32, 18);
  other.add_flat(107).add_flat(108);
  stream.add_flat(26).add_flat(27);
  const auto rows =
      read_column(other.evidence(), test::RowEvidence::id<probes::LumaRow>(0), "bits");
  ASSERT_TRUE(rows);
  probes::FrameSweep sweep;
  for (const std::uint32_t code : {107u, 108u}) {
    const auto made = test::luma_frame(32, 18, 10, [code](int, int) { return code; });
    sweep.run(made->frame);
    stream.add_row(probes::analyze_luma(sweep), 0);
  }
  EXPECT_EQ(black(stream), (Runs{{0, 1}, {2, 3}}));
}

}  // namespace
}  // namespace cleangate::specs
