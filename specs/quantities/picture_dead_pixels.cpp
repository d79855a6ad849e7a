// SPDX-License-Identifier: Apache-2.0
// Pixels that are stuck or dead.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "specs/quantities/dead_pixels.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

constexpr std::int64_t kFewFrames = 5;  // of less nothing can be told

std::int64_t step_of(const Rational& percent) { return (percent * Rational(219, 100)).floor(); }

DeadPixelFinder::Limits limits_of(const Parameters& parameters, std::int64_t count) {
  return {step_of(parameters.number("level")),
          std::min(parameters.number("frames").floor(), count)};
}

tl::expected<PlacedPixels, Absent> look(const OutlierFrames& frames, const Parameters& parameters,
                                        std::int64_t first, std::int64_t end) {
  const int stream = frames.map().stream();
  if (end - first < kFewFrames)
    return tl::unexpected(
        Absent{AbsenceKind::undecided,
               fmt::format("{} frames of stream {} are too few to tell dead pixels from a picture.",
                           end - first, stream)});
  const auto found = find_dead_pixels(frames, first, end, limits_of(parameters, end - first));
  if (!found)
    return tl::unexpected(Absent{AbsenceKind::damaged, "The stored outliers cannot be read."});
  PlacedPixels placed;
  for (const DeadPixel& pixel : found->pixels)
    placed.pixels.push_back({pixel, frames.map().span(pixel.first_frame, pixel.end_frame)});
  placed.tainted_because = frames.taint(first, end);
  // A pixel must be seen in half of its frames.
  if (!placed.tainted_because && found->crowded * 2 > end - first)
    placed.tainted_because = fmt::format(
        "In {} of {} frames of stream {} more samples stand out than are stored: "
        "fainter dead pixels are not seen.",
        found->crowded, end - first, stream);
  return placed;
}

void tell(const OutlierFrames& frames, const Parameters& parameters, std::int64_t first,
          std::int64_t end, Reading& reading) {
  auto placed = look(frames, parameters, first, end);
  if (!placed) {
    reading.value = std::move(placed.error());
    return;
  }
  reading.value = Scalar(Rational(static_cast<std::int64_t>(placed->pixels.size())));
  for (const PlacedPixel& pixel : placed->pixels) reading.where.push_back(pixel.span);
  reading.tainted_because = std::move(placed->tainted_because);
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
      "219 code values (8 bits).",
      "5.5 %"},
     {"frames", Unit::count, ValueKind::number, "25",
      "It does so in this many frames; in all frames of a shorter stream.", "5"}}};

}  // namespace

extern const Quantity kPictureDeadPixels{
    .id = "picture.dead_pixels",
    .version = 2,
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
    .evaluate = evaluate,
    .missing = Missing::either};

tl::expected<PlacedPixels, Absent> dead_pixels_of(const Evidence& evidence, int stream) {
  const auto frames = OutlierFrames::of(evidence, stream);
  if (!frames) return tl::unexpected(frames.error());
  const std::int64_t count = frames->map().frame_count();
  if (auto nothing = frames->nothing_in(0, count)) return tl::unexpected(std::move(*nothing));
  return look(*frames, default_parameters(kPictureDeadPixels), 0, count);
}

}  // namespace cleangate::specs
