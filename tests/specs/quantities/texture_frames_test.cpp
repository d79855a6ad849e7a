// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/texture_frames.h"

#include <gtest/gtest.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::PictureStream;

TEST(TextureFrames, AreByPresentedFrameInSharesOfTheCells) {
  PictureStream stream(8, 160, 160);
  stream.add_flat(100);
  stream.add([](int x, int y) { return 100u + 4u * static_cast<unsigned>((x / 8 + y / 8) % 2); });
  stream.add_damaged();
  stream.add([](int x, int) { return x / 20 % 2 ? 200u : 40u; });
  const auto frames = TextureFrames::of(stream.evidence(), 0);
  ASSERT_TRUE(frames);
  EXPECT_EQ(frames->frame(0).flat, 1'000'000);
  EXPECT_EQ(frames->frame(0).grid, 0);
  EXPECT_EQ(frames->frame(1).grid, 1'000'000);
  EXPECT_FALSE(frames->frame(2).measured);
  EXPECT_GT(frames->frame(3).contrasty, 0);
  EXPECT_EQ(frames->frame(3).sharp, 64);
  EXPECT_FALSE(frames->nothing_in(0, 4));
  EXPECT_TRUE(frames->nothing_in(2, 3));
}

TEST(TextureFrames, OfPicturesThatAreTooSmallOrTooCoarseNothingIsTold) {
  PictureStream small(8, 16, 16), coarse(4, 160, 160);
  small.add_flat(100, 3);
  coarse.add_flat(7, 3);
  for (PictureStream* stream : {&small, &coarse}) {
    const auto frames = TextureFrames::of(stream->evidence(), 0);
    ASSERT_TRUE(frames);
    const auto nothing = frames->nothing_in(0, 3);
    ASSERT_TRUE(nothing);
    EXPECT_EQ(nothing->kind, AbsenceKind::not_measured);
    EXPECT_EQ(nothing->because,
              "The texture of stream 0 is not measured: pictures under 24x24 samples, or samples "
              "of under 8 bits.");
  }
}

}  // namespace
}  // namespace cleangate::specs
