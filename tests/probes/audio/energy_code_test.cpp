// SPDX-License-Identifier: Apache-2.0
#include "probes/audio/energy_code.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace cleangate::probes {
namespace {

TEST(EnergyCode, ZeroIsExact) {
  EXPECT_EQ(energy_to_code(0.0), 0u);
  EXPECT_EQ(energy_to_code(-0.0), 0u);
  EXPECT_EQ(code_to_energy(0), 0.0);
}

TEST(EnergyCode, FullScaleIsExact) { EXPECT_EQ(code_to_energy(energy_to_code(1.0)), 1.0); }

TEST(EnergyCode, EveryCodeIsItsOwnEnergy) {
  double before = -1;
  for (std::uint32_t code = 0; code <= detail::kEnergyTop; ++code) {
    const double energy = code_to_energy(code);
    ASSERT_GT(energy, before) << code;
    ASSERT_EQ(energy_to_code(energy), code);
    before = energy;
  }
}

TEST(EnergyCode, RelativeErrorFromMinus190To190Decibels) {
  std::mt19937_64 random(7);
  double worst = 0;
  for (int i = 0; i < 2'000'000; ++i) {
    const double decibels = static_cast<double>(random() % 380'000'000) / 1e6 - 190;
    const double energy = std::pow(10.0, decibels / 10);
    worst = std::max(worst, std::fabs(code_to_energy(energy_to_code(energy)) / energy - 1));
  }
  EXPECT_LE(worst, 0x1p-19);
  EXPECT_GT(worst, 0x1p-20);  // the test reaches the coarse end of the mantissa
}

TEST(EnergyCode, Monotonic) {
  std::mt19937_64 random(8);
  for (int i = 0; i < 200'000; ++i) {
    const double energy = std::ldexp(static_cast<double>(random() >> 11), -90 + i % 100);
    EXPECT_LE(energy_to_code(energy), energy_to_code(std::nextafter(energy, 1e300)));
  }
}

TEST(EnergyCode, BelowTheRangeIsZero) {
  EXPECT_EQ(energy_to_code(0x1p-66), 0u);
  EXPECT_EQ(energy_to_code(0x1p-64), 1u);
  EXPECT_EQ(energy_to_code(std::numeric_limits<double>::denorm_min()), 0u);
}

TEST(EnergyCode, WhatIsNoEnergyIsNoNumber) {
  for (const double energy : {std::nan(""), std::numeric_limits<double>::infinity(), -1.0,
                              -std::numeric_limits<double>::infinity(), 0x1p64, 1e300}) {
    EXPECT_EQ(energy_to_code(energy), kEnergyNotANumber) << energy;
  }
  EXPECT_FALSE(energy_is_number(kEnergyNotANumber));
  EXPECT_TRUE(std::isnan(code_to_energy(kEnergyNotANumber)));
  EXPECT_TRUE(energy_is_number(energy_to_code(0x1p62)));
}

}  // namespace
}  // namespace cleangate::probes
