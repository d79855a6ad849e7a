// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/loudness_fold.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace cleangate::specs {
namespace {

constexpr double kRelativeGate = 0.1;        // -10 LU
constexpr double kRangeRelativeGate = 0.01;  // -20 LU

// Sums of kHopRows neighbors from every row on: all windows here are multiples of it.
std::vector<double> hop_sums(std::span<const double> energy) {
  std::vector<double> sums;
  if (energy.size() < kHopRows) return sums;
  sums.resize(energy.size() - kHopRows + 1);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < kHopRows; ++k) sum += energy[i + k];
    sums[i] = sum;
  }
  return sums;
}

double window_mean(const std::vector<double>& sums, std::size_t first, std::size_t rows) {
  double sum = 0;
  for (std::size_t at = 0; at < rows; at += kHopRows) sum += sums[first + at];
  return sum / static_cast<double>(rows);
}

// Means of the windows of `rows` rows, one every kHopRows.
std::vector<double> hopped_means(std::span<const double> energy, std::size_t rows) {
  const std::vector<double> sums = hop_sums(energy);
  std::vector<double> means;
  for (std::size_t first = 0; first + rows <= energy.size(); first += kHopRows)
    means.push_back(window_mean(sums, first, rows));
  return means;
}

double mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

bool has_no_number(std::span<const double> energy) {
  return std::any_of(energy.begin(), energy.end(), [](double value) { return std::isnan(value); });
}

}  // namespace

std::optional<double> gated_energy(std::span<const double> energy) {
  if (has_no_number(energy)) return std::nan("");
  std::vector<double> blocks = hopped_means(energy, kBlockRows);
  std::erase_if(blocks, [](double block) { return !(block > kAbsoluteGate); });
  if (blocks.empty()) return std::nullopt;
  const double gate = kRelativeGate * mean(blocks);
  std::erase_if(blocks, [&](double block) { return !(block > gate); });
  return mean(blocks);
}

std::optional<double> mean_energy(std::span<const double> energy) {
  if (energy.empty()) return std::nullopt;
  return mean(energy);
}

std::optional<RangeEnergies> range_energies(std::span<const double> energy) {
  if (has_no_number(energy)) return RangeEnergies{std::nan(""), std::nan("")};
  std::vector<double> values = hopped_means(energy, kShortTermRows);
  std::erase_if(values, [](double value) { return !(value >= kAbsoluteGate); });
  if (values.empty()) return std::nullopt;
  const double gate = kRangeRelativeGate * mean(values);
  std::erase_if(values, [&](double value) { return !(value >= gate); });
  std::sort(values.begin(), values.end());
  // Tech 3342: element round((n - 1) * p / 100 + 1) of the sorted values, counted from 1.
  const auto element = [&](std::size_t percent) {
    return values[((values.size() - 1) * percent + 50) / 100];
  };
  return RangeEnergies{element(10), element(95)};
}

std::optional<LoudestWindow> loudest_window(std::span<const double> energy, std::size_t rows) {
  if (energy.size() < rows) return std::nullopt;
  const std::vector<double> sums = hop_sums(energy);
  LoudestWindow loudest;
  for (std::size_t first = 0; first + rows <= energy.size(); ++first) {
    const double value = window_mean(sums, first, rows);
    if (std::isnan(value)) {
      loudest.passed_over = true;
    } else if (value > loudest.energy) {
      loudest.energy = value;
      loudest.first = first;
    }
  }
  return loudest;
}

}  // namespace cleangate::specs
