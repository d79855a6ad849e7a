// SPDX-License-Identifier: Apache-2.0
#include "app/soundfields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>

#include "core/text.h"

namespace cleangate::app {
namespace {

struct Layout {
  std::string_view name;
  std::array<std::string_view, 8> labels;  // in the order post houses deliver, empty ones unused
};
constexpr Layout kLayouts[] = {{"1.0", {"M"}},
                               {"2.0", {"L", "R"}},
                               {"3.0", {"L", "R", "C"}},
                               {"5.0", {"L", "R", "C", "Ls", "Rs"}},
                               {"5.1", {"L", "R", "C", "LFE", "Ls", "Rs"}},
                               {"7.1", {"L", "R", "C", "LFE", "Lss", "Rss", "Lrs", "Rrs"}}};

std::vector<std::string> labels_of(std::string_view layout) {
  std::vector<std::string> labels;
  for (const Layout& known : kLayouts)
    if (known.name == layout)
      for (const std::string_view label : known.labels)
        if (!label.empty()) labels.emplace_back(label);
  return labels;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<int> channel_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1 || value > 65'536)
    return std::nullopt;
  return value;
}

std::optional<StatedSoundfield> parse_one(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() < 2 || parts.size() > 4) return std::nullopt;
  const auto ends = split(parts[0], '-');
  const auto first = channel_number(ends.front()), last = channel_number(ends.back());
  if (ends.size() > 2 || !first || !last || *last < *first) return std::nullopt;
  StatedSoundfield stated{*first, *last, std::string(parts[1]), "", "main"};
  if (parts.size() > 2) stated.language = parts[2];
  if (parts.size() > 3) stated.role = parts[3];
  const auto labels = labels_of(stated.layout);
  if (labels.empty() || static_cast<int>(labels.size()) != stated.last - stated.first + 1 ||
      stated.role.empty())
    return std::nullopt;
  return stated;
}

struct Place {
  int stream, channel;
  bool sound;
};

std::vector<Place> channels_of(const probes::AssetFacts& facts) {
  std::vector<Place> places;
  for (const probes::StreamFacts& stream : facts.streams)
    if (const probes::AudioFacts* audio = stream.audio())
      for (int channel = 0; channel < audio->channels; ++channel)
        places.push_back({stream.index, channel, !audio->embedded.is_known()});
  return places;
}

}  // namespace

Expected<std::vector<StatedSoundfield>> parse_soundfields(std::string_view text) {
  std::vector<StatedSoundfield> all;
  std::set<int> taken;
  for (const std::string_view piece : split(text, ',')) {
    auto stated = parse_one(piece);
    if (!stated)
      return fail(
          ErrorCode::usage,
          fmt::format("--soundfields: '{}' is not understood; write CHANNELS:LAYOUT[:LANGUAGE"
                      "[:ROLE]] such as 1-2:2.0:en with as many channels as the layout has "
                      "(1.0, 2.0, 3.0, 5.0, 5.1, 7.1).",
                      readable(piece)));
    for (int channel = stated->first; channel <= stated->last; ++channel)
      if (!taken.insert(channel).second)
        return fail(ErrorCode::usage,
                    fmt::format("--soundfields names channel {} twice.", channel));
    all.push_back(std::move(*stated));
  }
  return all;
}

Expected<void> state_soundfields(const std::vector<StatedSoundfield>& stated,
                                 probes::AssetFacts& facts) {
  const auto places = channels_of(facts);
  std::vector<probes::Soundfield> fields;
  for (const StatedSoundfield& one : stated) {
    if (one.last > static_cast<int>(places.size()))
      return fail(ErrorCode::usage,
                  fmt::format("--soundfields names channel {}, and the file has {}.", one.last,
                              places.size()));
    probes::Soundfield field;
    field.id = static_cast<int>(fields.size()) + 1;
    field.layout = one.layout;
    field.role = one.role;
    field.grouping = probes::Grouping::user;
    if (!one.language.empty()) field.language = one.language;
    const auto labels = labels_of(one.layout);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const Place& place = places[static_cast<std::size_t>(one.first - 1) + i];
      if (!place.sound)
        return fail(ErrorCode::usage,
                    fmt::format("--soundfields names channel {}, which carries data, not sound.",
                                one.first + static_cast<int>(i)));
      field.channels.push_back({place.stream, place.channel, labels[i]});
    }
    fields.push_back(std::move(field));
  }
  facts.soundfields = std::move(fields);
  return {};
}

}  // namespace cleangate::app
