// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::PictureStream;

std::vector<Rational> active(PictureStream& stream, const Window& window = {},
                             std::string_view share = "5 %") {
  std::vector<Rational> sides;
  for (const char* id :
       {"picture.active_x", "picture.active_y", "picture.active_width", "picture.active_height"}) {
    const Reading reading = stream.read(id, {{"share", share}}, window);
    if (const auto* absent = std::get_if<Absent>(&reading.value))
      throw std::runtime_error("absent: " + absent->because);
    sides.push_back(std::get<Rational>(std::get<Scalar>(reading.value)));
  }
  return sides;
}

PictureStream::Luma box(int x0, int y0, int x1, int y1, std::uint32_t code = 120) {
  return [=](int x, int y) { return x >= x0 && x < x1 && y >= y0 && y < y1 ? code : 16u; };
}

TEST(PictureActive, FindsTheLetterboxOverDarkFramesCreditsAndBlack) {
  PictureStream stream(8, 192, 108);
  stream
      .add(box(0, 14, 192, 94), 50)      // letterboxed
      .add(box(30, 30, 120, 80), 30)     // a dark scene with a bright middle
      .add(box(0, 0, 192, 108, 20), 40)  // black
      .add(box(90, 50, 110, 54), 60)     // a line of credits
      .add(box(0, 0, 192, 108));         // one flash over all: not lasting
  EXPECT_EQ(active(stream), (std::vector<Rational>{0, 14, 192, 80}));
  EXPECT_EQ(active(stream, {}, "0.1 %"), (std::vector<Rational>{0, 0, 192, 108}));
}

TEST(PictureActive, FollowsTheWindow) {
  PictureStream stream(8, 192, 108);
  stream.add(box(0, 0, 192, 108), 25).add(box(24, 0, 168, 108), 25);
  EXPECT_EQ(active(stream), (std::vector<Rational>{0, 0, 192, 108}));
  EXPECT_EQ(active(stream, {Rational(1), std::nullopt}), (std::vector<Rational>{24, 0, 144, 108}));
}

TEST(PictureActive, GivesTheAspectAsPresented) {
  PictureStream stream(8, 192, 108);
  stream.add(box(0, 14, 192, 94), 3);
  const auto aspect = [&] { return stream.read("picture.active_aspect").value; };
  EXPECT_EQ(std::get<Rational>(std::get<Scalar>(aspect())), Rational(12, 5));
  stream.facts().video()->pixel_aspect = Rational(4, 3);
  EXPECT_EQ(std::get<Rational>(std::get<Scalar>(aspect())), Rational(16, 5));
  stream.facts().video()->pixel_aspect = Fact<Rational>::unknown();
  EXPECT_EQ(std::get<Absent>(aspect()).kind, AbsenceKind::not_measured);
}

TEST(PictureActive, IsAbsentForBlackAndForChangingSizes) {
  PictureStream dark;
  dark.add_flat(16, 9);
  EXPECT_EQ(std::get<Absent>(dark.read("picture.active_x").value).kind, AbsenceKind::undefined);
  PictureStream sizes;
  sizes.add_flat(100);
  const auto made = test::luma_frame(32, 18, 8, [](int, int) { return 100u; });
  probes::FrameSweep sweep;
  sweep.run(made->frame);
  sizes.add_row(probes::analyze_luma(sweep), 0);
  EXPECT_EQ(std::get<Absent>(sizes.read("picture.active_x").value).kind, AbsenceKind::undefined);
}

TEST(PictureActive, IsTaintedByDamage) {
  PictureStream stream;
  stream.add_flat(100, 5).add_damaged();
  EXPECT_TRUE(stream.read("picture.active_width").tainted_because);
}

}  // namespace
}  // namespace cleangate::specs
