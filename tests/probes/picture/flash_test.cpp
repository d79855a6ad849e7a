// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/flash.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

TEST(FlashRow, IsWhatTheSweepFound) {
  const auto made = test::luma_frame(
      640, 360, 8, [](int x, int y) { return static_cast<std::uint32_t>(16 + x / 8 + y / 8); });
  FrameSweep sweep;
  sweep.run(made->frame);
  const FlashRow row = analyze_flash(sweep);
  EXPECT_EQ(std::memcmp(&row, &sweep.flash(), sizeof(row)), 0);
  EXPECT_EQ(row.width, 640);
  EXPECT_EQ(row.flags, FlashRow::kCurveAssumed);
}

TEST(FlashRow, TellsDamage) {
  FlashRow row = FlashRow::damaged();
  EXPECT_EQ(row.flags, FlashRow::kDamaged);
  EXPECT_EQ(row.width, 0);
}

TEST(FlashRow, CutsEveryRasterIntoWholeSquares) {
  for (const int samples : {1, 7, 8, 15, 16, 100, 576, 720, 1080, 1920, 4096, 65535}) {
    const FlashCut cut = FlashCut::of(samples, kLightColumns, kWideColumns);
    for (const int cells : {cut.light, cut.wide}) {
      EXPECT_EQ(cut.sample(0, cells), 0);
      EXPECT_EQ(cut.sample(cells, cells), samples);
      for (int i = 0; i < cells; ++i) {
        EXPECT_LT(cut.sample(i, cells), cut.sample(i + 1, cells)) << samples;
        EXPECT_EQ(cut.sample(i, cells) % 8, 0);
      }
    }
    for (int i = 0; i < cut.light; ++i) {
      const int wide = cut.wide_of(i);
      EXPECT_LE(cut.sample(wide, cut.wide), cut.sample(i, cut.light));
      EXPECT_GT(cut.sample(wide + 1, cut.wide), cut.sample(i, cut.light));
    }
  }
}

}  // namespace
}  // namespace cleangate::probes
