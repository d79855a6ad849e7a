// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "specs/quantities/frame_map.h"
#include "specs/quantity.h"

namespace cleangate::specs {

// Whether a frame shows what is looked for; open: nobody can tell.
enum class Shown : std::uint8_t { no, yes, open };

// Runs of frames that do, and of frames that may: where the two touch, they may be one. `shown`
// are of the presented frames from `first` on.
[[nodiscard]] Spans runs_of(const FrameMap& map, std::int64_t first,
                            const std::vector<Shown>& shown);

// The spans as what was read. Undecided frames stand among them, exactly where they are; what
// taints the reading is that the rows do not cover the stream. Where the seconds of the frames are
// made up there are runs, but nobody knows how long: all are undecided.
void tell_spans(const FrameMap& map, Spans spans, Reading& reading);

}  // namespace cleangate::specs
