// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

// Folds over the weighted energy of a soundfield per 10 ms (SoundBed::energy): full scale 1.0, NaN
// where there is no number. Plain arithmetic; a loudness is -0.691 + 10 log10(mean energy) LUFS.
namespace cleangate::specs {

inline constexpr std::size_t kBlockRows = 40;       // 400 ms: gating blocks, momentary loudness
inline constexpr std::size_t kShortTermRows = 300;  // 3 s
inline constexpr std::size_t kHopRows = 10;         // 75 % overlap of 400 ms; 10 Hz of 3 s
// The absolute gate, -70 LUFS, as an energy.
inline constexpr double kAbsoluteGate = 1.1724653045822981e-7;

// BS.1770-5 annex 1: mean energy of the 400 ms blocks above the absolute gate and above the
// relative gate 10 LU below the mean of those. Nothing when no block is above; NaN when any row is.
[[nodiscard]] std::optional<double> gated_energy(std::span<const double> energy);
// BS.1770-1: mean of everything. Nothing when there are no rows.
[[nodiscard]] std::optional<double> mean_energy(std::span<const double> energy);

// EBU Tech 3342: energies at 10 % and 95 % of the distribution of short-term loudness (at 10 Hz)
// above the absolute gate and above the relative gate 20 LU below their mean. Nothing when no
// short-term value is above; NaN when any row is.
struct RangeEnergies {
  double low = 0, high = 0;
};
[[nodiscard]] std::optional<RangeEnergies> range_energies(std::span<const double> energy);

// The loudest window of `rows` rows (kBlockRows or kShortTermRows), looked for at every row (EBU
// Tech 3341: 10 ms). Windows without a number are passed over and told.
struct LoudestWindow {
  std::size_t first = 0;  // its first row
  double energy = 0;      // mean; 0 when all is digital silence
  bool passed_over = false;
};
[[nodiscard]] std::optional<LoudestWindow> loudest_window(std::span<const double> energy,
                                                          std::size_t rows);

}  // namespace cleangate::specs
