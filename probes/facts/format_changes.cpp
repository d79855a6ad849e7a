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

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

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

std::optional<PictureFormat> picture(const ConflictVoice& voice) {
  const auto first = place_in(voice, "frame");
  const auto said = words(voice.value);
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
