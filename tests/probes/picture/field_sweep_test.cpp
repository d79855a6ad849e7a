// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/field_sweep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "probes/picture/frame_sweep.h"
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

// What the header says, written a second time: block by block, sample by sample.
struct Block {
  std::array<std::int64_t, 2> samples{}, weave{}, before{}, difference{};
  std::int64_t vertical = 0;
  int lines = 0;
};

Block block_of(const MadeFrame& now, const MadeFrame& then, int bits, int left, int right, int top,
               int bottom) {
  Block block;
  for (int y = std::max(top, 1); y < std::min(bottom, now.frame.height - 1); ++y, ++block.lines)
    for (int x = left; x < right; ++x) {
      const int around = code(now, x, y - 1, bits) + code(now, x, y + 1, bits);
      const auto field = static_cast<std::size_t>(y % 2);
      ++block.samples[field];
      block.weave[field] += std::abs(around - 2 * code(now, x, y, bits));
      block.before[field] += std::abs(around - 2 * code(then, x, y, bits));
      block.difference[field] += std::abs(code(now, x, y, bits) - code(then, x, y, bits));
      block.vertical += std::abs(code(now, x, y - 1, bits) - code(now, x, y + 1, bits));
    }
  return block;
}

void count(FrameFields::Ladder& ladder, std::int64_t value) {
  for (std::size_t i = 0; i < kFieldRungs; ++i)
    if (value > (64 << i)) ++ladder[i];
}

void add(FrameFields& r, const Block& b, int bits, bool small) {
  std::array<std::int64_t, 2> e{}, moved{};
  bool counts = b.lines >= 8 || small;
  for (std::size_t f = 0; f < 2; ++f) {
    r.samples[f] += static_cast<std::uint64_t>(b.samples[f]);
    r.weave[f] += static_cast<std::uint64_t>(b.weave[f]);
    r.weave_before[f] += static_cast<std::uint64_t>(b.before[f]);
    r.difference[f] += static_cast<std::uint64_t>(b.difference[f]);
    counts = counts && b.samples[f] > 0;
  }
  r.vertical += static_cast<std::uint64_t>(b.vertical);
  if (!counts) return;
  ++r.blocks;
  const std::int64_t left = std::int64_t{1} << (16 - bits);
  for (std::size_t f = 0; f < 2; ++f) {
    e[f] = (b.before[f] - b.weave[f]) * left / (2 * b.samples[f]);
    moved[f] = b.difference[f] * left / b.samples[f];
    r.difference_max[f] = std::max(r.difference_max[f], static_cast<std::uint16_t>(moved[f]));
  }
  const std::int64_t zero = 0;
  count(r.progressive, std::min(e[0], e[1]));
  count(r.top_first, e[0] - 2 * std::max(e[1], zero));
  count(r.bottom_first, e[1] - 2 * std::max(e[0], zero));
  count(r.better[0], -e[0]);
  count(r.better[1], -e[1]);
  count(r.combed,
        (b.weave[0] + b.weave[1] - 2 * b.vertical) * left / (2 * (b.samples[0] + b.samples[1])));
}

FrameFields reference(const MadeFrame& now, const MadeFrame& then, int bits) {
  FrameFields r;
  const int width = now.frame.width, height = now.frame.height;
  r.measured = r.paired = height >= 3;
  const int columns = std::max(1, width / 64);
  for (int top = 0; top < height && r.measured; top += 16)
    for (int i = 0; i < columns; ++i)
      add(r,
          block_of(now, then, bits, i * 64, i + 1 == columns ? width : i * 64 + 64, top, top + 16),
          bits, height < 16);
  return r;
}

void expect_equal(const FrameFields& got, const FrameFields& r) {
  EXPECT_EQ(got.measured, r.measured);
  EXPECT_EQ(got.paired, r.paired);
  EXPECT_EQ(got.samples, r.samples);
  EXPECT_EQ(got.weave, r.weave);
  EXPECT_EQ(got.weave_before, r.weave_before);
  EXPECT_EQ(got.difference, r.difference);
  EXPECT_EQ(got.vertical, r.vertical);
  EXPECT_EQ(got.blocks, r.blocks);
  EXPECT_EQ(got.progressive, r.progressive);
  EXPECT_EQ(got.top_first, r.top_first);
  EXPECT_EQ(got.bottom_first, r.bottom_first);
  EXPECT_EQ(got.better, r.better);
  EXPECT_EQ(got.combed, r.combed);
  EXPECT_EQ(got.difference_max, r.difference_max);
}

struct Sizes {
  int width, height, bits;
};
constexpr Sizes kSizes[] = {{128, 48, 8}, {67, 51, 8},   {203, 131, 10}, {131, 77, 12},
                            {97, 63, 16}, {1, 1, 8},     {5, 2, 10},     {5, 3, 12},
                            {70, 4, 8},   {2051, 9, 10}, {64, 25, 16},   {64, 24, 8}};

TEST(FieldSweep, AgreesWithAPlainReferenceAtEveryLevelAndStripHeight) {
  for (const Sizes& s : kSizes)
    for (const unsigned amplitude : {2u, 9u << (s.bits - 8), 1u << s.bits}) {
      Noise noise(7);
      const auto sample = [&](int x, int y) {
        const auto ramp = static_cast<unsigned>((x * 3 + y * y) % 50) << (s.bits - 8);
        return (ramp + noise() % amplitude) & ((1u << s.bits) - 1);
      };
      const auto then = test::luma_frame(s.width, s.height, s.bits, sample);
      const auto now = test::luma_frame(s.width, s.height, s.bits, sample);
      const FrameFields expected = reference(*now, *then, s.bits);
      for (int level = 0; level <= static_cast<int>(best_cpu_level()); ++level)
        for (const int strip : {1, 7, 16}) {
          SCOPED_TRACE(testing::Message() << s.width << "x" << s.height << " at " << s.bits
                                          << " bits, level " << level << ", strips of " << strip);
          FrameSweep sweep({strip, static_cast<CpuLevel>(level)});
          sweep.run(now->frame, &then->frame);
          expect_equal(sweep.fields(), expected);
          sweep.compare(now->frame, then->frame);  // the same when it comes later
          expect_equal(sweep.fields(), expected);
        }
    }
}

// The column sums of a block at their largest.
TEST(FieldSweep, HoldsTheLargestSums) {
  for (const int bits : {8, 10, 12, 16}) {
    const auto top = static_cast<std::uint32_t>((1 << bits) - 1);
    const auto lines = [top](int phase) {
      return [top, phase](int, int y) { return (y / 1 + phase) % 2 ? top : 0u; };
    };
    const auto pairs = [top](int, int y) { return y / 2 % 2 ? top : 0u; };
    const auto one = test::luma_frame(191, 64, bits, lines(0));
    const auto two = test::luma_frame(191, 64, bits, lines(1));
    const auto three = test::luma_frame(191, 64, bits, pairs);
    FrameSweep sweep;
    for (const auto& [now, then] : {std::pair{&one, &two}, {&two, &one}, {&three, &one}}) {
      sweep.run((*now)->frame, &(*then)->frame);
      expect_equal(sweep.fields(), reference(**now, **then, bits));
    }
  }
}

// Samples that do not lie in the frame as they are read: R'G'B', packed words, big endian.
TEST(FieldSweep, ReadsLinesThatDoNotStayInPlace) {
  PixelLayout rgb;
  rgb.model = ColorModel::rgb;
  rgb.component_count = 3;
  for (std::uint8_t i = 0; i < 3; ++i) rgb.components[i] = {0, i, 3, 0, 8};
  MadeFrame now(70, 20, rgb, 210), then(70, 20, rgb, 210);
  const auto plain_now = test::luma_frame(
      70, 20, 8, [](int x, int y) { return static_cast<std::uint32_t>(x + 7 * (y % 3)); });
  const auto plain_then = test::luma_frame(
      70, 20, 8, [](int x, int y) { return static_cast<std::uint32_t>(x + 5 * (y % 5)); });
  for (int i = 0; i < 3; ++i) {
    now.fill(i, [](int x, int y) { return static_cast<std::uint32_t>(x + 7 * (y % 3)); });
    then.fill(i, [](int x, int y) { return static_cast<std::uint32_t>(x + 5 * (y % 5)); });
  }
  FrameSweep sweep;
  sweep.run(now.frame, &then.frame);
  expect_equal(sweep.fields(), reference(*plain_now, *plain_then, 8));
}

TEST(FieldSweep, TellsNothingOfAFrameBeforeThatIsNotThere) {
  const auto now =
      test::luma_frame(64, 48, 8, [](int x, int y) { return static_cast<std::uint32_t>(x ^ y); });
  const auto smaller = test::luma_frame(64, 47, 8, [](int, int) { return 99u; });
  FrameSweep sweep;
  for (const VideoFrame* before :
       std::initializer_list<const VideoFrame*>{nullptr, &smaller->frame}) {
    sweep.run(now->frame, before);
    FrameFields expected = reference(*now, *now, 8);
    expected.paired = false;
    expected.weave_before = {};
    expect_equal(sweep.fields(), expected);
  }
  FrameSweep other({16, best_cpu_level(), FrameSweep::Options::Changes::skipped});
  other.run(now->frame, &now->frame);
  EXPECT_FALSE(other.fields().measured);
}

}  // namespace
}  // namespace cleangate::probes
