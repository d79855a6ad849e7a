// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/rate_grid.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <utility>

namespace cleangate::probes {
namespace {

using Wide = __int128;
constexpr std::size_t kMostRuns = 1000;
constexpr std::int64_t kLargestTerm = std::int64_t{1} << 31;

// Rates of television, film and high-frame-rate production, and their common fractions.
constexpr std::array<std::pair<int, int>, 22> kBroadcastRates{
    {{24000, 1001}, {24, 1},  {25, 1},        {30000, 1001}, {30, 1},  {48000, 1001},
     {48, 1},       {50, 1},  {60000, 1001},  {60, 1},       {72, 1},  {90, 1},
     {96, 1},       {100, 1}, {120000, 1001}, {120, 1},      {240, 1}, {12, 1},
     {25, 2},       {15, 1},  {15000, 1001},  {10, 1}}};

// Ticks from one frame to the next: p / q, reduced.
struct Step {
  Wide p = 0, q = 1;
};

Wide gcd(Wide a, Wide b) {
  while (b != 0) a = std::exchange(b, a % b);
  return a < 0 ? -a : a;
}

std::optional<Step> step_of(const Rational& rate, const Rational& time_base) {
  const auto small = [](const Rational& r) {
    return r.num() > 0 && r.num() < kLargestTerm && r.den() < kLargestTerm;
  };
  if (!small(rate) || !small(time_base)) return std::nullopt;
  Step step{Wide{rate.den()} * time_base.den(), Wide{rate.num()} * time_base.num()};
  const Wide common = gcd(step.p, step.q);
  return Step{step.p / common, step.q / common};
}

// Residual of frame k against the grid, in units of 1/q tick.
Wide residual(std::span<const std::int64_t> times, std::size_t k, const Step& step) {
  return (Wide{times[k]} - times[0]) * step.q - Wide{static_cast<std::int64_t>(k)} * step.p;
}

bool within(Wide low, Wide high, const Step& step) {
  // A grid within one tick of every time exists when the residuals spread over two ticks at most.
  return high - low <= 2 * step.q && high - low < step.p;
}

struct Spread {
  bool fits = false;
  long double ticks = std::numeric_limits<long double>::infinity();
};

Spread spread_of(std::span<const std::int64_t> times, const Step& step) {
  Wide low = 0, high = 0;
  for (std::size_t k = 1; k < times.size(); ++k) {
    const Wide r = residual(times, k, step);
    low = std::min(low, r);
    high = std::max(high, r);
    if (!within(low, high, step)) return {};
  }
  return {true, static_cast<long double>(high - low) / static_cast<long double>(step.q)};
}

// Simplest fraction in [low, high], low > 0 (Stern-Brocot), bounded terms.
std::optional<Rational> simplest_between(Wide low_n, Wide low_d, Wide high_n, Wide high_d) {
  std::vector<Wide> quotients;
  for (int depth = 0; depth < 64 && low_d > 0 && high_d > 0; ++depth) {
    const Wide whole = low_n / low_d;
    if (whole * low_d == low_n || (whole + 1) * high_d <= high_n) {
      Wide n = whole * low_d == low_n ? whole : whole + 1, d = 1;
      for (auto q = quotients.rbegin(); q != quotients.rend(); ++q)
        n = std::exchange(d, n) + *q * d;
      if (n <= 0 || d <= 0 || n >= kLargestTerm || d >= kLargestTerm) return std::nullopt;
      return Rational(static_cast<std::int64_t>(n), static_cast<std::int64_t>(d));
    }
    quotients.push_back(whole);
    const Wide next_low_n = high_d, next_low_d = high_n - whole * high_d;
    high_n = low_d;
    high_d = low_n - whole * low_d;
    low_n = next_low_n;
    low_d = next_low_d;
  }
  return std::nullopt;
}

// The rate of the exact mean, and the simplest one whose ends lie within a tick of the first and
// last time.
std::vector<Rational> mean_rates(std::span<const std::int64_t> times, const Rational& time_base) {
  std::vector<Rational> rates;
  const Wide intervals = static_cast<std::int64_t>(times.size()) - 1;
  const Wide span = Wide{times.back()} - times.front();
  if (span <= 0 || span >= Wide{1} << 62 || time_base.num() <= 0) return rates;
  const Wide n = intervals * time_base.den();
  const Wide d = span * time_base.num();
  const Wide common = gcd(n, d);
  std::optional<Rational> mean;
  if (n / common < kLargestTerm && d / common < kLargestTerm)
    mean = Rational(static_cast<std::int64_t>(n / common), static_cast<std::int64_t>(d / common));
  if (mean) {
    if (const auto step = step_of(*mean, time_base); step && spread_of(times, *step).ticks == 0)
      rates.push_back(*mean);
  }
  if (span > 2) {
    if (const auto simple =
            simplest_between(n, (span + 2) * time_base.num(), n, (span - 2) * time_base.num()))
      rates.push_back(*simple);
  }
  if (mean) rates.push_back(*mean);
  return rates;
}

std::optional<Rational> tightest_broadcast(std::span<const std::int64_t> times,
                                           const Rational& time_base) {
  std::optional<Rational> best;
  long double best_spread = std::numeric_limits<long double>::infinity();
  for (const auto& [num, den] : kBroadcastRates) {
    const Rational rate(num, den);
    const auto step = step_of(rate, time_base);
    if (!step) continue;
    const Spread spread = spread_of(times, *step);
    if (spread.fits && spread.ticks < best_spread) {
      best = rate;
      best_spread = spread.ticks;
    }
  }
  return best;
}

std::optional<Rational> constant_rate(std::span<const std::int64_t> times,
                                      const Rational& time_base,
                                      const std::optional<Rational>& nominal) {
  const auto spread = [&](const Rational& rate) {
    const auto step = step_of(rate, time_base);
    return step ? spread_of(times, *step) : Spread{};
  };
  // Where a tick is a frame (AVI), nothing is rounded: a frame that is left out is no rounding
  // either, and no grid of a slightly lower rate.
  const auto nominal_step = nominal ? step_of(*nominal, time_base) : std::nullopt;
  const bool tick_is_frame = nominal_step && nominal_step->p == 1 && nominal_step->q == 1;
  const auto fits = [&](const Rational& rate) {
    const Spread found = spread(rate);
    return found.fits && (!tick_is_frame || found.ticks == 0);
  };
  const auto broadcast = tightest_broadcast(times, time_base);
  // Two times lie exactly on many grids; more than three do so by no chance.
  const bool exact = broadcast && times.size() > 3 && spread(*broadcast).ticks == 0;
  if (nominal && fits(*nominal) && !(exact && spread(*nominal).ticks > 0)) return nominal;
  if (broadcast && fits(*broadcast)) return broadcast;
  for (const Rational& rate : mean_rates(times, time_base))
    if (fits(rate)) return rate;
  return std::nullopt;
}

// Frames off the grid: where a time leaves it and the next returns, that one frame; where the times
// go on from a new origin (a gap), the first frame of the new origin.
template <class Mark>
void walk(std::span<const std::int64_t> times, const Step& step, Mark&& mark) {
  Wide low = 0, high = 0;
  for (std::size_t k = 1; k < times.size(); ++k) {
    const Wide r = residual(times, k, step);
    if (within(std::min(low, r), std::max(high, r), step)) {
      low = std::min(low, r);
      high = std::max(high, r);
      continue;
    }
    mark(k);
    bool returns = false;
    if (k + 1 < times.size()) {
      const Wide next = residual(times, k + 1, step);
      returns = within(std::min(low, next), std::max(high, next), step);
    }
    if (!returns) low = high = r;
  }
}

std::int64_t typical_delta(std::span<const std::int64_t> times) {
  std::vector<std::int64_t> deltas;
  deltas.reserve(times.size() - 1);
  for (std::size_t k = 1; k < times.size(); ++k) deltas.push_back(times[k] - times[k - 1]);
  const auto middle = deltas.begin() + static_cast<std::ptrdiff_t>(deltas.size() / 2);
  std::nth_element(deltas.begin(), middle, deltas.end());
  return *middle;
}

// Of the rates near the median interval (and the nominal one), the grid that the most frames keep.
std::optional<Rational> prevailing_rate(std::span<const std::int64_t> times,
                                        const Rational& time_base,
                                        const std::optional<Rational>& nominal) {
  const std::int64_t delta = typical_delta(times);
  std::vector<Rational> candidates;
  if (nominal) candidates.push_back(*nominal);
  if (delta > 0) {
    for (const auto& [num, den] : kBroadcastRates) {
      const auto step = step_of(Rational(num, den), time_base);
      if (!step) continue;
      const Wide off = Wide{delta} * step->q - step->p;
      if ((off < 0 ? -off : off) <= step->q) candidates.emplace_back(num, den);
    }
    const Wide n = time_base.den(), d = Wide{time_base.num()} * delta, common = gcd(n, d);
    if (n > 0 && d > 0 && n / common < kLargestTerm && d / common < kLargestTerm)
      candidates.emplace_back(static_cast<std::int64_t>(n / common),
                              static_cast<std::int64_t>(d / common));
  }
  std::optional<Rational> best;
  std::size_t fewest = std::numeric_limits<std::size_t>::max();
  for (const Rational& rate : candidates) {
    const auto step = step_of(rate, time_base);
    if (!step) continue;
    std::size_t off = 0;
    walk(times, *step, [&](std::size_t) { ++off; });
    if (off < fewest) {
      fewest = off;
      best = rate;
    }
  }
  return best;
}

std::vector<FrameRun> runs_off(std::span<const std::int64_t> times, const Step& step) {
  std::vector<FrameRun> runs;
  walk(times, step, [&](std::size_t k) {
    const auto frame = static_cast<std::int64_t>(k);
    if (!runs.empty() && runs.back().end == frame)
      ++runs.back().end;
    else if (runs.size() < kMostRuns)
      runs.push_back({frame, frame + 1});
  });
  return runs;
}

}  // namespace

GridFit fit_rate_grid(std::span<const std::int64_t> times, const Rational& time_base,
                      const std::optional<Rational>& nominal) {
  if (times.size() < 2 || time_base.num() <= 0) return {};
  if (const auto rate = constant_rate(times, time_base, nominal)) return {rate, true, {}};
  const auto rate = prevailing_rate(times, time_base, nominal);
  const auto step = rate ? step_of(*rate, time_base) : std::nullopt;
  if (!step) return {rate, false, {{1, static_cast<std::int64_t>(times.size())}}};
  return {rate, false, runs_off(times, *step)};
}

}  // namespace cleangate::probes
