// SPDX-License-Identifier: Apache-2.0
// What coding, scaling and cameras do to pictures in the small: blocks, bands, blur, noise.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "specs/quantities/shown_runs.h"
#include "specs/quantities/texture_frames.h"

namespace cleangate::specs {
namespace {

using Frame = TextureFrames::Frame;

// A share in millionths, of percent.
std::int64_t millionths(const Rational& percent) {
  return (std::clamp(percent, Rational(0), Rational(100)) * Rational(10'000)).floor();
}

Shown blocky(const Frame& frame, const Parameters& parameters) {
  return frame.grid > millionths(parameters.number("area")) ? Shown::yes : Shown::no;
}

// Contours of one code value of 8 bits are what 8 bits cannot do without.
Shown banded(const Frame& frame, const Parameters& parameters) {
  const std::int64_t visible = frame.contours.back() - frame.contours.front();
  return visible > millionths(parameters.number("area")) ? Shown::yes : Shown::no;
}

Shown blurred(const Frame& frame, const Parameters& parameters) {
  if (frame.contrasty < millionths(parameters.number("area"))) return Shown::no;
  const Rational sharpest(frame.sharp * 100, 64);
  return sharpest < parameters.number("sharpness") ? Shown::yes : Shown::no;
}

// The frames of a stream that lie in the window, or why there is nothing.
struct Looked {
  Reading reading;
  std::optional<TextureFrames> frames;
  std::int64_t first = 0, end = 0;
};

Looked look(const Evidence& evidence, const Subject& subject, const Window& window) {
  Looked looked;
  looked.reading.subject = subject;
  auto frames = TextureFrames::of(evidence, subject.index);
  if (!frames) {
    looked.reading.value = frames.error();
    return looked;
  }
  std::tie(looked.first, looked.end) = frames->map().frames_in(window);
  if (auto nothing = frames->nothing_in(looked.first, looked.end))
    looked.reading.value = std::move(*nothing);
  else
    looked.frames = std::move(*frames);
  return looked;
}

template <Shown (*kJudge)(const Frame&, const Parameters&)>
std::vector<Reading> evaluate(const Evidence& evidence, const Parameters& parameters,
                              const Window& window) {
  std::vector<Reading> readings;
  for (const Subject& subject : video_subjects(evidence)) {
    Looked looked = look(evidence, subject, window);
    if (looked.frames) {
      std::vector<Shown> shown;
      for (std::int64_t i = looked.first; i < looked.end; ++i) {
        const Frame& frame = looked.frames->frame(i);
        shown.push_back(frame.measured ? kJudge(frame, parameters) : Shown::open);
      }
      const FrameMap& map = looked.frames->map();
      tell_spans(map, runs_of(map, looked.first, shown), looked.reading);
    }
    readings.push_back(std::move(looked.reading));
  }
  return readings;
}

// Standard deviation of white noise, percent of the nominal range: a tenth of its cells have a mean
// |L| below this many of them.
const Rational kTenthOfCells(15, 4);

std::vector<Reading> evaluate_noise(const Evidence& evidence, const Parameters&,
                                    const Window& window) {
  std::vector<Reading> readings;
  for (const Subject& subject : video_subjects(evidence)) {
    Looked looked = look(evidence, subject, window);
    if (looked.frames) {
      const LumaFrames& luma = looked.frames->luma();
      std::vector<Rational> levels;
      constexpr std::int64_t kHalf = 500'000;
      for (std::int64_t i = looked.first; i < looked.end; ++i) {
        const Frame& frame = looked.frames->frame(i);
        if (!frame.measured || frame.flat > kHalf) continue;
        const LumaScale scale = luma.scale(i);
        const Rational range(scale.nominal.white - scale.nominal.black);
        const Rational codes = Rational(frame.rough, 64) / kTenthOfCells;  // of 10 bits
        levels.push_back(codes * Rational(100) * Rational(std::int64_t{1} << scale.bits, 1024) /
                         range);
      }
      if (levels.empty()) {
        looked.reading.value =
            Absent{AbsenceKind::undefined,
                   fmt::format("Stream {} has no frame that is not mostly even.", subject.index)};
      } else {
        const auto middle = levels.begin() + static_cast<std::ptrdiff_t>(levels.size() / 2);
        std::nth_element(levels.begin(), middle, levels.end());
        looked.reading.value = Scalar(*middle);
        looked.reading.tainted_because = looked.frames->map().incomplete();
      }
    }
    readings.push_back(std::move(looked.reading));
  }
  return readings;
}

constexpr std::array<RowNeed, 3> kNeeds{
    {{"picture.texture"}, {"picture.luma"}, {"video.frame_time"}}};
constexpr std::array<ParameterInfo, 1> kBlockParameters{
    {{"area", Unit::percent, ValueKind::number, "12 %",
      "More than this share of the cells of 8x8 samples show an edge on the grid, beyond those "
      "that "
      "show one off it."}}};
constexpr std::array<ParameterInfo, 1> kBandParameters{
    {{"area", Unit::percent, ValueKind::number, "10 %",
      "More than this share of the cells of 8x8 samples hold nothing but a contour of 2 to 8 code "
      "values of 8 bits between two even parts."}}};
constexpr std::array<ParameterInfo, 2> kBlurParameters{
    {{"sharpness", Unit::percent, ValueKind::number, "42 %",
      "Of the cells with contrast, nine in ten have no step between neighboring samples that is "
      "this "
      "share of their contrast."},
     {"area", Unit::percent, ValueKind::number, "3 %",
      "At least this share of the cells must have contrast (32 code values of 8 bits along a "
      "line), or nothing is said."}}};

constexpr Quantity quantity(std::string_view id, ValueKind kind, Unit unit,
                            std::span<const ParameterInfo> parameters, std::string_view noun,
                            std::string_view meaning, std::string_view document,
                            decltype(Quantity::evaluate) evaluate) {
  return {.id = id,
          .version = 1,
          .kind = kind,
          .unit = unit,
          .subject = SubjectKind::video_stream,
          .needs = kNeeds,
          .parameters = parameters,
          .allowed = {},
          .noun = noun,
          .meaning = meaning,
          .document = document,
          .evaluate = evaluate};
}

}  // namespace

extern const Quantity kPictureBlockiness{
    quantity("picture.blockiness", ValueKind::spans, Unit::frames, kBlockParameters,
             "blocky picture", "Runs of presented frames that show the grid of a codec's blocks.",
             "docs/quantities/picture.blockiness.md (own method)", evaluate<blocky>)};
extern const Quantity kPictureBanding{
    quantity("picture.banding", ValueKind::spans, Unit::frames, kBandParameters, "banded picture",
             "Runs of presented frames with visible contours where there should be a gradient.",
             "docs/quantities/picture.banding.md (own method)", evaluate<banded>)};
extern const Quantity kPictureBlur{
    quantity("picture.blur", ValueKind::spans, Unit::frames, kBlurParameters, "blurred picture",
             "Runs of presented frames in which not even the sharpest edges are sharp.",
             "docs/quantities/picture.blur.md (own method)", evaluate<blurred>)};
extern const Quantity kPictureNoise{
    quantity("picture.noise", ValueKind::number, Unit::percent, {}, "noise of the picture",
             "Standard deviation of the noise of luma in the smoothest parts, percent of the "
             "nominal range: the median of the frames.",
             "J. Immerkaer, Fast noise variance estimation, 1996", evaluate_noise)};

}  // namespace cleangate::specs
