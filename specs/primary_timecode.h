// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/rational.h"
#include "core/timecode.h"
#include "probes/facts.h"

namespace cleangate::specs {

// The timecode that labels speak of; null where the file has none.
[[nodiscard]] const probes::TimecodeFacts* primary_timecode(const probes::AssetFacts& facts);

// Its first label; nothing where start or rate are not known, or the start is no label.
[[nodiscard]] std::optional<Timecode> start_label(const probes::TimecodeFacts& timecode);

// Seconds at which the picture starts that labels and frame numbers count: that of the timecode's
// own stream, else of the first one. Zero where there is none.
[[nodiscard]] Rational picture_start(const probes::AssetFacts& facts,
                                     const probes::TimecodeFacts* timecode);

}  // namespace cleangate::specs
