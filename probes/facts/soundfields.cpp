// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "probes/facts/assemble.h"

// docs/soundfields.md holds these rules in words.
namespace cleangate::probes {
namespace {

using Labels = std::vector<std::string>;

// Channel order of layouts as libav names them (libavutil/channel_layout), in the labels of SMPTE
// ST 377-4 and ST 428-12.
struct NamedLayout {
  std::string_view name;
  std::array<std::string_view, 8> labels;
};
constexpr NamedLayout kLayouts[] = {
    {"mono", {"M"}},
    {"stereo", {"L", "R"}},
    {"downmix", {"Lt", "Rt"}},
    {"2.1", {"L", "R", "LFE"}},
    {"3.0", {"L", "R", "C"}},
    {"3.1", {"L", "R", "C", "LFE"}},
    {"3.0(back)", {"L", "R", "Cs"}},
    {"4.0", {"L", "R", "C", "Cs"}},
    {"4.1", {"L", "R", "C", "LFE", "Cs"}},
    {"quad", {"L", "R", "Ls", "Rs"}},
    {"quad(side)", {"L", "R", "Ls", "Rs"}},
    {"5.0", {"L", "R", "C", "Ls", "Rs"}},
    {"5.0(side)", {"L", "R", "C", "Ls", "Rs"}},
    {"5.1", {"L", "R", "C", "LFE", "Ls", "Rs"}},
    {"5.1(side)", {"L", "R", "C", "LFE", "Ls", "Rs"}},
    {"6.0", {"L", "R", "C", "Cs", "Ls", "Rs"}},
    {"6.1", {"L", "R", "C", "LFE", "Cs", "Ls", "Rs"}},
    {"7.0", {"L", "R", "C", "Lrs", "Rrs", "Lss", "Rss"}},
    {"7.1", {"L", "R", "C", "LFE", "Lrs", "Rrs", "Lss", "Rss"}},
    {"7.1(wide)", {"L", "R", "C", "LFE", "Lrs", "Rrs", "Lc", "Rc"}},
    {"7.1(wide-side)", {"L", "R", "C", "LFE", "Lc", "Rc", "Lss", "Rss"}}};

Labels labels_of_layout(std::string_view layout, int channels) {
  for (const NamedLayout& known : kLayouts) {
    if (known.name != layout) continue;
    Labels labels;
    for (const std::string_view label : known.labels)
      if (!label.empty()) labels.emplace_back(label);
    if (static_cast<int>(labels.size()) == channels) return labels;
  }
  return {};
}

// "5.1": full-range channels, a point, low-frequency channels.
std::string layout_of_labels(const Labels& labels) {
  const auto low = std::count_if(labels.begin(), labels.end(),
                                 [](const std::string& l) { return l.starts_with("LFE"); });
  return std::to_string(static_cast<std::ptrdiff_t>(labels.size()) - low) + "." +
         std::to_string(low);
}

struct Channel {
  const StreamFacts* stream;
  int channel;
};

Soundfield field_of(const std::vector<Channel>& channels, const Labels& labels, Grouping grouping) {
  Soundfield field;
  field.layout = layout_of_labels(labels);
  field.grouping = grouping;
  std::set<std::string> languages;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    field.channels.push_back({channels[i].stream->index, channels[i].channel, labels[i]});
    languages.insert(channels[i].stream->language ? *channels[i].stream->language : std::string());
  }
  if (languages.size() == 1 && !languages.begin()->empty()) field.language = *languages.begin();
  return field;
}

// Nothing states how these channels belong together: the order post houses use (5.1 first, then
// stereo), marked as assumed.
void assume(const std::vector<Channel>& loose, std::vector<Soundfield>& fields) {
  static const Labels k51{"L", "R", "C", "LFE", "Ls", "Rs"}, k20{"L", "R"}, k10{"M"};
  std::size_t at = 0;
  const auto take = [&](const Labels& labels) {
    fields.push_back(field_of({loose.begin() + static_cast<std::ptrdiff_t>(at),
                               loose.begin() + static_cast<std::ptrdiff_t>(at + labels.size())},
                              labels, Grouping::assumed));
    at += labels.size();
  };
  if (loose.size() == 6 || loose.size() == 8) take(k51);
  while (loose.size() - at >= 2) take(k20);
  if (at < loose.size()) take(k10);
}

std::vector<Soundfield> labelled_groups(const std::vector<StreamFacts>& streams,
                                        const std::vector<std::pair<int, McaGroup>>& mca,
                                        std::set<std::pair<int, int>>& taken) {
  std::vector<std::string> order;
  std::map<std::string, Soundfield> groups;
  for (const auto& [stream, label] : mca) {
    const auto known = std::find_if(streams.begin(), streams.end(),
                                    [&](const StreamFacts& s) { return s.index == stream; });
    const bool exists = known != streams.end() && known->audio() && label.channel >= 0 &&
                        label.channel < known->audio()->channels &&
                        !known->audio()->embedded.is_known();
    if (!exists || !taken.insert({stream, label.channel}).second) continue;
    if (!groups.contains(label.id)) order.push_back(label.id);
    Soundfield& field = groups[label.id];
    field.grouping = Grouping::mca;
    if (!label.layout.empty()) field.layout = label.layout;
    if (label.language) field.language = label.language;
    if (label.role) field.role = *label.role;
    field.channels.push_back({stream, label.channel, label.label});
  }
  std::vector<Soundfield> fields;
  for (const std::string& id : order) {
    Soundfield& field = groups[id];
    Labels labels;
    for (const SoundfieldChannel& channel : field.channels) labels.push_back(channel.label);
    if (field.layout.empty()) field.layout = layout_of_labels(labels);
    fields.push_back(std::move(field));
  }
  return fields;
}

// The labels a stream states for its channels, by itself or through its layout's name; empty when
// it states none.
Labels stated_labels(const AudioFacts& audio) {
  if (static_cast<int>(audio.channel_labels.size()) == audio.channels) return audio.channel_labels;
  if (audio.channel_layout) return labels_of_layout(*audio.channel_layout, audio.channels);
  return {};
}

}  // namespace

std::vector<Soundfield> group_soundfields(const std::vector<StreamFacts>& streams,
                                          const std::vector<std::pair<int, McaGroup>>& mca) {
  std::set<std::pair<int, int>> taken;
  std::vector<Soundfield> fields = labelled_groups(streams, mca, taken);
  const auto sound_streams =
      std::count_if(streams.begin(), streams.end(), [](const StreamFacts& s) { return s.audio(); });
  std::vector<Channel> loose;
  for (const StreamFacts& stream : streams) {
    const AudioFacts* audio = stream.audio();
    if (!audio || audio->embedded.is_known() || audio->channels <= 0) continue;
    std::vector<Channel> free;
    for (int c = 0; c < audio->channels; ++c)
      if (!taken.contains({stream.index, c})) free.push_back({&stream, c});
    if (free.empty()) continue;
    const bool whole = static_cast<int>(free.size()) == audio->channels;
    const Labels labels = whole ? stated_labels(*audio) : Labels{};
    if (whole && audio->channels == 1 &&
        sound_streams > 1) {  // one of several mono tracks: a bed, unless labelled otherwise
      loose.push_back(free.front());
    } else if (whole && audio->channels == 1) {
      fields.push_back(
          field_of(free, {labels.empty() ? "M" : labels.front()}, Grouping::container));
    } else if (!labels.empty()) {
      fields.push_back(field_of(free, labels, Grouping::container));
    } else if (whole && audio->channels == 2) {
      fields.push_back(field_of(free, {"L", "R"}, Grouping::container));
    } else {
      assume(free, fields);
    }
  }
  assume(loose, fields);
  const auto place = [](const Soundfield& f) {
    return f.channels.empty() ? std::pair(0, 0)
                              : std::pair(f.channels.front().stream, f.channels.front().channel);
  };
  std::stable_sort(fields.begin(), fields.end(),
                   [&](const Soundfield& a, const Soundfield& b) { return place(a) < place(b); });
  for (std::size_t i = 0; i < fields.size(); ++i) fields[i].id = static_cast<int>(i) + 1;
  return fields;
}

}  // namespace cleangate::probes
