// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/channel_weight.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace cleangate::specs {
namespace {

constexpr double kSurroundGain = 1.41;

// Positions as far as the weighting tells them apart.
enum class Place { front, side, rear, not_mix, unknown };

struct LabelPlace {
  std::string_view label;
  Place place;
};

// ST 377-4 / ST 428-12 symbols, libav's names, and the ones people write.
constexpr auto kPlaces = std::to_array<LabelPlace>({
    {"L", Place::front},
    {"R", Place::front},
    {"C", Place::front},
    {"FL", Place::front},
    {"FR", Place::front},
    {"FC", Place::front},
    {"M", Place::front},
    {"M1", Place::front},
    {"M2", Place::front},
    {"Lt", Place::front},
    {"Rt", Place::front},
    {"Lo", Place::front},
    {"Ro", Place::front},
    {"Lc", Place::front},
    {"Rc", Place::front},
    {"FLC", Place::front},
    {"FRC", Place::front},
    {"DL", Place::front},
    {"DR", Place::front},
    {"S", Place::rear},
    // azimuth 180, elevation 30 and more: 1.00 like the front
    {"Cs", Place::rear},
    {"BC", Place::rear},
    {"Ltf", Place::front},
    {"Rtf", Place::front},
    {"Ltm", Place::front},
    {"Rtm", Place::front},
    {"Ltr", Place::front},
    {"Rtr", Place::front},
    {"Ltb", Place::front},
    {"Rtb", Place::front},
    {"TFL", Place::front},
    {"TFR", Place::front},
    {"TFC", Place::front},
    {"TBL", Place::front},
    {"TBR", Place::front},
    {"TBC", Place::front},
    {"TSL", Place::front},
    {"TSR", Place::front},
    {"TC", Place::front},
    {"Ts", Place::front},
    {"Vhl", Place::front},
    {"Vhr", Place::front},
    {"Vhc", Place::front},
    {"Lh", Place::front},
    {"Rh", Place::front},
    {"Ch", Place::front},
    // azimuth 60 to 120
    {"Ls", Place::side},
    {"Rs", Place::side},
    {"Lss", Place::side},
    {"Rss", Place::side},
    {"SL", Place::side},
    {"SR", Place::side},
    {"Lw", Place::side},
    {"Rw", Place::side},
    {"WL", Place::side},
    {"WR", Place::side},
    // azimuth beyond 120, unless they are the only surround pair
    {"Lrs", Place::rear},
    {"Rrs", Place::rear},
    {"Lsr", Place::rear},
    {"Rsr", Place::rear},
    {"Lb", Place::rear},
    {"Rb", Place::rear},
    {"BL", Place::rear},
    {"BR", Place::rear},
    {"Rls", Place::rear},
    {"Lbs", Place::rear},
    {"Rbs", Place::rear},
    // no part of the mix
    {"LFE", Place::not_mix},
    {"LFE1", Place::not_mix},
    {"LFE2", Place::not_mix},
    {"HI", Place::not_mix},
    {"VIN", Place::not_mix},
    {"VI-N", Place::not_mix},
    {"FSKSync", Place::not_mix},
    {"DBOX", Place::not_mix},
});

Place place_of(std::string_view label) {
  if (label.starts_with("ch") && label.size() > 2) label.remove_prefix(2);
  const auto found = std::find_if(kPlaces.begin(), kPlaces.end(),
                                  [&](const LabelPlace& entry) { return entry.label == label; });
  return found == kPlaces.end() ? Place::unknown : found->place;
}

bool is_center_surround(std::string_view label) {
  return label == "Cs" || label == "BC" || label == "S" || label == "chCs";
}

}  // namespace

ChannelWeight channel_weight(const probes::Soundfield& soundfield, std::size_t channel) {
  const std::string_view label = soundfield.channels.at(channel).label;
  // One or two channels stand in front however they are labelled.
  const bool small = soundfield.channels.size() <= 2;
  switch (place_of(label)) {
    case Place::front:
      return {};
    case Place::side:
      return {kSurroundGain, true, true};
    case Place::not_mix:
      return {0.0, false, true};
    case Place::unknown:
      return {1.0, true, small};
    case Place::rear:
      break;
  }
  const bool beside_sides =
      std::any_of(soundfield.channels.begin(), soundfield.channels.end(),
                  [](const auto& other) { return place_of(other.label) == Place::side; });
  if (is_center_surround(label) || beside_sides) return {};
  return {kSurroundGain, true, true};
}

}  // namespace cleangate::specs
