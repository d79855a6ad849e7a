// SPDX-License-Identifier: Apache-2.0
// Lines and columns that are defects.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "probes/picture/outlier_bands.h"
#include "specs/quantities/band_runs.h"
#include "specs/quantities/change_frames.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

using Axis = OutlierFrames::Axis;

constexpr std::int64_t kAtOnce = 4096;  // frames read together
constexpr std::int64_t kFewFrames = 5;  // a lasting defect is seen in, at least
// A cut: this mean difference of luma in percent, and twice that of the frames beside it.
const Rational kCut(8);

// The stored shares of the samples that what is asked for lies between, or the one it is.
struct Shares {
  std::uint32_t below = 0, above = 0;  // of probes::kBandShares
};
Shares shares_of(const Rational& percent) {
  constexpr auto kAll = static_cast<std::uint32_t>(probes::kBandShares.size());
  const auto stored = [](std::uint32_t i) { return Rational(probes::kBandShares[i] * 100, 8); };
  Shares shares;
  while (shares.above + 1 < kAll && stored(shares.above) < percent) ++shares.above;
  while (shares.below + 1 < kAll && stored(shares.below + 1) <= percent) ++shares.below;
  return shares;
}

BandRuns::Limits limits_of(const Parameters& parameters, std::int64_t count) {
  return {(parameters.number("level") * Rational(219, 100)).floor(),
          parameters.number("count").floor(), parameters.number("longest").floor(),
          std::min(parameters.number("frames").floor(), std::max(kFewFrames, count))};
}

bool cuts(const ChangeFrames& changes, std::int64_t frame) {
  if (changes.state(frame) != ChangeFrames::State::compared) return true;
  const auto change = [&](std::int64_t each) {
    const bool known =
        each < changes.map().frame_count() && changes.state(each) == ChangeFrames::State::compared;
    return known ? changes.change(each).luma : 0;
  };
  const std::int64_t beside = std::max(change(frame - 1), change(frame + 1));
  return change(frame) >= std::max(changes.level(frame, kCut), 2 * beside);
}

// Of all frames of the stream: a region's edge neither makes nor hides a defect.
std::optional<std::vector<Shown>> find(const OutlierFrames& frames, const ChangeFrames& changes,
                                       const BandRuns::Limits& limits, Axis axis,
                                       std::uint32_t share) {
  const std::int64_t count = frames.map().frame_count();
  BandRuns runs(limits, {count, [&](std::int64_t frame) { return cuts(changes, frame); },
                         [&](std::int64_t frame) {
                           return frames.state(frame) == OutlierFrames::State::measured;
                         }});
  for (std::int64_t from = 0; from < count; from += kAtOnce) {
    const auto bands = frames.bands(axis, share, from, std::min(count, from + kAtOnce));
    if (!bands) return std::nullopt;
    for (const OutlierFrames::Band& band : *bands) runs.add(band);
  }
  return runs.finish();
}

// Where two stored shares answer differently, one between them is not known.
std::optional<std::vector<Shown>> find(const OutlierFrames& frames, const ChangeFrames& changes,
                                       const Parameters& parameters, Axis axis) {
  const BandRuns::Limits limits = limits_of(parameters, frames.map().frame_count());
  const Shares shares = shares_of(parameters.number("share"));
  auto shown = find(frames, changes, limits, axis, shares.above);
  if (!shown || shares.above == shares.below) return shown;
  const auto other = find(frames, changes, limits, axis, shares.below);
  if (!other) return std::nullopt;
  for (std::size_t i = 0; i < shown->size(); ++i)
    if ((*shown)[i] != (*other)[i]) (*shown)[i] = Shown::open;
  return shown;
}

void tell(const OutlierFrames& frames, const ChangeFrames& changes, const Parameters& parameters,
          Axis axis, std::pair<std::int64_t, std::int64_t> window, Reading& reading) {
  if (frames.map().frame_count() < 2) {
    reading.value =
        Absent{AbsenceKind::undecided,
               fmt::format("Stream {} has one frame: no defect is told from its picture.",
                           frames.map().stream())};
    return;
  }
  const auto shown = find(frames, changes, parameters, axis);
  if (!shown) {
    reading.value = Absent{AbsenceKind::damaged, "The stored outliers cannot be read."};
    return;
  }
  const std::vector<Shown> inside(shown->begin() + window.first, shown->begin() + window.second);
  tell_spans(frames.map(), runs_of(frames.map(), window.first, inside), reading);
}

template <Axis kAxis>
std::vector<Reading> evaluate(const Evidence& evidence, const Parameters& parameters,
                              const Window& window) {
  return read_video_streams(
      evidence, window, [&](int stream) { return OutlierFrames::of(evidence, stream); },
      [&](const OutlierFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        const auto changes = ChangeFrames::of(evidence, frames.map().stream());
        if (changes)
          tell(frames, *changes, parameters, kAxis, {first, end}, reading);
        else
          reading.value = changes.error();
      });
}

constexpr std::array<RowNeed, 4> kNeeds{
    {{"picture.outliers"}, {"picture.change"}, {"picture.luma"}, {"video.frame_time"}}};
// Rows hold bands of 8 code values, and a defect is told by there being none of half its level.
constexpr ParameterInfo kLevel{
    "level",
    Unit::percent,
    ValueKind::number,
    "10 %",
    "The defect lies outside of what the samples on both sides span by this share of 219 code "
    "values (8 bits).",
    "7.5 %"};
constexpr ParameterInfo kShare{
    "share",
    Unit::percent,
    ValueKind::number,
    "37.5 %",
    "It does so over this share of the picture's length; told at 25, 37.5, 50 and 75 %, and in "
    "between where the two beside agree.",
    "25 %",
    "75 %"};
constexpr ParameterInfo kLongest{
    "longest",
    Unit::frames,
    ValueKind::number,
    "25 frames",
    "A defect that passes within a shot lasts this many frames at most.",
    "1 frames"};
constexpr ParameterInfo kFrames{
    "frames",
    Unit::frames,
    ValueKind::number,
    "25 frames",
    "One that stays while the picture changes on both sides is seen in this many frames at least, "
    "in all of a shorter stream.",
    "5 frames"};
constexpr ParameterInfo count_of(std::string_view meaning) {
  return {"count", Unit::count, ValueKind::number, "4", meaning, "1", "8"};
}
constexpr std::array<ParameterInfo, 5> kLineParameters{
    {kLevel, kShare,
     count_of("As many lines (of a field where the frame is interlaced) side by side at most."),
     kLongest, kFrames}};
constexpr std::array<ParameterInfo, 5> kColumnParameters{
    {kLevel, kShare, count_of("As many columns side by side at most."), kLongest, kFrames}};

template <Axis kAxis>
constexpr Quantity quantity(std::string_view id, std::span<const ParameterInfo> parameters,
                            std::string_view noun, std::string_view meaning,
                            std::string_view document) {
  return {.id = id,
          .version = 2,
          .kind = ValueKind::spans,
          .unit = Unit::frames,
          .subject = SubjectKind::video_stream,
          .needs = kNeeds,
          .parameters = parameters,
          .allowed = {},
          .noun = noun,
          .meaning = meaning,
          .document = document,
          .evaluate = evaluate<kAxis>,
          .missing = Missing::raises};
}

}  // namespace

extern const Quantity kPictureColumnDropouts{quantity<Axis::column>(
    "picture.column_dropouts", kColumnParameters, "column dropout",
    "Runs of presented frames in which a column, or a few side by side, differ from those on both "
    "sides over a large part of the height.",
    "docs/quantities/picture.column_dropouts.md (own method)")};
extern const Quantity kPictureLineDropouts{quantity<Axis::line>(
    "picture.line_dropouts", kLineParameters, "line dropout",
    "Runs of presented frames in which a line, or a few side by side, differ from those above and "
    "below over a large part of the width.",
    "docs/quantities/picture.line_dropouts.md (own method)")};

}  // namespace cleangate::specs
