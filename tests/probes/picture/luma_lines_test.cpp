// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/luma_lines.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

using test::MadeFrame;
using test::Noise;

PixelLayout layout_of(ColorModel model, std::initializer_list<ComponentLayout> components) {
  PixelLayout layout;
  layout.model = model;
  for (const ComponentLayout& c : components) layout.components[layout.component_count++] = c;
  return layout;
}

// Writes a pattern through the layout, reads it back as lines.
void expect_round_trip(MadeFrame& made, bool in_place) {
  const int bits = made.frame.layout.components[0].bits;
  const auto code = [&](int x, int y) {
    return static_cast<std::uint32_t>(x * 37 + y * 101) & ((1u << bits) - 1);
  };
  made.fill(0, code);
  LumaLines lines;
  ASSERT_EQ(lines.open(made.frame), Unmeasured::measured);
  EXPECT_EQ(lines.bits(), bits);
  EXPECT_EQ(lines.in_place(), in_place);
  std::vector<std::uint16_t> scratch(static_cast<std::size_t>(made.frame.width));
  for (int y = 0; y < made.frame.height; ++y) {
    const void* line = lines.line(y, scratch.data());
    for (int x = 0; x < made.frame.width; ++x) {
      const unsigned read = lines.bytes() ? static_cast<const std::uint8_t*>(line)[x]
                                          : static_cast<const std::uint16_t*>(line)[x];
      ASSERT_EQ(read, code(x, y)) << x << "," << y;
    }
  }
}

TEST(LumaLines, ReadsPlanarBytesAndWordsInPlace) {
  for (const int bits : {6, 8, 9, 10, 12, 16}) {
    MadeFrame made(19, 5, test::planar_luma(bits), test::planar_stride(19, bits));
    expect_round_trip(made, true);
    MadeFrame flipped(19, 5, test::planar_luma(bits), test::planar_stride(19, bits));
    flipped.flip();
    expect_round_trip(flipped, true);
  }
}

TEST(LumaLines, UnpacksBigEndianUnalignedAndShiftedWords) {
  PixelLayout big = test::planar_luma(10);
  big.big_endian = true;
  MadeFrame made(19, 5, big, 38);
  expect_round_trip(made, false);
  MadeFrame unaligned(19, 5, test::planar_luma(12), 39, 1, 1);
  expect_round_trip(unaligned, false);
  MadeFrame p010(19, 5, layout_of(ColorModel::ycbcr, {{0, 0, 2, 6, 10}}), 38);
  expect_round_trip(p010, false);
}

TEST(LumaLines, TellsWhereLinesLieThatNeedNoUnpacking) {
  PixelLayout layout = layout_of(ColorModel::ycbcr, {{0, 0, 2, 0, 10}, {1, 0, 2, 0, 10}});
  layout.log2_chroma_h = 1;
  for (const bool big : {false, true}) {
    layout.big_endian = big;
    MadeFrame made(12, 5, layout, 24, 2);
    LumaLines lines;
    ASSERT_EQ(lines.open(made.frame), Unmeasured::measured);
    std::vector<std::uint16_t> scratch(12);
    for (int y = 0; y < 5; ++y)
      EXPECT_EQ(lines.in_memory(0, y), big ? nullptr : lines.line(y, scratch.data())) << y;
    EXPECT_EQ(lines.in_memory(0, 5), nullptr);
    EXPECT_EQ(lines.in_memory(1, 2) != nullptr, !big);  // three lines of chroma
    EXPECT_EQ(lines.in_memory(1, 3), nullptr);
    EXPECT_EQ(lines.in_memory(2, 0), nullptr);
  }
}

TEST(LumaLines, UnpacksPackedYCbCr) {
  MadeFrame yuyv(
      18, 4, layout_of(ColorModel::ycbcr, {{0, 0, 2, 0, 8}, {0, 1, 4, 0, 8}, {0, 3, 4, 0, 8}}), 36);
  expect_round_trip(yuyv, false);
  MadeFrame uyvy(
      18, 4, layout_of(ColorModel::ycbcr, {{0, 1, 2, 0, 8}, {0, 0, 4, 0, 8}, {0, 2, 4, 0, 8}}), 36);
  expect_round_trip(uyvy, false);
  MadeFrame y210(
      18, 4, layout_of(ColorModel::ycbcr, {{0, 0, 4, 6, 10}, {0, 2, 8, 6, 10}, {0, 6, 8, 6, 10}}),
      72);
  expect_round_trip(y210, false);
  MadeFrame ayuv64(
      18, 4,
      layout_of(ColorModel::ycbcr,
                {{0, 2, 8, 0, 16}, {0, 4, 8, 0, 16}, {0, 6, 8, 0, 16}, {0, 0, 8, 0, 16}}),
      144);
  expect_round_trip(ayuv64, false);
  // Bits 10..19 of a 32-bit word: no 16-bit word holds them.
  MadeFrame word32(18, 4, layout_of(ColorModel::gray, {{0, 0, 4, 10, 10}}), 72);
  expect_round_trip(word32, false);
  PixelLayout big32 = layout_of(ColorModel::gray, {{0, 0, 4, 10, 10}});
  big32.big_endian = true;
  MadeFrame bigword(18, 4, big32, 72);
  expect_round_trip(bigword, false);
}

double luma_of(double r, double g, double b, double kr, double kb) {
  return kr * r + (1 - kr - kb) * g + kb * b;
}

// Against the formula in floating point: the fixed-point error stays below 1/2 + 1/20 code value.
TEST(LumaLines, ComputesRgbLumaByMatrixElsePrimaries) {
  struct Case {
    MatrixCoefficients matrix;
    ColorPrimaries primaries;
    double kr, kb;
  };
  constexpr Case kCases[] = {
      {MatrixCoefficients::gbr, ColorPrimaries::bt709, 0.2126, 0.0722},
      {MatrixCoefficients::gbr, ColorPrimaries::unspecified, 0.2126, 0.0722},
      {MatrixCoefficients::unspecified, ColorPrimaries::bt2020, 0.2627, 0.0593},
      {MatrixCoefficients::gbr, ColorPrimaries::smpte170m, 0.299, 0.114},
      {MatrixCoefficients::bt709, ColorPrimaries::bt2020, 0.2126, 0.0722},
      {MatrixCoefficients::bt470bg, ColorPrimaries::bt709, 0.299, 0.114},
      {MatrixCoefficients::bt2020nc, ColorPrimaries::bt709, 0.2627, 0.0593},
      {MatrixCoefficients::smpte240m, ColorPrimaries::bt709, 0.212, 0.087},
      {MatrixCoefficients::fcc, ColorPrimaries::bt709, 0.30, 0.11}};
  for (const Case& each : kCases)
    for (const std::uint8_t bits : {std::uint8_t{8}, std::uint8_t{12}, std::uint8_t{16}}) {
      const auto step = static_cast<std::uint16_t>(bits > 8 ? 2 : 1);
      MadeFrame made(
          50, 3,
          layout_of(ColorModel::rgb,
                    {{2, 0, step, 0, bits}, {0, 0, step, 0, bits}, {1, 0, step, 0, bits}}),
          static_cast<std::size_t>(50 * step), 3);
      made.frame.color.matrix = each.matrix;
      made.frame.color.primaries = each.primaries;
      const std::uint32_t top = (1u << bits) - 1;
      std::array<std::vector<std::uint32_t>, 3> codes;
      Noise noise(bits);
      for (int c = 0; c < 3; ++c)
        made.fill(c, [&](int x, int) {
          codes[static_cast<std::size_t>(c)].push_back(x < 2 ? (x == 0 ? 0 : top) : noise() & top);
          return codes[static_cast<std::size_t>(c)].back();
        });
      LumaLines lines;
      ASSERT_EQ(lines.open(made.frame), Unmeasured::measured);
      EXPECT_FALSE(lines.bytes());
      std::vector<std::uint16_t> scratch(50);
      std::size_t i = 0;
      for (int y = 0; y < 3; ++y) {
        const auto* line = static_cast<const std::uint16_t*>(lines.line(y, scratch.data()));
        for (int x = 0; x < 50; ++x, ++i) {
          const double exact = luma_of(codes[0][i], codes[1][i], codes[2][i], each.kr, each.kb);
          EXPECT_LE(std::abs(line[x] - exact), 0.5 + (bits == 16 ? 1.0 : 0.07)) << int{bits};
        }
        EXPECT_EQ(line[0], 0);
        EXPECT_EQ(line[1], top);
      }
    }
}

TEST(LumaLines, ScalesUnequalComponentsToEightBits) {
  MadeFrame made(
      3, 1, layout_of(ColorModel::rgb, {{0, 1, 2, 3, 5}, {0, 0, 2, 5, 6}, {0, 0, 2, 0, 5}}), 6);
  made.put(0, 0, 0, 31), made.put(1, 0, 0, 63), made.put(2, 0, 0, 31);
  made.put(1, 2, 0, 32);  // 32/63 of 255 is 129.52, weighted 0.7152: 92.97 after rounding to 130
  LumaLines lines;
  ASSERT_EQ(lines.open(made.frame), Unmeasured::measured);
  EXPECT_EQ(lines.bits(), 8);
  std::vector<std::uint16_t> scratch(3);
  const auto* line = static_cast<const std::uint16_t*>(lines.line(0, scratch.data()));
  EXPECT_EQ(line[0], 255);
  EXPECT_EQ(line[1], 0);
  EXPECT_EQ(line[2], 93);
}

TEST(LumaLines, LooksPalettesUp) {
  MadeFrame made(4, 2, layout_of(ColorModel::palette, {{0, 0, 1, 0, 8}}), 4);
  std::vector<std::uint32_t> palette(256, 0xff000000u);
  palette[7] = 0xffffffffu;
  palette[200] = 0x00ff0000u;  // red, transparent: alpha is ignored
  made.frame.planes[1] = {reinterpret_cast<const std::byte*>(palette.data()), 0};
  made.put(0, 1, 0, 7);
  made.put(0, 2, 0, 200);
  LumaLines lines;
  ASSERT_EQ(lines.open(made.frame), Unmeasured::measured);
  std::vector<std::uint16_t> scratch(4);
  const auto* line = static_cast<const std::uint16_t*>(lines.line(0, scratch.data()));
  EXPECT_EQ(line[0], 0);
  EXPECT_EQ(line[1], 255);
  EXPECT_EQ(line[2], 54);  // 0.2126 * 255 = 54.2
}

TEST(LumaLines, RefusesWhatItCannotRead) {
  MadeFrame made(8, 8, test::planar_luma(8), 8);
  LumaLines lines;
  const auto refuses = [&](auto change) {
    VideoFrame frame = made.frame;
    change(frame);
    return lines.open(frame);
  };
  using enum Unmeasured;
  EXPECT_EQ(refuses([](VideoFrame& f) { f.layout.kind = SampleKind::ieee_float; }), float_samples);
  EXPECT_EQ(refuses([](VideoFrame& f) { f.layout.components[0].bits = 32; }), layout);
  EXPECT_EQ(refuses([](VideoFrame& f) { f.layout.components[0].bits = 0; }), layout);
  EXPECT_EQ(refuses([](VideoFrame& f) { f.layout.components[0].step = 0; }), layout);
  EXPECT_EQ(refuses([](VideoFrame& f) { f.layout.components[0].plane = 9; }), layout);
  EXPECT_EQ(refuses([](VideoFrame& f) { f.layout.components[0].plane = 2; }), layout);
  EXPECT_EQ(refuses([](VideoFrame& f) { f.layout.components[0].offset = 1; }), layout);
  EXPECT_EQ(refuses([](VideoFrame& f) { f.layout.component_count = 0; }), layout);
  EXPECT_EQ(refuses([](VideoFrame& f) { f.layout.model = ColorModel::rgb; }), layout);
  EXPECT_EQ(refuses([](VideoFrame& f) { f.layout.model = ColorModel::palette; }), layout);
  EXPECT_EQ(refuses([](VideoFrame& f) { f.width = 65536; }), size);
  EXPECT_EQ(refuses([](VideoFrame& f) { f.height = -1; }), size);
  EXPECT_EQ(refuses([](VideoFrame&) {}), measured);
}

}  // namespace
}  // namespace cleangate::probes
