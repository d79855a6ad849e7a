// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/rational.h"
#include "probes/facts.h"

namespace cleangate::probes {

// How presentation times (ascending ticks of `time_base` seconds) lie on an exact grid of frames.
struct GridFit {
  std::optional<Rational> rate;  // frames a second of the grid that fits best; empty under 2 times
  bool constant = false;         // every time lies within one tick of that grid
  std::vector<FrameRun> deviations;  // frames off it, half-open runs, the first 1000
};

// Frame k of a constant stream lies within one tick of t0 + k / rate (and nearer to its own grid
// point than one step, so that a coarse time base hides no repeated time); exactly on it where a
// tick is a frame of the nominal rate. Candidates: `nominal`
// (unless a broadcast rate meets every time exactly and `nominal` does not), the broadcast rates,
// then the exact mean and the simplest fraction near it; the first that fits wins.
[[nodiscard]] GridFit fit_rate_grid(std::span<const std::int64_t> times, const Rational& time_base,
                                    const std::optional<Rational>& nominal);

}  // namespace cleangate::probes
