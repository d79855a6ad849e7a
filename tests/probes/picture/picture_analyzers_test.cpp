// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/picture_analyzers.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "probes/picture/luma.h"
#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

TEST(PictureAnalyzers, AreListedOnceAndWriteKnownRows) {
  std::set<std::string_view> names;
  for (const PictureAnalyzer& each : picture_analyzers()) {
    EXPECT_TRUE(names.insert(each.type->name).second) << each.type->name;
    EXPECT_EQ(each.type->clock, RowClock::frame);
    EXPECT_EQ(find_row_type(each.type->name, each.type->version), each.type);
  }
  EXPECT_TRUE(names.contains("picture.luma"));
}

TEST(PictureAnalyzers, WriteTheRowOfTheirFunctionOrADamagedOne) {
  const auto made = test::luma_frame(
      48, 32, 8, [](int x, int y) { return static_cast<std::uint32_t>(16 + x + y); });
  FrameSweep sweep;
  sweep.run(made->frame);
  for (const PictureAnalyzer& each : picture_analyzers()) {
    std::vector<std::byte> bytes(each.type->size), damaged(each.type->size);
    each.measure(sweep, bytes);
    each.damaged(damaged);
    EXPECT_NE(bytes, damaged);
    if (each.type->name != LumaRow::kType.name) continue;
    LumaRow row = analyze_luma(sweep);
    EXPECT_EQ(std::memcmp(&row, bytes.data(), sizeof(row)), 0);
    std::memcpy(&row, damaged.data(), sizeof(row));
    EXPECT_EQ(row.flags, LumaRow::kDamaged);
    EXPECT_EQ(row.width, 0);
  }
}

}  // namespace
}  // namespace cleangate::probes
