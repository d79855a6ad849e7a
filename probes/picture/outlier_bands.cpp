// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/outlier_bands.h"

#include <algorithm>
#include <cstdlib>

namespace cleangate::probes {
namespace {

// Least mean step at either edge of a band, above the edges beyond, in code values of 8 bits.
constexpr std::int64_t kLeastStep = 2;

// The largest value that at least `wanted` samples reach.
int reached(const std::array<std::uint32_t, 256>& counts, std::uint64_t wanted) {
  std::uint64_t seen = 0;
  int value = 255;
  for (; value > 0; --value) {
    seen += counts[static_cast<std::size_t>(value)];
    if (seen >= std::max<std::uint64_t>(wanted, 1)) break;
  }
  return value;
}

std::array<std::uint8_t, 4> quarters(const std::uint8_t* line, std::size_t length) {
  std::array<std::uint8_t, 4> means{};
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t first = length * i / 4, end = length * (i + 1) / 4;
    std::uint64_t sum = 0;
    for (std::size_t x = first; x < end; ++x) sum += line[x];
    means[i] = static_cast<std::uint8_t>(sum / std::max<std::size_t>(end - first, 1));
  }
  return means;
}

}  // namespace

void BandFinder::consider(const Candidate& candidate, int apart) {
  const int reach = kMostBandLines * apart;
  for (std::size_t i = 0; i < found_; ++i)
    if (std::abs(candidates_[i].at - candidate.at) <= reach) {
      if (candidate.step > candidates_[i].step) candidates_[i] = candidate;
      return;
    }
  if (found_ < kMostBands) {
    candidates_[found_++] = candidate;
    return;
  }
  auto least = std::min_element(candidates_.begin(), candidates_.end(),
                                [](const auto& a, const auto& b) { return a.step < b.step; });
  if (candidate.step > least->step) *least = candidate;
}

std::span<const BandFinder::Candidate> BandFinder::choose(std::span<const std::uint32_t> edges,
                                                          int apart, std::uint64_t samples,
                                                          int bits) {
  found_ = 0;
  const int count = static_cast<int>(edges.size());
  // Zero where there is none.
  const auto edge = [&](int i) {
    return i >= apart && i < count ? std::int64_t{edges[static_cast<std::size_t>(i)]} : 0;
  };
  const auto least = static_cast<std::int64_t>((samples * kLeastStep << bits) >> 8);
  for (int at = apart; at < count; ++at) {
    const std::int64_t before = edge(at - apart), first = edge(at) - before;
    if (first < least) continue;
    for (int lines = 1; lines <= kMostBandLines && at + lines * apart < count; ++lines) {
      const int behind = at + lines * apart;
      const std::int64_t step =
          std::min(edge(at), edge(behind)) - std::max(before, edge(behind + apart));
      if (step >= least) consider({at, lines, step}, apart);
    }
  }
  std::sort(candidates_.begin(), candidates_.begin() + static_cast<std::ptrdiff_t>(found_),
            [](const auto& a, const auto& b) { return a.at < b.at; });
  return {candidates_.data(), found_};
}

void BandFinder::make_room(std::size_t length) {
  length_ = length;
  if (rows_.size() < kMostBands * kRows * length) rows_.resize(kMostBands * kRows * length);
}

OutlierBand BandFinder::measure(std::size_t candidate) const {
  const int lines = candidates_[candidate].count;
  const std::uint8_t* before = rows_.data() + candidate * kRows * length_;
  const std::uint8_t* behind = before + static_cast<std::size_t>(lines + 1) * length_;
  std::array<std::uint32_t, 256> steps{}, aparts{};
  for (std::size_t x = 0; x < length_; ++x) {
    const int low = std::min(before[x], behind[x]), high = std::max(before[x], behind[x]);
    int sum = 0;
    for (int i = 1; i <= lines; ++i) {
      const int code = before[static_cast<std::size_t>(i) * length_ + x];
      sum += std::max({code - high, low - code, 0});
    }
    const int step = sum / lines, apart = high - low;
    ++steps[static_cast<std::size_t>(apart > step ? 0 : step)];
    ++aparts[static_cast<std::size_t>(apart)];
  }
  OutlierBand band;
  for (std::size_t i = 0; i < kBandShares.size(); ++i)
    band.level[i] = static_cast<std::uint8_t>(
        reached(steps, (length_ * static_cast<std::size_t>(kBandShares[i]) + 7) / 8));
  if (band.level[0] < kBandFloor) return {};
  band.at = static_cast<std::uint16_t>(candidates_[candidate].at);
  band.count = static_cast<std::uint8_t>(lines);
  band.apart = static_cast<std::uint8_t>(reached(aparts, (length_ + 1) / 2));
  band.around = {quarters(before, length_), quarters(behind, length_)};
  return band;
}

}  // namespace cleangate::probes
