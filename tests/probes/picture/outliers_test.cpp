// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/outliers.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

TEST(OutliersRow, HoldsWhatTheSweepFound) {
  const auto made = test::luma_frame(100, 80, 8, [](int x, int y) {
    if (x == 20 && y == 30) return 10u;
    if (y == 50) return 190u;
    return x == 77 ? 150u : 90u;
  });
  FrameSweep sweep;
  sweep.run(made->frame);
  const OutliersRow row = analyze_outliers(sweep);
  EXPECT_EQ(row.flags, 0);
  EXPECT_EQ(row.dot_x[0], 20);
  EXPECT_EQ(row.dot_y[0], 30);
  EXPECT_EQ(row.dot_step[0], -80);
  EXPECT_EQ(row.dot_alone[0], 80);
  EXPECT_EQ(row.dot_around[3], 90);
  EXPECT_EQ(row.dot_step[1], 0);
  EXPECT_EQ(row.line_at[0], 50);
  EXPECT_EQ(row.line_count[0], 1);
  EXPECT_EQ(row.line_level[3], 100);
  EXPECT_EQ(row.line_around[0], 90);
  EXPECT_EQ(row.column_at[0], 77);
  EXPECT_EQ(row.column_level[3], 60);
  EXPECT_EQ(row.column_around[7], 90);
  EXPECT_EQ(row.column_count[1], 0);
  made->frame.structure = PictureStructure::top_field_first;
  sweep.run(made->frame);
  EXPECT_EQ(analyze_outliers(sweep).flags, OutliersRow::kFields);
}

TEST(OutliersRow, SaysWhatItCannotTell) {
  const auto small = test::luma_frame(15, 64, 8, [](int, int) { return 99u; });
  FrameSweep sweep;
  sweep.run(small->frame);
  EXPECT_EQ(analyze_outliers(sweep).flags, OutliersRow::kNotMeasured);
  const auto made = test::luma_frame(64, 64, 8, [](int, int) { return 99u; });
  VideoFrame frame = made->frame;
  frame.layout.kind = SampleKind::ieee_float;
  sweep.run(frame);
  EXPECT_EQ(analyze_outliers(sweep).flags, OutliersRow::kNotMeasured);
  sweep.run(made->frame);
  const OutliersRow nothing = analyze_outliers(sweep), none;
  EXPECT_EQ(std::memcmp(&nothing, &none, sizeof none), 0);
  EXPECT_EQ(OutliersRow::damaged().flags, OutliersRow::kDamaged);
}

}  // namespace
}  // namespace cleangate::probes
