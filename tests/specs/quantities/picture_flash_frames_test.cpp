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

// A scene that drifts by a code value a frame.
void drift(PictureStream& stream, std::uint32_t level, int frames) {
  for (int i = 0; i < frames; ++i)
    stream.add([=](int x, int y) { return level + static_cast<std::uint32_t>((x + y + i) % 40); });
}

TEST(PictureFlashFrames, AreFoundFrameExactly) {
  PictureStream stream;
  drift(stream, 60, 5);
  stream.add_flat(200);
  drift(stream, 60, 5);
  drift(stream, 130, 2);
  drift(stream, 60, 5);
  EXPECT_EQ(frames_of(spans(stream.read("picture.flash_frames")).runs), (Runs{{5, 6}, {11, 13}}));
  EXPECT_EQ(frames_of(spans(stream.read("picture.flash_frames", {{"longest", "1"}})).runs),
            (Runs{{5, 6}}));
}

TEST(PictureFlashFrames, AtTheEndsOfAStreamTheyAreFoundBesideManyCalmFrames) {
  PictureStream stream;
  drift(stream, 130, 1);
  drift(stream, 60, 20);
  drift(stream, 130, 2);
  EXPECT_EQ(frames_of(spans(stream.read("picture.flash_frames")).runs), (Runs{{0, 1}, {21, 23}}));
  PictureStream few;
  drift(few, 130, 1);
  drift(few, 60, 10);
  EXPECT_TRUE(spans(few.read("picture.flash_frames")).runs.empty());
  PictureStream black;
  black.add_flat(16);
  drift(black, 60, 20);
  black.add_flat(16);
  EXPECT_TRUE(spans(black.read("picture.flash_frames")).runs.empty());
}

TEST(PictureFlashFrames, ARunIsCutAtTheEndsOfARegion) {
  PictureStream stream;
  drift(stream, 60, 5);
  drift(stream, 130, 2);
  drift(stream, 60, 5);
  EXPECT_EQ(frames_of(spans(stream.read("picture.flash_frames", {}, {{}, Rational(6, 25)})).runs),
            (Runs{{5, 6}}));
  EXPECT_EQ(frames_of(spans(stream.read("picture.flash_frames", {}, {Rational(6, 25), {}})).runs),
            (Runs{{6, 7}}));
}

TEST(PictureFlashFrames, CutsAndShotsAreNone) {
  PictureStream stream;
  drift(stream, 60, 5);
  drift(stream, 130, 3);
  drift(stream, 60, 5);
  EXPECT_TRUE(spans(stream.read("picture.flash_frames")).runs.empty());
}

TEST(PictureFlashFrames, AmongPicturesThatAllDifferNoneIsAstray) {
  PictureStream stream;
  for (const std::uint32_t level : {60u, 100u, 60u, 140u, 90u, 160u, 60u, 110u})
    stream.add_flat(level);
  EXPECT_TRUE(spans(stream.read("picture.flash_frames")).runs.empty());
}

TEST(PictureFlashFrames, BesideDamageNothingIsSaid) {
  PictureStream stream;
  drift(stream, 60, 4);
  stream.add_flat(200).add_damaged();
  drift(stream, 60, 4);
  const Spans found = spans(stream.read("picture.flash_frames"));
  EXPECT_TRUE(found.runs.empty());
  EXPECT_EQ(frames_of(found.undecided), (Runs{{5, 7}}));
}

}  // namespace
}  // namespace cleangate::specs
