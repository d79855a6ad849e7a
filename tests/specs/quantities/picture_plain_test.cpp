// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::frames_of;
using test::PictureStream;
using test::Runs;

Spans spans(const Reading& reading) {
  if (const auto* absent = std::get_if<Absent>(&reading.value))
    throw std::runtime_error("absent: " + absent->because);
  return std::get<Spans>(reading.value);
}

std::uint32_t scene(int x, int y) { return 40 + static_cast<std::uint32_t>(x + y); }

TEST(PictureSingleColor, IsAnEvenFrameThatIsNotBlack) {
  PictureStream stream;
  stream.add(scene, 2).add_color(41, 240, 110, 3).add(scene).add_flat(16, 2).add_flat(200);
  EXPECT_EQ(frames_of(spans(stream.read("picture.single_color")).runs), (Runs{{2, 5}, {8, 9}}));
}

TEST(PictureSingleColor, SeesThroughNoiseAndNotThroughTitles) {
  PictureStream stream(8, 64, 64);
  test::Noise noise(7);
  stream.add([&](int, int) { return 118 + noise() % 5; }, 1);
  stream.add([](int x, int y) { return x > 10 && x < 14 && y > 10 && y < 30 ? 200u : 120u; });
  EXPECT_EQ(frames_of(spans(stream.read("picture.single_color")).runs), (Runs{{0, 1}}));
}

TEST(PictureSingleColor, DamageIsUndecided) {
  PictureStream stream;
  stream.add_color(41, 240, 110, 2).add_damaged().add(scene);
  const Spans found = spans(stream.read("picture.single_color"));
  EXPECT_EQ(frames_of(found.runs), (Runs{{0, 2}}));
  EXPECT_EQ(frames_of(found.undecided), (Runs{{2, 3}}));
}

TEST(PictureNoColor, IsGrayThroughout) {
  PictureStream stream;
  stream.add_color(120, 128, 128, 2).add_color(120, 100, 128).add_color(120, 129, 127);
  stream.add_color(16, 128, 128);
  EXPECT_EQ(frames_of(spans(stream.read("picture.no_color")).runs), (Runs{{0, 2}, {3, 4}}));
}

TEST(PictureNoColor, OfGrayStreamsDoesNotApply) {
  PictureStream stream;
  stream.add_flat(100, 2);
  EXPECT_EQ(std::get<Absent>(stream.read("picture.no_color").value).kind,
            AbsenceKind::not_applicable);
}

}  // namespace
}  // namespace cleangate::specs
