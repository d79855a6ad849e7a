// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::PictureStream;

Rational value(const Reading& reading) {
  if (const auto* absent = std::get_if<Absent>(&reading.value))
    throw std::runtime_error("absent: " + absent->because);
  return std::get<Rational>(std::get<Scalar>(reading.value));
}

// 100x100: one sample in ten thousand at 3, nine at 9 (0.1 % quantile), the rest 50..149.
std::uint32_t picture(int x, int y) {
  const int i = y * 100 + x;
  if (i == 0) return 3;
  if (i < 10) return 9;
  if (i < 100) return 12;
  if (i >= 9999) return 250;
  if (i >= 9990) return 240;
  return 50 + static_cast<std::uint32_t>(x);
}

TEST(LumaLevels, GiveExtremesAndQuantilesInCodesAndPercent) {
  PictureStream stream(8, 100, 100);
  stream.add_flat(100, 3).add(picture).add_flat(90, 3);
  EXPECT_EQ(value(stream.read("picture.luma_min")), Rational(3));
  EXPECT_EQ(value(stream.read("picture.luma_p0_1")), Rational(9));
  EXPECT_EQ(value(stream.read("picture.luma_p1")), Rational(12));
  EXPECT_EQ(value(stream.read("picture.luma_p50")), Rational(99));
  EXPECT_EQ(value(stream.read("picture.luma_p99")), Rational(149));
  EXPECT_EQ(value(stream.read("picture.luma_p99_9")), Rational(149));
  EXPECT_EQ(value(stream.read("picture.luma_max")), Rational(250));
  EXPECT_EQ(value(stream.read("levels.luma_min")), Rational(-1300, 219));
  EXPECT_EQ(value(stream.read("levels.luma_p0_1")), Rational(-700, 219));
  EXPECT_EQ(value(stream.read("levels.luma_p1")), Rational(-400, 219));
  EXPECT_EQ(value(stream.read("levels.luma_p50")), Rational(8300, 219));
  EXPECT_EQ(value(stream.read("levels.luma_p99")), Rational(13300, 219));
  EXPECT_EQ(value(stream.read("levels.luma_p99_9")), Rational(13300, 219));
  EXPECT_EQ(value(stream.read("levels.luma_max")), Rational(23400, 219));
}

TEST(LumaLevels, SayWhereTheExtremeFirstIs) {
  PictureStream stream;
  stream.add_flat(100, 30).add_flat(200, 2).add_flat(100).add_flat(200);
  const Reading reading = stream.read("picture.luma_max");
  ASSERT_EQ(reading.where.size(), 1u);
  EXPECT_EQ(reading.where[0].first_frame, 30);
  EXPECT_EQ(reading.where[0].end_frame, 31);
  EXPECT_EQ(reading.where[0].start_s, Rational(6, 5));
  EXPECT_FALSE(reading.tainted_because);
}

TEST(LumaLevels, LookAtTheActivePictureWhenAsked) {
  PictureStream stream(8, 128, 72);
  stream.add(
      [](int, int y) { return y < 9 || y >= 63 ? 16u : 60u + static_cast<std::uint32_t>(y); });
  EXPECT_EQ(value(stream.read("picture.luma_min")), Rational(16));
  EXPECT_EQ(value(stream.read("picture.luma_min", {{"active", "true"}})), Rational(69));
}

TEST(LumaLevels, StayInTheWindow) {
  PictureStream stream;
  stream.add_flat(235, 25).add_flat(100, 25).add_flat(235, 25);
  EXPECT_EQ(value(stream.read("levels.luma_max", {}, {Rational(1), Rational(2)})),
            Rational(8400, 219));
}

TEST(LumaLevels, AreTaintedByDamageAndAbsentWithoutFrames) {
  PictureStream stream;
  stream.add_flat(100, 3).add_damaged().add_flat(90);
  const Reading reading = stream.read("picture.luma_min");
  EXPECT_EQ(value(reading), Rational(90));
  ASSERT_TRUE(reading.tainted_because);
  EXPECT_EQ(*reading.tainted_because,
            "1 of 5 frames of stream 0 are damaged or could not be measured.");
  EXPECT_FALSE(
      stream.read("picture.luma_min", {}, {std::nullopt, Rational(3, 25)}).tainted_because);
  EXPECT_TRUE(std::holds_alternative<Absent>(
      stream.read("picture.luma_min", {}, {Rational(50), std::nullopt}).value));
  PictureStream damaged;
  damaged.add_damaged(4);
  EXPECT_TRUE(std::holds_alternative<Absent>(damaged.read("picture.luma_min").value));
}

TEST(LumaLevels, HaveNoCommonCodeWhenTheDepthChanges) {
  PictureStream stream;
  stream.add_flat(235);
  const auto made = test::luma_frame(32, 18, 10, [](int, int) { return 64u; });
  probes::FrameSweep sweep;
  sweep.run(made->frame);
  stream.add_row(probes::analyze_luma(sweep), 0);
  EXPECT_TRUE(std::holds_alternative<Absent>(stream.read("picture.luma_max").value));
  EXPECT_EQ(value(stream.read("levels.luma_max")), Rational(100));
  EXPECT_EQ(value(stream.read("levels.luma_min")), Rational(0));
}

}  // namespace
}  // namespace cleangate::specs
