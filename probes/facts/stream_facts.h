// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "probes/facts/assemble.h"

namespace cleangate::probes {

// Joins the voices of one stream. `track` is what our own parser found for it, or null. Times are
// left on the container's clock (start_s of the first presented instant); assemble() moves them
// onto the asset's timeline.
[[nodiscard]] StreamFacts stream_facts(const StreamObservation& observation,
                                       const TrackFindings* track, Depth depth,
                                       std::vector<Conflict>& conflicts);

// "apch", or "0x0000001b" where the four characters are not printable; nothing for 0.
[[nodiscard]] std::optional<std::string> tag_text(std::uint32_t tag);

}  // namespace cleangate::probes
