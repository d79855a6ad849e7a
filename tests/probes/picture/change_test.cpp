// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/change.h"

#include <gtest/gtest.h>

#include <cstring>

#include "probes/picture/luma_ladder.h"
#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

bool same(const ChangeRow& a, const ChangeRow& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

TEST(ChangeRow, HoldsMeansAndShares) {
  const auto then = test::luma_frame(64, 48, 10, [](int, int) { return 400u; });
  const auto now = test::luma_frame(64, 48, 10, [](int x, int) { return x < 16 ? 408u : 400u; });
  FrameSweep sweep;
  sweep.run(now->frame, &then->frame);
  const ChangeRow row = analyze_change(sweep);
  EXPECT_EQ(row.flags, ChangeRow::kChroma);
  EXPECT_EQ(row.bits, 10);
  EXPECT_EQ(row.difference, 2u << 16);  // 8 over a quarter
  EXPECT_EQ(row.difference_max, 8);
  EXPECT_EQ(row.chroma, 0u);
  EXPECT_EQ(row.cell_change_max, 8 << 6);
  EXPECT_EQ(row.cell_difference_max, 8 << 6);
  EXPECT_EQ(row.cell_change, 2u << 22);
  EXPECT_EQ(row.above[0], share_code(16 * 48));  // over 0
  EXPECT_EQ(row.above[1], share_code(16 * 48));  // over 4
  EXPECT_EQ(row.above[2], 0);                    // over 16
  EXPECT_EQ(row.cells_above[4], 12);             // over 1 at 8 bits, 256
  EXPECT_EQ(row.cells_above[5], 0);              // 2: not over
  EXPECT_EQ(static_cast<std::uint64_t>(row.digest), sweep.digest());
}

TEST(ChangeRow, ComesOutTheSameWhetherTheFrameBeforeWasAtHandOrCameLater) {
  test::Noise noise(2);
  const auto then = test::luma_frame(65, 33, 8, [&](int, int) { return noise() % 256; });
  const auto now = test::luma_frame(65, 33, 8, [&](int, int) { return noise() % 256; });
  FrameSweep sweep;
  sweep.run(now->frame, &then->frame);
  const ChangeRow together = analyze_change(sweep);
  sweep.run(now->frame);
  const ChangeRow first = analyze_change(sweep);
  EXPECT_EQ(first.flags, ChangeRow::kAlone);
  EXPECT_EQ(first.digest, together.digest);
  FrameSweep other;
  other.compare(now->frame, then->frame);
  EXPECT_TRUE(same(join(other, first), together));
  EXPECT_TRUE(same(together.alone(), first));
}

TEST(ChangeRow, SaysWhatItCannotTell) {
  const auto made = test::luma_frame(16, 16, 8, [](int, int) { return 99u; });
  const auto other = test::luma_frame(16, 15, 8, [](int, int) { return 99u; });
  FrameSweep sweep;
  sweep.run(made->frame, &other->frame);
  EXPECT_EQ(analyze_change(sweep).flags, ChangeRow::kAlone | ChangeRow::kOtherForm);
  sweep.run(made->frame, &made->frame);
  EXPECT_EQ(analyze_change(sweep).flags, ChangeRow::kIdentical | ChangeRow::kChroma);
  VideoFrame frame = made->frame;
  frame.layout.kind = SampleKind::ieee_float;
  sweep.run(frame, &made->frame);
  const ChangeRow unmeasured = analyze_change(sweep);
  EXPECT_EQ(unmeasured.flags, ChangeRow::kNotMeasured);
  EXPECT_EQ(unmeasured.digest, 0);
  sweep.run(made->frame);
  EXPECT_TRUE(same(join(sweep, unmeasured), unmeasured));
  EXPECT_TRUE(same(join(sweep, ChangeRow::damaged()), ChangeRow::damaged()));
}

}  // namespace
}  // namespace cleangate::probes
