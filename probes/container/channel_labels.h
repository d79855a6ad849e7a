// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace cleangate::probes {

// The layout that channels with these labels form, spelled as libav spells it ("mono", "stereo",
// "downmix", "5.1(side)" …), whatever their order. Nothing when they form none of the usual ones.
[[nodiscard]] std::optional<std::string> layout_of(const std::vector<std::string>& labels);

}  // namespace cleangate::probes
