// SPDX-License-Identifier: Apache-2.0
#include "probes/facts/format_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace cleangate::probes {
namespace {

constexpr std::string_view kBefore = "streams[", kBehind = "].format";

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> split(std::string_view text, std::string_view between) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(between), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + between.size(), text.size()));
  }
  return out;
}

std::vector<std::string_view> words(std::string_view text) { return split(text, " "); }

std::int64_t place(const PictureFormat& format) { return format.first_frame; }
std::int64_t place(const SoundFormat& format) { return format.first_sample; }

template <class Format>
std::optional<Conflict> conflict(int stream, std::string_view unit,
                                 const std::vector<Format>& formats) {
  if (formats.size() < 2) return std::nullopt;
  Conflict told{fmt::format("{}{}{}", kBefore, stream, kBehind), {}};
  for (const Format& format : formats)
    told.values.push_back({fmt::format("{} {}", unit, place(format)), to_string(format)});
  return told;
}

// "frame 50" -> 50.
std::optional<std::int64_t> place_in(const ConflictVoice& voice, std::string_view unit) {
  const auto said = words(voice.by);
  if (said.size() != 2 || said[0] != unit) return std::nullopt;
  return number_in<std::int64_t>(said[1]);
}

constexpr std::string_view kNoColor = "color unspecified", kPixel = "pixel ";

std::string color_text(const ColorDescription& color) {
  if (color == ColorDescription{}) return std::string(kNoColor);
  return fmt::format("{}/{}/{} {}", to_string(color.primaries), to_string(color.transfer),
                     to_string(color.matrix), to_string(color.range));
}

// "bt709/bt709/bt709 narrow".
std::optional<ColorDescription> color_in(std::string_view text) {
  if (text == kNoColor) return ColorDescription{};
  const auto said = words(text);
  const auto names = split(said.empty() ? text : said[0], "/");
  if (said.size() != 2 || names.size() != 3) return std::nullopt;
  const auto primaries = parse_primaries(names[0]);
  const auto transfer = parse_transfer(names[1]);
  const auto matrix = parse_matrix(names[2]);
  const auto range = parse_range(said[1]);
  if (!primaries || !transfer || !matrix || !range) return std::nullopt;
  return ColorDescription{*primaries, *transfer, *matrix, *range};
}

// "16:15".
std::optional<Rational> ratio_in(std::string_view text) {
  const auto sides = split(text, ":");
  if (sides.size() != 2) return std::nullopt;
  const auto num = number_in<std::int64_t>(sides[0]), den = number_in<std::int64_t>(sides[1]);
  if (!num || !den || *num <= 0) return std::nullopt;
  const auto ratio = Rational::make(*num, *den);
  return ratio && *ratio > Rational(0) ? std::optional(*ratio) : std::nullopt;
}

// What stands behind a comma.
void read_part(std::string_view part, PictureFormat& format) {
  if (part.starts_with(kPixel))
    format.pixel_aspect = ratio_in(part.substr(kPixel.size()));
  else if (part.find('/') != std::string_view::npos || part == kNoColor)
    format.color = color_in(part);
  else
    format.profile = std::string(part);
}

std::optional<PictureFormat> picture(const ConflictVoice& voice) {
  const auto first = place_in(voice, "frame");
  const auto parts = split(voice.value, ", ");
  const auto said = words(parts.empty() ? std::string_view() : parts[0]);
  if (!first || said.empty()) return std::nullopt;
  const std::size_t cross = std::min(said[0].find('x'), said[0].size());
  const auto width = number_in<int>(said[0].substr(0, cross));
  const auto height = number_in<int>(said[0].substr(std::min(cross + 1, said[0].size())));
  if (!width || !height) return std::nullopt;
  PictureFormat format{*first, *width, *height, {}, {}};
  for (std::size_t i = 1; i < said.size(); ++i) {
    if (said[i].find(':') != std::string_view::npos) format.chroma = std::string(said[i]);
    if (said[i] == "bit") format.bit_depth = number_in<int>(said[i - 1]);
  }
  for (std::size_t i = 1; i < parts.size(); ++i) read_part(parts[i], format);
  return format;
}

std::optional<SoundFormat> sound(const ConflictVoice& voice) {
  const auto first = place_in(voice, "sample");
  const auto said = words(voice.value);
  if (!first || said.size() != 4) return std::nullopt;
  const auto channels = number_in<int>(said[0]), rate = number_in<int>(said[2]);
  if (!channels || !rate) return std::nullopt;
  return SoundFormat{*first, *channels, *rate};
}

template <class Read>
auto formats_of(const AssetFacts& facts, int stream, Read read) {
  std::vector<typename decltype(read(ConflictVoice{}))::value_type> formats;
  for (const Conflict& each : facts.conflicts)
    if (format_conflict_stream(each) == stream)
      for (const ConflictVoice& voice : each.values)
        if (auto format = read(voice)) formats.push_back(std::move(*format));
  return formats;
}

}  // namespace

std::string to_string(const PictureFormat& format) {
  std::string text = fmt::format("{}x{}", format.width, format.height);
  if (format.chroma && !format.chroma->empty()) text += " " + *format.chroma;
  if (format.bit_depth) text += fmt::format(" {} bit", *format.bit_depth);
  if (format.profile && !format.profile->empty()) text += ", " + *format.profile;
  if (format.color) text += ", " + color_text(*format.color);
  if (format.pixel_aspect)
    text +=
        fmt::format(", {}{}:{}", kPixel, format.pixel_aspect->num(), format.pixel_aspect->den());
  return text;
}

std::string to_string(const SoundFormat& format) {
  return fmt::format("{} channel{} {} Hz", format.channels, format.channels == 1 ? "" : "s",
                     format.sample_rate);
}

std::optional<Conflict> format_conflict(int stream, const std::vector<PictureFormat>& formats) {
  return conflict(stream, "frame", formats);
}

std::optional<Conflict> format_conflict(int stream, const std::vector<SoundFormat>& formats) {
  return conflict(stream, "sample", formats);
}

PictureFormat in_words_of(const VideoFacts& facts, const std::optional<std::string>& profile,
                          PictureFormat format, const PictureFormat& first) {
  if (format.width == first.width) format.width = facts.width;
  if (format.height == first.height) format.height = facts.height;
  if (format.chroma == first.chroma && facts.chroma) format.chroma = *facts.chroma;
  if (format.bit_depth == first.bit_depth && facts.bit_depth) format.bit_depth = *facts.bit_depth;
  if (format.profile == first.profile) format.profile = profile;
  if (format.pixel_aspect == first.pixel_aspect)
    format.pixel_aspect = facts.pixel_aspect ? std::optional(*facts.pixel_aspect) : std::nullopt;
  const ColorDescription was = first.color.value_or(ColorDescription{});
  ColorDescription color = format.color.value_or(ColorDescription{});
  if (color.primaries == was.primaries) color.primaries = facts.color.primaries;
  if (color.transfer == was.transfer) color.transfer = facts.color.transfer;
  if (color.matrix == was.matrix) color.matrix = facts.color.matrix;
  if (color.range == was.range) color.range = facts.color.range;
  format.color = color;
  return format;
}

Fact<Hdr> hdr_under(TransferCharacteristics transfer, Hdr hdr) {
  std::erase_if(hdr.formats, [](const std::string& format) {
    return format == "pq10" || format == "hdr10" || format == "hlg";
  });
  if (transfer == TransferCharacteristics::smpte2084)
    hdr.formats.insert(hdr.formats.begin(), hdr.mastering || hdr.content_light ? "hdr10" : "pq10");
  if (transfer == TransferCharacteristics::arib_std_b67)
    hdr.formats.insert(hdr.formats.begin(), "hlg");
  if (hdr == Hdr{}) return {};
  return hdr;
}

std::optional<int> format_conflict_stream(const Conflict& conflict) {
  const std::string_view field = conflict.field;
  if (!field.starts_with(kBefore) || !field.ends_with(kBehind)) return std::nullopt;
  return number_in<int>(
      field.substr(kBefore.size(), field.size() - kBefore.size() - kBehind.size()));
}

std::vector<PictureFormat> picture_formats(const AssetFacts& facts, int stream) {
  return formats_of(facts, stream, picture);
}

std::vector<SoundFormat> sound_formats(const AssetFacts& facts, int stream) {
  return formats_of(facts, stream, sound);
}

}  // namespace cleangate::probes
