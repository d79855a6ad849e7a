// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "probes/container/mov_track.h"

namespace cleangate::probes {
namespace {

struct Named {
  std::uint32_t number;
  std::string_view labels;
};

// Core Audio channel labels (CoreAudioBaseTypes.h, kAudioChannelLabel_*), by the symbols of SMPTE
// ST 377-4 where it has one.
constexpr std::array kCoreAudioLabels{
    Named{1, "L"},       Named{2, "R"},      Named{3, "C"},     Named{4, "LFE"},  Named{5, "Ls"},
    Named{6, "Rs"},      Named{7, "Lc"},     Named{8, "Rc"},    Named{9, "Cs"},   Named{10, "Lsd"},
    Named{11, "Rsd"},    Named{12, "Ts"},    Named{13, "Vhl"},  Named{14, "Vhc"}, Named{15, "Vhr"},
    Named{16, "Tbl"},    Named{17, "Tbc"},   Named{18, "Tbr"},  Named{33, "Lrs"}, Named{34, "Rrs"},
    Named{35, "Lw"},     Named{36, "Rw"},    Named{37, "LFE2"}, Named{38, "Lt"},  Named{39, "Rt"},
    Named{40, "HI"},     Named{41, "VIN"},   Named{42, "M"},    Named{43, "DCM"}, Named{44, "Csd"},
    Named{45, "Haptic"}, Named{200, "W"},    Named{201, "X"},   Named{202, "Y"},  Named{203, "Z"},
    Named{204, "Mid"},   Named{205, "Side"}, Named{206, "X"},   Named{207, "Y"},  Named{301, "Hl"},
    Named{302, "Hr"},
};

// Core Audio layout tags: high half the layout, low half its channel count.
constexpr std::uint32_t tag(std::uint32_t layout, std::uint32_t channels) {
  return layout << 16 | channels;
}
constexpr std::array kCoreAudioLayouts{
    Named{tag(100, 1), "M"},
    Named{tag(101, 2), "L R"},
    Named{tag(102, 2), "Hl Hr"},
    Named{tag(103, 2), "Lt Rt"},
    Named{tag(104, 2), "Mid Side"},
    Named{tag(105, 2), "X Y"},
    Named{tag(106, 2), "L R"},
    Named{tag(107, 4), "W X Y Z"},
    Named{tag(108, 4), "L R Ls Rs"},
    Named{tag(109, 5), "L R Ls Rs C"},
    Named{tag(110, 6), "L R Ls Rs C Cs"},
    Named{tag(113, 3), "L R C"},
    Named{tag(114, 3), "C L R"},
    Named{tag(115, 4), "L R C Cs"},
    Named{tag(116, 4), "C L R Cs"},
    Named{tag(117, 5), "L R C Ls Rs"},
    Named{tag(118, 5), "L R Ls Rs C"},
    Named{tag(119, 5), "L C R Ls Rs"},
    Named{tag(120, 5), "C L R Ls Rs"},
    Named{tag(121, 6), "L R C LFE Ls Rs"},
    Named{tag(122, 6), "L R Ls Rs C LFE"},
    Named{tag(123, 6), "L C R Ls Rs LFE"},
    Named{tag(124, 6), "C L R Ls Rs LFE"},
    Named{tag(125, 7), "L R C LFE Ls Rs Cs"},
    Named{tag(126, 8), "L R C LFE Ls Rs Lc Rc"},
    Named{tag(127, 8), "C Lc Rc L R Ls Rs LFE"},
    Named{tag(128, 8), "L R C LFE Ls Rs Lrs Rrs"},
    Named{tag(129, 8), "L R Ls Rs C LFE Lc Rc"},
    Named{tag(130, 8), "L R C LFE Ls Rs Lt Rt"},
    Named{tag(131, 3), "L R Cs"},
    Named{tag(132, 4), "L R Ls Rs"},
    Named{tag(133, 3), "L R LFE"},
    Named{tag(134, 4), "L R LFE Cs"},
    Named{tag(135, 5), "L R LFE Ls Rs"},
    Named{tag(136, 4), "L R C LFE"},
    Named{tag(137, 5), "L R C LFE Cs"},
    Named{tag(138, 5), "L R Ls Rs LFE"},
    Named{tag(139, 6), "L R Ls Rs C Cs"},
    Named{tag(140, 7), "L R Ls Rs C Lrs Rrs"},
    Named{tag(141, 6), "C L R Ls Rs Cs"},
    Named{tag(142, 7), "C L R Ls Rs Cs LFE"},
    Named{tag(143, 7), "C L R Ls Rs Lrs Rrs"},
    Named{tag(144, 8), "C L R Ls Rs Lrs Rrs Cs"},
    Named{tag(148, 7), "L R Ls Rs C Lc Rc"},
    Named{tag(149, 2), "C LFE"},
    Named{tag(150, 3), "L C R"},
    Named{tag(151, 4), "L C R Cs"},
    Named{tag(152, 4), "L C R LFE"},
    Named{tag(153, 4), "L R Cs LFE"},
    Named{tag(154, 5), "L C R Cs LFE"},
    Named{tag(155, 6), "L C R Ls Rs Cs"},
    Named{tag(156, 7), "L C R Ls Rs Lrs Rrs"},
    Named{tag(157, 7), "L C R Ls Rs LFE Cs"},
    Named{tag(160, 8), "L C R Ls Rs LFE Lrs Rrs"},
    Named{tag(161, 8), "L C R Ls Rs LFE Lc Rc"},
};
constexpr std::uint32_t kUseDescriptions = 0, kUseBitmap = 1u << 16;

// ISO/IEC 23091-3, table 7 (OutputChannelPosition), the positions with a usual name.
constexpr std::array kIsoPositions{
    Named{0, "L"},    Named{1, "R"},    Named{2, "C"},    Named{3, "LFE"},  Named{4, "Ls"},
    Named{5, "Rs"},   Named{6, "Lc"},   Named{7, "Rc"},   Named{8, "Lrs"},  Named{9, "Rrs"},
    Named{10, "Cs"},  Named{11, "Lsd"}, Named{12, "Rsd"}, Named{13, "Lss"}, Named{14, "Rss"},
    Named{15, "Lw"},  Named{16, "Rw"},  Named{17, "Vhl"}, Named{18, "Vhr"}, Named{19, "Vhc"},
    Named{20, "Tbl"}, Named{21, "Tbr"}, Named{22, "Tbc"}, Named{25, "Ts"},  Named{26, "LFE2"},
};
// ISO/IEC 23091-3, table 6 (ChannelConfiguration).
constexpr std::array kIsoConfigurations{
    Named{1, "C"},
    Named{2, "L R"},
    Named{3, "C L R"},
    Named{4, "C L R Cs"},
    Named{5, "C L R Ls Rs"},
    Named{6, "C L R Ls Rs LFE"},
    Named{7, "C Lc Rc L R Ls Rs LFE"},
    Named{9, "L R Cs"},
    Named{10, "L R Ls Rs"},
    Named{11, "C L R Ls Rs Cs LFE"},
    Named{12, "C L R Ls Rs Lrs Rrs LFE"},
};

template <std::size_t N>
std::string_view name_of(const std::array<Named, N>& table, std::uint32_t number) {
  for (const Named& entry : table)
    if (entry.number == number) return entry.labels;
  return {};
}

std::vector<std::string> words(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    const auto space = list.find(' ');
    out.emplace_back(list.substr(0, space));
    list = space == std::string_view::npos ? std::string_view{} : list.substr(space + 1);
  }
  return out;
}

// A label without a name keeps its channel's place in the list, as "?".
std::string or_unknown(std::string_view label) { return label.empty() ? "?" : std::string(label); }

std::vector<std::string> known_or_none(std::vector<std::string> labels) {
  for (const std::string& label : labels)
    if (label != "?") return labels;
  return {};
}

}  // namespace

std::vector<std::string> labels_of_chan(std::span<const std::byte> chan, int channels) {
  ByteCursor cursor(chan);
  cursor.skip(4);
  const std::uint32_t layout = cursor.u32(), bitmap = cursor.u32(), descriptions = cursor.u32();
  if (!cursor.ok()) return {};
  std::vector<std::string> labels;
  if (layout == kUseBitmap) {
    for (std::uint32_t bit = 0; bit < 18; ++bit)
      if (bitmap >> bit & 1) labels.push_back(or_unknown(name_of(kCoreAudioLabels, bit + 1)));
  } else if (layout == kUseDescriptions) {
    for (std::uint32_t i = 0; i < descriptions && cursor.left() >= 20; ++i) {
      labels.push_back(or_unknown(name_of(kCoreAudioLabels, cursor.u32())));
      cursor.skip(16);
    }
  } else {
    labels = words(name_of(kCoreAudioLayouts, layout));
  }
  if (channels > 0 && labels.size() != static_cast<std::size_t>(channels)) return {};
  return known_or_none(std::move(labels));
}

std::vector<std::string> labels_of_chnl(std::span<const std::byte> chnl, int channels) {
  ByteCursor cursor(chnl);
  const std::uint8_t version = cursor.u8();
  cursor.skip(3);
  const std::uint8_t structure = cursor.u8();
  if (!cursor.ok() || version != 0 || !(structure & 1)) return {};
  const std::uint8_t configuration = cursor.u8();
  std::vector<std::string> labels;
  if (configuration != 0) {
    const std::uint64_t omitted = cursor.u64();
    std::uint64_t bit = 1;
    for (std::string& label : words(name_of(kIsoConfigurations, configuration))) {
      if (!(omitted & bit)) labels.push_back(std::move(label));
      bit <<= 1;
    }
  } else {
    for (int i = 0; i < channels && cursor.left() > 0; ++i) {
      const std::uint8_t position = cursor.u8();
      if (position == 126) cursor.skip(3);  // explicit azimuth and elevation
      labels.push_back(or_unknown(name_of(kIsoPositions, position)));
    }
  }
  if (!cursor.ok() || (channels > 0 && labels.size() != static_cast<std::size_t>(channels)))
    return {};
  return known_or_none(std::move(labels));
}

}  // namespace cleangate::probes
