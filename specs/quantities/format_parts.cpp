// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "probes/facts/format_changes.h"
#include "specs/quantities/fact_reading.h"

// A stream that changes its format midway, cut at the changes.
namespace cleangate::specs::facts {
namespace {

// From the `first`-th to before the `end`-th of units of which there are `rate` a second.
std::optional<std::pair<Rational, Rational>> times(const probes::StreamFacts& stream,
                                                   std::int64_t first, std::int64_t end,
                                                   const Rational& rate) {
  if (!stream.start_s.is_known() || rate <= Rational(0) || end <= first) return std::nullopt;
  const auto at = [&](std::int64_t unit) -> std::optional<Rational> {
    const auto after = checked_div(Rational(unit), rate);
    const auto time = after ? checked_add(*stream.start_s, *after) : after;
    return time ? std::optional(*time) : std::nullopt;
  };
  const auto in = at(first), out = at(end);
  return in && out ? std::optional(std::pair(*in, *out)) : std::nullopt;
}

std::vector<Span> frames(const probes::StreamFacts& stream, std::int64_t first,
                         std::optional<std::int64_t> end) {
  const probes::VideoFacts& video = *stream.video();
  if (!end && video.frame_count.is_known()) end = *video.frame_count;
  const bool constant = video.frame_rate_mode.is_known() &&
                        *video.frame_rate_mode == probes::RateMode::constant &&
                        video.frame_rate.is_known();
  const auto time = constant && end ? times(stream, first, *end, *video.frame_rate) : std::nullopt;
  if (!time) return {};
  Span span;
  span.stream = stream.index;
  span.first_frame = first;
  span.end_frame = *end;
  span.start_s = time->first;
  span.end_s = time->second;
  return {span};
}

std::string because(const probes::StreamFacts& stream, std::string_view unit, std::int64_t at) {
  return fmt::format("Stream {} changes its format at {} {}.", stream.index, unit, at);
}

// What the forms of a stream tell at all; of the rest the facts of the whole hold.
struct Told {
  explicit Told(const std::vector<probes::PictureFormat>& formats) {
    for (const probes::PictureFormat& format : formats) {
      profile = profile || format.profile;
      color = color || format.color;
      pixel_aspect = pixel_aspect || format.pixel_aspect;
    }
  }
  bool profile = false, color = false, pixel_aspect = false;
};

Fact<Rational> display_aspect(const probes::VideoFacts& video) {
  if (!video.pixel_aspect.is_known() || video.width <= 0 || video.height <= 0)
    return Fact<Rational>::unknown();
  const auto aspect = checked_mul(*video.pixel_aspect, Rational(video.width, video.height));
  return aspect ? Fact<Rational>(*aspect) : Fact<Rational>::unknown();
}

probes::StreamFacts in_format(probes::StreamFacts stream, const probes::PictureFormat& format,
                              const Told& told) {
  if (told.profile) stream.profile = Fact<std::string>::of(format.profile);
  probes::VideoFacts& video = *stream.video();
  video.width = format.width;
  video.height = format.height;
  video.chroma = Fact<std::string>::of(format.chroma);
  video.bit_depth = Fact<int>::of(format.bit_depth);
  if (told.pixel_aspect) video.pixel_aspect = Fact<Rational>::of(format.pixel_aspect);
  video.display_aspect = display_aspect(video);
  if (!told.color) return stream;
  const auto transfer = video.color.transfer;
  video.color = format.color.value_or(ColorDescription{});
  if (video.color.transfer != transfer)
    video.hdr = probes::hdr_under(video.color.transfer, video.hdr.value_or(probes::Hdr{}));
  return stream;
}

}  // namespace

std::vector<PartOfPicture> picture_parts(const Evidence& evidence,
                                         const probes::StreamFacts& stream) {
  const auto formats = probes::picture_formats(evidence.facts(), stream.index);
  if (formats.size() < 2) return {{0, stream}};
  const Told told(formats);
  std::vector<PartOfPicture> parts;
  parts.reserve(formats.size());
  for (const probes::PictureFormat& format : formats)
    parts.push_back({format.first_frame, in_format(stream, format, told)});
  return parts;
}

std::vector<Reading> in_parts(const probes::StreamFacts& stream,
                              std::vector<std::pair<std::int64_t, Answer>> answers) {
  const Subject subject{SubjectKind::video_stream, stream.index};
  const bool all_told = answers.size() < probes::kFormatsKept;
  std::int64_t changes_at = answers.size() > 1 ? answers[1].first : 0;
  answers.erase(std::unique(answers.begin(), answers.end(),
                            [](const auto& a, const auto& b) { return a.second == b.second; }),
                answers.end());
  if (answers.size() == 1 && all_told) return {{subject, std::move(answers[0].second), {}, {}}};
  if (answers.size() > 1) changes_at = answers[1].first;
  std::vector<Reading> readings;
  for (std::size_t i = 0; i < answers.size(); ++i)
    readings.push_back(
        {subject, std::move(answers[i].second), because(stream, "frame", changes_at),
         frames(stream, answers[i].first,
                i + 1 < answers.size() ? std::optional(answers[i + 1].first) : std::nullopt)});
  return readings;
}

// Sound is not measured beyond a change: where its second form ends is not known.
std::vector<PartOfSound> sound_parts(const Evidence& evidence, const probes::StreamFacts& stream) {
  const probes::AudioFacts& whole = *stream.audio();
  const auto formats = probes::sound_formats(evidence.facts(), stream.index);
  if (formats.size() < 2) return {{whole, std::nullopt, {}}};
  const std::string why = because(stream, "sample", formats[1].first_sample);
  std::vector<PartOfSound> parts;
  for (const probes::SoundFormat& format : formats) {
    PartOfSound part{whole, why, {}};
    part.facts.channels = format.channels;
    part.facts.sample_rate = format.sample_rate;
    if (format.channels != whole.channels) part.facts.channel_layout = Fact<std::string>::unknown();
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace cleangate::specs::facts
