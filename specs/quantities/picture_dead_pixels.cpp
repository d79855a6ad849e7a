// SPDX-License-Identifier: Apache-2.0
// Pixels that are stuck or dead.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "specs/quantities/dead_pixels.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

constexpr std::int64_t kFewFrames = 5;  // of less nothing can be told

std::int64_t step_of(const Rational& percent) {
  return std::max<std::int64_t>(1, (percent * Rational(219, 100)).floor());
}

DeadPixelFinder::Limits limits_of(const Parameters& parameters, std::int64_t count) {
  const std::int64_t wanted = std::max(kFewFrames, parameters.number("frames").floor());
  return {step_of(parameters.number("level")), std::min(wanted, count)};
}

void tell(const OutlierFrames& frames, const Parameters& parameters, std::int64_t first,
          std::int64_t end, Reading& reading) {
  const int stream = frames.map().stream();
  if (end - first < kFewFrames) {
    reading.value =
        Absent{AbsenceKind::undecided,
               fmt::format("{} frames of stream {} are too few to tell dead pixels from a picture.",
                           end - first, stream)};
    return;
  }
  const auto found = find_dead_pixels(frames, first, end, limits_of(parameters, end - first));
  if (!found) {
    reading.value = Absent{AbsenceKind::damaged, "The stored outliers cannot be read."};
    return;
  }
  reading.value = Scalar(Rational(static_cast<std::int64_t>(found->pixels.size())));
  for (const DeadPixel& pixel : found->pixels)
    reading.where.push_back(frames.map().span(pixel.first_frame, pixel.end_frame));
  reading.tainted_because = frames.taint(first, end);
  // A pixel must be seen in half of its frames.
  if (!reading.tainted_because && found->crowded * 2 > end - first)
    reading.tainted_because = fmt::format(
        "In {} of {} frames of stream {} more samples stand out than are stored: fainter dead "
        "pixels "
        "are not seen.",
        found->crowded, end - first, stream);
}

std::vector<Reading> evaluate(const Evidence& evidence, const Parameters& parameters,
                              const Window& window) {
  return read_video_streams(
      evidence, window, [&](int stream) { return OutlierFrames::of(evidence, stream); },
      [&](const OutlierFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        tell(frames, parameters, first, end, reading);
      });
}

constexpr std::array<RowNeed, 2> kNeeds{{{"picture.outliers"}, {"video.frame_time"}}};
constexpr std::array<ParameterInfo, 2> kParameters{
    {{"level", Unit::percent, ValueKind::number, "8 %",
      "The pixel's luma lies outside of that of the ring of 16 samples around it by this share of "
      "219 code values (8 bits), at least 5.5 %."},
     {"frames", Unit::count, ValueKind::number, "25",
      "It does so in this many frames, at least 5; in all frames of a shorter stream."}}};

}  // namespace

extern const Quantity kPictureDeadPixels{
    .id = "picture.dead_pixels",
    .version = 1,
    .kind = ValueKind::number,
    .unit = Unit::count,
    .subject = SubjectKind::video_stream,
    .needs = kNeeds,
    .parameters = kParameters,
    .allowed = {},
    .noun = "number of dead or stuck pixels",
    .meaning =
        "Pixels that stand out of what surrounds them, at the same place over time, while the "
        "picture around them changes.",
    .document = "docs/quantities/picture.dead_pixels.md (own method)",
    .evaluate = evaluate};

std::optional<std::vector<PlacedPixel>> dead_pixels_of(const Evidence& evidence, int stream) {
  const auto frames = OutlierFrames::of(evidence, stream);
  if (!frames) return std::nullopt;
  const std::int64_t count = frames->map().frame_count();
  if (count < kFewFrames) return std::nullopt;
  const Parameters& parameters = default_parameters(kPictureDeadPixels);
  const auto found = find_dead_pixels(*frames, 0, count, limits_of(parameters, count));
  if (!found) return std::nullopt;
  std::vector<PlacedPixel> placed;
  for (const DeadPixel& pixel : found->pixels)
    placed.push_back({pixel, frames->map().span(pixel.first_frame, pixel.end_frame)});
  return placed;
}

}  // namespace cleangate::specs
