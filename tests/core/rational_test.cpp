// SPDX-License-Identifier: Apache-2.0
#include "core/rational.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace cleangate {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

TEST(Rational, IsAlwaysReducedWithAPositiveDenominator) {
  EXPECT_EQ(Rational(48000, 2002), Rational(24000, 1001));
  EXPECT_EQ(Rational(1, -2).num(), -1);
  EXPECT_EQ(Rational(1, -2).den(), 2);
  EXPECT_EQ(Rational(0, 5).den(), 1);
  EXPECT_THROW(Rational(1, 0), std::invalid_argument);
}

TEST(Rational, ADecimalRateIsNotARate) {
  EXPECT_NE(*Rational::parse("23.976"), Rational(24000, 1001));
  EXPECT_EQ(*Rational::parse("23.976"), Rational(2997, 125));
  EXPECT_EQ(*parse_frame_rate("23.976"), Rational(24000, 1001));
  EXPECT_EQ(*parse_frame_rate("29.97"), Rational(30000, 1001));
  EXPECT_EQ(*parse_frame_rate("25"), Rational(25));
  EXPECT_EQ(*parse_frame_rate("30000/1001"), Rational(30000, 1001));
}

TEST(Rational, ObeysTheFieldLaws) {
  std::mt19937 random(2);
  const auto any = [&] {
    return Rational(static_cast<std::int64_t>(random() % 20001) - 10000,
                    static_cast<std::int64_t>(random() % 999) + 1);
  };
  for (int i = 0; i < 2000; ++i) {
    const Rational a = any(), b = any(), c = any();
    EXPECT_EQ((a + b) - b, a);
    EXPECT_EQ(a * (b + c), a * b + a * c);
    if (b != Rational(0)) {
      EXPECT_EQ(a / b * b, a);
    }
    EXPECT_EQ(a<b, b> a);
    EXPECT_EQ(a < b, a.to_double() < b.to_double());
    EXPECT_LE(Rational(a.floor()), a);
    EXPECT_GE(Rational(a.ceil()), a);
    EXPECT_LE(abs(a - Rational(a.round())), Rational(1, 2));
    EXPECT_EQ(*Rational::parse(to_string(a)), a);
  }
}

TEST(Rational, OverflowIsNeverSilent) {
  EXPECT_THROW(Rational(kMax) + Rational(1), std::overflow_error);
  EXPECT_THROW(Rational(kMax) * Rational(2), std::overflow_error);
  EXPECT_THROW(-Rational(kMin), std::overflow_error);
  EXPECT_FALSE(checked_add(Rational(kMax), Rational(1)));
  EXPECT_FALSE(checked_div(Rational(1), Rational(0)));
  EXPECT_FALSE(Rational::make(kMin, -1));
  EXPECT_TRUE(Rational::make(kMin, kMin));
  EXPECT_LT(Rational(kMax - 1, kMax), Rational(1));  // doubles cannot tell them apart
}

TEST(Rational, ParsesExactDecimalsOnly) {
  EXPECT_EQ(*Rational::parse("-23.0"), Rational(-23));
  EXPECT_EQ(*Rational::parse("0.1"), Rational(1, 10));
  EXPECT_EQ(*Rational::parse("-0.5"), Rational(-1, 2));
  for (const char* wrong : {"", "-", ".", "1.", ".5", "1e3", "1/0", "1/-2", "0x10", " 1", "1 ",
                            "1.2.3", "--1", "+1", "99999999999999999999", "nan", "1,5"})
    EXPECT_FALSE(Rational::parse(wrong)) << wrong;
}

TEST(Rational, PrintsForPeople) {
  EXPECT_EQ(to_string(Rational(25)), "25/1");
  EXPECT_EQ(to_decimal(Rational(24000, 1001), 3), "23.976");
  EXPECT_EQ(to_decimal(Rational(25), 3), "25");
  EXPECT_EQ(to_decimal(Rational(1, 3), 0), "0");
  EXPECT_EQ(to_fixed(Rational(-23), 1), "-23.0");
  EXPECT_EQ(to_fixed(Rational(-2246, 100), 1), "-22.5");
  EXPECT_EQ(to_fixed(Rational(-2246, 100), 2), "-22.46");
  EXPECT_EQ(to_fixed(Rational(9999, 1000), 2), "10.00");
  EXPECT_EQ(to_fixed(Rational(-1, 1000), 1), "0.0");  // no minus zero
  EXPECT_EQ(to_fixed(Rational(1, 20), 1), "0.1");     // half away from zero
  EXPECT_EQ(to_fixed(Rational(-1, 20), 1), "-0.1");
  EXPECT_EQ(to_fixed(Rational(kMin), 0), "-9223372036854775808");
}

}  // namespace
}  // namespace cleangate
