// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/outlier_frames.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "probes/picture/outliers_row.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

using probes::OutliersRow;

// Columns of frames that are read together.
class Block {
 public:
  Block(const PictureRows& rows, std::int64_t first, std::int64_t end)
      : rows_(rows), first_(first), end_(end) {}
  [[nodiscard]] std::vector<std::int64_t> read(std::string_view column, std::uint32_t element) {
    auto values = rows_.read(column, element, first_, end_);
    if (values) return std::move(*values);
    failed_ = true;
    return std::vector<std::int64_t>(static_cast<std::size_t>(end_ - first_));
  }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  const PictureRows& rows_;
  std::int64_t first_, end_;
  bool failed_ = false;
};

}  // namespace

tl::expected<OutlierFrames, Absent> OutlierFrames::of(const Evidence& evidence, int stream) {
  auto rows = PictureRows::of(evidence, stream, OutliersRow::kType, "outlier");
  if (!rows) return tl::unexpected(rows.error());
  OutlierFrames frames(std::move(*rows));
  auto flags = frames.rows_.column("flags");
  if (!flags) return tl::unexpected(flags.error());
  frames.flags_ = std::move(*flags);
  return frames;
}

std::optional<std::vector<OutlierFrames::Dot>> OutlierFrames::dots(std::int64_t first,
                                                                   std::int64_t end) const {
  std::vector<Dot> dots;
  Block block(rows_, first, end);
  for (std::uint32_t i = 0; i < probes::kMostDots; ++i) {
    const auto step = block.read("dot_step", i);
    // Those that are not needed come last.
    if (std::all_of(step.begin(), step.end(), [](std::int64_t each) { return each == 0; })) break;
    const auto x = block.read("dot_x", i), y = block.read("dot_y", i);
    const auto alone = block.read("dot_alone", i);
    std::array<std::vector<std::int64_t>, 4> around;
    for (std::uint32_t k = 0; k < 4; ++k) around[k] = block.read("dot_around", i * 4 + k);
    for (std::size_t at = 0; at < step.size(); ++at) {
      if (step[at] == 0) continue;
      dots.push_back({first + static_cast<std::int64_t>(at),
                      x[at],
                      y[at],
                      step[at],
                      alone[at],
                      {around[0][at], around[1][at], around[2][at], around[3][at]}});
    }
  }
  if (block.failed()) return std::nullopt;
  std::stable_sort(dots.begin(), dots.end(),
                   [](const Dot& a, const Dot& b) { return a.frame < b.frame; });
  return dots;
}

std::optional<std::vector<OutlierFrames::Band>> OutlierFrames::bands(Axis axis, std::uint32_t share,
                                                                     std::int64_t first,
                                                                     std::int64_t end) const {
  constexpr auto kShares = static_cast<std::uint32_t>(probes::kBandShares.size());
  const std::string name = axis == Axis::line ? "line" : "column";
  std::vector<Band> bands;
  Block block(rows_, first, end);
  for (std::uint32_t i = 0; i < probes::kMostBands; ++i) {
    const auto count = block.read(name + "_count", i);
    if (std::all_of(count.begin(), count.end(), [](std::int64_t each) { return each == 0; })) break;
    const auto at = block.read(name + "_at", i), apart = block.read(name + "_apart", i);
    const auto level = block.read(name + "_level", i * kShares + share);
    std::array<std::vector<std::int64_t>, 8> around;
    for (std::uint32_t k = 0; k < 8; ++k) around[k] = block.read(name + "_around", i * 8 + k);
    for (std::size_t row = 0; row < count.size(); ++row) {
      if (count[row] == 0) continue;
      Band band{
          first + static_cast<std::int64_t>(row), at[row], count[row], apart[row], level[row], {}};
      for (std::size_t k = 0; k < 8; ++k) band.around[k / 4][k % 4] = around[k][row];
      bands.push_back(band);
    }
  }
  if (block.failed()) return std::nullopt;
  std::stable_sort(bands.begin(), bands.end(),
                   [](const Band& a, const Band& b) { return a.frame < b.frame; });
  return bands;
}

OutlierFrames::State OutlierFrames::state(std::int64_t frame) const {
  const std::int64_t flags = flags_[rows_.row(frame)];
  if ((flags & OutliersRow::kDamaged) || map().damaged(frame)) return State::damaged;
  return flags & OutliersRow::kNotMeasured ? State::unmeasured : State::measured;
}

std::optional<Absent> OutlierFrames::nothing_in(std::int64_t first, std::int64_t end) const {
  if (first >= end) return no_frame_there(map());
  bool unmeasured = false;
  for (std::int64_t i = first; i < end; ++i) {
    if (state(i) == State::measured) return std::nullopt;
    unmeasured = unmeasured || state(i) == State::unmeasured;
  }
  if (unmeasured)
    return Absent{AbsenceKind::not_measured,
                  fmt::format("The outliers of stream {} are not measured: a pixel layout that is "
                              "not read, or a side under 16 samples.",
                              map().stream())};
  return all_damaged_there(map());
}

std::optional<std::string> OutlierFrames::taint(std::int64_t first, std::int64_t end) const {
  std::int64_t open = 0;
  for (std::int64_t i = first; i < end; ++i) open += state(i) != State::measured;
  return taint_of(map(), open, end - first);
}

bool OutlierFrames::another_picture(const Around& now, const Around& before) {
  constexpr std::int64_t kBlack = 16, kLeast = 8;
  const auto lit = [](std::int64_t level) { return std::max<std::int64_t>(level - kBlack, 0); };
  const auto sum = [&](const Around& levels) {
    return std::accumulate(levels.begin(), levels.end(), std::int64_t{0},
                           [&](std::int64_t all, std::int64_t one) { return all + lit(one); });
  };
  const std::int64_t here = sum(now), there = sum(before), more = std::max(here, there);
  for (std::size_t i = 0; i < now.size(); ++i)
    if (std::abs(lit(now[i]) * there - lit(before[i]) * here) > kLeast * more) return true;
  return false;
}

}  // namespace cleangate::specs
