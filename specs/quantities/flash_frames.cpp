// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/flash_frames.h"

#include <fmt/format.h>

#include <algorithm>

#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

using probes::FlashRow;
using probes::LightCurve;

constexpr std::int64_t kBlock = 1024;  // frames

double peak_of(LightCurve curve, double white) {
  return curve == LightCurve::pq ? 10'000.0 : curve == LightCurve::hlg ? 1'000.0 : white;
}

LightCurve curve_of(std::uint64_t form) { return static_cast<LightCurve>(form & 0xFFFF); }

}  // namespace

tl::expected<FlashFrames, Absent> FlashFrames::of(const Evidence& evidence, int stream,
                                                  FlashPart part, double white) {
  auto rows = PictureRows::of(evidence, stream, FlashRow::kType, "light");
  if (!rows) return tl::unexpected(rows.error());
  FlashFrames frames(std::move(*rows), part, white);
  if (auto absent = frames.load_forms()) return tl::unexpected(std::move(*absent));
  return frames;
}

std::optional<Absent> FlashFrames::load_forms() {
  std::vector<std::int64_t> flags, width, height, curve;
  const std::pair<std::string_view, std::vector<std::int64_t>*> columns[] = {
      {"flags", &flags}, {"width", &width}, {"height", &height}, {"curve", &curve}};
  for (const auto& [name, into] : columns) {
    auto values = rows_.column(name);
    if (!values) return std::move(values.error());
    *into = std::move(*values);
  }
  for (std::int64_t frame = 0; frame < map().frame_count(); ++frame) {
    const std::size_t row = rows_.row(frame);
    const bool silent = flags[row] & (FlashRow::kDamaged | FlashRow::kNotMeasured);
    if (flags[row] & FlashRow::kNoColor) colorless_ = true;
    form_.push_back(silent || map().damaged(frame)
                        ? 0
                        : static_cast<std::uint64_t>(width[row]) << 48 |
                              static_cast<std::uint64_t>(height[row]) << 32 |
                              static_cast<std::uint64_t>(curve[row]));
  }
  return std::nullopt;
}

std::optional<Absent> FlashFrames::nothing_in(std::int64_t first, std::int64_t end) const {
  if (first >= end) return no_frame_there(map());
  const int stream = map().stream();
  bool unmeasured = false;
  for (std::int64_t frame = first; frame < end; ++frame) {
    if (measured(frame)) return std::nullopt;
    unmeasured = unmeasured || !map().damaged(frame);
  }
  if (unmeasured)
    return Absent{
        AbsenceKind::not_measured,
        fmt::format("The light of the pictures of stream {} cannot be measured.", stream)};
  return all_damaged_there(map());
}

LightCurve FlashFrames::curve(std::int64_t frame) const { return curve_of(form_[at(frame)]); }
int FlashFrames::width(std::int64_t frame) const {
  return static_cast<int>(form_[at(frame)] >> 48);
}
int FlashFrames::height(std::int64_t frame) const {
  return static_cast<int>((form_[at(frame)] >> 32) & 0xFFFF);
}

const FlashPicture* FlashFrames::picture(std::int64_t frame) {
  if (frame < block_first_ || frame >= block_end_) {
    if (!load(std::max<std::int64_t>(0, frame - kReach))) return nullptr;
  }
  return &block_[at(frame - block_first_)];
}

template <std::size_t kCells>
bool FlashFrames::read(std::string_view column, std::array<float, kCells> FlashPicture::*into,
                       bool light, float scale) {
  for (std::uint32_t cell = 0; cell < kCells; ++cell) {
    const auto values = rows_.read(column, cell, block_first_, block_end_);
    if (!values) return false;
    for (std::int64_t i = 0; i < block_end_ - block_first_; ++i) {
      const std::int64_t value = (*values)[at(i)];
      float& out = (block_[at(i)].*into)[cell];
      if (!light) {
        out = static_cast<float>(value) * scale;
        continue;
      }
      const LightCurve curve = this->curve(block_first_ + i);
      out = static_cast<float>(probes::light_codes(curve)[static_cast<std::size_t>(value & 255)] *
                               peak_of(curve, white_) / probes::kLightOne);
    }
  }
  return true;
}

bool FlashFrames::load(std::int64_t first) {
  block_first_ = first;
  block_end_ = std::min(first + kBlock, map().frame_count());
  block_.resize(at(block_end_ - block_first_));
  if (part_ == FlashPart::luminance)
    return read("light", &FlashPicture::light, true, 1) &&
           read("darkest", &FlashPicture::darkest, true, 1) &&
           read("brightest", &FlashPicture::brightest, true, 1);
  constexpr float kUnit = 1.0F / static_cast<float>(probes::kChromaticityOne);
  return read("red", &FlashPicture::red, false, 1.0F / static_cast<float>(probes::kShareOne)) &&
         read("u", &FlashPicture::u, false, kUnit) && read("v", &FlashPicture::v, false, kUnit);
}

// Chunk by chunk: the largest share of red is known without reading.
std::int64_t FlashFrames::no_red_until(std::int64_t frame) const {
  const std::int64_t rows = rows_.reader().chunk_rows();
  while (frame < map().frame_count()) {
    const std::int64_t chunk = map().row_of(frame) / rows;
    for (std::uint32_t cell = 0; cell < probes::kWideCells; ++cell)
      if (rows_.reader().bounds("red", cell, chunk).max > 0) return frame;
    while (frame < map().frame_count() && map().row_of(frame) / rows == chunk) ++frame;
  }
  return frame;
}

}  // namespace cleangate::specs
