// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/frame_change.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "probes/picture/frame_sweep.h"
#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

using test::MadeFrame;
using test::Noise;
using Pairing = FrameChange::Pairing;

// Planar Y'CbCr.
PixelLayout layout_of(int bits, int across, int down) {
  PixelLayout layout;
  layout.component_count = 3;
  layout.log2_chroma_w = static_cast<std::uint8_t>(across);
  layout.log2_chroma_h = static_cast<std::uint8_t>(down);
  for (std::uint8_t i = 0; i < 3; ++i)
    layout.components[i] = {i, 0, static_cast<std::uint16_t>(bits > 8 ? 2 : 1), 0,
                            static_cast<std::uint8_t>(bits)};
  return layout;
}

struct Sizes {
  int width, height, bits, across, down;
};

int chroma_width(const Sizes& s) { return (s.width + (1 << s.across) - 1) >> s.across; }
int chroma_height(const Sizes& s) { return (s.height + (1 << s.down) - 1) >> s.down; }

std::unique_ptr<MadeFrame> noisy(const Sizes& s, unsigned seed, unsigned amplitude) {
  auto made = std::make_unique<MadeFrame>(s.width, s.height, layout_of(s.bits, s.across, s.down),
                                          test::planar_stride(s.width, s.bits), 3);
  Noise noise(seed);
  const std::uint32_t middle = 1u << (s.bits - 1);
  for (int i = 0; i < 3; ++i)
    for (int y = 0; y < (i ? chroma_height(s) : s.height); ++y)
      for (int x = 0; x < (i ? chroma_width(s) : s.width); ++x)
        made->put(i, x, y, middle - amplitude / 2 + noise() % amplitude);
  return made;
}

int code(const MadeFrame& made, int component, int x, int y, int bits) {
  const PlaneView& plane = made.frame.planes[static_cast<std::size_t>(component)];
  const std::byte* at = plane.bytes + plane.stride * y + x * (bits > 8 ? 2 : 1);
  return std::to_integer<int>(at[0]) | (bits > 8 ? std::to_integer<int>(at[1]) << 8 : 0);
}

// The same, written from the header's words alone.
FrameChange reference(const MadeFrame& now, const MadeFrame& then, const Sizes& s) {
  FrameChange r;
  r.pairing = Pairing::paired;
  r.identical = now.bytes == then.bytes;
  const auto rungs = difference_rungs(s.bits);
  r.luma_samples = static_cast<std::uint64_t>(s.width) * static_cast<std::uint64_t>(s.height);
  for (int y = 0; y < s.height; ++y)
    for (int x = 0; x < s.width; ++x) {
      const int difference = std::abs(code(now, 0, x, y, s.bits) - code(then, 0, x, y, s.bits));
      r.luma_difference += static_cast<unsigned>(difference);
      r.luma_difference_max =
          std::max(r.luma_difference_max, static_cast<std::uint16_t>(difference));
      for (std::size_t i = 0; i < rungs.size(); ++i)
        if (difference > rungs[i]) ++r.luma_above[i];
    }
  r.chroma_compared = static_cast<double>(r.luma_difference) <=
                      4.0 * (1 << s.bits) / 256 * static_cast<double>(r.luma_samples);
  for (int i = 1; i < (r.chroma_compared ? 3 : 1); ++i)
    for (int y = 0; y < chroma_height(s); ++y)
      for (int x = 0; x < chroma_width(s); ++x) {
        ++r.chroma_samples;
        r.chroma_difference += static_cast<unsigned>(
            std::abs(code(now, i, x, y, s.bits) - code(then, i, x, y, s.bits)));
      }
  const int columns = std::max(1, s.width / 8), rows = std::max(1, s.height / 8);
  for (int cy = 0; cy < rows; ++cy)
    for (int cx = 0; cx < columns; ++cx) {
      std::int64_t moved = 0, difference = 0, samples = 0;
      for (int y = cy * 8; y < (cy + 1 == rows ? s.height : cy * 8 + 8); ++y)
        for (int x = cx * 8; x < (cx + 1 == columns ? s.width : cx * 8 + 8); ++x) {
          const int step = code(now, 0, x, y, s.bits) - code(then, 0, x, y, s.bits);
          moved += step;
          difference += std::abs(step);
          ++samples;
        }
      const auto mean = [&](std::int64_t sum) {
        return static_cast<std::uint16_t>((std::abs(sum) << (16 - s.bits)) / samples);
      };
      ++r.cells;
      r.cell_difference_max = std::max(r.cell_difference_max, mean(difference));
      r.cell_change_max = std::max(r.cell_change_max, mean(moved));
      r.cell_change += mean(moved);
      for (std::size_t i = 0; i < kCellChangeRungs; ++i)
        if (mean(moved) > (16 << i)) ++r.cells_above[i];
    }
  return r;
}

void expect_equal(const FrameChange& got, const FrameChange& r) {
  EXPECT_EQ(got.pairing, r.pairing);
  EXPECT_EQ(got.identical, r.identical);
  EXPECT_EQ(got.luma_samples, r.luma_samples);
  EXPECT_EQ(got.luma_difference, r.luma_difference);
  EXPECT_EQ(got.luma_difference_max, r.luma_difference_max);
  EXPECT_EQ(got.luma_above, r.luma_above);
  EXPECT_EQ(got.chroma_compared, r.chroma_compared);
  EXPECT_EQ(got.chroma_difference, r.chroma_difference);
  EXPECT_EQ(got.chroma_samples, r.chroma_samples);
  EXPECT_EQ(got.cells, r.cells);
  EXPECT_EQ(got.cell_difference_max, r.cell_difference_max);
  EXPECT_EQ(got.cell_change_max, r.cell_change_max);
  EXPECT_EQ(got.cell_change, r.cell_change);
  EXPECT_EQ(got.cells_above, r.cells_above);
}

constexpr Sizes kSizes[] = {{64, 48, 8, 1, 1},    {67, 51, 8, 1, 1},   {64, 48, 10, 1, 0},
                            {203, 131, 10, 1, 1}, {131, 77, 12, 0, 0}, {97, 63, 16, 1, 0},
                            {1, 1, 8, 1, 1},      {5, 23, 12, 1, 1},   {2051, 9, 10, 1, 0}};

TEST(FrameChange, AgreesWithAPlainReferenceAtEveryLevelAndStripHeight) {
  for (const Sizes& s : kSizes)
    for (const unsigned amplitude : {2u, 9u << (s.bits - 8), 1u << s.bits}) {
      const auto now = noisy(s, 1, amplitude), then = noisy(s, 2, amplitude);
      const FrameChange expected = reference(*now, *then, s);
      for (int level = 0; level <= static_cast<int>(best_cpu_level()); ++level)
        for (const int strip : {1, 7, 16}) {
          SCOPED_TRACE(testing::Message() << s.width << "x" << s.height << " at " << s.bits
                                          << " bits, level " << level << ", strips of " << strip);
          FrameSweep sweep({strip, static_cast<CpuLevel>(level)});
          sweep.run(now->frame, &then->frame);
          expect_equal(sweep.change(), expected);
          sweep.compare(now->frame, then->frame);  // the same when it comes later
          expect_equal(sweep.change(), expected);
        }
    }
}

// The sums of a cell at its largest: the last row of cells has up to 15 lines.
TEST(FrameChange, HoldsTheLargestDifferences) {
  for (const int bits : {8, 10, 12, 16}) {
    const auto top = static_cast<std::uint32_t>((1 << bits) - 1);
    const auto black = test::luma_frame(31, 31, bits, [](int, int) { return 0u; });
    const auto white = test::luma_frame(31, 31, bits, [&](int, int) { return top; });
    for (const bool up : {true, false}) {
      FrameSweep sweep;
      sweep.run(up ? white->frame : black->frame, up ? &black->frame : &white->frame);
      EXPECT_EQ(sweep.change().luma_difference, std::uint64_t{top} * 31 * 31);
      EXPECT_EQ(sweep.change().cell_change_max, top << (16 - bits));
      EXPECT_EQ(sweep.change().cell_difference_max, top << (16 - bits));
      EXPECT_EQ(sweep.change().cells_above[kCellChangeRungs - 1], 9u);
    }
  }
}

TEST(FrameChange, IsIdenticalOnlyWhenEverySampleOfEveryComponentIs) {
  const Sizes s{67, 51, 10, 1, 1};
  const auto now = noisy(s, 5, 300);
  FrameSweep sweep;
  sweep.run(now->frame, &now->frame);
  EXPECT_TRUE(sweep.change().identical);
  EXPECT_EQ(sweep.change().luma_difference, 0u);
  for (const auto& [component, x, y] :
       {std::tuple{0, 66, 50}, {1, 33, 25}, {2, 33, 25}, {2, 0, 0}}) {
    const auto then = noisy(s, 5, 300);
    then->put(component, x, y, 1023);  // the samples have some bits clear
    ASSERT_NE(now->bytes, then->bytes);
    sweep.run(now->frame, &then->frame);
    EXPECT_FALSE(sweep.change().identical) << component;
    EXPECT_EQ(sweep.change().luma_difference == 0, component != 0);
    EXPECT_EQ(sweep.change().chroma_difference == 0, component == 0);
  }
}

TEST(FrameChange, IsToldOfNoFrameThatHasAnotherForm) {
  const auto now = test::luma_frame(64, 48, 8, [](int, int) { return 99u; });
  const auto smaller = test::luma_frame(64, 47, 8, [](int, int) { return 99u; });
  const auto deeper = test::luma_frame(64, 48, 10, [](int, int) { return 99u; });
  FrameSweep sweep;
  sweep.run(now->frame);
  EXPECT_EQ(sweep.change().pairing, Pairing::alone);
  for (const auto* other : {&smaller, &deeper}) {
    sweep.run(now->frame, &(*other)->frame);
    EXPECT_EQ(sweep.change().pairing, Pairing::other_form);
    EXPECT_EQ(sweep.histogram()[99], 64u * 48u);  // the frame itself is measured all the same
    sweep.compare(now->frame, (*other)->frame);
    EXPECT_EQ(sweep.change().pairing, Pairing::other_form);
  }
}

TEST(FrameChange, ComparesRedAndBlueWhereThereIsNoChroma) {
  PixelLayout layout;
  layout.model = ColorModel::rgb;
  layout.component_count = 3;
  for (std::uint8_t i = 0; i < 3; ++i) layout.components[i] = {0, i, 3, 0, 8};
  MadeFrame now(16, 8, layout, 48), then(16, 8, layout, 48);
  now.fill(0, [](int, int) { return 7u; });
  then.fill(2, [](int, int) { return 5u; });
  FrameSweep sweep;
  sweep.run(now.frame, &then.frame);
  EXPECT_EQ(sweep.change().chroma_samples, 2u * 16 * 8);
  EXPECT_EQ(sweep.change().chroma_difference, 12u * 16 * 8);
}

// Chroma is compared along the way, while luma may still turn out to differ by little.
TEST(FrameChange, ForgetsChromaWhereLumaTurnsOutToDiffer) {
  PixelLayout layout;
  layout.component_count = 3;
  for (std::uint8_t i = 0; i < 3; ++i) layout.components[i] = {0, i, 3, 0, 8};
  MadeFrame now(16, 32, layout, 48), then(16, 32, layout, 48);
  for (std::uint8_t i = 1; i < 3; ++i) now.fill(i, [](int, int) { return 7u; });
  FrameSweep sweep;
  sweep.run(now.frame, &then.frame);
  EXPECT_EQ(sweep.change().chroma_difference, 2u * 7 * 16 * 32);
  now.fill(0, [](int, int y) { return y < 24 ? 0u : 200u; });
  sweep.run(now.frame, &then.frame);
  EXPECT_FALSE(sweep.change().chroma_compared);
  EXPECT_EQ(sweep.change().chroma_difference, 0u);
  EXPECT_EQ(sweep.change().chroma_samples, 0u);
}

TEST(FrameChange, ToldOfChromaOnlyWhereItWasLookedAt) {
  PixelLayout layout;
  layout.model = ColorModel::palette;
  layout.component_count = 1;
  layout.components[0] = {0, 0, 1, 0, 8};
  MadeFrame now(16, 8, layout, 1024, 2), then(16, 8, layout, 1024, 2);
  const std::uint32_t red = 0xff0000, other = 0x002d00;  // of much the same luma
  std::memcpy(now.bytes.data() + 8 * 1024, &red, 4);
  std::memcpy(then.bytes.data() + 8 * 1024, &other, 4);
  FrameSweep sweep;
  sweep.run(now.frame, &then.frame);
  EXPECT_FALSE(sweep.change().chroma_compared);
  EXPECT_FALSE(sweep.change().identical);
  const auto gray = test::luma_frame(16, 8, 8, [](int, int) { return 50u; });
  sweep.run(gray->frame, &gray->frame);
  EXPECT_TRUE(sweep.change().chroma_compared) << "there is none";
}

TEST(FrameChange, MotionMovesTheMeansOfCellsAndGrainHardlyDoes) {
  Noise noise(3);
  const auto with_grain = [&](int shift) {
    return test::luma_frame(320, 192, 8, [&](int x, int y) {
      return static_cast<std::uint32_t>(60 + (x + shift) % 100 + y % 40) + noise() % 9;
    });
  };
  const auto a = with_grain(0), b = with_grain(0), c = with_grain(6);
  FrameSweep sweep;
  sweep.run(b->frame, &a->frame);
  const FrameChange grain = sweep.change();
  sweep.run(c->frame, &b->frame);
  const FrameChange motion = sweep.change();
  const auto ratio = [](std::uint64_t part, std::uint64_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  };
  EXPECT_GT(ratio(motion.cell_change, grain.cell_change),
            2 * ratio(motion.luma_difference, grain.luma_difference));
}

}  // namespace
}  // namespace cleangate::probes
