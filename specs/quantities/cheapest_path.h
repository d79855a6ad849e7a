// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace cleangate::specs {

// The sequence of states, one a step, that costs least: each step costs what its state costs there,
// and `change` whenever the state differs from the one before. Of equals, the one that changes
// last. `cost(step, state)` is not negative.
template <class Cost>
[[nodiscard]] std::vector<int> cheapest_path(std::int64_t steps, int states, std::int64_t change,
                                             const Cost& cost) {
  std::vector<std::int64_t> sums(static_cast<std::size_t>(states), 0);
  // For each step and state, the state before: itself or, where changing is cheaper, the best.
  std::vector<std::vector<bool>> changed;
  std::vector<int> best_before;
  for (std::int64_t step = 0; step < steps; ++step) {
    const auto best = std::min_element(sums.begin(), sums.end());
    const std::int64_t low = *best;
    best_before.push_back(static_cast<int>(best - sums.begin()));
    auto& changes = changed.emplace_back(static_cast<std::size_t>(states), false);
    for (int state = 0; state < states; ++state) {
      auto& sum = sums[static_cast<std::size_t>(state)];
      if (step > 0 && low + change < sum) {
        sum = low + change;
        changes[static_cast<std::size_t>(state)] = true;
      }
      sum += cost(step, state);
    }
  }
  std::vector<int> path(static_cast<std::size_t>(steps), 0);
  int state = static_cast<int>(std::min_element(sums.begin(), sums.end()) - sums.begin());
  for (std::int64_t step = steps - 1; step >= 0; --step) {
    const auto i = static_cast<std::size_t>(step);
    path[i] = state;
    if (changed[i][static_cast<std::size_t>(state)]) state = best_before[i];
  }
  return path;
}

}  // namespace cleangate::specs
