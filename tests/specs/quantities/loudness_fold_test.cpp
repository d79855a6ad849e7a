// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/loudness_fold.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace cleangate::specs {
namespace {

double energy_of(double lufs) { return std::pow(10.0, (lufs + 0.691) / 10); }

std::vector<double> rows(std::initializer_list<std::pair<double, std::size_t>> parts) {
  std::vector<double> energy;
  for (const auto& [lufs, count] : parts) energy.insert(energy.end(), count, energy_of(lufs));
  return energy;
}

TEST(LoudnessFold, TheAbsoluteGateIsMinus70) {
  EXPECT_NEAR(kAbsoluteGate / energy_of(-70), 1, 1e-14);
}

TEST(LoudnessFold, TheAbsoluteGateExcludesItself) {
  EXPECT_FALSE(gated_energy(std::vector<double>(400, kAbsoluteGate * 0.999999)));
  EXPECT_TRUE(gated_energy(rows({{-69.999, 400}})));
}

// Worked by hand: 41 blocks of 100 ms hop in 4.4 s; -20 for 2 s, -29.9 or -30.1 for 2.4 s.
TEST(LoudnessFold, TheRelativeGate) {
  // Blocks: 17 of -20 alone, 3 mixed, 21 of the quiet part. The gate is 10 LU below the mean.
  const double loud = energy_of(-20), quiet = energy_of(-40);
  const auto energy = rows({{-20, 200}, {-40, 240}});
  double sum = 17 * loud + 21 * quiet;
  for (const double share : {0.75, 0.5, 0.25}) sum += share * loud + (1 - share) * quiet;
  const double gate = 0.1 * sum / 41;
  ASSERT_GT(gate, quiet);
  double kept = 17 * loud;
  for (const double share : {0.75, 0.5, 0.25}) {
    const double block = share * loud + (1 - share) * quiet;
    ASSERT_GT(block, gate);
    kept += block;
  }
  EXPECT_NEAR(*gated_energy(energy) / (kept / 20), 1, 1e-12);
}

TEST(LoudnessFold, OnlyWholeBlocksAtTheHop) {
  EXPECT_FALSE(gated_energy(rows({{-20, 39}})));
  // 49 rows: one block. The nine loud rows after it are in none.
  EXPECT_NEAR(*gated_energy(rows({{-20, 40}, {0, 9}})) / energy_of(-20), 1, 1e-12);
}

TEST(LoudnessFold, MeanWithoutAGate) {
  EXPECT_NEAR(*mean_energy(std::vector<double>{1, 2, 6}), 3, 1e-15);
  EXPECT_FALSE(mean_energy({}));
}

// Tech 3342's rule on known values: 11 s give 81 short-term values at 10 Hz.
TEST(LoudnessFold, RangePercentiles) {
  const auto flat = range_energies(rows({{-25, 1100}}));
  ASSERT_TRUE(flat);
  EXPECT_NEAR(flat->high / flat->low, 1, 1e-12);
  // 4 s at -30 (11 pure values), 7 s at -20 (41 pure), 29 mixed: element 1+8 is still pure quiet,
  // element 1+76 pure loud.
  const auto steps = range_energies(rows({{-30, 400}, {-20, 700}}));
  ASSERT_TRUE(steps);
  EXPECT_NEAR(steps->low / energy_of(-30), 1, 1e-12);
  EXPECT_NEAR(steps->high / energy_of(-20), 1, 1e-12);
}

TEST(LoudnessFold, RangeGates) {
  EXPECT_FALSE(range_energies(rows({{-71, 1100}})));
  EXPECT_FALSE(range_energies(rows({{-20, 299}})));
  // -45 lies more than 20 LU below the mean of the rest and is gated out.
  const auto gated = range_energies(rows({{-45, 1000}, {-20, 2000}}));
  ASSERT_TRUE(gated);
  EXPECT_GT(gated->low, energy_of(-40.1));
}

TEST(LoudnessFold, LoudestWindow) {
  const auto energy = rows({{-40, 33}, {-20, 40}, {-40, 100}});
  const auto loudest = loudest_window(energy, kBlockRows);
  ASSERT_TRUE(loudest);
  EXPECT_EQ(loudest->first, 33u);
  EXPECT_NEAR(loudest->energy / energy_of(-20), 1, 1e-12);
  EXPECT_FALSE(loudest_window(energy, kShortTermRows));
}

TEST(LoudnessFold, NoNumberIsToldAndPassedOver) {
  auto energy = rows({{-20, 100}, {-30, 400}});
  energy[50] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(*gated_energy(energy)));
  EXPECT_TRUE(std::isnan(*mean_energy(energy)));
  EXPECT_TRUE(std::isnan(range_energies(energy)->high));
  const auto loudest = loudest_window(energy, kBlockRows);
  EXPECT_TRUE(loudest->passed_over);
  EXPECT_NEAR(loudest->energy / energy_of(-20), 1, 1e-12);
}

}  // namespace
}  // namespace cleangate::specs
