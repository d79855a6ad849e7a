// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "probes/facts.h"

namespace cleangate::app {

// One soundfield as the user states it: channels counted from 1 over all audio streams in file
// order, both ends included.
struct StatedSoundfield {
  int first = 0, last = 0;
  std::string layout;    // "2.0", "5.1" …
  std::string language;  // BCP 47; empty: not stated
  std::string role = "main";
  friend bool operator==(const StatedSoundfield&, const StatedSoundfield&) = default;
};

// "1-2:2.0:en,3-8:5.1:en:me": channels, layout, and, where stated, language and role. A usage error
// names the piece that is wrong and the layouts there are.
[[nodiscard]] Expected<std::vector<StatedSoundfield>> parse_soundfields(std::string_view text);

// Replaces the soundfields of `facts` by those stated (grouping: user). Fails when a channel does
// not exist, or carries data instead of sound.
[[nodiscard]] Expected<void> state_soundfields(const std::vector<StatedSoundfield>& stated,
                                               probes::AssetFacts& facts);

}  // namespace cleangate::app
