// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/luma.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

using test::luma_frame;
using test::Noise;

LumaRow row_of(const VideoFrame& frame) {
  FrameSweep sweep;
  sweep.run(frame);
  return analyze_luma(sweep);
}

// Quantiles by sorting, shares by counting.
void expect_levels(const std::vector<int>& sorted, const std::array<std::uint16_t, 9>& quantiles,
                   std::uint32_t mean) {
  const double shares[] = {0, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1};
  double sum = 0;
  for (const int code : sorted) sum += code;
  for (std::size_t q = 0; q < 9; ++q) {
    const auto rank = static_cast<std::size_t>(
        std::max(1.0, std::ceil(shares[q] * static_cast<double>(sorted.size()) - 1e-6)));
    EXPECT_EQ(quantiles[q], sorted[rank - 1]) << q;
  }
  EXPECT_NEAR(mean / 65536.0, sum / static_cast<double>(sorted.size()), 1.0 / 65536);
}

TEST(LumaRow, HoldsQuantilesLadderAndMeanOfRasterAndActivePicture) {
  for (const int bits : {8, 10, 12}) {
    Noise noise(static_cast<unsigned>(bits));
    std::vector<int> all, inside;
    const auto made = luma_frame(230, 170, bits, [&](int x, int y) {
      const bool picture = y >= 21 && y < 150 && x >= 10;
      const int code8 =
          picture ? 30 + static_cast<int>(noise() % 220) : 12 + static_cast<int>(noise() % 9);
      const int code = code8 << (bits - 8);
      all.push_back(code);
      if (picture) inside.push_back(code);
      return static_cast<std::uint32_t>(code);
    });
    std::sort(all.begin(), all.end());
    std::sort(inside.begin(), inside.end());
    const LumaRow row = row_of(made->frame);
    EXPECT_EQ(row.width, 230);
    EXPECT_EQ(row.height, 170);
    EXPECT_EQ(row.bits, bits);
    EXPECT_EQ(row.flags, 0);
    EXPECT_EQ(row.active_x, 10);
    EXPECT_EQ(row.active_y, 21);
    EXPECT_EQ(row.active_width, 220);
    EXPECT_EQ(row.active_height, 129);
    expect_levels(all, row.quantiles, row.mean);
    expect_levels(inside, row.active_quantiles, row.active_mean);
    const auto count_above = [](const std::vector<int>& sorted, int code) {
      return static_cast<std::uint32_t>(sorted.end() -
                                        std::upper_bound(sorted.begin(), sorted.end(), code));
    };
    const LumaLadder& ladder = luma_ladder(bits, SignalRange::narrow);
    for (std::size_t i = 0; i < kLumaRungs; ++i)
      EXPECT_EQ(row.above[i], share_code(count_above(all, ladder.raster[i]))) << i;
    for (std::size_t i = 0; i < kActiveLumaRungs; ++i)
      EXPECT_EQ(row.active_above[i], share_code(count_above(inside, ladder.active[i]))) << i;
  }
}

TEST(LumaRow, CarriesRangeAndModelAsDecoded) {
  const auto made = luma_frame(16, 16, 8, [](int, int) { return 128u; });
  EXPECT_EQ(row_of(made->frame).flags, 0);
  made->frame.color.range = SignalRange::narrow;
  EXPECT_EQ(row_of(made->frame).flags, LumaRow::kNarrow);
  made->frame.color.range = SignalRange::full;
  EXPECT_EQ(row_of(made->frame).flags, LumaRow::kFull | LumaRow::kFullLadder);
  PixelLayout rgb = test::planar_luma(8);
  rgb.model = ColorModel::rgb;
  rgb.component_count = 3;
  rgb.components[1] = rgb.components[2] = rgb.components[0];
  made->frame.layout = rgb;
  made->frame.color.range = SignalRange::unspecified;
  EXPECT_EQ(row_of(made->frame).flags, LumaRow::kRgb | LumaRow::kFullLadder);
}

TEST(LumaRow, SaysThatABlackFrameHasNoPicture) {
  const auto made =
      luma_frame(64, 64, 8, [](int x, int) { return 16u + static_cast<unsigned>(x & 1); });
  const LumaRow row = row_of(made->frame);
  EXPECT_EQ(row.flags, LumaRow::kNoPicture);
  EXPECT_EQ(row.active_width, 0);
  EXPECT_EQ(row.active_height, 0);
  EXPECT_EQ(row.active_quantiles, row.quantiles);
  EXPECT_EQ(row.active_mean, row.mean);
}

TEST(LumaRow, SaysNothingButWhyWhereNothingWasMeasured) {
  const auto made = luma_frame(16, 16, 8, [](int, int) { return 200u; });
  made->frame.layout.kind = SampleKind::ieee_float;
  LumaRow row = row_of(made->frame);
  EXPECT_EQ(row.flags, LumaRow::kNotMeasured | LumaRow::kFloatSamples);
  row.flags = 0;
  const LumaRow empty;
  EXPECT_EQ(std::memcmp(&row, &empty, sizeof(row)), 0);
  made->frame.layout = test::planar_luma(8);
  made->frame.layout.components[0].step = 0;
  EXPECT_EQ(row_of(made->frame).flags, LumaRow::kNotMeasured | LumaRow::kLayout);
}

// What tells credits and dark scenes from black: noise averages out over cells, picture does not.
TEST(LumaRow, TellsPictureFromNoiseByItsCells) {
  const auto credits = luma_frame(1280, 720, 8, [](int x, int y) {
    return x >= 600 && x < 680 && y >= 300 && y < 312 ? 235u : 16u;
  });
  Noise noise(3);
  const auto grain = luma_frame(1280, 720, 8, [&](int, int) { return 12 + noise() % 9; });
  const auto dark = luma_frame(1280, 720, 8, [](int x, int y) {
    return 16u + static_cast<unsigned>((x / 20 + y / 20) % 21);
  });
  const LumaRow text = row_of(credits->frame), black = row_of(grain->frame),
                scene = row_of(dark->frame);
  EXPECT_GT(text.cell_max - text.cell_min, 200 << 8);
  EXPECT_GT(text.contrast_max, 200);
  EXPECT_LT(black.cell_max - black.cell_min, 5 << 8);
  EXPECT_GT(scene.cell_max - scene.cell_min, 15 << 8);
  EXPECT_GT(scene.cell_contrast, black.cell_contrast);
}

TEST(LumaRow, NamesItsColumnsWithoutGapsOrOverlaps) {
  std::uint32_t offset = 0;
  for (const Column& column : LumaRow::kColumns) {
    EXPECT_EQ(column.offset, offset) << column.name;
    offset += column.count * static_cast<std::uint32_t>(size_of(column.type));
  }
  EXPECT_EQ(offset, sizeof(LumaRow));
  EXPECT_LE(sizeof(LumaRow), 320u);
}

}  // namespace
}  // namespace cleangate::probes
