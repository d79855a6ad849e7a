// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>

#include "probes/container/channel_labels.h"
#include "probes/container/language.h"
#include "probes/container/mxf_model.h"

// Sound essence descriptors and their labels (SMPTE ST 377-1, annex F; ST 377-4; ST 429-2).
namespace cleangate::probes {
namespace {

namespace sound {
constexpr std::uint16_t bits = 0x3d01, rate = 0x3d03, compression = 0x3d06, channels = 0x3d07,
                        assignment = 0x3d32;
constexpr Ul sub_descriptors{0x06, 0x0e, 0x2b, 0x34, 0x01, 0x01, 0x01, 0x09,
                             0x06, 0x01, 0x01, 0x04, 0x06, 0x10, 0x00, 0x00};
constexpr Ul mca(std::uint8_t item) {
  return {0x06, 0x0e, 0x2b, 0x34, 0x01, 0x01, 0x01, 0x0e,
          0x01, 0x03, 0x07, 0x01, item, 0x00, 0x00, 0x00};
}
constexpr Ul tag_symbol = mca(2), link_id = mca(5), group_link_id = mca(6);
constexpr Ul channel_id{0x06, 0x0e, 0x2b, 0x34, 0x01, 0x01, 0x01, 0x0e,
                        0x01, 0x03, 0x04, 0x0a, 0x00, 0x00, 0x00, 0x00};
constexpr Ul spoken_language{0x06, 0x0e, 0x2b, 0x34, 0x01, 0x01, 0x01, 0x0d,
                             0x03, 0x01, 0x01, 0x02, 0x03, 0x15, 0x00, 0x00};
constexpr Ul content_kind{0x06, 0x0e, 0x2b, 0x34, 0x01, 0x01, 0x01, 0x0e,
                          0x03, 0x02, 0x01, 0x02, 0x20, 0x00, 0x00, 0x00};
constexpr Ul element_kind{0x06, 0x0e, 0x2b, 0x34, 0x01, 0x01, 0x01, 0x0e,
                          0x03, 0x02, 0x01, 0x02, 0x21, 0x00, 0x00, 0x00};
}  // namespace sound

struct Pair {
  std::string_view from, to;
};

// MCA tag symbols of soundfield groups (ST 377-4, ST 428-12, ST 2067-8).
constexpr std::array kLayouts{
    Pair{"sgM", "1.0"},  Pair{"sgST", "2.0"},  Pair{"sgDM", "1.0+1.0"}, Pair{"sgLtRt", "2.0"},
    Pair{"sgDNS", ""},   Pair{"sg30", "3.0"},  Pair{"sg40", "4.0"},     Pair{"sg50", "5.0"},
    Pair{"sg51", "5.1"}, Pair{"sg60", "6.0"},  Pair{"sg61", "6.1"},     Pair{"sg70", "7.0"},
    Pair{"sg71", "7.1"}, Pair{"sgSDS", "7.1"}, Pair{"sg51EX", "5.1"},   Pair{"sgLst", "2.0"},
    Pair{"sgHA", "1.0"}, Pair{"sgHI", "1.0"},  Pair{"sgVA", "1.0"},     Pair{"sgVIN", "1.0"},
};

// MCA audio content and element kinds (ST 377-4, annex B; ST 2067-8) by the words of the contract.
constexpr std::array kRoles{
    Pair{"PRM", "main"},      Pair{"FCMP", "main"}, Pair{"CMP", "main"}, Pair{"ME", "me"},
    Pair{"M&E", "me"},        Pair{"MEOPT", "me"},  Pair{"DX", "dx"},    Pair{"D", "dx"},
    Pair{"VI", "ad"},         Pair{"VIN", "ad"},    Pair{"AD", "ad"},    Pair{"COM", "commentary"},
    Pair{"CM", "commentary"},
};

std::string hex(const Ul& id) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kDigits[id[i] >> 4];
    out += kDigits[id[i] & 15];
  }
  return out;
}

std::string without_prefix(std::string symbol, std::string_view prefix) {
  if (symbol.starts_with(prefix)) symbol.erase(0, prefix.size());
  return symbol;
}

std::string layout_of_symbol(const std::string& symbol) {
  for (const Pair& pair : kLayouts)
    if (pair.from == symbol) return std::string(pair.to);
  return without_prefix(symbol, "sg");
}

std::optional<std::string_view> role_named(const std::optional<std::string>& kind) {
  for (const Pair& pair : kRoles)
    if (kind && pair.from == *kind) return pair.to;
  return std::nullopt;
}

// What an element is says more than what the content is: the dialogue of a programme is "dx". A
// complete mix is what its content is.
std::optional<std::string> role_of(const MxfSet& label) {
  const auto element = role_named(label.text(sound::element_kind));
  const auto content = role_named(label.text(sound::content_kind));
  const auto role = element && *element != "main" ? element : content ? content : element;
  return role ? std::optional<std::string>(*role) : std::nullopt;
}

std::optional<std::string> language_of(const MxfSet& label) {
  const auto text = label.ascii(sound::spoken_language);
  return text ? bcp47(*text) : std::nullopt;
}

const MxfSet* group_with(const HeaderMetadata& header, const Ul& link) {
  for (const MxfSet& set : header.sets())
    if (set.kind() == SetKind::soundfield_label && set.label(sound::link_id) == link) return &set;
  return nullptr;
}

McaGroup labelled_channel(const HeaderMetadata& header, const MxfSet& label, int position) {
  McaGroup channel;
  channel.label = without_prefix(label.text(sound::tag_symbol).value_or(""), "ch");
  if (channel.label == "M1" || channel.label == "M2") channel.label = "M";
  const auto number = label.number(sound::channel_id);
  channel.channel =
      number && *number >= 1 && *number <= 1'024 ? static_cast<int>(*number) - 1 : position;
  channel.language = language_of(label);
  channel.role = role_of(label);
  const auto link = label.label(sound::group_link_id);
  if (!link) {  // a channel on its own, like hearing impaired in digital cinema
    channel.id = hex(label.label(sound::link_id).value_or(label.uid()));
    channel.layout = "1.0";
    return channel;
  }
  channel.id = hex(*link);
  if (const MxfSet* group = group_with(header, *link)) {
    channel.layout = layout_of_symbol(group->text(sound::tag_symbol).value_or(""));
    if (const auto language = language_of(*group)) channel.language = language;
    if (const auto role = role_of(*group)) channel.role = role;
  }
  return channel;
}

// Channel assignment labels of digital cinema (ST 429-2, annex A: configurations 1, 2, 3 and 5).
std::vector<std::string> cinema_labels(const Ul& assignment, int channels) {
  constexpr Ul kCinema{0x06, 0x0e, 0x2b, 0x34, 0x04, 0x01, 0x01, 0x0b,
                       0x04, 0x02, 0x02, 0x10, 0x03, 0x01, 0x00, 0x00};
  static constexpr const char* kConfigurations[5][8] = {
      {"L", "R", "C", "LFE", "Ls", "Rs", "HI", "VIN"},
      {"L", "R", "C", "LFE", "Ls", "Rs", "Cs", nullptr},
      {"L", "R", "C", "LFE", "Ls", "Rs", "Lc", "Rc"},
      {nullptr},
      {"L", "R", "C", "LFE", "Lss", "Rss", "Lrs", "Rrs"}};
  if (!same_start(assignment, kCinema, 14) || assignment[14] < 1 || assignment[14] > 5) return {};
  std::vector<std::string> labels;
  for (const char* label : kConfigurations[assignment[14] - 1]) {
    if (!label || static_cast<int>(labels.size()) == channels) break;
    labels.emplace_back(label);
  }
  if (static_cast<int>(labels.size()) != channels) return {};
  return labels;
}

std::optional<int> count_of(std::optional<std::uint64_t> number) {
  if (!number || *number == 0 || *number > 1'024) return std::nullopt;
  return static_cast<int>(*number);
}

// PCM has no compression label, or one that says uncompressed.
bool is_pcm(const MxfSet& descriptor) {
  constexpr Ul kUncompressed{0x06, 0x0e, 0x2b, 0x34, 0x04, 0x01, 0x01, 0x0a,
                             0x04, 0x02, 0x02, 0x01, 0x00, 0x00, 0x00, 0x00};
  const auto label = descriptor.label(sound::compression);
  return !label || same_start(*label, kUncompressed, 12) || *label == Ul{};
}

}  // namespace

AudioClaims read_sound_descriptor(const MxfSet& descriptor) {
  AudioClaims audio;
  audio.channels = count_of(descriptor.number(sound::channels));
  const auto rate = descriptor.rational(sound::rate);
  if (rate && *rate >= Rational(1) && *rate <= Rational(10'000'000) && rate->is_integer())
    audio.sample_rate = static_cast<int>(rate->num());
  const auto bits = descriptor.number(sound::bits);
  if (bits && *bits > 0 && *bits <= 64 && is_pcm(descriptor))
    audio.bit_depth = static_cast<int>(*bits);
  if (const auto assignment = descriptor.label(sound::assignment))
    audio.channel_labels = cinema_labels(*assignment, audio.channels.value_or(0));
  audio.channel_layout = layout_of(audio.channel_labels);
  return audio;
}

std::vector<McaGroup> read_mca(const HeaderMetadata& header, const MxfSet& descriptor) {
  std::vector<McaGroup> channels;
  for (const MxfSet* label : header.all(descriptor, sound::sub_descriptors)) {
    if (label->kind() != SetKind::channel_label || channels.size() >= 1'024) continue;
    channels.push_back(labelled_channel(header, *label, static_cast<int>(channels.size())));
  }
  std::stable_sort(channels.begin(), channels.end(),
                   [](const McaGroup& a, const McaGroup& b) { return a.channel < b.channel; });
  return channels;
}

}  // namespace cleangate::probes
