// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/picture_rows.h"

#include <gtest/gtest.h>

#include "probes/picture/luma_row.h"
#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using probes::LumaRow;
using test::PictureStream;

TEST(PictureRows, ReadsByPresentedFrameAndLeavesOutTheOthers) {
  PictureStream stream;
  for (const std::uint32_t code : {20u, 30u, 40u, 50u}) stream.add_flat(code);
  stream.times()[1].flags |= probes::FrameTimeRow::kUnpresented;
  const auto rows = PictureRows::of(stream.evidence(), 0, LumaRow::kType, "luma");
  ASSERT_TRUE(rows);
  EXPECT_EQ(*rows->column("quantiles", 0), (std::vector<std::int64_t>{20, 30, 40, 50}));
  EXPECT_EQ(*rows->read("quantiles", 0, 0, 3), (std::vector<std::int64_t>{20, 40, 50}));
  EXPECT_EQ(*rows->read("quantiles", 0, 1, 2), (std::vector<std::int64_t>{40}));
  EXPECT_TRUE(rows->read("quantiles", 0, 2, 2)->empty());
  EXPECT_EQ(rows->row(1), 2u);
  EXPECT_FALSE(rows->column("no such column"));
}

TEST(PictureRows, SaysWhatIsMissing) {
  test::PictureStream stream;
  stream.add_flat(20);
  const auto other = PictureRows::of(stream.evidence(), 3, LumaRow::kType, "luma");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, AbsenceKind::not_measured);
  EXPECT_EQ(other.error().because, "The luma of stream 3 was not measured.");
  stream.times().push_back(stream.times().back());
  const auto fewer = PictureRows::of(stream.evidence(), 0, LumaRow::kType, "luma");
  ASSERT_FALSE(fewer);
  EXPECT_EQ(fewer.error().kind, AbsenceKind::damaged);
  EXPECT_EQ(fewer.error().because, "Stream 0 has 1 luma rows for 2 decoded frames.");
}

}  // namespace
}  // namespace cleangate::specs
