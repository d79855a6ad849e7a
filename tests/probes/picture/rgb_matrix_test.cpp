// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/rgb_matrix.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace cleangate::probes {
namespace {

struct Truth {
  double r, g, b;
};

// ITU-T H.273 8.3, equations as they stand there, in double precision.
Truth truth(double kr, double kb, SignalRange range, int bits, int y, int cb, int cr) {
  const double s = std::ldexp(1.0, bits - 8), all = std::ldexp(1.0, bits) - 1;
  const double half = std::ldexp(1.0, bits - 1);
  const bool full = range == SignalRange::full;
  const double luma = full ? y / all : (y / s - 16) / 219;
  const double blue = full ? (cb - half) / all : (cb / s - 128) / 224;
  const double red = full ? (cr - half) / all : (cr / s - 128) / 224;
  const double r = luma + 2 * (1 - kr) * red, b = luma + 2 * (1 - kb) * blue;
  return {r, (luma - kr * r - kb * b) / (1 - kr - kb), b};
}
double code(double v) { return kRgbBlack + v * (kRgbWhite - kRgbBlack); }

struct Case {
  MatrixCoefficients matrix;
  double kr, kb;
};

void hold(const Case& given, SignalRange range, int bits, int fraction, int step) {
  ColorDescription color;
  color.matrix = given.matrix;
  const RgbMatrix m = ycbcr_to_rgb(*luma_weights(color), range, bits, fraction);
  const int all = (1 << bits) - 1, half = 1 << (bits - 1);
  double worst = 0;
  for (int y = 0; y <= all; y += step)
    for (int cb = 0; cb <= all; cb += step)
      for (int cr = 0; cr <= all; cr += step) {
        const std::int32_t luma = y << fraction, blue = (cb - half) * (1 << fraction),
                           red = (cr - half) * (1 << fraction);
        const Truth t = truth(given.kr, given.kb, range, bits, y, cb, cr);
        const auto off = [&](std::int64_t sum, double v) {
          ASSERT_EQ(sum, static_cast<std::int32_t>(sum)) << "overflows";
          worst = std::max(worst, std::abs(static_cast<double>(sum >> 16) - code(v)));
        };
        const std::int64_t base = std::int64_t{luma} * m.y + m.offset;
        off(base + std::int64_t{red} * m.cr_r, t.r);
        off(base + std::int64_t{blue} * m.cb_g + std::int64_t{red} * m.cr_g, t.g);
        off(base + std::int64_t{blue} * m.cb_b, t.b);
      }
  EXPECT_LE(worst, 1.0) << "bits " << bits << ", fraction " << fraction;
}

constexpr Case kCases[] = {{MatrixCoefficients::bt709, 0.2126, 0.0722},
                           {MatrixCoefficients::bt2020nc, 0.2627, 0.0593},
                           {MatrixCoefficients::smpte170m, 0.299, 0.114},
                           {MatrixCoefficients::smpte240m, 0.212, 0.087},
                           {MatrixCoefficients::fcc, 0.30, 0.11}};

TEST(RgbMatrix, IsTheStandardsOverTheWholeCubeOfEightBits) {
  for (const SignalRange range : {SignalRange::narrow, SignalRange::full})
    hold(kCases[0], range, 8, 0, 1);
}

TEST(RgbMatrix, IsTheStandardsForEveryMatrixAndDepth) {
  for (const Case& each : kCases)
    for (const SignalRange range : {SignalRange::narrow, SignalRange::full})
      for (const int bits : {8, 10, 12, 16})
        for (const int fraction : {0, std::clamp(14 - bits, 0, 5)})
          hold(each, range, bits, fraction, ((1 << bits) - 1) / 51);
}

TEST(RgbMatrix, NominalBlackAndWhiteAreExact) {
  for (const SignalRange range : {SignalRange::narrow, SignalRange::full})
    for (const int bits : {8, 10, 12, 16}) {
      const RgbMatrix m = rgb_to_rgb(range, bits, 0);
      const bool full = range == SignalRange::full;
      const int black = full ? 0 : 16 << (bits - 8);
      const int white = full ? (1 << bits) - 1 : 235 << (bits - 8);
      EXPECT_EQ((black * m.y + m.offset) >> 16, kRgbBlack) << bits;
      EXPECT_EQ((white * m.y + m.offset) >> 16, kRgbWhite) << bits;
    }
}

TEST(RgbMatrix, WithoutASumOfRgbThereIsNone) {
  ColorDescription color;
  for (const auto matrix : {MatrixCoefficients::bt2020c, MatrixCoefficients::ycgco,
                            MatrixCoefficients::smpte2085, MatrixCoefficients::gbr}) {
    color.matrix = matrix;
    EXPECT_FALSE(luma_weights(color));
  }
  color.matrix = MatrixCoefficients::unspecified;
  color.primaries = ColorPrimaries::bt2020;
  EXPECT_EQ(luma_weights(color)->kr, 2627);
}

}  // namespace
}  // namespace cleangate::probes
