// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/outlier_sweep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "probes/picture/frame_sweep.h"
#include "probes/picture/outliers.h"
#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

using test::MadeFrame;
using test::Noise;

int code(const MadeFrame& made, int x, int y, int bits) {
  const PlaneView& plane = made.frame.planes[0];
  const std::byte* at = plane.bytes + plane.stride * y + x * (bits > 8 ? 2 : 1);
  return std::to_integer<int>(at[0]) | (bits > 8 ? std::to_integer<int>(at[1]) << 8 : 0);
}
int of_8(int code, int bits) { return bits >= 8 ? code >> (bits - 8) : code << (8 - bits); }

struct Found {
  int x, y, step;
  friend bool operator==(const Found&, const Found&) = default;
};

// What the header says, written a second time: every sample against its ring, the largest kept.
std::vector<Found> reference(const MadeFrame& made, int bits) {
  std::vector<Found> kept;
  for (int y = 2; y < made.frame.height - 2; ++y)
    for (int x = 2; x < made.frame.width - 2; ++x) {
      int high = 0, low = 65535;
      for (int v = -2; v <= 2; ++v)
        for (int u = -2; u <= 2; ++u) {
          if (std::abs(u) < 2 && std::abs(v) < 2) continue;
          high = std::max(high, code(made, x + u, y + v, bits));
          low = std::min(low, code(made, x + u, y + v, bits));
        }
      const int sample = code(made, x, y, bits);
      const Found found{
          x, y, sample > high ? of_8(sample - high, bits) : -of_8(std::max(low - sample, 0), bits)};
      const auto size = [](const Found& each) { return std::abs(each.step); };
      if (size(found) < 12) continue;
      const auto least = std::min_element(kept.begin(), kept.end(),
                                          [&](auto& a, auto& b) { return size(a) < size(b); });
      if (kept.size() == 16 && size(found) <= size(*least)) continue;
      const auto near = std::find_if(kept.begin(), kept.end(), [&](const Found& each) {
        return std::abs(each.x - x) <= 2 && std::abs(each.y - y) <= 2;
      });
      if (near != kept.end()) {
        if (size(found) > size(*near)) *near = found;
      } else if (kept.size() < 16) {
        kept.push_back(found);
      } else {
        *least = found;
      }
    }
  std::sort(kept.begin(), kept.end(),
            [](auto& a, auto& b) { return a.y != b.y ? a.y < b.y : a.x < b.x; });
  return kept;
}

std::vector<Found> found_in(const FrameOutliers& outliers) {
  std::vector<Found> found;
  for (std::size_t i = 0; i < outliers.dot_count; ++i)
    found.push_back({outliers.dots[i].x, outliers.dots[i].y, outliers.dots[i].step});
  return found;
}

struct Sizes {
  int width, height, bits;
};
constexpr Sizes kSizes[] = {{300, 40, 8},  {67, 51, 8},   {531, 33, 10}, {131, 77, 12},
                            {97, 63, 16},  {16, 16, 8},   {17, 19, 10},  {2051, 17, 10},
                            {260, 700, 8}, {133, 16, 12}, {40, 20, 5}};

TEST(OutlierSweep, AgreesWithAPlainReferenceAtEveryLevelAndStripHeight) {
  for (const Sizes& s : kSizes)
    for (const unsigned amplitude : {2u, 9u, 60u, 256u}) {
      Noise noise(7);
      const auto made = test::luma_frame(s.width, s.height, s.bits, [&](int x, int y) {
        const unsigned top = (1u << s.bits) - 1;
        const unsigned grain = (noise() % amplitude) * (top + 1) / 256;
        const unsigned dot = noise() % 400 == 0 ? noise() % (top + 1) : 0;
        return std::min(static_cast<unsigned>(x + y) % 40 * (top + 1) / 512 + grain + dot, top);
      });
      const auto expected = reference(*made, s.bits);
      std::optional<OutliersRow> first;
      for (int level = 0; level <= static_cast<int>(best_cpu_level()); ++level)
        for (const int strip : {1, 7, 16}) {
          SCOPED_TRACE(testing::Message() << s.width << "x" << s.height << " at " << s.bits
                                          << " bits, level " << level << ", strips of " << strip);
          FrameSweep sweep({strip, static_cast<CpuLevel>(level)});
          sweep.run(made->frame);
          EXPECT_EQ(found_in(sweep.outliers()), expected);
          const OutliersRow row = analyze_outliers(sweep);
          if (!first) first = row;
          EXPECT_EQ(std::memcmp(&row, &*first, sizeof row), 0);
        }
    }
}

// Every sample that can stands out as far as it can.
TEST(OutlierSweep, IsNotDrownedByAPictureOfDots) {
  const auto made = test::luma_frame(
      700, 90, 8, [](int x, int y) { return x % 2 == 0 && y % 2 == 0 ? 255u : 0u; });
  FrameSweep sweep;
  sweep.run(made->frame);
  EXPECT_EQ(sweep.outliers().dot_count, 0u);  // the ring holds others of them
  const auto apart = test::luma_frame(
      700, 90, 8, [](int x, int y) { return x % 5 == 0 && y % 5 == 0 ? 255u : 0u; });
  sweep.run(apart->frame);
  EXPECT_EQ(found_in(sweep.outliers()), reference(*apart, 8));
  EXPECT_EQ(sweep.outliers().dot_count, 16u);
}

TEST(OutlierSweep, TellsWhatSurroundsADot) {
  for (const int bits : {8, 10, 16}) {
    const auto made = test::luma_frame(64, 64, bits, [=](int x, int y) {
      const unsigned level = x < 30 ? (y < 30 ? 40u : 60u) : (y < 30 ? 80u : 100u);
      const bool dot = (x == 30 && y == 30) || (x == 10 && y == 50);
      return (dot ? 200u : x == 16 && y == 50 ? 190u : level) << (bits - 8);
    });
    FrameSweep sweep;
    sweep.run(made->frame);
    const FrameOutliers& found = sweep.outliers();
    ASSERT_EQ(found.dot_count, 3u);
    EXPECT_EQ(found_in(found)[0], (Found{30, 30, 100}));
    EXPECT_EQ(found.dots[0].alone, 100);
    EXPECT_EQ(found.dots[0].around, (std::array<std::uint8_t, 4>{40, 80, 60, 100}));
    EXPECT_EQ(found_in(found)[1], (Found{10, 50, 140}));
    EXPECT_EQ(found.dots[1].alone, 10);  // another as bright stands six samples away
  }
}

// Lines and columns of another level: found, and measured, at any depth.
TEST(OutlierSweep, MeasuresLinesAndColumns) {
  for (const int bits : {8, 10, 12}) {
    Noise noise(3);
    const auto made = test::luma_frame(160, 120, bits, [&](int x, int y) {
      const unsigned level = 60u + static_cast<unsigned>(x) / 4 + noise() % 3;
      const unsigned line = (y == 40 || y == 41) && x < 100 ? 50u : 0u;
      return (level + line + (x == 130 ? 70u : 0u)) << (bits - 8);
    });
    FrameSweep sweep;
    sweep.run(made->frame);
    const OutlierBand& line = sweep.outliers().lines[0];
    EXPECT_EQ(line.at, 40);
    EXPECT_EQ(line.count, 2);
    EXPECT_LE(line.apart, 2);
    EXPECT_NEAR(line.level[0], 50, 3);  // of a quarter
    EXPECT_NEAR(line.level[2], 48, 3);  // of half
    EXPECT_EQ(line.level[3], 0);        // 100 of 160 are less than three quarters
    EXPECT_NEAR(line.around[0][0], 66, 2);
    EXPECT_NEAR(line.around[1][3], 97, 2);
    EXPECT_EQ(sweep.outliers().lines[1].count, 0);
    const OutlierBand& column = sweep.outliers().columns[0];
    EXPECT_EQ(column.at, 130);
    EXPECT_EQ(column.count, 1);
    EXPECT_NEAR(column.level[3], 69, 3);
  }
}

TEST(OutlierSweep, ComparesLinesOfAField) {
  // The fields are of two pictures: progressive, every line differs from its neighbors.
  const auto made = test::luma_frame(64, 64, 8, [](int x, int y) {
    const unsigned level = y % 2 == 0 ? 60u : 120u;
    return level + static_cast<unsigned>(x) / 8 + (y == 31 ? 60u : 0u);
  });
  FrameSweep sweep;
  made->frame.structure = PictureStructure::top_field_first;
  sweep.run(made->frame);
  EXPECT_TRUE(sweep.outliers().fields);
  EXPECT_EQ(sweep.outliers().lines[0].at, 31);
  EXPECT_EQ(sweep.outliers().lines[0].count, 1);
  EXPECT_NEAR(sweep.outliers().lines[0].level[3], 60, 1);
}

// The edge of a bar has the picture on one side only.
TEST(OutlierSweep, TakesNoEdgeForALine) {
  const auto made = test::luma_frame(128, 96, 8, [](int x, int y) {
    return y < 12 || y >= 84 || x < 9 ? 16u : 90u + static_cast<unsigned>(x + y) % 7;
  });
  FrameSweep sweep;
  sweep.run(made->frame);
  EXPECT_EQ(sweep.outliers().lines[0].count, 0);
  EXPECT_EQ(sweep.outliers().columns[0].count, 0);
  EXPECT_EQ(sweep.outliers().dot_count, 0u);
}

// Samples that do not lie in the frame as they are read.
TEST(OutlierSweep, ReadsLinesThatDoNotStayInPlace) {
  PixelLayout rgb;
  rgb.model = ColorModel::rgb;
  rgb.component_count = 3;
  for (std::uint8_t i = 0; i < 3; ++i) rgb.components[i] = {0, i, 3, 0, 8};
  const auto sample = [](int x, int y) {
    return static_cast<std::uint32_t>((x * 7 + y * 13) % 50 + (x == 33 && y == 9 ? 150 : 0) +
                                      (y == 17 ? 120 : 0));
  };
  MadeFrame made(70, 30, rgb, 210);
  for (int i = 0; i < 3; ++i) made.fill(i, sample);
  const auto plain = test::luma_frame(70, 30, 8, sample);
  FrameSweep sweep;
  sweep.run(plain->frame);
  const OutliersRow expected = analyze_outliers(sweep);
  EXPECT_EQ(expected.line_at[0], 17);
  sweep.run(made.frame);
  const OutliersRow row = analyze_outliers(sweep);
  EXPECT_EQ(std::memcmp(&row, &expected, sizeof row), 0);
}

TEST(OutlierSweep, MeasuresNoPictureThatIsTooSmall) {
  FrameSweep sweep;
  for (const auto& [width, height] : {std::pair{1, 1}, {15, 400}, {400, 15}, {3, 2}}) {
    const auto made = test::luma_frame(width, height, 8, [](int, int) { return 9u; });
    sweep.run(made->frame);
    EXPECT_FALSE(sweep.outliers().measured);
  }
  const auto wide =
      test::luma_frame(16384, 16, 8, [](int x, int y) { return x == 16000 && y == 8 ? 99u : 9u; });
  sweep.run(wide->frame);
  EXPECT_EQ(found_in(sweep.outliers()), (std::vector<Found>{{16000, 8, 90}}));
}

}  // namespace
}  // namespace cleangate::probes
