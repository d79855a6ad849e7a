// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "specs/quantities/dead_pixels.h"
#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::frames_of;
using test::PictureStream;
using test::Runs;

// A picture that gets brighter and darker, with a pixel of its own level.
PictureStream& add_pictures(PictureStream& stream, int frames, int x_of_pixel, int y_of_pixel,
                            std::uint32_t pixel = 220, int from = 0) {
  for (int i = from; i < from + frames; ++i) {
    const auto level =
        static_cast<std::uint32_t>(i % 16 < 8 ? 60 + 10 * (i % 8) : 130 - 10 * (i % 8));
    stream.add([=](int x, int y) {
      return x == x_of_pixel && y == y_of_pixel ? pixel : level + static_cast<std::uint32_t>(x % 3);
    });
  }
  return stream;
}

std::int64_t count(const Reading& reading) {
  return std::get<Rational>(std::get<Scalar>(reading.value)).round();
}

TEST(PictureDeadPixels, CountsThemAndTellsWhere) {
  PictureStream stream(8, 64, 48);
  add_pictures(stream, 60, 20, 30);
  const Reading reading = stream.read("picture.dead_pixels");
  EXPECT_EQ(count(reading), 1);
  EXPECT_EQ(frames_of(reading.where), (Runs{{0, 60}}));
  EXPECT_EQ(reading.tainted_because, std::nullopt);
  const auto pixels = dead_pixels_of(stream.evidence(), 0).value().pixels;
  ASSERT_EQ(pixels.size(), 1u);
  EXPECT_EQ(pixels[0].x, 20);
  EXPECT_EQ(pixels[0].y, 30);
  EXPECT_EQ(pixels[0].seen, 60);
  add_pictures(stream, 60, -1, -1);
  EXPECT_EQ(count(stream.read("picture.dead_pixels", {{"frames", "61"}})), 0);
  EXPECT_EQ(count(stream.read("picture.dead_pixels", {{"level", "60 %"}})), 0);
}

TEST(PictureDeadPixels, FindsDarkOnesAndAShortStreams) {
  PictureStream dark(8, 64, 48), brief(8, 64, 48);
  EXPECT_EQ(count(add_pictures(dark, 60, 40, 11, 4).read("picture.dead_pixels")), 1);
  EXPECT_EQ(count(add_pictures(brief, 24, 40, 11).read("picture.dead_pixels")), 1);
}

// A pixel that is stuck at one level is brighter than night scenes and darker than day scenes.
TEST(PictureDeadPixels, AreBrighterAndDarkerInTurn) {
  PictureStream stream(8, 64, 48);
  add_pictures(stream, 60, 20, 30, 180);
  stream.add([](int x, int y) { return x == 20 && y == 30 ? 180u : 220u; }, 30);
  const Reading reading = stream.read("picture.dead_pixels");
  EXPECT_EQ(count(reading), 1);
  EXPECT_EQ(frames_of(reading.where), (Runs{{0, 60}}));
}

// A picture that gets brighter and darker but once, and smoothly; a pixel of its own level.
TEST(PictureDeadPixels, KeepTheirLevelWhereAStillsSpecksDoNot) {
  for (const bool stuck : {true, false}) {
    PictureStream stream(8, 64, 48);
    for (int i = 0; i < 60; ++i) {
      const auto level = static_cast<std::uint32_t>(60 + std::min(i, 60 - i));
      stream.add([=](int x, int y) {
        return x != 20 || y != 30 ? level : stuck ? 180 : level + 80;
      });
    }
    EXPECT_EQ(count(stream.read("picture.dead_pixels")), 1);
  }
}

// It is not seen while the picture passes its level.
TEST(PictureDeadPixels, AreFollowedThroughPicturesOfTheirLevel) {
  PictureStream stream(8, 64, 48);
  for (const auto& [level, frames] : {std::pair{60u, 5}, {90u, 3}, {130u, 20}, {95u, 4}, {40u, 40}})
    stream.add([level = level](int x, int y) { return x == 20 && y == 30 ? 130u : level; }, frames);
  const Reading reading = stream.read("picture.dead_pixels");
  EXPECT_EQ(count(reading), 1);
  EXPECT_EQ(frames_of(reading.where), (Runs{{0, 72}}));
}

TEST(PictureDeadPixels, AStillsOwnDetailIsNone) {
  PictureStream still(8, 64, 48), faded(8, 64, 48);
  still.add([](int x, int y) { return x == 20 && y == 30 ? 220u : 80u; }, 60);
  EXPECT_EQ(count(still.read("picture.dead_pixels")), 0);
  for (int i = 0; i < 60; ++i) {
    const auto share = static_cast<unsigned>(i < 10 ? i : i < 50 ? 10 : 60 - i);
    faded.add([=](int x, int y) { return 16 + (x == 20 && y == 30 ? 200u : 60u) * share / 10; });
  }
  EXPECT_EQ(count(faded.read("picture.dead_pixels")), 0);
}

TEST(PictureDeadPixels, WhatMovesOrPassesIsNone) {
  PictureStream moving(8, 64, 48), dust(8, 64, 48);
  for (int i = 0; i < 48; ++i) add_pictures(moving, 1, 4 + i, 30, 220, i);
  EXPECT_EQ(count(moving.read("picture.dead_pixels")), 0);
  add_pictures(dust, 30, -1, -1);
  add_pictures(dust, 1, 20, 30);
  add_pictures(dust, 30, -1, -1);
  EXPECT_EQ(count(dust.read("picture.dead_pixels")), 0);
}

// Text and thin graphics over a moving picture have company.
TEST(PictureDeadPixels, APointAmongLettersIsNone) {
  PictureStream stream(8, 64, 48);
  for (int i = 0; i < 60; ++i) {
    const auto level = static_cast<std::uint32_t>(60 + 40 * (i / 5 % 2));
    stream.add([=](int x, int y) {
      const bool letter = y >= 24 && y <= 30 && (x == 15 || x == 25);
      return letter || (x == 20 && y == 30) ? 230u : level;
    });
  }
  EXPECT_EQ(count(stream.read("picture.dead_pixels")), 0);
}

// A row holds 16 samples: where as many stand out in most frames, a fainter one may be lost.
TEST(PictureDeadPixels, AmongManySamplesThatStandOutNobodyKnows) {
  PictureStream rain(8, 128, 96);
  test::Noise noise(3);
  for (int i = 0; i < 40; ++i) {
    const unsigned at = noise();
    rain.add([=](int x, int y) {
      return (static_cast<unsigned>(x) + at) % 9 == 0 && static_cast<unsigned>(y) % 11 == at % 11
                 ? 220u
                 : 60u;
    });
  }
  const Reading reading = rain.read("picture.dead_pixels");
  EXPECT_EQ(count(reading), 0);
  EXPECT_THAT(reading.tainted_because.value_or(""), testing::HasSubstr("40 of 40 frames"));
}

TEST(PictureDeadPixels, SaysWhatItCannotTell) {
  PictureStream few(8, 64, 48), damaged(8, 64, 48), small(8, 15, 48), gone(8, 64, 48);
  const auto kind = [](const Reading& reading) { return std::get<Absent>(reading.value).kind; };
  EXPECT_EQ(kind(add_pictures(few, 4, 20, 30).read("picture.dead_pixels")), AbsenceKind::undecided);
  EXPECT_EQ(kind(small.add_flat(60, 30).read("picture.dead_pixels")), AbsenceKind::not_measured);
  EXPECT_EQ(kind(gone.add_damaged(30).read("picture.dead_pixels")), AbsenceKind::damaged);
  add_pictures(damaged, 30, 20, 30).add_damaged();
  const Reading reading = add_pictures(damaged, 30, 20, 30).read("picture.dead_pixels");
  EXPECT_EQ(count(reading), 1);
  EXPECT_THAT(reading.tainted_because.value_or(""), testing::HasSubstr("1 of 61 frames"));
}

}  // namespace
}  // namespace cleangate::specs
