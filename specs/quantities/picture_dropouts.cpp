// SPDX-License-Identifier: Apache-2.0
// Lines and columns that are defects.
#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "probes/picture/outlier_bands.h"
#include "specs/quantities/band_runs.h"
#include "specs/quantities/change_frames.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

using Axis = OutlierFrames::Axis;

constexpr std::int64_t kAtOnce = 4096;  // frames read together
// A cut: this mean difference of luma in percent, and twice that of the frames beside it.
const Rational kCut(8);

// The share of the samples that is stored and not below what is asked for.
std::uint32_t share_of(const Rational& percent) {
  std::uint32_t share = 0;
  while (share + 1 < probes::kBandShares.size() &&
         Rational(probes::kBandShares[share] * 100, 8) < percent)
    ++share;
  return share;
}

BandRuns::Limits limits_of(const Parameters& parameters) {
  return {std::max<std::int64_t>(1, (parameters.number("level") * Rational(219, 100)).floor()),
          parameters.number("count").floor(), parameters.number("longest").floor(),
          std::max<std::int64_t>(5, parameters.number("frames").floor())};
}

template <Axis kAxis>
std::optional<std::vector<Shown>> find(const OutlierFrames& frames, const ChangeFrames& changes,
                                       const Parameters& parameters, std::int64_t first,
                                       std::int64_t end) {
  const auto change = [&](std::int64_t frame) {
    const bool known = frame < changes.map().frame_count() &&
                       changes.state(frame) == ChangeFrames::State::compared;
    return known ? changes.change(frame).luma : 0;
  };
  const auto cut = [&](std::int64_t frame) {
    if (changes.state(frame) != ChangeFrames::State::compared) return true;
    const std::int64_t beside = std::max(change(frame - 1), change(frame + 1));
    return change(frame) >= std::max(changes.level(frame, kCut), 2 * beside);
  };
  BandRuns::Limits limits = limits_of(parameters);
  limits.frames = std::min(limits.frames, std::max<std::int64_t>(5, end - first));
  BandRuns runs(limits, first, end, cut);
  const std::uint32_t share = share_of(parameters.number("share"));
  for (std::int64_t from = first; from < end; from += kAtOnce) {
    const auto bands = frames.bands(kAxis, share, from, std::min(end, from + kAtOnce));
    if (!bands) return std::nullopt;
    for (const OutlierFrames::Band& band : *bands) runs.add(band);
  }
  auto shown = runs.finish();
  for (std::int64_t frame = first; frame < end; ++frame)
    if (frames.state(frame) != OutlierFrames::State::measured)
      shown[static_cast<std::size_t>(frame - first)] = Shown::open;
  return shown;
}

template <Axis kAxis>
std::vector<Reading> evaluate(const Evidence& evidence, const Parameters& parameters,
                              const Window& window) {
  return read_video_streams(
      evidence, window, [&](int stream) { return OutlierFrames::of(evidence, stream); },
      [&](const OutlierFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        const auto changes = ChangeFrames::of(evidence, frames.map().stream());
        if (!changes) {
          reading.value = changes.error();
          return;
        }
        if (const auto shown = find<kAxis>(frames, *changes, parameters, first, end))
          tell_spans(frames.map(), runs_of(frames.map(), first, *shown), reading);
        else
          reading.value = Absent{AbsenceKind::damaged, "The stored outliers cannot be read."};
      });
}

constexpr std::array<RowNeed, 4> kNeeds{
    {{"picture.outliers"}, {"picture.change"}, {"picture.luma"}, {"video.frame_time"}}};
constexpr ParameterInfo kLevel{
    "level", Unit::percent, ValueKind::number, "10 %",
    "The defect lies outside of what the samples on both sides span by this share of 219 code "
    "values (8 bits)."};
constexpr ParameterInfo kShare{
    "share", Unit::percent, ValueKind::number, "37.5 %",
    "It does so over this share of the picture's length, 25 % to 75 %; told in steps of 25, 37.5, "
    "50 and 75 %."};
constexpr ParameterInfo kLongest{
    "longest", Unit::frames, ValueKind::number, "25 frames",
    "A defect that comes and goes within a shot lasts this many frames at most."};
constexpr ParameterInfo kFrames{
    "frames", Unit::frames, ValueKind::number, "25 frames",
    "One that stays while the picture changes on both sides is seen in this many frames at least, "
    "in all of a shorter stream."};
constexpr std::array<ParameterInfo, 5> kLineParameters{
    {kLevel,
     kShare,
     {"count", Unit::count, ValueKind::number, "4",
      "As many lines (of a field where the frame is interlaced) side by side at most, up to 8."},
     kLongest,
     kFrames}};
constexpr std::array<ParameterInfo, 5> kColumnParameters{
    {kLevel,
     kShare,
     {"count", Unit::count, ValueKind::number, "4",
      "As many columns side by side at most, up to 8."},
     kLongest,
     kFrames}};

template <Axis kAxis>
constexpr Quantity quantity(std::string_view id, std::span<const ParameterInfo> parameters,
                            std::string_view noun, std::string_view meaning,
                            std::string_view document) {
  return {.id = id,
          .version = 1,
          .kind = ValueKind::spans,
          .unit = Unit::frames,
          .subject = SubjectKind::video_stream,
          .needs = kNeeds,
          .parameters = parameters,
          .allowed = {},
          .noun = noun,
          .meaning = meaning,
          .document = document,
          .evaluate = evaluate<kAxis>};
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
