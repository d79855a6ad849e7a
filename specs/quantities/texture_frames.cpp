// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/texture_frames.h"

#include <fmt/format.h>

#include <algorithm>

#include "probes/picture/luma_ladder.h"

namespace cleangate::specs {
namespace {

using probes::TextureRow;

constexpr std::int64_t kMillion = 1'000'000;

std::int64_t count_of(std::int64_t code) {
  return static_cast<std::int64_t>(probes::share_low(static_cast<std::uint16_t>(code)));
}

// The columns beside it get their share of edges by chance; so does the one of the grid.
std::int64_t grid_of(const std::array<std::int64_t, probes::kTextureCell>& edges) {
  std::int64_t sum = 0;
  for (const std::int64_t column : edges) sum += column;
  const std::int64_t most = *std::max_element(edges.begin(), edges.end());
  return most - (sum - most) / (probes::kTextureCell - 1);
}

}  // namespace

tl::expected<TextureFrames, Absent> TextureFrames::of(const Evidence& evidence, int stream) {
  auto luma = LumaFrames::of(evidence, stream);
  if (!luma) return tl::unexpected(luma.error());
  auto rows = PictureRows::of(evidence, stream, TextureRow::kType, "texture");
  if (!rows) return tl::unexpected(rows.error());
  TextureFrames frames(std::move(*luma), std::move(*rows));
  if (auto absent = frames.load()) return tl::unexpected(std::move(*absent));
  return frames;
}

std::optional<Absent> TextureFrames::load() {
  using Column = std::vector<std::int64_t>;
  Column flags, cells, flat, contrasty, rough, sharp;
  std::array<Column, probes::kContourRungs> contours;
  std::array<Column, probes::kTextureCell> edges;
  std::optional<Absent> absent;
  const auto take = [&](Column& into, std::string_view name, std::uint32_t element = 0) {
    auto values = rows_.column(name, element);
    if (values)
      into = std::move(*values);
    else
      absent = std::move(values.error());
  };
  take(flags, "flags");
  take(cells, "cells");
  take(flat, "flat");
  take(contrasty, "contrasty");
  take(rough, "rough", 0);
  take(sharp, "sharp", 1);
  for (std::uint32_t i = 0; i < contours.size(); ++i) take(contours[i], "contours", i);
  for (std::uint32_t i = 0; i < edges.size(); ++i) take(edges[i], "edges", i);
  if (absent) return absent;
  frames_.resize(static_cast<std::size_t>(map().frame_count()));
  for (std::int64_t i = 0; i < map().frame_count(); ++i) {
    const std::size_t row = rows_.row(i);
    Frame& frame = frames_[static_cast<std::size_t>(i)];
    frame.measured = !map().damaged(i) && cells[row] > 0 &&
                     !(flags[row] & (TextureRow::kDamaged | TextureRow::kNotMeasured)) &&
                     luma_.state(i) == LumaFrames::State::measured;
    if (!frame.measured) continue;
    const auto share = [&](std::int64_t count) { return count * kMillion / cells[row]; };
    frame.flat = share(count_of(flat[row]));
    frame.contrasty = share(count_of(contrasty[row]));
    for (std::size_t rung = 0; rung < contours.size(); ++rung)
      frame.contours[rung] = share(count_of(contours[rung][row]));
    std::array<std::int64_t, probes::kTextureCell> columns{};
    for (std::size_t x = 0; x < columns.size(); ++x) columns[x] = count_of(edges[x][row]);
    frame.grid = share(grid_of(columns));
    frame.rough = rough[row];
    frame.sharp = sharp[row];
  }
  return std::nullopt;
}

std::optional<Absent> TextureFrames::nothing_in(std::int64_t first, std::int64_t end) const {
  if (auto nothing = luma_.nothing_in(first, end)) return nothing;
  for (std::int64_t i = first; i < end; ++i)
    if (frame(i).measured) return std::nullopt;
  return Absent{AbsenceKind::not_measured,
                fmt::format("The texture of stream {} is not measured: pictures under 24x24 "
                            "samples, or samples of under 8 bits.",
                            map().stream())};
}

}  // namespace cleangate::specs
