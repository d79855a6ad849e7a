// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/texture.h"

#include <gtest/gtest.h>

#include <algorithm>

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
      for (std::size_t i = 0; i < kTextureCell; ++i)
        EXPECT_EQ(row.edges[i] > 0, i == edge) << bits << " " << shift << " " << i;
      EXPECT_EQ(row.cells, 18u * 6u);
      EXPECT_EQ(row.flags, 0);
    }
}

TEST(TextureRow, TellsContoursByTheirHeight) {
  for (const int height : {1, 2, 4, 8}) {
    const TextureRow row = row_of(*test::luma_frame(320, 64, 8, [=](int x, int) {
      return static_cast<std::uint32_t>(20 + height * ((x + 4) / 16));
    }));
    for (std::size_t i = 0; i < kContourRungs; ++i)
      EXPECT_EQ(row.contours[i] > 0, height <= 1 << i) << height << " " << i;
  }
}

// Of an edge of a picture, and of the same edge drawn out over four and eight samples.
TEST(TextureRow, TellsHowSharpTheSharpestEdgesAre) {
  for (const auto& [width, sharp] : {std::pair{1, 64}, {4, 16}, {8, 8}}) {
    const TextureRow row = row_of(*test::luma_frame(320, 64, 8, [=](int x, int) {
      const int at = std::clamp(x % 64 - 24, 0, width);
      return static_cast<std::uint32_t>(40 + 128 * (x / 64 % 2 ? at : width - at) / width);
    }));
    EXPECT_GT(row.contrasty, 0);
    EXPECT_NEAR(row.sharp[1], sharp, 2) << width;
  }
}

// White noise has a mean |L| of 6 * sqrt(2 / pi) times its standard deviation; a tenth of the cells
// stay below nine tenths of it.
TEST(TextureRow, TellsNoiseWhateverTheDepth) {
  for (const int bits : {8, 10}) {
    test::Noise noise(5);
    const auto made = test::luma_frame(640, 320, bits, [&](int, int) {
      std::uint32_t sum = 0;  // of 12 even ones: a standard deviation of 2 code values
      for (int i = 0; i < 12; ++i) sum += noise() % 256;
      return (100u << (bits - 8)) + (sum >> 7);
    });
    const double step = bits == 8 ? 4 : 1, deviation = 2 * step;
    const double mean = 6 * 0.7979 * deviation * 64;
    EXPECT_NEAR(row_of(*made).rough[0], 0.85 * mean, 0.1 * mean) << bits;
  }
}

TEST(TextureRow, WhatIsNotMeasuredIsMarked) {
  EXPECT_EQ(row_of(*test::luma_frame(8, 8, 8, [](int, int) { return 9u; })).flags,
            TextureRow::kNotMeasured);
  EXPECT_EQ(TextureRow::damaged().flags, TextureRow::kDamaged);
}

}  // namespace
}  // namespace cleangate::probes
