// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/frame_sweep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

using test::luma_frame;
using test::MadeFrame;
using test::Noise;

using Lines = std::vector<std::vector<int>>;

// The same primitives, written from the header's words alone.
struct Reference {
  std::vector<std::uint32_t> histogram, active_histogram;
  std::vector<std::uint16_t> line_above, column_above;
  PictureRect active;
  int contrast_max = 0;
  std::array<std::uint32_t, kContrastRungs> contrast_above{};
  int cell_columns = 0, cell_rows = 0;
  std::vector<std::uint16_t> cells;
};

void find_active(const Lines& luma, int bits, Reference& r) {
  const int height = static_cast<int>(luma.size()), width = static_cast<int>(luma[0].size());
  const int black = bits >= 8 ? 24 << (bits - 8) : 24 >> (8 - bits);
  r.line_above.resize(luma.size());
  r.column_above.resize(luma[0].size());
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      if (luma[y][x] > black) ++r.line_above[y], ++r.column_above[x];
  int left = -1, right = -1, top = -1, bottom = -1;
  for (int x = 0; x < width; ++x)
    if (r.column_above[x] > height / 128) left = left < 0 ? x : left, right = x;
  for (int y = 0; y < height; ++y)
    if (r.line_above[y] > width / 128) top = top < 0 ? y : top, bottom = y;
  if (left >= 0 && top >= 0)
    r.active = {static_cast<std::uint16_t>(left), static_cast<std::uint16_t>(top),
                static_cast<std::uint16_t>(right - left + 1),
                static_cast<std::uint16_t>(bottom - top + 1)};
}

void find_cells(const Lines& luma, int bits, Reference& r) {
  const int height = static_cast<int>(luma.size()), width = static_cast<int>(luma[0].size());
  r.cell_columns = std::max(1, width / 8);
  r.cell_rows = std::max(1, height / 8);
  for (int cy = 0; cy < r.cell_rows; ++cy)
    for (int cx = 0; cx < r.cell_columns; ++cx) {
      const int x1 = cx + 1 == r.cell_columns ? width : cx * 8 + 8;
      const int y1 = cy + 1 == r.cell_rows ? height : cy * 8 + 8;
      std::uint64_t sum = 0, count = 0;
      for (int y = cy * 8; y < y1; ++y)
        for (int x = cx * 8; x < x1; ++x) sum += static_cast<unsigned>(luma[y][x]), ++count;
      r.cells.push_back(static_cast<std::uint16_t>((sum << (16 - bits)) / count));
    }
}

Reference reference(const Lines& luma, int bits) {
  const int height = static_cast<int>(luma.size()), width = static_cast<int>(luma[0].size());
  Reference r;
  r.histogram.resize(std::size_t{1} << bits);
  r.active_histogram.resize(r.histogram.size());
  find_active(luma, bits, r);
  find_cells(luma, bits, r);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const int code = luma[y][x];
      ++r.histogram[static_cast<std::size_t>(code)];
      const bool inside = r.active.empty() || (x >= r.active.x && x < r.active.x + r.active.width &&
                                               y >= r.active.y && y < r.active.y + r.active.height);
      if (inside) ++r.active_histogram[static_cast<std::size_t>(code)];
      int contrast = 0;
      if (x + 1 < width) contrast = std::max(contrast, std::abs(code - luma[y][x + 1]));
      if (y + 1 < height) contrast = std::max(contrast, std::abs(code - luma[y + 1][x]));
      r.contrast_max = std::max(r.contrast_max, contrast);
      for (std::size_t i = 0; i < kContrastRungs; ++i) {
        const int rung8 = 2 << i, rung = bits >= 8 ? rung8 << (bits - 8) : rung8 >> (8 - bits);
        if (contrast > rung) ++r.contrast_above[i];
      }
    }
  return r;
}

template <class Values, class Expected>
void expect_equal(const char* what, const Values& values, const Expected& expected) {
  EXPECT_TRUE(std::equal(values.begin(), values.end(), expected.begin(), expected.end())) << what;
}

void expect_agreement(const FrameSweep& sweep, const Lines& luma, int bits) {
  const Reference r = reference(luma, bits);
  ASSERT_EQ(sweep.unmeasured(), Unmeasured::measured);
  EXPECT_EQ(sweep.bits(), bits);
  EXPECT_EQ(sweep.height(), static_cast<int>(luma.size()));
  EXPECT_EQ(sweep.width(), static_cast<int>(luma[0].size()));
  expect_equal("histogram", sweep.histogram(), r.histogram);
  expect_equal("active histogram", sweep.active_histogram(), r.active_histogram);
  expect_equal("line_above", sweep.line_above(), r.line_above);
  expect_equal("column_above", sweep.column_above(), r.column_above);
  EXPECT_EQ(sweep.active(), r.active);
  EXPECT_EQ(sweep.contrast_max(), r.contrast_max);
  EXPECT_EQ(sweep.contrast_above(), r.contrast_above);
  EXPECT_EQ(sweep.cells().columns, r.cell_columns);
  EXPECT_EQ(sweep.cells().rows, r.cell_rows);
  expect_equal("cells", sweep.cells().means, r.cells);
}

// Noise of every amplitude, a bright box off the center, black around it.
Lines made_picture(int width, int height, int bits, unsigned seed) {
  Noise noise(seed);
  const auto top = static_cast<std::uint32_t>((1 << bits) - 1);
  Lines luma(static_cast<std::size_t>(height), std::vector<int>(static_cast<std::size_t>(width)));
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const bool box = x >= width / 5 && x < width - width / 7 && y >= height / 4 && y < height - 1;
      luma[y][x] = static_cast<int>(box ? noise() & top : (noise() & top) >> 5);
    }
  return luma;
}

std::vector<CpuLevel> levels() {
  std::vector<CpuLevel> all{CpuLevel::baseline};
  if (best_cpu_level() >= CpuLevel::x86_64_v3) all.push_back(CpuLevel::x86_64_v3);
  if (best_cpu_level() >= CpuLevel::x86_64_v4) all.push_back(CpuLevel::x86_64_v4);
  return all;
}

TEST(FrameSweep, AgreesWithAPlainReferenceAtEveryDepthAndSize) {
  constexpr std::pair<int, int> kSizes[] = {{1, 1},  {2, 1},   {1, 9},   {7, 5},    {8, 8},
                                            {9, 17}, {15, 23}, {64, 33}, {129, 71}, {333, 257}};
  FrameSweep sweep;  // one for all: nothing of the last frame may remain
  for (const int bits : {1, 2, 4, 8, 9, 10, 12, 14, 16})
    for (const auto& [width, height] : kSizes) {
      SCOPED_TRACE(testing::Message() << width << "x" << height << " at " << bits << " bits");
      const Lines luma = made_picture(width, height, bits, static_cast<unsigned>(width + bits));
      const auto made = luma_frame(width, height, bits, [&](int x, int y) {
        return static_cast<std::uint32_t>(luma[y][x]);
      });
      sweep.run(made->frame);
      expect_agreement(sweep, luma, bits);
    }
}

TEST(FrameSweep, IsTheSameForEveryCpuLevelAndStripHeight) {
  for (const int bits : {8, 10, 12, 16}) {
    const Lines luma = made_picture(203, 131, bits, 5);
    const auto made = luma_frame(
        203, 131, bits, [&](int x, int y) { return static_cast<std::uint32_t>(luma[y][x]); });
    for (const CpuLevel level : levels())
      for (const int strip : {1, 2, 7, 8, 16, 131, 500}) {
        SCOPED_TRACE(testing::Message() << bits << " bits, level " << static_cast<int>(level)
                                        << ", strips of " << strip);
        FrameSweep sweep({strip, level});
        sweep.run(made->frame);
        expect_agreement(sweep, luma, bits);
      }
  }
}

TEST(FrameSweep, CountsVeryWideAndVeryTallFrames) {
  for (const auto& [width, height] : {std::pair{16384, 8}, {8, 16384}, {65535, 2}, {3, 65535}})
    for (const int bits : {8, 10, 16}) {
      SCOPED_TRACE(testing::Message() << width << "x" << height << " at " << bits << " bits");
      const Lines luma = made_picture(width, height, bits, 3);
      const auto made = luma_frame(width, height, bits, [&](int x, int y) {
        return static_cast<std::uint32_t>(luma[y][x]);
      });
      FrameSweep sweep;
      sweep.run(made->frame);
      expect_agreement(sweep, luma, bits);
    }
}

// Every sample equal: the private tables' entries grow as fast as they can.
TEST(FrameSweep, CountsFlatFramesExactly) {
  for (const int bits : {8, 10, 12, 16}) {
    const auto white = static_cast<std::uint32_t>((1 << bits) - 1);
    const auto made = luma_frame(2049, 1031, bits, [&](int, int) { return white; });
    FrameSweep sweep;
    sweep.run(made->frame);
    EXPECT_EQ(sweep.histogram()[white], 2049u * 1031u);
    EXPECT_EQ(sweep.active(), (PictureRect{0, 0, 2049, 1031}));
    EXPECT_EQ(sweep.contrast_max(), 0);
  }
}

TEST(FrameSweep, LooksAtTheLastColumnAndTheLastLine) {
  const auto made =
      luma_frame(64, 48, 8, [](int x, int y) { return x == 63 || y == 47 ? 235u : 16u; });
  FrameSweep sweep;
  sweep.run(made->frame);
  EXPECT_EQ(sweep.histogram()[235], 64u + 47u);
  EXPECT_EQ(sweep.column_above()[63], 48);
  EXPECT_EQ(sweep.line_above()[47], 64);
  EXPECT_EQ(sweep.contrast_above()[5], 47u + 63u - 1u);  // the corner's two neighbors share one
}

TEST(FrameSweep, FindsTheLetterboxedPictureUnderNoiseAndWhereverBlackIs) {
  for (const std::uint32_t black : {0u, 16u}) {
    Noise noise(9);
    const auto made = luma_frame(640, 360, 8, [&](int, int y) {
      const std::uint32_t grain = noise() % 5;
      return y >= 45 && y < 315 ? 90 + grain * 8 : black + grain;
    });
    // Hot samples: isolated noise does not open the bars.
    for (int i = 0; i < 4; ++i) made->put(0, 100 + 130 * i, 10, 200);
    FrameSweep sweep;
    sweep.run(made->frame);
    EXPECT_EQ(sweep.active(), (PictureRect{0, 45, 640, 270})) << black;
  }
}

TEST(FrameSweep, FindsAPillarboxedPictureAndCountsOnlyIt) {
  const auto made =
      luma_frame(640, 360, 10, [](int x, int) { return x >= 81 && x < 559 ? 500u : 64u; });
  FrameSweep sweep;
  sweep.run(made->frame);
  EXPECT_EQ(sweep.active(), (PictureRect{81, 0, 478, 360}));
  EXPECT_EQ(sweep.active_histogram()[500], 478u * 360u);
  EXPECT_EQ(sweep.active_histogram()[64], 0u);
}

TEST(FrameSweep, HasAnEmptyRectangleForBlackAndThenCountsTheRaster) {
  Noise noise(4);
  const auto made = luma_frame(320, 240, 8, [&](int, int) { return 14 + noise() % 6; });
  FrameSweep sweep;
  sweep.run(made->frame);
  EXPECT_TRUE(sweep.active().empty());
  expect_equal("active", sweep.active_histogram(), sweep.histogram());
}

TEST(FrameSweep, IgnoresBitsAboveTheDepth) {
  PixelLayout layout = test::planar_luma(16);
  MadeFrame made(40, 30, layout, 80);
  made.fill(0,
            [](int x, int y) { return static_cast<std::uint32_t>(0xfc00 | ((x * 7 + y) & 1023)); });
  made.frame.layout.components[0].bits = 10;
  FrameSweep sweep;
  sweep.run(made.frame);
  Lines luma(30, std::vector<int>(40));
  for (int y = 0; y < 30; ++y)
    for (int x = 0; x < 40; ++x) luma[y][x] = (x * 7 + y) & 1023;
  expect_agreement(sweep, luma, 10);
}

TEST(FrameSweep, SaysWhyItDidNotMeasureAndRemembersNothing) {
  const auto good = luma_frame(16, 16, 8, [](int, int) { return 99u; });
  FrameSweep sweep;
  sweep.run(good->frame);
  VideoFrame frame = good->frame;
  frame.layout.kind = SampleKind::ieee_float;
  sweep.run(frame);
  EXPECT_EQ(sweep.unmeasured(), Unmeasured::float_samples);
  EXPECT_EQ(sweep.width(), 0);
  EXPECT_EQ(sweep.bits(), 0);
  EXPECT_TRUE(sweep.histogram().empty());
  EXPECT_TRUE(sweep.cells().means.empty());
  frame = good->frame;
  frame.width = 0;
  sweep.run(frame);
  EXPECT_EQ(sweep.unmeasured(), Unmeasured::size);
  sweep.run(VideoFrame{});
  EXPECT_EQ(sweep.unmeasured(), Unmeasured::size);
  sweep.run(good->frame);
  EXPECT_EQ(sweep.histogram()[99], 256u);
}

}  // namespace
}  // namespace cleangate::probes
