// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/light_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace cleangate::probes {
namespace {

double pq(double v) {  // BT.2100-2 table 4
  const double m1 = 2610.0 / 16384, m2 = 2523.0 / 4096 * 128, c1 = 3424.0 / 4096,
               c2 = 2413.0 / 4096 * 32, c3 = 2392.0 / 4096 * 32;
  const double p = std::pow(std::min(v, 1.0), 1 / m2);
  return 10000 * std::pow(std::max(p - c1, 0.0) / (c2 - c3 * p), 1 / m1);
}

double hlg(double v) {  // BT.2100-2 table 5
  const double a = 0.17883277, b = 1 - 4 * a, c = 0.5 - a * std::log(4 * a);
  return v <= 0.5 ? v * v / 3 : (std::exp((v - c) / a) + b) / 12;
}

TEST(LightTable, IsTheStandardsFormulas) {
  for (int code = 64; code < 1024; ++code) {
    const double v = (code - 64) / 876.0;
    EXPECT_NEAR(light_of(LightScale::pq, code), pq(v) * 1e4, 0.51) << code;
    EXPECT_NEAR(light_of(LightScale::hlg, code), hlg(v) * 1e8, 0.51) << code;
    EXPECT_NEAR(light_of(LightScale::relative, code), std::pow(v, 2.4) * 1e8, 0.51) << code;
  }
}

// ITU-R BT.2408: HDR reference white, 203 cd/m2, is 58 % of PQ and 75 % of HLG.
TEST(LightTable, KnowsReferenceWhite) {
  EXPECT_NEAR(light_of(LightScale::pq, 572) / 1e4, 203, 2);
  EXPECT_EQ(light_of(LightScale::pq, 940), 100'000'000u);
  EXPECT_NEAR(light_of(LightScale::hlg, 721) / 1e8, 0.265, 0.001);
  EXPECT_NEAR(light_of(LightScale::hlg, 940), 100'000'000, 5);  // its constants are rounded
}

TEST(LightTable, EndsAreHeld) {
  for (const auto scale : {LightScale::pq, LightScale::hlg, LightScale::relative}) {
    EXPECT_EQ(light_of(scale, -1024), 0u);
    EXPECT_EQ(light_of(scale, 64), 0u);
    EXPECT_EQ(light_of(scale, 2047), light_of(scale, 1023));
  }
}

}  // namespace
}  // namespace cleangate::probes
