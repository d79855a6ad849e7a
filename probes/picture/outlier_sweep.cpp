// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/outlier_sweep.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace cleangate::probes {
namespace {

constexpr int kMostLinesOfAll = 608;  // higher frames have columns measured on a quarter of lines
constexpr int kWide = 8, kNear = 4;   // reach around a dot

// Both fields are seen alike.
bool measures_columns(int y, int height) {
  return height <= kMostLinesOfAll || (y & 7) == 0 || (y & 7) == 5;
}

// The least difference of native code values that makes `step` of 8 bits.
int native(int step, int bits) {
  return bits >= 8 ? step << (bits - 8) : (step + (1 << (8 - bits)) - 1) >> (8 - bits);
}
int of_8_bits(int code, int bits) { return bits >= 8 ? code >> (bits - 8) : code << (8 - bits); }

}  // namespace

void OutlierSweep::begin(const VideoFrame& frame, LumaLines& luma) {
  forget();
  luma_ = &luma;
  width_ = frame.width;
  height_ = frame.height;
  bits_ = luma.bits();
  bytes_ = luma.bytes();
  in_place_ = luma.in_place();
  found_.measured = std::min(width_, height_) >= kLeastOutlierSide;
  if (!found_.measured) return;
  found_.fields = frame.structure != PictureStructure::progressive;
  apart_ = found_.fields ? 2 : 1;
  task_.width = width_;
  task_.mask = static_cast<std::uint16_t>((1u << bits_) - 1);
  task_.least = static_cast<std::uint16_t>(native(kDotFloor, bits_));
  task_.crowded = false;
  const auto columns = static_cast<std::size_t>(width_);
  line_edges_.assign(static_cast<std::size_t>(height_), 0);
  column_edges_.assign(columns, 0);
  column_lines_ = 0;
  all_largest_ = false;
  if (scratch_.size() < columns) scratch_.resize(columns);
  if (in_place_) return;
  for (auto& copy : copies_)
    if (copy.size() < columns) copy.resize(columns);
}

void OutlierSweep::line(int y, const void* luma) {
  if (!found_.measured) return;
  const auto i = static_cast<std::size_t>(y) % kHeld;
  held_[i] = luma;
  if (!in_place_) {
    std::memcpy(copies_[i].data(), luma, static_cast<std::size_t>(width_) * (bytes_ ? 1 : 2));
    held_[i] = copies_[i].data();
  }
  const auto bytes = [](const void* line) { return static_cast<const std::uint8_t*>(line); };
  const auto words = [](const void* line) { return static_cast<const std::uint16_t*>(line); };
  if (y >= apart_) {
    const void *now = held(y), *above = held(y - apart_);
    line_edges_[static_cast<std::size_t>(y)] =
        bytes_ ? changes_->difference8(bytes(now), bytes(above), width_, task_.mask)
               : changes_->difference16(words(now), words(above), width_, task_.mask);
  }
  if (measures_columns(y, height_)) {
    ++column_lines_;
    if (bytes_)
      kernels_->edges8(bytes(held(y)), width_, task_.mask, column_edges_.data());
    else
      kernels_->edges16(words(held(y)), width_, task_.mask, column_edges_.data());
  }
  if (y >= 2 * kRingReach && !all_largest_) find_dots(y - kRingReach);
}

int OutlierSweep::code8(const void* line, int x) const {
  const int code = bytes_ ? static_cast<const std::uint8_t*>(line)[x]
                          : static_cast<const std::uint16_t*>(line)[x];
  return of_8_bits(code & task_.mask, bits_);
}

// Of the sample in the middle line, which stands out.
int OutlierSweep::step_of(int x) const {
  const auto code = [&](int line, int at) {
    const void* from = task_.lines[static_cast<std::size_t>(line)];
    return (bytes_ ? static_cast<const std::uint8_t*>(from)[at]
                   : static_cast<const std::uint16_t*>(from)[at]) &
           task_.mask;
  };
  const int sample = code(2, x);
  int high = 0, low = 65535;
  for (int dy = -kRingReach; dy <= kRingReach; ++dy)
    for (int dx = -kRingReach; dx <= kRingReach; ++dx) {
      if (std::max(std::abs(dx), std::abs(dy)) != kRingReach) continue;
      const int other = code(2 + dy, x + dx);
      high = std::max(high, other);
      low = std::min(low, other);
    }
  return sample > high ? of_8_bits(sample - high, bits_) : -of_8_bits(low - sample, bits_);
}

void OutlierSweep::find_dots(int y) {
  for (std::size_t i = 0; i < kHeld; ++i)
    task_.lines[i] = held(y - kRingReach + static_cast<int>(i));
  const auto next = bytes_ ? kernels_->dot8 : kernels_->dot16;
  for (int x = next(task_, 0); x < width_ && !all_largest_; x = next(task_, x + 1)) {
    OutlierDot dot;
    dot.x = static_cast<std::uint16_t>(x);
    dot.y = static_cast<std::uint16_t>(y);
    dot.step = static_cast<std::int16_t>(step_of(x));
    keep(dot);
  }
}

// Every dot that is kept raises the sum of the steps: there are at most 255 times 16 of them,
// however noisy the picture is.
void OutlierSweep::keep(const OutlierDot& dot) {
  OutlierDot* const first = found_.dots.data();
  OutlierDot* const end = first + found_.dot_count;
  const auto size = [](const OutlierDot& each) { return std::abs(each.step); };
  const auto near = std::find_if(first, end, [&](const OutlierDot& each) {
    return std::abs(each.x - dot.x) <= kRingReach && std::abs(each.y - dot.y) <= kRingReach;
  });
  const auto smaller = [&](const OutlierDot& a, const OutlierDot& b) { return size(a) < size(b); };
  if (near != end) {
    if (size(dot) > size(*near)) *near = dot;
  } else if (found_.dot_count < kMostDots) {
    found_.dots[found_.dot_count++] = dot;
  } else if (OutlierDot& least = *std::min_element(first, end, smaller); size(dot) > size(least)) {
    least = dot;
  }
  if (found_.dot_count < kMostDots) return;
  const int least = size(*std::min_element(first, first + kMostDots, smaller));
  task_.crowded = true;
  all_largest_ = native(least + 1, bits_) > task_.mask;
  if (!all_largest_) task_.least = static_cast<std::uint16_t>(native(least + 1, bits_));
}

void OutlierSweep::look_around(OutlierDot& dot) {
  int sample = 0, high = 0, low = 255;
  std::array<int, 4> sums{}, counts{};
  const int left = std::max(dot.x - kWide, 0), right = std::min(dot.x + kWide, width_ - 1);
  for (int y = std::max(dot.y - kWide, 0); y <= std::min(dot.y + kWide, height_ - 1); ++y) {
    const void* line = luma_->line(y, scratch_.data());
    const int down = y - dot.y;
    if (down == 0) sample = code8(line, dot.x);
    for (int x = left; x <= right; ++x) {
      const int across = x - dot.x, away = std::max(std::abs(across), std::abs(down));
      if (away <= kRingReach) continue;
      const int code = code8(line, x);
      high = std::max(high, code);
      low = std::min(low, code);
      if (away > kNear || across == 0 || down == 0) continue;
      const auto quarter = static_cast<std::size_t>((down > 0 ? 2 : 0) + (across > 0 ? 1 : 0));
      sums[quarter] += code;
      ++counts[quarter];
    }
  }
  dot.alone = static_cast<std::uint8_t>(std::max(0, dot.step > 0 ? sample - high : low - sample));
  for (std::size_t i = 0; i < 4; ++i)
    dot.around[i] = static_cast<std::uint8_t>(sums[i] / std::max(counts[i], 1));
}

void OutlierSweep::find_lines() {
  const auto candidates =
      bands_.choose(line_edges_, apart_, static_cast<std::uint64_t>(width_), bits_);
  if (candidates.empty()) return;
  bands_.make_room(static_cast<std::size_t>(width_));
  std::size_t found = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    for (int k = 0; k < candidates[i].count + 2; ++k) {
      const void* line = luma_->line(candidates[i].at + (k - 1) * apart_, scratch_.data());
      std::uint8_t* row = bands_.row(i, k);
      for (int x = 0; x < width_; ++x) row[x] = static_cast<std::uint8_t>(code8(line, x));
    }
    const OutlierBand band = bands_.measure(i);
    if (band.count > 0) found_.lines[found++] = band;
  }
}

void OutlierSweep::find_columns() {
  const auto candidates = bands_.choose(column_edges_, 1, column_lines_, bits_);
  if (candidates.empty()) return;
  bands_.make_room(column_lines_);
  std::size_t at = 0;
  for (int y = 0; y < height_; ++y) {
    if (!measures_columns(y, height_)) continue;
    const void* line = luma_->line(y, scratch_.data());
    for (std::size_t i = 0; i < candidates.size(); ++i)
      for (int k = 0; k < candidates[i].count + 2; ++k)
        bands_.row(i, k)[at] = static_cast<std::uint8_t>(code8(line, candidates[i].at + k - 1));
    ++at;
  }
  std::size_t found = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const OutlierBand band = bands_.measure(i);
    if (band.count > 0) found_.columns[found++] = band;
  }
}

void OutlierSweep::finish() {
  if (!found_.measured) return;
  OutlierDot* const first = found_.dots.data();
  OutlierDot* const end = first + found_.dot_count;
  std::sort(first, end, [](const OutlierDot& a, const OutlierDot& b) {
    return a.y != b.y ? a.y < b.y : a.x < b.x;
  });
  for (OutlierDot* dot = first; dot != end; ++dot) look_around(*dot);
  find_lines();
  find_columns();
  luma_ = nullptr;
}

}  // namespace cleangate::probes
