// SPDX-License-Identifier: Apache-2.0
#include "pipeline/media/av/pixel_layout.h"

#include <gtest/gtest.h>

namespace cleangate::test {
namespace {

using av::pixel_layout;

TEST(PixelLayout, Planar) {
  const auto layout = pixel_layout("yuv422p10le");
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->model, ColorModel::ycbcr);
  EXPECT_EQ(layout->component_count, 3);
  EXPECT_EQ(layout->log2_chroma_w, 1);
  EXPECT_EQ(layout->log2_chroma_h, 0);
  EXPECT_EQ(layout->components[2], (ComponentLayout{2, 0, 2, 0, 10}));
  EXPECT_FALSE(layout->big_endian);
  EXPECT_FALSE(layout->has_alpha);
}

TEST(PixelLayout, PackedSemiplanarAndShifted) {
  EXPECT_EQ(pixel_layout("uyvy422")->components[0], (ComponentLayout{0, 1, 2, 0, 8}));
  EXPECT_EQ(pixel_layout("nv12")->components[2], (ComponentLayout{1, 1, 2, 0, 8}));
  EXPECT_EQ(pixel_layout("p010le")->components[0], (ComponentLayout{0, 0, 2, 6, 10}));
}

TEST(PixelLayout, RgbGrayAlphaFloatBigEndian) {
  EXPECT_EQ(pixel_layout("gbrp")->model, ColorModel::rgb);
  EXPECT_EQ(pixel_layout("gbrp")->components[0].plane, 2);  // R' comes first, in the third plane
  EXPECT_EQ(pixel_layout("gray16be")->model, ColorModel::gray);
  EXPECT_TRUE(pixel_layout("gray16be")->big_endian);
  EXPECT_TRUE(pixel_layout("yuva444p12le")->has_alpha);
  EXPECT_EQ(pixel_layout("gbrpf32le")->kind, SampleKind::ieee_float);
  EXPECT_EQ(pixel_layout("pal8")->model, ColorModel::palette);
}

// One byte of a big-endian word: libav counts it from the word before.
TEST(PixelLayout, BigEndianBytesLieWhereTheyLie) {
  const auto rgb565 = pixel_layout("rgb565be");
  ASSERT_TRUE(rgb565);
  EXPECT_EQ(rgb565->components[0], (ComponentLayout{0, 0, 2, 3, 5}));
  EXPECT_EQ(rgb565->components[1], (ComponentLayout{0, 0, 2, 5, 6}));
  EXPECT_EQ(rgb565->components[2], (ComponentLayout{0, 1, 2, 0, 5}));
  const auto bgr555 = pixel_layout("bgr555be");
  ASSERT_TRUE(bgr555);
  EXPECT_EQ(bgr555->components[0], (ComponentLayout{0, 1, 2, 0, 5}));
  EXPECT_EQ(bgr555->components[2], (ComponentLayout{0, 0, 2, 2, 5}));
}

TEST(PixelLayout, EveryComponentLiesInItsStep) {
  int seen = 0;
  for (int format = 0; format < 512; ++format) {
    const auto layout = pixel_layout(format);
    if (!layout) continue;
    ++seen;
    for (std::size_t i = 0; i < layout->component_count; ++i) {
      const ComponentLayout& c = layout->components[i];
      EXPECT_LE(c.offset + (c.shift + c.bits + 7) / 8, c.step)
          << av::pixel_format_name(format) << " " << i;
    }
  }
  EXPECT_GT(seen, 100);
}

TEST(PixelLayout, WhatAreNoSamplesInMemoryHasNone) {
  for (const char* name : {"vaapi", "bayer_rggb8", "monow", "xyz12le", "xyz12be", "no such format"})
    EXPECT_FALSE(pixel_layout(name)) << name;
}

}  // namespace
}  // namespace cleangate::test
