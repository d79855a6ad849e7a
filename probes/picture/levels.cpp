// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/levels.h"

#include <numeric>

namespace cleangate::probes {

void fill_levels(std::span<const std::uint32_t> counts,
                 std::array<std::uint16_t, kLumaQuantiles>& quantiles, std::uint32_t& mean) {
  const auto total = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  std::uint64_t seen = 0, sum = 0;
  std::size_t next = 0;
  for (std::size_t code = 0; code < counts.size(); ++code) {
    if (counts[code] == 0) continue;
    seen += counts[code];
    sum += counts[code] * static_cast<std::uint64_t>(code);
    while (next < kLumaQuantiles &&
           seen * 1000 >= total * static_cast<std::uint64_t>(kLumaQuantileShares[next]))
      quantiles[next++] = static_cast<std::uint16_t>(code);
  }
  // The sum is below 2^48: at most 2^32 samples of at most 2^16.
  mean = total == 0 ? 0 : static_cast<std::uint32_t>((sum << 16) / total);
}

}  // namespace cleangate::probes
