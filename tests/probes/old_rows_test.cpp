// SPDX-License-Identifier: Apache-2.0
#include "probes/old_rows.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cleangate::probes {
namespace {

TEST(OldRows, EveryVersionBelowTheCurrentOneIsMarkedOnce) {
  for (const RowType* type : row_types()) {
    const auto newest = current_row_type(type->name)->version;
    for (std::uint16_t version = 1; version < newest; ++version)
      EXPECT_EQ(std::count_if(old_rows().begin(), old_rows().end(),
                              [&](const OldRow& one) {
                                return one.row == type->name && one.version == version;
                              }),
                1)
          << type->name << " version " << version;
  }
  for (const OldRow& one : old_rows()) {
    ASSERT_NE(current_row_type(one.row), nullptr) << one.row;
    EXPECT_LT(one.version, current_row_type(one.row)->version) << one.row;
    EXPECT_TRUE(one.because.ends_with('.')) << one.row;
  }
}

TEST(OldRows, OnlyWrongOnesAreWrong) {
  const AssetFacts facts;
  const SeriesId rows{0, -1, -1, -1, "picture.luma", 1, ""};
  const auto never = [](const AssetFacts&, const SeriesId&) { return false; };
  const OldRow good[] = {{"picture.luma", 1, OldRowMark::good, nullptr, "Good."},
                         {"picture.luma", 2, OldRowMark::wrong, nullptr, "Wrong."},
                         {"audio.peak", 1, OldRowMark::wrong, nullptr, "Wrong."},
                         {"picture.luma", 1, OldRowMark::wrong, never, "Elsewhere."}};
  EXPECT_EQ(wrong_with(good, facts, rows), "");
  const OldRow wrong[] = {{"picture.luma", 1, OldRowMark::wrong, nullptr, "Wrong."}};
  EXPECT_EQ(wrong_with(wrong, facts, rows), "Wrong.");
}

}  // namespace
}  // namespace cleangate::probes
