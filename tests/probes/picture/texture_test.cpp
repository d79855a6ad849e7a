// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/texture.h"

#include <gtest/gtest.h>

#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

TextureRow row_of(const test::MadeFrame& made) {
  FrameSweep sweep;
  sweep.run(made.frame);
  return analyze_texture(sweep);
}

// Blocks of 8x8, four code values of 8 bits apart, in another place by `shift`.
TEST(TextureRow, TellsTheGridAtItsPlaceWhateverTheDepth) {
  for (const int bits : {8, 10, 12})
    for (const int shift : {0, 3}) {
      const auto made = test::luma_frame(160, 160, bits, [=](int x, int y) {
        return static_cast<std::uint32_t>(100 + 4 * (((x + shift) / 8 + (y + shift) / 8) % 2))
               << (bits - 8);
      });
      const TextureRow row = row_of(*made);
      const auto edge = static_cast<std::size_t>((8 - shift) % 8);
      for (std::size_t i = 0; i < kTextureCell; ++i) {
        EXPECT_EQ(row.across[i], i == edge ? 16 * 64 : 0) << bits << " " << shift << " " << i;
        EXPECT_EQ(row.down[i], i == edge ? 16 * 64 : 0) << bits << " " << shift << " " << i;
      }
      EXPECT_EQ(row.cells, 18u * 6u);
      EXPECT_EQ(row.flags, 0);
    }
}

TEST(TextureRow, TellsContoursByTheirHeight) {
  const auto made = test::luma_frame(
      320, 64, 10, [](int x, int) { return static_cast<std::uint32_t>(400 + (x + 4) / 16); });
  const TextureRow fine = row_of(*made);
  EXPECT_GT(fine.contours[0], 0);
  const auto coarse = row_of(*test::luma_frame(
      320, 64, 8, [](int x, int) { return static_cast<std::uint32_t>(100 + (x + 4) / 16); }));
  EXPECT_EQ(coarse.contours[0], 0);
  EXPECT_GT(coarse.contours[1], 0);
  EXPECT_EQ(coarse.contours[1], coarse.contours[2]);
}

TEST(TextureRow, WhatIsNotMeasuredIsMarked) {
  EXPECT_EQ(row_of(*test::luma_frame(8, 8, 8, [](int, int) { return 9u; })).flags,
            TextureRow::kNotMeasured);
  EXPECT_EQ(TextureRow::damaged().flags, TextureRow::kDamaged);
}

}  // namespace
}  // namespace cleangate::probes
