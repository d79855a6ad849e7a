// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/flash_frames.h"

#include <gtest/gtest.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::PictureStream;

TEST(FlashFrames, GivesLuminanceOfTheScreen) {
  PictureStream stream;
  stream.add_flat(16).add_flat(235).add_damaged().add_flat(126);
  auto frames = FlashFrames::of(stream.evidence(), 0, FlashPart::luminance, 200);
  ASSERT_TRUE(frames);
  EXPECT_FLOAT_EQ(frames->picture(0)->light[0], 0);
  EXPECT_FLOAT_EQ(frames->picture(1)->light[0], 200);
  EXPECT_FLOAT_EQ(frames->picture(1)->brightest[0], 200);
  EXPECT_FALSE(frames->measured(2));
  EXPECT_FALSE(frames->comparable(1, 2));
  EXPECT_TRUE(frames->comparable(1, 3));
  EXPECT_NEAR(frames->picture(3)->light[0], 38.3, 0.7);  // (110 / 219)^2.4 of 200
  EXPECT_EQ(frames->width(3), 64);
}

TEST(FlashFrames, ReadsPictureByPictureOverBlocks) {
  PictureStream stream;
  for (int i = 0; i < 1500; ++i) stream.add_flat(static_cast<std::uint32_t>(16 + i % 200));
  auto frames = FlashFrames::of(stream.evidence(), 0, FlashPart::luminance, 200);
  ASSERT_TRUE(frames);
  for (std::int64_t i = 0; i < 1500; ++i) {
    const float now = frames->picture(i)->light[0];
    if (i % 200 > 20) {
      EXPECT_GT(now, frames->picture(i - 1)->light[0]) << i;
    }
  }
}

TEST(FlashFrames, KnowsWhereThereIsNoRed) {
  PictureStream stream;
  stream.add_flat(16, 10);
  auto frames = FlashFrames::of(stream.evidence(), 0, FlashPart::red, 200);
  ASSERT_TRUE(frames);
  EXPECT_EQ(frames->no_red_until(0), 10);
  stream.flashes()[4].red[3] = 1;
  auto some = FlashFrames::of(stream.evidence(), 0, FlashPart::red, 200);
  EXPECT_EQ(some->no_red_until(2), 2);
  EXPECT_FALSE(some->colorless());
}

}  // namespace
}  // namespace cleangate::specs
