// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::frames_of;
using test::PictureStream;
using test::Runs;

// Narrow 8 bits on a screen of 200 cd/m2 (BT.1886): 90 is 17.4 cd/m2, 120 is 34, 130 is 40.6.
constexpr std::uint32_t kDark = 90, kWeak = 120, kBright = 130;
constexpr const char* kLuminance = "photosensitivity.luminance";

Spans spans(const Reading& reading) {
  if (const auto* absent = std::get_if<Absent>(&reading.value))
    throw std::runtime_error("absent: " + absent->because);
  return std::get<Spans>(reading.value);
}

// `on` frames bright and `off` frames dark, in turn.
PictureStream flashing(int flashes, int on, int off, std::uint32_t bright = kBright,
                       std::uint32_t dark = kDark, double area = 1) {
  PictureStream stream(8, 640, 360);
  const auto ground = [&](std::uint32_t code) {
    return [=](int x, int) { return x < 640 * area ? code : 60u; };
  };
  stream.add(ground(dark), 10);
  for (int i = 0; i < flashes; ++i) stream.add(ground(bright), on).add(ground(dark), off);
  return stream;
}

TEST(Photosensitivity, FindsMoreThanThreeFlashesInASecond) {
  auto stream = flashing(4, 2, 2);
  const Spans found = spans(stream.read(kLuminance));
  // The seventh change, at frame 22, makes it one; the eighth is at frame 24.
  ASSERT_EQ(frames_of(found.runs), (Runs{{10, 25}}));
  EXPECT_EQ(found.runs[0].value, Rational(100));
  EXPECT_TRUE(found.undecided.empty());
  auto three = flashing(3, 2, 2);
  EXPECT_TRUE(spans(three.read(kLuminance)).runs.empty());
  EXPECT_FALSE(spans(three.read(kLuminance, {{"flashes", "2"}})).runs.empty());
}

TEST(Photosensitivity, SlowFlashesAreNone) {
  auto stream = flashing(12, 4, 5);  // 2.8 a second
  EXPECT_TRUE(spans(stream.read(kLuminance)).runs.empty());
  auto faster = flashing(12, 3, 4);  // 3.6 a second
  EXPECT_FALSE(spans(faster.read(kLuminance)).runs.empty());
}

TEST(Photosensitivity, LooksAtTheLuminanceOfTheScreen) {
  auto weak = flashing(8, 2, 2, kWeak);
  EXPECT_TRUE(spans(weak.read(kLuminance)).runs.empty());
  EXPECT_FALSE(spans(weak.read(kLuminance, {{"white", "300 cd/m2"}})).runs.empty());
  EXPECT_FALSE(spans(weak.read(kLuminance, {{"change", "15 cd/m2"}})).runs.empty());
  auto light = flashing(8, 2, 2, 235, 220);  // 167 to 200 cd/m2
  EXPECT_TRUE(spans(light.read(kLuminance)).runs.empty());
  EXPECT_FALSE(spans(light.read(kLuminance, {{"dark", "170 cd/m2"}})).runs.empty());
}

TEST(Photosensitivity, LooksAtTheArea) {
  auto small = flashing(8, 2, 2, kBright, kDark, 0.24);
  EXPECT_TRUE(spans(small.read(kLuminance)).runs.empty());
  EXPECT_FALSE(spans(small.read(kLuminance, {{"area", "20 %"}})).runs.empty());
  auto large = flashing(8, 2, 2, kBright, kDark, 0.26);
  EXPECT_EQ(frames_of(spans(large.read(kLuminance)).runs), (Runs{{10, 41}}));
}

// 17, 28, 41 cd/m2: no step reaches 20 cd/m2, both together do. Whether that is a flash nobody
// says, so it is neither harm nor "no risk found".
TEST(Photosensitivity, SlowChangesAreUndecided) {
  PictureStream stream(8, 640, 360);
  stream.add_flat(kDark, 10);
  for (int i = 0; i < 8; ++i) stream.add_flat(112).add_flat(kBright).add_flat(112).add_flat(kDark);
  const Spans found = spans(stream.read(kLuminance));
  EXPECT_TRUE(found.runs.empty());
  EXPECT_EQ(frames_of(found.undecided), (Runs{{11, 42}}));
  EXPECT_TRUE(spans(stream.read(kLuminance, {{"ramp", "0 s"}})).undecided.empty());
  EXPECT_FALSE(spans(stream.read(kLuminance, {{"step", "0.08 s"}})).runs.empty());
}

// A wave of 3.6 a second that no frame changes by much, its halves a frame apart.
TEST(Photosensitivity, WavesAreUndecided) {
  PictureStream stream(8, 640, 360);
  constexpr std::uint32_t kWave[] = {90, 97, 108, 120, 128, 115, 102};
  for (std::size_t i = 0; i < 60; ++i)
    stream.add([&](int x, int) { return x < 320 ? kWave[i % 7] : kWave[(i + 1) % 7]; }, 1);
  const Spans found = spans(stream.read(kLuminance));
  EXPECT_TRUE(found.runs.empty());
  ASSERT_EQ(found.undecided.size(), 1u);
  EXPECT_GT(*found.undecided[0].end_frame - *found.undecided[0].first_frame, 45);
}

// A step that is written in frames lasts as long as these.
TEST(Photosensitivity, CountsFramesWhereStepsAreInFrames) {
  PictureStream stream(8, 640, 360);
  stream.add_flat(kDark, 10);
  for (int i = 0; i < 8; ++i) stream.add_flat(112).add_flat(kBright).add_flat(112).add_flat(kDark);
  EXPECT_FALSE(spans(stream.read(kLuminance, {{"step", "2 frames"}})).runs.empty());
  const Spans found = spans(stream.read(kLuminance, {{"step", "1 frames"}, {"ramp", "2 frames"}}));
  EXPECT_TRUE(found.runs.empty());
  EXPECT_EQ(frames_of(found.undecided), (Runs{{11, 42}}));
  EXPECT_TRUE(spans(stream.read(kLuminance, {{"ramp", "1 frames"}})).undecided.empty());
  std::get<probes::VideoFacts>(stream.facts().media).frame_rate = Fact<Rational>::unknown();
  const Reading unknown = stream.read(kLuminance, {{"step", "2 frames"}});
  ASSERT_TRUE(std::holds_alternative<Absent>(unknown.value));
  EXPECT_EQ(std::get<Absent>(unknown.value).kind, AbsenceKind::undecided);
}

// Seven changes from 0.04 s to 0.88 s, in ticks of 1/1500000000 s.
TEST(Photosensitivity, TellsTheTimeInFineTicks) {
  PictureStream stream(8, 640, 360);
  stream.add_flat(kDark);
  for (int i = 0; i < 3; ++i) stream.add_flat(kBright, 3).add_flat(kDark, 4);
  stream.add_flat(kBright, 2);
  stream.facts().time_base = Rational(1, 1'500'000'000);
  for (std::size_t i = 1; i < stream.times().size(); ++i)
    stream.times()[i].pts = static_cast<std::int64_t>(i) * 60'000'000 + 1;
  EXPECT_FALSE(spans(stream.read(kLuminance)).runs.empty());
}

// Nobody can tell what changes between pictures of two sizes; that nothing red does, where there is
// nothing red.
TEST(Photosensitivity, AChangeOfFormIsUndecided) {
  PictureStream stream(8, 640, 360);
  stream.add_flat(kDark, 20);
  for (std::size_t i = 10; i < 20; ++i) stream.flashes()[i].width = 320;
  const Spans found = spans(stream.read(kLuminance));
  EXPECT_TRUE(found.runs.empty());
  EXPECT_EQ(frames_of(found.undecided), (Runs{{10, 11}}));
  EXPECT_TRUE(spans(stream.read("photosensitivity.red")).undecided.empty());
  stream.flashes()[15].red.fill(probes::kShareOne);
  EXPECT_EQ(frames_of(spans(stream.read("photosensitivity.red")).undecided), (Runs{{10, 11}}));
  // The first frame of a window is compared with none.
  const Reading behind = stream.read(kLuminance, {}, {Rational(10, 25), {}});
  EXPECT_TRUE(spans(behind).undecided.empty());
}

TEST(Photosensitivity, DamageIsUndecided) {
  PictureStream stream(8, 640, 360);
  stream.add_flat(kDark, 10).add_damaged(3).add_flat(kDark, 10);
  const Spans found = spans(stream.read(kLuminance));
  EXPECT_TRUE(found.runs.empty());
  EXPECT_EQ(frames_of(found.undecided), (Runs{{10, 13}}));
}

TEST(Photosensitivity, WithoutRowsNothingIsSaid) {
  PictureStream stream(8, 640, 360);
  stream.add_damaged(10);
  EXPECT_TRUE(std::holds_alternative<Absent>(stream.read(kLuminance).value));
}

TEST(Photosensitivity, FindsRedFlashes) {
  PictureStream stream(8, 640, 360);
  stream.add_flat(60, 40);
  for (std::size_t i = 0; i < 40; ++i) {
    probes::FlashRow& row = stream.flashes()[i];
    const bool red = i >= 10 && i % 4 < 2;
    row.red.fill(red ? probes::kShareOne : 0);
    row.u.fill(red ? 1750 : 810);
    row.v.fill(red ? 2120 : 1918);
  }
  const Spans found = spans(stream.read("photosensitivity.red"));
  ASSERT_EQ(found.runs.size(), 1u);
  EXPECT_EQ(*found.runs[0].first_frame, 12);
  EXPECT_TRUE(spans(stream.read(kLuminance)).runs.empty());
  EXPECT_TRUE(spans(stream.read("photosensitivity.red", {{"difference", "0.3"}})).runs.empty());
}

}  // namespace
}  // namespace cleangate::specs
