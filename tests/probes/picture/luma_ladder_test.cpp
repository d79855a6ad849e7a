// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/luma_ladder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cleangate::probes {
namespace {

bool has(const auto& rungs, int code) {
  return std::find(rungs.begin(), rungs.end(), code) != rungs.end();
}

TEST(ShareCode, KeepsSmallCountsAndTheOrderOfLargeOnes) {
  for (std::uint32_t count = 0; count < 2048; ++count) {
    EXPECT_EQ(share_low(share_code(count)), count);
    EXPECT_EQ(share_high(share_code(count)), count);
  }
  std::uint16_t last = 0;
  for (std::uint64_t count = 2000; count <= 0xffffffffull; count += 1 + count / 3001) {
    const std::uint16_t code = share_code(static_cast<std::uint32_t>(count));
    EXPECT_GE(code, last);
    last = code;
    EXPECT_LE(share_low(code), count);
    EXPECT_GE(share_high(code), count);
    EXPECT_LE((share_high(code) - share_low(code)) * 1024, share_low(code));
  }
}

TEST(ShareCode, LeavesNoGapBetweenNeighbors) {
  const std::uint16_t top = share_code(0xffffffffu);
  EXPECT_EQ(share_high(top), 0xffffffffull);
  for (std::uint16_t code = 0; code < top; ++code)
    ASSERT_EQ(share_high(code) + 1, share_low(static_cast<std::uint16_t>(code + 1))) << code;
}

// ITU-R BT.709-6 item 5.3 and BT.2100-2 table 9: black 16 64 256, white 235 940 3760.
TEST(NominalLuma, IsTheStandardsForEveryDepth) {
  EXPECT_EQ(nominal_luma(8, SignalRange::narrow), (NominalLuma{16, 235}));
  EXPECT_EQ(nominal_luma(10, SignalRange::narrow), (NominalLuma{64, 940}));
  EXPECT_EQ(nominal_luma(12, SignalRange::narrow), (NominalLuma{256, 3760}));
  EXPECT_EQ(nominal_luma(8, SignalRange::full), (NominalLuma{0, 255}));
  EXPECT_EQ(nominal_luma(12, SignalRange::full), (NominalLuma{0, 4095}));
  EXPECT_EQ(nominal_luma(4, SignalRange::narrow), (NominalLuma{0, 15}));
}

TEST(NominalRange, ReadsUnspecifiedAsTheModelHasIt) {
  using enum SignalRange;
  EXPECT_EQ(nominal_range(ColorModel::ycbcr, unspecified, 10), narrow);
  EXPECT_EQ(nominal_range(ColorModel::gray, unspecified, 10), narrow);
  EXPECT_EQ(nominal_range(ColorModel::rgb, unspecified, 10), full);
  EXPECT_EQ(nominal_range(ColorModel::palette, unspecified, 8), full);
  EXPECT_EQ(nominal_range(ColorModel::rgb, narrow, 10), narrow);
  EXPECT_EQ(nominal_range(ColorModel::ycbcr, full, 10), full);
  EXPECT_EQ(nominal_range(ColorModel::gray, narrow, 4), full);
}

TEST(LumaLadder, AscendsWithinTheCodes) {
  for (int bits = 1; bits <= 16; ++bits)
    for (const SignalRange range : {SignalRange::narrow, SignalRange::full}) {
      const LumaLadder& ladder = luma_ladder(bits, range);
      EXPECT_TRUE(std::is_sorted(ladder.raster.begin(), ladder.raster.end()));
      EXPECT_TRUE(std::is_sorted(ladder.active.begin(), ladder.active.end()));
      EXPECT_LT(ladder.raster.back(), 1 << bits);
    }
}

TEST(LumaLadder, HasEveryEightBitCodeNearBlack) {
  for (int code = 4; code <= 59; ++code)
    EXPECT_TRUE(has(luma_ladder(8, SignalRange::narrow).raster, code)) << code;
  for (int code = 0; code <= 55; ++code)
    EXPECT_TRUE(has(luma_ladder(8, SignalRange::full).raster, code)) << code;
}

TEST(LumaLadder, HasEveryHalfPercentNearBlackAtGreaterDepths) {
  for (const int bits : {9, 10, 12, 16})
    for (const SignalRange range : {SignalRange::narrow, SignalRange::full}) {
      const NominalLuma nominal = nominal_luma(bits, range);
      for (int half = range == SignalRange::full ? 0 : -10; half <= 40; ++half) {
        const auto scaled = nominal.black * 200 + (nominal.white - nominal.black) * half;
        EXPECT_TRUE(has(luma_ladder(bits, range).raster, static_cast<int>(scaled / 200)))
            << bits << " bits, " << half << " halves";
      }
    }
}

// EBU R 103 v3.0: preferred luma 5..246 (8 bits), 20..984 (10 bits).
TEST(LumaLadder, DecidesR103InRasterAndActivePicture) {
  const LumaLadder& eight = luma_ladder(8, SignalRange::narrow);
  const LumaLadder& ten = luma_ladder(10, SignalRange::narrow);
  for (const int code : {4, 246, 15, 235}) {
    EXPECT_TRUE(has(eight.raster, code)) << code;
    EXPECT_TRUE(has(eight.active, code)) << code;
  }
  for (const int code : {19, 984, 63, 940, 1019}) {
    EXPECT_TRUE(has(ten.raster, code)) << code;
    EXPECT_TRUE(has(ten.active, code)) << code;
  }
}

}  // namespace
}  // namespace cleangate::probes
