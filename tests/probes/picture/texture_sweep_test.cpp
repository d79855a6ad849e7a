// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/texture_sweep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <vector>

#include "probes/picture/frame_sweep.h"
#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

using test::MadeFrame;
using test::Noise;

// What the header says, written a second time, sample by sample.
struct Plain {
  const MadeFrame& made;
  int bits, apart;
  [[nodiscard]] int at(int x, int y) const {
    const PlaneView& plane = made.frame.planes[0];
    const std::byte* byte = plane.bytes + plane.stride * y + x * (bits > 8 ? 2 : 1);
    const int code =
        std::to_integer<int>(byte[0]) | (bits > 8 ? std::to_integer<int>(byte[1]) << 8 : 0);
    return code >> std::max(0, bits - 10);
  }
  [[nodiscard]] int rough(int x, int y) const {
    const int up = y - apart, down = y + apart;
    return std::abs(at(x - 1, up) - 2 * at(x, up) + at(x + 1, up) - 2 * at(x - 1, y) +
                    4 * at(x, y) - 2 * at(x + 1, y) + at(x - 1, down) - 2 * at(x, down) +
                    at(x + 1, down));
  }
};

struct Found {
  TextureMeasure measure;
  std::vector<std::uint32_t> rough, sharp;  // of the cells that have one
};

void add_edge(const std::array<int, 8>& across, int one, TextureMeasure& m) {
  std::array<int, 8> sorted = across;
  std::sort(sorted.begin(), sorted.end());
  if (sorted[7] < 16 * one || sorted[7] > 96 * one || sorted[7] < 2 * sorted[6]) return;
  for (std::size_t i = 0; i < 8; ++i) m.edges[i] += across[i] == sorted[7];
}

void add_cell(const Plain& plain, int left, int top, Found& found) {
  TextureMeasure& m = found.measure;
  const int one = 1 << (std::min(plain.bits, 10) - 8);
  int low = 1 << 16, high = 0, even = 0, steps = 0, sum = 0, step = 0, step_across = 0;
  std::array<int, 8> columns{};
  for (int y = top; y < top + 8; ++y)
    for (int x = left; x < left + 8; ++x) {
      const int here = plain.at(x, y), across = std::abs(here - plain.at(x - 1, y));
      const int down = std::abs(here - plain.at(x, y - plain.apart));
      columns[static_cast<std::size_t>(x % 8)] += across;
      low = std::min(low, here);
      high = std::max(high, here);
      even += plain.rough(x, y) == 0;
      steps += (across != 0) + (down != 0);
      step = std::max({step, across, down});
      step_across = std::max(step_across, across);
      sum += plain.rough(x, y);
    }
  ++m.cells;
  add_edge(columns, one, m);
  if (low == high) {
    ++m.flat;
    return;
  }
  found.rough.push_back(static_cast<std::uint32_t>(sum));
  if (even >= 32 && steps >= 7 && high - low == step)
    for (std::size_t i = 0; i < kContourRungs; ++i) m.contours[i] += step <= one << i;
  if (std::accumulate(columns.begin(), columns.end(), 0) < 8 * 32 * one) return;
  ++m.contrasty;
  found.sharp.push_back(static_cast<std::uint32_t>(std::min(64, step_across * 64 / (high - low))));
}

Found reference(const MadeFrame& made, int bits) {
  const VideoFrame& frame = made.frame;
  const Plain plain{made, bits, frame.structure == PictureStructure::progressive ? 1 : 2};
  Found found;
  for (int top = 8; top + 9 < frame.height; top += texture_period(frame.height)) {
    for (int left = 8; left + 16 <= frame.width / 8 * 8; left += 8)
      add_cell(plain, left, top, found);
  }
  std::sort(found.rough.begin(), found.rough.end());
  std::sort(found.sharp.begin(), found.sharp.end());
  return found;
}

void expect_equal(const TextureMeasure& got, const Found& found) {
  const TextureMeasure& r = found.measure;
  EXPECT_EQ(got.cells, r.cells);
  EXPECT_EQ(got.edges, r.edges);
  EXPECT_EQ(got.contrasty, r.contrasty);
  constexpr std::size_t kSharp[] = {50, 90};
  for (std::size_t i = 0; i < kSharpShares && !found.sharp.empty(); ++i)
    EXPECT_EQ(got.sharp[i], found.sharp[found.sharp.size() * kSharp[i] / 100]);
  EXPECT_EQ(got.flat, r.flat);
  EXPECT_EQ(got.contours, r.contours);
  constexpr std::size_t kPercent[] = {10, 25, 50, 75};
  for (std::size_t i = 0; i < kRoughShares && !found.rough.empty(); ++i) {
    const std::uint32_t exact = found.rough[found.rough.size() * kPercent[i] / 100];
    EXPECT_LE(got.rough[i], exact);
    EXPECT_GE(got.rough[i] + got.rough[i] / 32, exact);
  }
}

struct Sizes {
  int width, height, bits;
};
constexpr Sizes kSizes[] = {{128, 48, 8}, {67, 51, 8},  {203, 131, 10}, {131, 77, 12},
                            {97, 63, 16}, {24, 24, 9},  {1048, 27, 10}, {40, 26, 8},
                            {64, 800, 8}, {64, 25, 16}, {2064, 28, 10}};

TEST(TextureSweep, AgreesWithAPlainReferenceAtEveryLevelAndStripHeight) {
  for (const Sizes& s : kSizes)
    for (const unsigned amplitude : {1u, 2u, 9u << (s.bits - 8), 1u << s.bits})
      for (const auto structure :
           {PictureStructure::progressive, PictureStructure::top_field_first}) {
        Noise noise(7);
        const auto made = test::luma_frame(s.width, s.height, s.bits, [&](int x, int y) {
          const auto steps = static_cast<unsigned>((x / 11 + y / 13) % 5) << (s.bits - 8);
          return (steps + noise() % amplitude) & ((1u << s.bits) - 1);
        });
        made->frame.structure = structure;
        const Found expected = reference(*made, s.bits);
        for (int level = 0; level <= static_cast<int>(best_cpu_level()); ++level)
          for (const int strip : {1, 7, 16}) {
            SCOPED_TRACE(testing::Message()
                         << s.width << "x" << s.height << " at " << s.bits << " bits, level "
                         << level << ", strips of " << strip << ", amplitude " << amplitude);
            FrameSweep sweep({strip, static_cast<CpuLevel>(level)});
            sweep.run(made->frame);
            expect_equal(sweep.texture(), expected);
          }
      }
}

// The lanes of a cell and of a line at their largest.
TEST(TextureSweep, HoldsTheLargestSums) {
  for (const int bits : {8, 9, 10, 12, 16}) {
    const auto top = static_cast<std::uint32_t>((1 << bits) - 1);
    const auto made =
        test::luma_frame(2400, 32, bits, [top](int x, int y) { return (x + y) % 2 ? top : 0u; });
    FrameSweep sweep;
    sweep.run(made->frame);
    expect_equal(sweep.texture(), reference(*made, bits));
  }
}

TEST(TextureSweep, OfTooFewCellsNothingIsTold) {
  for (const auto& [width, height] : {std::pair{1, 1}, {23, 64}, {64, 23}}) {
    const auto made = test::luma_frame(width, height, 8, [](int, int) { return 50u; });
    FrameSweep sweep;
    sweep.run(made->frame);
    EXPECT_FALSE(sweep.texture().measured);
  }
}

}  // namespace
}  // namespace cleangate::probes
