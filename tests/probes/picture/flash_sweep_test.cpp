// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/flash_sweep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "probes/picture/frame_sweep.h"
#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

using test::MadeFrame;
using test::Noise;

PixelLayout three_planes(ColorModel model, int bits, int across, int down) {
  PixelLayout layout;
  layout.model = model;
  layout.component_count = 3;
  layout.log2_chroma_w = static_cast<std::uint8_t>(across);
  layout.log2_chroma_h = static_cast<std::uint8_t>(down);
  for (std::uint8_t i = 0; i < 3; ++i)
    layout.components[i] = {i, 0, static_cast<std::uint16_t>(bits > 8 ? 2 : 1), 0,
                            static_cast<std::uint8_t>(bits)};
  return layout;
}

using Color = std::array<std::uint32_t, 3>;

std::unique_ptr<MadeFrame> painted(int width, int height, const PixelLayout& layout,
                                   const std::function<Color(int x, int y)>& color) {
  const int bits = layout.components[0].bits;
  auto made =
      std::make_unique<MadeFrame>(width, height, layout, test::planar_stride(width, bits), 3);
  for (int i = 0; i < 3; ++i) {
    const bool chroma = layout.model == ColorModel::ycbcr && i > 0;
    const int across = chroma ? layout.log2_chroma_w : 0, down = chroma ? layout.log2_chroma_h : 0;
    for (int y = 0; y < (height + (1 << down) - 1) >> down; ++y)
      for (int x = 0; x < (width + (1 << across) - 1) >> across; ++x)
        made->put(i, x, y, color(x << across, y << down)[static_cast<std::size_t>(i)]);
  }
  return made;
}

FlashRow row_of(const MadeFrame& made, FrameSweep::Options options = {}) {
  FrameSweep sweep(options);
  sweep.run(made.frame);
  return sweep.flash();
}

std::unique_ptr<MadeFrame> rgb(Color color, int width = 640, int height = 360) {
  return painted(width, height, three_planes(ColorModel::rgb, 8, 0, 0),
                 [=](int, int) { return color; });
}

// The colors of a published test set, with the figures that it gives for them.
TEST(FlashSweep, ReadsTheColorsOfRedFlashTests) {
  struct Case {
    Color color;
    double red, luminance;
  };
  const Case cases[] = {{{205, 78, 78}, 0.8003, 0.1898},  {{60, 132, 132}, 0.0892, 0.1913},
                        {{139, 50, 50}, 0.8019, 0.0800},  {{222, 11, 116}, 0.8041, 0.1703},
                        {{180, 35, 236}, 0.3479, 0.1696}, {{101, 34, 34}, 0.8027, 0.0403},
                        {{217, 55, 103}, 0.7997, 0.1844}, {{255, 0, 0}, 1, 0.2126}};
  for (const Case& each : cases) {
    const FlashRow row = row_of(*rgb(each.color));
    EXPECT_EQ(row.flags, FlashRow::kCurveAssumed);
    const double light = light_codes(LightCurve::srgb)[row.light[40]] / 65535.0;
    EXPECT_NEAR(light, each.luminance, 0.0025);
    EXPECT_EQ(row.light[40], row.darkest[20]);
    EXPECT_EQ(row.light[40], row.brightest[20]);
    EXPECT_EQ(row.red[20], each.red >= 0.8 ? kShareOne : 0) << each.red;
  }
  // u' and v' of the primary: 0.4507, 0.5229.
  const FlashRow red = row_of(*rgb({255, 0, 0}));
  EXPECT_NEAR(red.u[7] / 4096.0, 0.4507, 0.0005);
  EXPECT_NEAR(red.v[7] / 4096.0, 0.5229, 0.0005);
}

// Narrow and full Y'CbCr of the same color are the same light.
TEST(FlashSweep, ReadsRangesAndMatrices) {
  // Red of 75 %: BT.709 narrow 8 bits Y'CbCr 51, 109, 212 (rounded).
  for (const int bits : {8, 10, 16})
    for (const int down : {0, 1}) {
      const std::uint32_t up = 1u << (bits - 8);
      auto made = painted(64, 64, three_planes(ColorModel::ycbcr, bits, 1, down), [=](int, int) {
        return Color{51 * up, 109 * up, 212 * up};
      });
      made->frame.color = {ColorPrimaries::bt709, TransferCharacteristics::bt709,
                           MatrixCoefficients::bt709, SignalRange::narrow};
      const FlashRow row = row_of(*made);
      EXPECT_EQ(row.flags, 0);
      EXPECT_EQ(row.red[0], kShareOne) << bits;
      EXPECT_NEAR(light_codes(LightCurve::bt1886)[row.light[0]] / 65535.0,
                  0.2126 * std::pow(0.75, 2.4), 0.004);
    }
  auto gray = painted(64, 64, three_planes(ColorModel::ycbcr, 8, 1, 1), [](int, int) {
    return Color{126, 128, 128};
  });
  EXPECT_EQ(row_of(*gray).flags, FlashRow::kCurveAssumed | FlashRow::kMatrixAssumed);
  EXPECT_NEAR(row_of(*gray).light[0], 128, 1);  // (126 - 16) / 219 of 255
  gray->frame.color.range = SignalRange::full;
  EXPECT_EQ(row_of(*gray).light[0], 126);
  EXPECT_EQ(row_of(*gray).u[0], 810);  // D65
}

TEST(FlashSweep, SaysWhatItCannotRead) {
  auto made = painted(64, 64, three_planes(ColorModel::ycbcr, 8, 1, 1), [](int, int) {
    return Color{126, 128, 128};
  });
  made->frame.color.transfer = TransferCharacteristics::log100;
  EXPECT_EQ(row_of(*made).flags, FlashRow::kNotMeasured);
  made->frame.color.transfer = TransferCharacteristics::smpte2084;
  made->frame.color.matrix = MatrixCoefficients::ictcp;
  EXPECT_EQ(row_of(*made).flags, FlashRow::kNotMeasured);
  made->frame.layout.kind = SampleKind::ieee_float;
  EXPECT_EQ(row_of(*made).flags, FlashRow::kNotMeasured);
}

// 5:6:5: white is white, and neutral.
TEST(FlashSweep, ReadsComponentsOfUnequalDepth) {
  const auto of = [](std::uint32_t red, std::uint32_t green, std::uint32_t blue) {
    PixelLayout layout = three_planes(ColorModel::rgb, 5, 0, 0);
    layout.components[1].bits = 6;
    return row_of(*painted(64, 64, layout, [=](int, int) { return Color{red, green, blue}; }));
  };
  EXPECT_EQ(of(31, 63, 31).light[0], 255);
  EXPECT_EQ(of(31, 63, 31).u[0], 810);
  EXPECT_EQ(of(31, 0, 0).red[0], kShareOne);
  EXPECT_EQ(of(0, 63, 0).red[0], 0);
}

// HD: 60 samples a cell of light, 120 a wide one.
TEST(FlashSweep, LaysCellsWhereTheySay) {
  const auto made = painted(1920, 1080, three_planes(ColorModel::rgb, 8, 0, 0), [](int x, int y) {
    const std::uint32_t code = x >= 960 && y >= 600 ? 255 : 0;
    return Color{code, code, code};
  });
  const FlashRow row = row_of(*made);
  for (int y = 0; y < kLightRows; ++y)
    for (int x = 0; x < kLightColumns; ++x)
      EXPECT_EQ(row.light[static_cast<std::size_t>(y * kLightColumns + x)],
                x >= 16 && y >= 10 ? 255 : 0);
  EXPECT_EQ(row.darkest[4 * kWideColumns + 7], 0);
  EXPECT_EQ(row.brightest[4 * kWideColumns + 8], 0) << "lines 480 to 599";
  EXPECT_EQ(row.darkest[5 * kWideColumns + 8], 255);
}

// Any size and layout; every level and every strip gives the same bytes.
TEST(FlashSweep, IsTheSameForEveryLevelAndStrip) {
  struct Sizes {
    int width, height, bits, across, down;
    ColorModel model;
  };
  for (const Sizes& s :
       {Sizes{1, 1, 8, 1, 1, ColorModel::ycbcr}, Sizes{9, 7, 10, 1, 0, ColorModel::ycbcr},
        Sizes{719, 577, 8, 1, 1, ColorModel::ycbcr}, Sizes{131, 66, 16, 2, 0, ColorModel::ycbcr},
        Sizes{500, 8, 12, 0, 1, ColorModel::ycbcr}, Sizes{333, 222, 10, 0, 0, ColorModel::rgb},
        Sizes{8, 3000, 8, 0, 0, ColorModel::rgb}, Sizes{640, 362, 1, 0, 0, ColorModel::rgb}}) {
    Noise noise(5);
    const auto made =
        painted(s.width, s.height, three_planes(s.model, s.bits, s.across, s.down), [&](int, int) {
          const std::uint32_t top = 1u << s.bits;
          return Color{noise() % top, noise() % top, noise() % top};
        });
    const FlashRow expected = row_of(*made, {16, CpuLevel::baseline, {}});
    EXPECT_EQ(expected.width, s.width);
    for (const CpuLevel level : {CpuLevel::baseline, CpuLevel::x86_64_v3, CpuLevel::x86_64_v4}) {
      if (level > best_cpu_level()) continue;
      for (const int strip : {1, 5, 64}) {
        const FlashRow row = row_of(*made, {strip, level, {}});
        EXPECT_EQ(std::memcmp(&row, &expected, sizeof(row)), 0) << s.width;
      }
    }
  }
}

}  // namespace
}  // namespace cleangate::probes
