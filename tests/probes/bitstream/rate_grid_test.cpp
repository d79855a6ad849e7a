// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/rate_grid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace cleangate::probes {
namespace {

using ::testing::ElementsAre;

enum class Rounding { down, nearest };

// Times of `count` frames of `rate` from `start`, rounded to ticks of `base`.
std::vector<std::int64_t> times_of(Rational rate, Rational base, int count, Rounding rounding,
                                   Rational start = 0) {
  std::vector<std::int64_t> times;
  for (int k = 0; k < count; ++k) {
    const Rational at = (start + Rational(k) / rate) / base;
    times.push_back(rounding == Rounding::down ? at.floor() : at.round());
  }
  return times;
}

TEST(RateGrid, EveryBroadcastRateInEveryTimeBase) {
  for (const Rational rate :
       {Rational(24000, 1001), Rational(24), Rational(25), Rational(30000, 1001), Rational(30),
        Rational(50), Rational(60000, 1001), Rational(60), Rational(120000, 1001)})
    for (const Rational base : {Rational(1, 1000), Rational(1, 90000), Rational(1, 12800),
                                Rational(1, 30000), Rational(1, 1000000)})
      for (const Rounding rounding : {Rounding::down, Rounding::nearest}) {
        const auto times = times_of(rate, base, 3000, rounding, Rational(7, 13));
        const GridFit fit = fit_rate_grid(times, base, std::nullopt);
        ASSERT_TRUE(fit.constant) << to_string(rate) << " in " << to_string(base);
        ASSERT_EQ(fit.rate, rate) << to_string(rate) << " in " << to_string(base);
        ASSERT_TRUE(fit.deviations.empty());
      }
}

TEST(RateGrid, UnusualRates) {
  const Rational tick(1, 90000);
  EXPECT_EQ(fit_rate_grid(times_of(Rational(90000, 1111), tick, 50, Rounding::down), tick, {}).rate,
            Rational(90000, 1111));
  EXPECT_EQ(fit_rate_grid(times_of(Rational(37, 3), Rational(1, 1000), 500, Rounding::nearest),
                          Rational(1, 1000), {})
                .rate,
            Rational(37, 3));
}

TEST(RateGrid, TheNominalRateBreaksTies) {
  const Rational ms(1, 1000);
  // Twelve frames rounded to milliseconds: both 24 and 23.976 lie within a tick.
  const auto times = times_of(24, ms, 12, Rounding::nearest);
  EXPECT_EQ(fit_rate_grid(times, ms, Rational(24)).rate, Rational(24));
  EXPECT_EQ(fit_rate_grid(times, ms, Rational(24000, 1001)).rate, Rational(24000, 1001));
  // A nominal rate that does not fit says nothing.
  EXPECT_EQ(fit_rate_grid(times_of(25, ms, 100, Rounding::nearest), ms, Rational(50)).rate,
            Rational(25));
  // 29.97 written as 2997/100 against ticks that hold 30000/1001 exactly.
  const Rational tick(1, 90000);
  EXPECT_EQ(fit_rate_grid(times_of(Rational(30000, 1001), tick, 15, Rounding::nearest), tick,
                          Rational(2997, 100))
                .rate,
            Rational(30000, 1001));
}

TEST(RateGrid, AMissingFrameIsOneDeviation) {
  const Rational tick(1, 90000);
  auto times = times_of(25, tick, 200, Rounding::nearest);
  times.erase(times.begin() + 120);
  const GridFit fit = fit_rate_grid(times, tick, Rational(25));
  EXPECT_FALSE(fit.constant);
  EXPECT_EQ(fit.rate, Rational(25));
  EXPECT_THAT(fit.deviations, ElementsAre(FrameRun{120, 121}));
}

// An empty chunk of an AVI: the frame before it is shown twice as long.
TEST(RateGrid, AMissingFrameIsOneDeviationWhereATickIsAFrame) {
  for (const std::int64_t missing : {3, 20, 100, 197}) {
    std::vector<std::int64_t> times;
    for (std::int64_t k = 0; k < 200; ++k)
      if (k != missing) times.push_back(k);
    const auto fit = fit_rate_grid(times, Rational(1, 25), Rational(25));
    EXPECT_FALSE(fit.constant) << missing;
    EXPECT_EQ(fit.rate, Rational(25)) << missing;
    EXPECT_EQ(fit.deviations, (std::vector<FrameRun>{{missing, missing + 1}}));
  }
  // Film in an AVI of five ticks a frame.
  std::vector<std::int64_t> times;
  for (std::int64_t k = 0; k < 200; ++k) times.push_back(5 * k);
  EXPECT_EQ(fit_rate_grid(times, Rational(1, 120), Rational(120)).rate, Rational(24));
  EXPECT_TRUE(fit_rate_grid(times, Rational(1, 120), Rational(120)).constant);
}

TEST(RateGrid, ADisplacedFrameIsOneDeviation) {
  const Rational ms(1, 1000);
  auto times = times_of(Rational(30000, 1001), ms, 300, Rounding::nearest);
  times[77] += 9;
  const GridFit fit = fit_rate_grid(times, ms, {});
  EXPECT_FALSE(fit.constant);
  EXPECT_THAT(fit.deviations, ElementsAre(FrameRun{77, 78}));
}

TEST(RateGrid, ARepeatedTimeIsADeviationEvenInACoarseTimeBase) {
  const Rational base(1, 25);
  auto times = times_of(25, base, 50, Rounding::nearest);
  EXPECT_TRUE(fit_rate_grid(times, base, {}).constant);
  times[20] = times[19];
  const GridFit fit = fit_rate_grid(times, base, {});
  EXPECT_FALSE(fit.constant);
  EXPECT_THAT(fit.deviations, ElementsAre(FrameRun{20, 21}));
}

TEST(RateGrid, TwoTicksOffIsTooFar) {
  const Rational tick(1, 90000);
  auto times = times_of(25, tick, 100, Rounding::nearest);
  times[50] += 2;
  EXPECT_TRUE(fit_rate_grid(times, tick, {}).constant) << "a grid one tick later serves both sides";
  times[50] += 1;
  EXPECT_FALSE(fit_rate_grid(times, tick, {}).constant);
}

TEST(RateGrid, ARateChangeIsVariable) {
  const Rational tick(1, 90000);
  auto times = times_of(25, tick, 100, Rounding::nearest);
  for (int k = 0; k < 30; ++k) times.push_back(times.back() + 3000);
  const GridFit fit = fit_rate_grid(times, tick, {});
  EXPECT_FALSE(fit.constant);
  EXPECT_EQ(fit.rate, Rational(25));
  ASSERT_FALSE(fit.deviations.empty());
  EXPECT_GE(fit.deviations.front().first, 100);
  EXPECT_EQ(fit.deviations.back().end, 130);
}

TEST(RateGrid, HostileTimes) {
  constexpr std::int64_t kFar = std::int64_t{1} << 61;
  const Rational tick(1, 90000);
  EXPECT_FALSE(fit_rate_grid({}, tick, {}).rate);
  EXPECT_FALSE(fit_rate_grid(std::vector<std::int64_t>{5}, tick, {}).rate);
  EXPECT_FALSE(fit_rate_grid(std::vector<std::int64_t>{5, 5, 5}, tick, {}).constant);
  (void)fit_rate_grid(std::vector<std::int64_t>{1 - kFar, 0, kFar - 1}, tick,
                      Rational(1, INT64_MAX));
  (void)fit_rate_grid(std::vector<std::int64_t>{1 - kFar, 0, kFar - 1}, Rational(1, INT64_MAX), {});
  std::mt19937_64 random(4);
  for (int run = 0; run < 50; ++run) {
    std::vector<std::int64_t> times(2 + random() % 30);
    for (auto& t : times) t = static_cast<std::int64_t>(random() >> (3 + random() % 60)) - 1000;
    std::sort(times.begin(), times.end());
    const GridFit fit =
        fit_rate_grid(times, Rational(1 + static_cast<int>(random() % 1000), 90000), {});
    EXPECT_TRUE(!fit.constant || fit.deviations.empty());
  }
}

}  // namespace
}  // namespace cleangate::probes
