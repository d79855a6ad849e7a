// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::PictureStream;

double value(const Reading& reading) {
  if (const auto* absent = std::get_if<Absent>(&reading.value))
    throw std::runtime_error("absent: " + absent->because);
  return std::get<Rational>(std::get<Scalar>(reading.value)).to_double();
}

TEST(ColorLevels, AreTheExtremesOverComponentsAndFrames) {
  PictureStream stream(8, 64, 32);
  // Gray, BT.709 red of 100 %, blue of 75 %.
  stream.add_color(126, 128, 128, 2).add_color(63, 102, 240).add_color(28, 212, 120);
  EXPECT_EQ(value(stream.read("picture.chroma_min")), 102);
  EXPECT_EQ(value(stream.read("picture.chroma_max")), 240);
  EXPECT_NEAR(value(stream.read("levels.rgb_max")), 100, 0.3);
  EXPECT_NEAR(value(stream.read("levels.rgb_p99")), 100, 0.3);
  EXPECT_NEAR(value(stream.read("levels.rgb_min")), 0, 0.4);
  EXPECT_NEAR(value(stream.read("levels.rgb_p1")), 0, 0.4);
  EXPECT_EQ(stream.read("levels.rgb_max").where.at(0).first_frame, 2);
}

TEST(ColorLevels, GoBeyondTheNominalRange) {
  PictureStream stream(10, 64, 32);
  stream.add_color(720, 512, 920);  // R' = 0.749 + 1.5748 * 0.455
  EXPECT_NEAR(value(stream.read("levels.rgb_max")), 146.6, 0.2);
}

TEST(ColorLevels, OfGrayHaveNoChroma) {
  PictureStream stream(8, 64, 32);
  stream.add_flat(100, 2);
  EXPECT_EQ(std::get<Absent>(stream.read("picture.chroma_max").value).kind,
            AbsenceKind::not_applicable);
  EXPECT_NEAR(value(stream.read("levels.rgb_max")), (100 - 16) / 2.19, 0.2);
}

TEST(ColorLevels, AreTaintedByDamage) {
  PictureStream stream(8, 64, 32);
  stream.add_color(126, 128, 128, 2).add_damaged();
  EXPECT_TRUE(stream.read("picture.chroma_min").tainted_because);
  PictureStream gone(8, 64, 32);
  gone.add_damaged(2);
  EXPECT_EQ(std::get<Absent>(gone.read("levels.rgb_min").value).kind, AbsenceKind::damaged);
}

}  // namespace
}  // namespace cleangate::specs
