// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/field_sweep.h"

#include <algorithm>
#include <cstring>

namespace cleangate::probes {
namespace {

bool same_form(const VideoFrame& a, const VideoFrame& b) {
  return a.width == b.width && a.height == b.height && a.layout == b.layout;
}

void count(FrameFields::Ladder& ladder, std::int64_t value) {
  for (std::size_t i = 0; i < kFieldRungs; ++i) ladder[i] += value > field_rung(i);
}

}  // namespace

void FieldSweep::begin(const VideoFrame& frame, const VideoFrame* before, const LumaLines& luma) {
  forget();
  width_ = frame.width;
  height_ = frame.height;
  bits_ = luma.bits();
  bytes_ = luma.bytes();
  in_place_ = luma.in_place();
  fields_.measured = height_ >= 3;
  fields_.paired = fields_.measured && before && same_form(frame, *before) &&
                   before_.open(*before) == Unmeasured::measured;
  const auto columns = static_cast<std::size_t>(width_);
  const auto make_room = [columns](auto& copies) {
    for (auto& copy : copies)
      if (copy.size() < columns) copy.resize(columns);
  };
  if (!in_place_) make_room(copies_);
  if (fields_.paired && !before_.in_place()) make_room(before_copies_);
  first_line_ = 0;
}

void FieldSweep::line(int y, const void* luma) {
  if (!fields_.measured) return;
  const auto i = static_cast<std::size_t>(y) % kHeld;
  held_[i] = luma;
  if (!in_place_) {
    std::memcpy(copies_[i].data(), luma, static_cast<std::size_t>(width_) * (bytes_ ? 1 : 2));
    held_[i] = copies_[i].data();
  }
  if ((y > 0 && y % kFieldBlockLines == 0) || y == height_ - 1) close_blocks(y);
}

// Measures lines [first_line_, end), block by block; line `end` is held as well.
void FieldSweep::close_blocks(int end) {
  const int blocks = std::max(1, width_ / kFieldBlockWidth), first = std::max(first_line_, 1);
  FieldBlock block;
  block.count = end - first;
  block.first_field = first & 1;
  block.mask = static_cast<std::uint16_t>((1u << bits_) - 1);
  for (int y = first - 1; y <= end; ++y)
    block.lines[static_cast<std::size_t>(y - first + 1)] =
        held_[static_cast<std::size_t>(y) % kHeld];
  for (int y = first; y < end; ++y) {
    const auto i = static_cast<std::size_t>(y - first);
    block.before[i] =
        fields_.paired ? before_.line(y, before_copies_[i].data()) : block.lines[i + 1];
  }
  const auto odd = static_cast<std::uint64_t>(end / 2 - first / 2);
  const std::uint64_t even = static_cast<std::uint64_t>(block.count) - odd;
  const bool counts = block.count >= kFieldBlockLines / 2 || height_ < kFieldBlockLines;
  const auto measure = bytes_        ? kernels_->block8
                       : bits_ <= 12 ? kernels_->block16
                                     : kernels_->block16_deep;
  for (int i = 0; i < blocks; ++i) {
    block.x = i * kFieldBlockWidth;
    block.width = i == blocks - 1 ? width_ - block.x : kFieldBlockWidth;
    const auto across = static_cast<std::uint64_t>(block.width);
    add_block(measure(block), {across * even, across * odd}, counts);
  }
  first_line_ = end;
}

void FieldSweep::add_block(const FieldSums& block, std::array<std::uint64_t, 2> samples,
                           bool counts) {
  const int shift = 16 - bits_;
  std::array<std::int64_t, 2> e{};
  for (std::size_t field = 0; field < 2; ++field) {
    fields_.samples[field] += samples[field];
    fields_.weave[field] += block.weave[field];
    fields_.weave_before[field] += block.weave_before[field];
    fields_.difference[field] += block.difference[field];
    if (samples[field] == 0) counts = false;
    const auto divisor = static_cast<std::int64_t>(std::max<std::uint64_t>(samples[field], 1));
    e[field] = (static_cast<std::int64_t>(block.weave_before[field]) -
                static_cast<std::int64_t>(block.weave[field])) *
               (std::int64_t{1} << shift) / (2 * divisor);
    if (counts)
      fields_.difference_max[field] =
          std::max(fields_.difference_max[field],
                   static_cast<std::uint16_t>((std::uint64_t{block.difference[field]} << shift) /
                                              static_cast<std::uint64_t>(divisor)));
  }
  fields_.vertical += block.vertical;
  if (!counts) return;
  ++fields_.blocks;
  count(fields_.progressive, std::min(e[0], e[1]));
  count(fields_.top_first, e[0] - 2 * std::max<std::int64_t>(e[1], 0));
  count(fields_.bottom_first, e[1] - 2 * std::max<std::int64_t>(e[0], 0));
  count(fields_.better[0], -e[0]);
  count(fields_.better[1], -e[1]);
  const auto weave = std::int64_t{block.weave[0]} + block.weave[1];
  const auto comb = weave - 2 * std::int64_t{block.vertical};
  count(fields_.combed, comb * (std::int64_t{1} << shift) /
                            (2 * static_cast<std::int64_t>(samples[0] + samples[1])));
}

void FieldSweep::finish() {
  if (fields_.paired) return;
  fields_.weave_before = fields_.difference = {};
  fields_.progressive = fields_.top_first = fields_.bottom_first = {};
  fields_.better = {};
  fields_.difference_max = {};
}

}  // namespace cleangate::probes
