// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/light_curve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

#include "probes/picture/light_table.h"

namespace cleangate::probes {
namespace {

double pq(double e) {
  const double root = std::pow(e, 1 / 78.84375);
  return std::pow(std::max(root - 0.8359375, 0.0) / (18.8515625 - 18.6875 * root),
                  1 / 0.1593017578125);
}
double hlg(double e) {
  return e <= 0.5 ? e * e / 3 : (std::exp((e - 0.55991073) / 0.17883277) + 0.28466892) / 12;
}
double srgb(double e) { return e <= 0.04045 ? e / 12.92 : std::pow((e + 0.055) / 1.055, 2.4); }

// The documents' own formulas; half a step of 16 bits, and what 2^-31 leaves of PQ's powers.
TEST(LightCurve, FollowsTheDocuments) {
  const std::pair<LightCurve, double (*)(double)> curves[] = {
      {LightCurve::bt1886, [](double e) { return std::pow(e, 2.4); }},
      {LightCurve::srgb, srgb},
      {LightCurve::pq, pq},
      {LightCurve::hlg, hlg},
      {LightCurve::gamma22, [](double e) { return std::pow(e, 2.2); }},
      {LightCurve::gamma28, [](double e) { return std::pow(e, 2.8); }},
      {LightCurve::linear, [](double e) { return e; }},
      {LightCurve::st428, [](double e) { return std::pow(e, 2.6); }}};
  for (const auto& [curve, formula] : curves)
    for (int i = 0; i < kLightSteps; ++i)
      ASSERT_NEAR(light_table(curve)[static_cast<std::size_t>(i)], formula(i / 3504.0) * kLightOne,
                  2.0)
          << static_cast<int>(curve) << " " << i;
  for (int i = 0; i < 4096; ++i)
    ASSERT_NEAR(hlg_screen()[static_cast<std::size_t>(i)], std::pow(i / 4095.0, 1.2) * kLightOne,
                0.6);
}

// Numbers of the row: they never change.
TEST(LightCurve, KeepsItsNumbers) {
  EXPECT_EQ(light_table(LightCurve::bt1886)[1752], 12417);  // half: 2^-2.4
  EXPECT_EQ(light_codes(LightCurve::srgb)[128], 14146);
  EXPECT_EQ(light_table(LightCurve::pq)[1781], 657);  // 100 cd/m2
}

// light_table.h counts in codes of 10 bits, a quarter of these steps.
TEST(LightCurve, AgreesWithTheTableOfTheLightestComponent) {
  const std::tuple<LightCurve, LightScale, double> both[] = {
      {LightCurve::bt1886, LightScale::relative, 1e8},
      {LightCurve::hlg, LightScale::hlg, 1e8},
      {LightCurve::pq, LightScale::pq, 1e8}};
  for (const auto& [curve, scale, one] : both)
    for (int code = 64; code <= 940; ++code)
      ASSERT_NEAR(light_table(curve)[static_cast<std::size_t>(4 * (code - 64))] / 65535.0,
                  light_of(scale, code) / one, 4e-5)
          << code;
}

TEST(LightCurve, CodesComeBack) {
  for (const LightCurve curve : {LightCurve::bt1886, LightCurve::srgb, LightCurve::pq}) {
    const auto& codes = light_codes(curve);
    for (std::size_t code = 0; code < codes.size(); ++code)
      EXPECT_EQ(codes[light_code(curve, codes[code])], codes[code]) << code;
    EXPECT_EQ(light_code(curve, kLightOne), 255);
    EXPECT_EQ(light_code(curve, 0), 0);
  }
  EXPECT_EQ(light_codes(LightCurve::hlg), light_codes(LightCurve::bt1886));
}

TEST(LightCurve, IsThatOfTheTransferCharacteristics) {
  using T = TransferCharacteristics;
  EXPECT_EQ(light_curve(T::bt709, ColorModel::ycbcr).curve, LightCurve::bt1886);
  EXPECT_EQ(light_curve(T::smpte2084, ColorModel::ycbcr).curve, LightCurve::pq);
  EXPECT_EQ(light_curve(T::arib_std_b67, ColorModel::ycbcr).curve, LightCurve::hlg);
  EXPECT_FALSE(light_curve(T::bt709, ColorModel::ycbcr).assumed);
  const LightReading video = light_curve(T::unspecified, ColorModel::ycbcr);
  EXPECT_TRUE(video.assumed && video.curve == LightCurve::bt1886);
  const LightReading graphics = light_curve(T::unspecified, ColorModel::rgb);
  EXPECT_TRUE(graphics.assumed && graphics.curve == LightCurve::srgb);
  EXPECT_EQ(light_curve(T::log100, ColorModel::ycbcr).curve, LightCurve::none);
  EXPECT_EQ(light_curve(static_cast<T>(200), ColorModel::ycbcr).curve, LightCurve::none);
}

}  // namespace
}  // namespace cleangate::probes
