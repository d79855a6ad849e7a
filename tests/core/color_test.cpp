// SPDX-License-Identifier: Apache-2.0
#include "core/color.h"

#include <gtest/gtest.h>

namespace cleangate {
namespace {

// Code points and libav's spelling, from ITU-T H.273 (07/2021) tables 2 to 4.
TEST(Color, SpeaksLibavsNamesForTheStandardsNumbers) {
  EXPECT_EQ(to_string(static_cast<ColorPrimaries>(1)), "bt709");
  EXPECT_EQ(to_string(static_cast<ColorPrimaries>(9)), "bt2020");
  EXPECT_EQ(to_string(static_cast<ColorPrimaries>(12)), "smpte432");
  EXPECT_EQ(to_string(static_cast<TransferCharacteristics>(16)), "smpte2084");
  EXPECT_EQ(to_string(static_cast<TransferCharacteristics>(18)), "arib-std-b67");
  EXPECT_EQ(to_string(static_cast<TransferCharacteristics>(14)), "bt2020-10");
  EXPECT_EQ(to_string(static_cast<MatrixCoefficients>(9)), "bt2020nc");
  EXPECT_EQ(to_string(static_cast<MatrixCoefficients>(0)), "gbr");
  EXPECT_EQ(to_string(SignalRange::unspecified), "unspecified");
}

TEST(Color, UnknownNumbersSurvive) {
  for (int n = 0; n < 256; ++n) {
    const auto primaries = static_cast<ColorPrimaries>(n);
    const auto transfer = static_cast<TransferCharacteristics>(n);
    const auto matrix = static_cast<MatrixCoefficients>(n);
    EXPECT_EQ(*parse_primaries(to_string(primaries)), primaries);
    EXPECT_EQ(*parse_transfer(to_string(transfer)), transfer);
    EXPECT_EQ(*parse_matrix(to_string(matrix)), matrix);
  }
}

TEST(Color, WrongNamesAreRefusedWithTheAllowedOnes) {
  const auto wrong = parse_transfer("pq");
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("smpte2084"), std::string::npos);
  EXPECT_FALSE(parse_primaries("h273-256"));
  EXPECT_FALSE(parse_primaries("h273-"));
  EXPECT_FALSE(parse_range("limited"));
}

}  // namespace
}  // namespace cleangate
