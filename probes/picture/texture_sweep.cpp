// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/texture_sweep.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

namespace cleangate::probes {
namespace {

constexpr int kCell = kTextureCell, kReach = kTextureReach, kDeepest = 10;
constexpr std::array<unsigned, kRoughShares> kRoughPercent{10, 25, 50, 75};
constexpr std::array<unsigned, kSharpShares> kSharpPercent{50, 90};

// Below 64 a bin is a value; above, 32 bins are an octave.
constexpr std::uint32_t kBinsAnOctave = 32;
std::size_t bin_of(std::uint32_t value) {
  if (value < 2 * kBinsAnOctave) return value;
  const auto octave = static_cast<std::uint32_t>(std::bit_width(value / kBinsAnOctave)) - 1;
  return octave * kBinsAnOctave + (value >> octave);
}
std::uint32_t value_of(std::size_t bin) {
  if (bin < 2 * kBinsAnOctave) return static_cast<std::uint32_t>(bin);
  const std::size_t octave = bin / kBinsAnOctave - 1;
  return static_cast<std::uint32_t>((bin - octave * kBinsAnOctave) << octave);
}

}  // namespace

void TextureSweep::begin(const VideoFrame& frame, const LumaLines& luma) {
  forget();
  width_ = frame.width;
  height_ = frame.height;
  depth_ = luma.bits();
  bytes_ = luma.bytes();
  in_place_ = luma.in_place();
  const int across = width_ / kCell, down = height_ / kCell;
  measure_.measured = depth_ >= 8 && across >= 3 && down >= 3;
  if (!measure_.measured) return;
  measure_.fields = frame.structure != PictureStructure::progressive;
  measure_.bits = std::min(depth_, kDeepest);
  row_.resize(static_cast<std::size_t>(across - 2));
  bins_ = {};
  sharp_bins_ = {};
  if (in_place_) return;
  for (auto& copy : copies_)
    if (copy.size() < static_cast<std::size_t>(width_))
      copy.resize(static_cast<std::size_t>(width_));
}

void TextureSweep::line(int y, const void* luma) {
  if (!measure_.measured) return;
  const auto i = static_cast<std::size_t>(y) % kHeld;
  held_[i] = luma;
  if (!in_place_) {
    std::memcpy(copies_[i].data(), luma, static_cast<std::size_t>(width_) * (bytes_ ? 1 : 2));
    held_[i] = copies_[i].data();
  }
  const int top = y - (kCell - 1) - kReach;
  if (top > 0 && top % texture_period(height_) == kCell) measure_row(top);
}

void TextureSweep::measure_row(int top) {
  TextureTask task;
  for (std::size_t i = 0; i < kHeld; ++i)
    task.lines[i] = held_[(static_cast<std::size_t>(top - kReach) + i) % kHeld];
  task.apart = measure_.fields ? 2 : 1;
  task.cells = width_ / kCell;
  task.mask = static_cast<std::uint16_t>((1u << depth_) - 1);
  task.shift = depth_ - measure_.bits;
  task.out = row_;
  (bytes_ ? kernels_->row8 : kernels_->row16)(task);
  measure_.cells += static_cast<std::uint32_t>(row_.size());
  for (const TextureCell& cell : row_) add_cell(cell);
}

void TextureSweep::add_cell(const TextureCell& cell) {
  const int one = 1 << (measure_.bits - 8);
  add_edge(cell, one);
  if (cell.low == cell.high) {
    ++measure_.flat;
    return;
  }
  ++bins_[std::min(bin_of(cell.rough), kBins - 1)];
  constexpr int kHalf = kCell * kCell / 2, kSteps = kCell - 1;
  if (cell.plain >= kHalf && cell.steps >= kSteps && cell.high - cell.low == cell.step)
    for (std::size_t i = 0; i < kContourRungs; ++i) measure_.contours[i] += cell.step <= one << i;
  constexpr int kContrast = 32;
  const int ways = std::accumulate(cell.across.begin(), cell.across.end(), 0);
  if (ways < kContrast * one * kCell) return;
  ++measure_.contrasty;
  const int sharp = cell.step_across * 64 / (cell.high - cell.low);
  ++sharp_bins_[static_cast<std::size_t>(std::min(64, sharp))];
}

void TextureSweep::add_edge(const TextureCell& cell, int one) {
  std::uint16_t largest = 0, second = 0;
  for (const std::uint16_t sum : cell.across) {
    second = std::max(second, std::min(largest, sum));
    largest = std::max(largest, sum);
  }
  constexpr int kFactor = 2, kLeast = 2 * kCell, kMost = 12 * kCell;
  if (largest < kLeast * one || largest > kMost * one || largest < kFactor * second) return;
  const auto at = std::find(cell.across.begin(), cell.across.end(), largest);
  ++measure_.edges[static_cast<std::size_t>(at - cell.across.begin())];
}

void TextureSweep::finish() {
  if (!measure_.measured) return;
  const auto quantiles = [](const auto& bins, std::uint64_t all, const auto& percent, auto&& tell) {
    std::uint64_t below = 0;
    std::size_t share = 0;
    for (std::size_t bin = 0; bin < bins.size() && share < percent.size(); ++bin) {
      below += bins[bin];
      for (; share < percent.size() && below * 100 > all * percent[share]; ++share)
        tell(share, bin);
    }
  };
  quantiles(bins_, measure_.cells - measure_.flat, kRoughPercent,
            [this](std::size_t share, std::size_t bin) { measure_.rough[share] = value_of(bin); });
  quantiles(sharp_bins_, measure_.contrasty, kSharpPercent,
            [this](std::size_t share, std::size_t bin) {
              measure_.sharp[share] = static_cast<std::uint32_t>(bin);
            });
}

}  // namespace cleangate::probes
