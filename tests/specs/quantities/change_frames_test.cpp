// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/change_frames.h"

#include <gtest/gtest.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::PictureStream;
using State = ChangeFrames::State;

PictureStream::Luma ramp(std::uint32_t base, std::uint32_t step) {
  return [=](int x, int) { return base + step * static_cast<std::uint32_t>(x / 8); };
}

TEST(ChangeFrames, HasLevelsOf8BitsWhateverTheDepth) {
  for (const int bits : {8, 10, 12}) {
    PictureStream stream(bits);
    const auto one = static_cast<std::uint32_t>(1 << (bits - 8));
    stream.add(ramp(40 * one, one)).add(ramp(43 * one, one));
    const auto frames = ChangeFrames::of(stream.evidence(), 0);
    ASSERT_TRUE(frames);
    EXPECT_EQ(frames->state(0), State::first);
    EXPECT_EQ(frames->state(1), State::compared);
    EXPECT_EQ(frames->change(1).luma, 3'000'000);
    EXPECT_EQ(frames->change(1).cell_max, 3'000'000);
    EXPECT_EQ(frames->change(1).motion, 3'000'000);
    EXPECT_FALSE(frames->change(1).identical);
    EXPECT_EQ(frames->cells_above(1, 5), 1'000'000);      // over 2
    EXPECT_EQ(frames->cells_above(1, 6), 0);              // over 4
    EXPECT_EQ(frames->level(1, Rational(1)), 2'190'000);  // of 219
    EXPECT_TRUE(frames->flat(1, Rational(4)));            // seven steps: 3.2 %
    EXPECT_FALSE(frames->flat(1, Rational(3)));
  }
}

TEST(ChangeFrames, KnowsNothingOfAFrameBehindADamagedOne) {
  PictureStream stream;
  stream.add_flat(40).add_damaged().add_flat(40).add_flat(40);
  const auto frames = ChangeFrames::of(stream.evidence(), 0);
  ASSERT_TRUE(frames);
  EXPECT_EQ(frames->state(1), State::unknown);
  EXPECT_EQ(frames->state(2), State::unknown);
  EXPECT_EQ(frames->state(3), State::compared);
  EXPECT_TRUE(frames->change(3).identical);
}

}  // namespace
}  // namespace cleangate::specs
