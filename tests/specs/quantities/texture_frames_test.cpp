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

TEST(TextureFrames, OfPicturesThatAreTooSmallNothingIsTold) {
  PictureStream stream(8, 16, 16);
  stream.add_flat(100, 3);
  const auto frames = TextureFrames::of(stream.evidence(), 0);
  ASSERT_TRUE(frames);
  ASSERT_TRUE(frames->nothing_in(0, 3));
  EXPECT_EQ(frames->nothing_in(0, 3)->kind, AbsenceKind::not_measured);
}

}  // namespace
}  // namespace cleangate::specs
