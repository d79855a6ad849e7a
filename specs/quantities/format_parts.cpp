// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

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

}  // namespace

std::vector<PartOfPicture> picture_parts(const Evidence& evidence,
                                         const probes::StreamFacts& stream) {
  const probes::VideoFacts& whole = *stream.video();
  const auto formats = probes::picture_formats(evidence.facts(), stream.index);
  if (formats.size() < 2) return {{whole, std::nullopt, {}}};
  const std::string why = because(stream, "frame", formats[1].first_frame);
  std::vector<PartOfPicture> parts;
  for (std::size_t i = 0; i < formats.size(); ++i) {
    const probes::PictureFormat& format = formats[i];
    PartOfPicture part{whole, why, {}};
    part.facts.width = format.width;
    part.facts.height = format.height;
    part.facts.chroma = Fact<std::string>::of(format.chroma);
    part.facts.bit_depth = Fact<int>::of(format.bit_depth);
    part.facts.display_aspect = Fact<Rational>::unknown();
    if (whole.pixel_aspect.is_known() && format.width > 0 && format.height > 0)
      if (const auto aspect =
              checked_mul(*whole.pixel_aspect, Rational(format.width, format.height)))
        part.facts.display_aspect = *aspect;
    part.where =
        frames(stream, format.first_frame,
               i + 1 < formats.size() ? std::optional(formats[i + 1].first_frame) : std::nullopt);
    parts.push_back(std::move(part));
  }
  return parts;
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
