// SPDX-License-Identifier: Apache-2.0
// What coding, scaling and cameras do to pictures in the small: blocks, bands, blur, noise.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "specs/quantities/shown_runs.h"
#include "specs/quantities/stream_readings.h"
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

// Contours of up to one code value of 8 bits are what 8 bits cannot do without.
Shown banded(const Frame& frame, const Parameters& parameters) {
  const std::int64_t visible = frame.contours.back() - frame.contours.front();
  return visible > millionths(parameters.number("area")) ? Shown::yes : Shown::no;
}

// In a frame without contrast nothing tells whether anything is sharp, whatever is asked.
bool tells_blur(const Frame& frame, const Parameters& parameters) {
  return frame.measured && frame.contrasty > 0 &&
         frame.contrasty >= millionths(parameters.number("area"));
}

Shown blurred(const Frame& frame, const Parameters& parameters) {
  if (!tells_blur(frame, parameters)) return Shown::no;
  const Rational sharpest(frame.sharp * 100, 64);
  return sharpest < parameters.number("sharpness") ? Shown::yes : Shown::no;
}

using Judge = Shown (*)(const Frame&, const Parameters&);

void tell_runs(const TextureFrames& frames, std::int64_t first, std::int64_t end, Judge judge,
               const Parameters& parameters, Reading& reading) {
  std::vector<Shown> shown;
  for (std::int64_t i = first; i < end; ++i) {
    const Frame& frame = frames.frame(i);
    shown.push_back(frame.measured ? judge(frame, parameters) : Shown::open);
  }
  tell_spans(frames.map(), runs_of(frames.map(), first, shown), reading);
}

template <Judge kJudge>
std::vector<Reading> evaluate(const Evidence& evidence, const Parameters& parameters,
                              const Window& window) {
  return read_video_streams(
      evidence, window, [&](int stream) { return TextureFrames::of(evidence, stream); },
      [&](const TextureFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        tell_runs(frames, first, end, kJudge, parameters, reading);
      });
}

std::vector<Reading> evaluate_blur(const Evidence& evidence, const Parameters& parameters,
                                   const Window& window) {
  return read_video_streams(
      evidence, window, [&](int stream) { return TextureFrames::of(evidence, stream); },
      [&](const TextureFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        for (std::int64_t i = first; i < end; ++i)
          if (tells_blur(frames.frame(i), parameters))
            return tell_runs(frames, first, end, blurred, parameters, reading);
        reading.value =
            Absent{AbsenceKind::undecided,
                   fmt::format("No frame of stream {} has enough contrast to tell blur.",
                               frames.map().stream())};
      });
}

// Of white noise of standard deviation 1: a tenth of its cells have a mean |L| below this.
const Rational kTenthOfCells(15, 4);

// Percent of the nominal range.
Rational noise_of(const Frame& frame, const LumaScale& scale) {
  const Rational codes = Rational(frame.rough, 64) / kTenthOfCells;  // of 10 bits
  return codes * Rational(100) * Rational(std::int64_t{1} << scale.bits, 1024) /
         Rational(scale.nominal.white - scale.nominal.black);
}

void tell_noise(const TextureFrames& frames, std::int64_t first, std::int64_t end,
                Reading& reading) {
  constexpr std::int64_t kHalf = 500'000;
  std::vector<Rational> levels;
  std::int64_t unmeasured = 0;
  for (std::int64_t i = first; i < end; ++i) {
    const Frame& frame = frames.frame(i);
    if (!frame.measured)
      ++unmeasured;
    else if (frame.flat <= kHalf)
      levels.push_back(noise_of(frame, frames.luma().scale(i)));
  }
  reading.tainted_because = taint_of(frames.map(), unmeasured, end - first);
  if (levels.empty()) {
    reading.value = Absent{
        AbsenceKind::undecided,
        fmt::format("Stream {} has no frame that is not mostly even.", frames.map().stream())};
    return;
  }
  const auto middle = levels.begin() + static_cast<std::ptrdiff_t>(levels.size() / 2);
  std::nth_element(levels.begin(), middle, levels.end());
  reading.value = Scalar(*middle);
}

std::vector<Reading> evaluate_noise(const Evidence& evidence, const Parameters&,
                                    const Window& window) {
  return read_video_streams(
      evidence, window, [&](int stream) { return TextureFrames::of(evidence, stream); },
      tell_noise);
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
      "More than this share of the cells of 8x8 samples hold nothing but a contour of more than "
      "one and up to 8 code values of 8 bits between two even parts."}}};
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
                            decltype(Quantity::evaluate) evaluate, int version = 1) {
  return {.id = id,
          .version = version,
          .kind = kind,
          .unit = unit,
          .subject = SubjectKind::video_stream,
          .needs = kNeeds,
          .parameters = parameters,
          .allowed = {},
          .noun = noun,
          .meaning = meaning,
          .document = document,
          .evaluate = evaluate,
          .missing = kind == ValueKind::spans ? Missing::raises : Missing::either};
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
             "docs/quantities/picture.blur.md (own method)", evaluate_blur, 2)};
extern const Quantity kPictureNoise{
    quantity("picture.noise", ValueKind::number, Unit::percent, {}, "noise of the picture",
             "Standard deviation of the noise of luma in the smoothest parts, percent of the "
             "nominal range: the median of the frames.",
             "J. Immerkaer, Fast noise variance estimation, 1996", evaluate_noise, 2)};

}  // namespace cleangate::specs
