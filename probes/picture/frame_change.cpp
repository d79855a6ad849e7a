// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/frame_change.h"

#include <algorithm>
#include <cstring>

namespace cleangate::probes {
namespace {

constexpr int kCell = 8;           // samples
constexpr int kShortSumBits = 12;  // depth up to which the sums of 15 lines fit 16 bits
constexpr std::array<unsigned, kDifferenceRungs> kRungs8{0, 1, 4, 16};

// Lines of a component, and bytes from its first to the end of its last sample in a line.
struct Extent {
  int lines = 0;
  std::size_t bytes = 0;
};

Extent extent_of(const VideoFrame& frame, int index) {
  const PixelLayout& layout = frame.layout;
  const ComponentLayout& c = layout.components[static_cast<std::size_t>(index)];
  const bool chroma = layout.model == ColorModel::ycbcr && (index == 1 || index == 2);
  const int across = chroma ? layout.log2_chroma_w : 0, down = chroma ? layout.log2_chroma_h : 0;
  const int count = (frame.width + (1 << across) - 1) >> across;
  const int held = c.shift + c.bits <= 8 ? 1 : c.shift + c.bits <= 16 ? 2 : 4;
  return {(frame.height + (1 << down) - 1) >> down,
          static_cast<std::size_t>(count - 1) * c.step + static_cast<std::size_t>(held)};
}

const std::byte* address(const VideoFrame& frame, int index, int y) {
  const ComponentLayout& c = frame.layout.components[static_cast<std::size_t>(index)];
  const PlaneView& plane = frame.planes[c.plane];
  return plane.bytes + plane.stride * y + c.offset;
}

// The same samples lie in the same places.
bool same_form(const VideoFrame& a, const VideoFrame& b) {
  return a.width == b.width && a.height == b.height && a.layout == b.layout;
}

}  // namespace

std::array<std::uint16_t, kDifferenceRungs> difference_rungs(int bits) {
  std::array<std::uint16_t, kDifferenceRungs> rungs{};
  for (std::size_t i = 0; i < rungs.size(); ++i)
    rungs[i] =
        static_cast<std::uint16_t>(bits >= 8 ? kRungs8[i] << (bits - 8) : kRungs8[i] >> (8 - bits));
  return rungs;
}

bool ChangeSweep::begin(const VideoFrame& frame, const VideoFrame& before) {
  forget();
  change_.pairing = FrameChange::Pairing::other_form;
  if (!same_form(frame, before)) return false;
  if (now_.open(frame) != Unmeasured::measured || before_.open(before) != Unmeasured::measured)
    return false;
  change_.pairing = FrameChange::Pairing::paired;
  change_.identical = true;
  frame_ = frame;
  previous_ = before;
  change_.luma_samples =
      static_cast<std::uint64_t>(frame.width) * static_cast<std::uint64_t>(frame.height);
  bits_ = now_.bits();
  rungs_ = difference_rungs(bits_);
  const auto columns = static_cast<std::size_t>(frame.width);
  if (bits_ <= kShortSumBits) {
    short_differences_.assign(columns, 0);
    short_gains_.assign(columns, 0);
  } else {
    long_differences_.assign(columns, 0);
    long_gains_.assign(columns, 0);
  }
  cell_columns_ = std::max(1, frame.width / kCell);
  cell_rows_ = std::max(1, frame.height / kCell);
  cell_first_line_ = 0;
  if (scratch_.size() < 2 * columns) scratch_.resize(2 * columns);
  for (int i = 0; i < frame.layout.component_count; ++i)  // what cannot be read is not the same
    if (!now_.component(i, 0, scratch_.data()).samples) change_.identical = false;
  return true;
}

// Stops at the first difference: in moving pictures that is in the first line.
bool ChangeSweep::same_bytes(int y) const {
  const PixelLayout& layout = frame_.layout;
  for (int i = 0; i < layout.component_count; ++i) {
    const Extent extent = extent_of(frame_, i);
    const bool chroma = layout.model == ColorModel::ycbcr && (i == 1 || i == 2);
    const int down = chroma ? layout.log2_chroma_h : 0;
    if (y & ((1 << down) - 1)) continue;
    if (std::memcmp(address(frame_, i, y >> down), address(previous_, i, y >> down),
                    extent.bytes) != 0)
      return false;
  }
  return layout.model != ColorModel::palette ||
         std::memcmp(frame_.planes[1].bytes, previous_.planes[1].bytes, 1024) == 0;
}

bool ChangeSweep::may_be_same() const {
  const std::uint64_t left = change_.luma_difference << 8;  // below 2^48 before
  return left >> bits_ <= kChromaLimit8 * change_.luma_samples;
}

// C'b and C'r, or R' and B'.
void ChangeSweep::compare_chroma(int y) {
  const bool rgb = frame_.layout.model == ColorModel::rgb;
  if (!rgb && frame_.layout.model != ColorModel::ycbcr) return;
  const int down = rgb ? 0 : frame_.layout.log2_chroma_h;
  if (y & ((1 << down) - 1)) return;
  std::uint16_t* const scratch = scratch_.data();
  const auto& components = frame_.layout.components;
  for (const int index : {rgb ? 0 : 1, 2}) {
    const auto a = now_.component(index, y >> down, scratch);
    const auto b = before_.component(index, y >> down, scratch + frame_.width);
    const unsigned bits = components[static_cast<std::size_t>(index)].bits;
    if (!a.samples || !b.samples || static_cast<int>(bits) != bits_) continue;  // 5:6:5
    const auto mask = static_cast<std::uint16_t>((1u << bits) - 1);
    change_.chroma_samples += static_cast<std::uint64_t>(a.count);
    if (change_.identical) continue;
    change_.chroma_difference +=
        a.bytes
            ? kernels_->difference8(static_cast<const std::uint8_t*>(a.samples),
                                    static_cast<const std::uint8_t*>(b.samples), a.count, mask)
            : kernels_->difference16(static_cast<const std::uint16_t*>(a.samples),
                                     static_cast<const std::uint16_t*>(b.samples), a.count, mask);
  }
}

void ChangeSweep::line(int y, const void* luma) {
  const bool short_sum = bits_ <= kShortSumBits;
  if (change_.identical) change_.identical = same_bytes(y);
  if (!change_.identical) compare_luma(y, luma);
  if (short_sum)
    close_cells(y, short_differences_, short_gains_);
  else
    close_cells(y, long_differences_, long_gains_);
  // The sum only grows: where it is too large already, nobody will ask for chroma.
  if (may_be_same()) compare_chroma(y);
}

void ChangeSweep::compare_luma(int y, const void* luma) {
  const bool short_sum = bits_ <= kShortSumBits;
  ChangeLine task;
  task.line = luma;
  task.before = before_.line(y, scratch_.data());
  task.width = frame_.width;
  task.mask = static_cast<std::uint16_t>((1u << bits_) - 1);
  task.rungs = rungs_;
  task.column_difference =
      short_sum ? static_cast<void*>(short_differences_.data()) : long_differences_.data();
  task.column_gain = short_sum ? static_cast<void*>(short_gains_.data()) : long_gains_.data();
  const auto measure = before_.bytes() ? kernels_->line8
                       : short_sum     ? kernels_->line16
                                       : kernels_->line16_deep;
  const ChangeCounts counts = measure(task);
  change_.luma_difference_max = std::max(change_.luma_difference_max, counts.difference_max);
  for (std::size_t i = 0; i < kDifferenceRungs; ++i)
    change_.luma_above[i] += counts.difference_above[i];
}

// Folds the column sums into a row of cells where line y is the last of one.
template <class Sum>
void ChangeSweep::close_cells(int y, std::vector<Sum>& differences, std::vector<Sum>& gains) {
  const bool last_row = cell_first_line_ / kCell >= cell_rows_ - 1;
  if (last_row ? y != frame_.height - 1 : y != cell_first_line_ + kCell - 1) return;
  const auto held = static_cast<std::uint32_t>(y - cell_first_line_ + 1);
  const int whole = sizeof(Sum) == 2 && held == kCell ? cell_columns_ - 1 : 0;
  if (whole > 0) add_cells(whole);
  for (int column = whole; column < cell_columns_; ++column) {
    const int x = column * kCell, end = column == cell_columns_ - 1 ? frame_.width : x + kCell;
    std::uint32_t difference = 0, gain = 0;  // at most 15 * 15 * 65535
    for (int i = x; i < end; ++i) {
      difference += differences[static_cast<std::size_t>(i)];
      gain += gains[static_cast<std::size_t>(i)];
    }
    add_cell(difference, gain, held * static_cast<std::uint32_t>(end - x));
  }
  std::fill(differences.begin(), differences.end(), Sum{0});
  std::fill(gains.begin(), gains.end(), Sum{0});
  cell_first_line_ = y + 1;
}

void ChangeSweep::add_cells(int count) {
  ChangeCells task{short_differences_.data(), short_gains_.data(), count, 16 - bits_, {}};
  for (std::size_t i = 0; i < kCellChangeRungs; ++i) task.rungs[i] = cell_change_rung(i);
  const CellCounts counts = kernels_->cells(task);
  change_.cells += static_cast<std::uint32_t>(count);
  change_.luma_difference += counts.difference;
  change_.cell_change += counts.change;
  change_.cell_difference_max = std::max(change_.cell_difference_max, counts.difference_max);
  change_.cell_change_max = std::max(change_.cell_change_max, counts.change_max);
  for (std::size_t i = 0; i < kCellChangeRungs; ++i)
    change_.cells_above[i] += counts.change_above[i];
}

void ChangeSweep::add_cell(std::uint32_t difference, std::uint32_t gain, std::uint32_t samples) {
  ++change_.cells;
  change_.luma_difference += difference;
  if (difference == 0) return;
  // What is brighter and what is darker, as sums.
  const std::uint32_t loss = difference - gain;
  const std::uint32_t moved = gain > loss ? gain - loss : loss - gain;
  const int shift = 16 - bits_;
  const auto mean = [&](std::uint32_t sum) {
    constexpr std::uint32_t kWhole = kCell * kCell;  // all but the last: a shift, no division
    sum <<= shift;
    return static_cast<std::uint16_t>(samples == kWhole ? sum / kWhole : sum / samples);
  };
  const std::uint16_t change = mean(moved);
  change_.cell_difference_max = std::max(change_.cell_difference_max, mean(difference));
  change_.cell_change_max = std::max(change_.cell_change_max, change);
  change_.cell_change += change;
  for (std::size_t i = 0; i < kCellChangeRungs; ++i)
    change_.cells_above[i] += change > cell_change_rung(i) ? 1 : 0;
}

void ChangeSweep::finish() {
  if (may_be_same()) {
    const bool none =
        frame_.layout.model == ColorModel::gray ||
        (frame_.layout.model == ColorModel::ycbcr && frame_.layout.component_count < 3);
    change_.chroma_compared = none || change_.chroma_samples > 0;
  } else {
    change_.chroma_difference = change_.chroma_samples = 0;
  }
  frame_ = previous_ = {};
}

}  // namespace cleangate::probes
