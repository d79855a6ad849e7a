// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// Which samples a row of sound covers: row k those from floor(k * rate / n) to before
// floor((k+1) * rate / n), n rows a second. Exact for up to 2^50 samples.
namespace cleangate::probes {

inline constexpr int kEnergyRows = 100;  // a second
inline constexpr int kPeakRows = 10;

[[nodiscard]] constexpr std::int64_t row_start(int rows_per_second, std::int64_t row,
                                               int sample_rate) {
  return row * sample_rate / rows_per_second;
}

// The row that `sample` lies in.
[[nodiscard]] constexpr std::int64_t row_of(int rows_per_second, std::int64_t sample,
                                            int sample_rate) {
  return ((sample + 1) * rows_per_second - 1) / sample_rate;
}

}  // namespace cleangate::probes
