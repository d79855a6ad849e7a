// SPDX-License-Identifier: Apache-2.0
#include "probes/container/channel_labels.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace cleangate::probes {
namespace {

struct Layout {
  std::string_view name, sorted_labels;  // labels in byte order
};

constexpr std::array kLayouts{
    Layout{"mono", "M"},
    Layout{"mono", "C"},
    Layout{"stereo", "L R"},
    Layout{"downmix", "Lt Rt"},
    Layout{"2.1", "L LFE R"},
    Layout{"3.0", "C L R"},
    Layout{"3.1", "C L LFE R"},
    Layout{"4.0", "C Cs L R"},
    Layout{"4.1", "C Cs L LFE R"},
    Layout{"quad", "L Ls R Rs"},
    Layout{"5.0", "C L Ls R Rs"},
    Layout{"5.1", "C L LFE Ls R Rs"},
    Layout{"6.0", "C Cs L Ls R Rs"},
    Layout{"6.1", "C Cs L LFE Ls R Rs"},
    Layout{"7.0", "C L Lrs Ls R Rrs Rs"},
    Layout{"7.0", "C L Lrs Lss R Rrs Rss"},
    Layout{"7.1", "C L LFE Lrs Ls R Rrs Rs"},
    Layout{"7.1", "C L LFE Lrs Lss R Rrs Rss"},
    Layout{"7.1(wide-side)", "C L LFE Lc Ls R Rc Rs"},
};

}  // namespace

std::optional<std::string> layout_of(const std::vector<std::string>& labels) {
  std::vector<std::string> sorted = labels;
  std::sort(sorted.begin(), sorted.end());
  std::string joined;
  for (const std::string& label : sorted) joined += (joined.empty() ? "" : " ") + label;
  for (const Layout& layout : kLayouts)
    if (layout.sorted_labels == joined) return std::string(layout.name);
  return std::nullopt;
}

}  // namespace cleangate::probes
