// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "specs/quantities/frame_map.h"

namespace cleangate::specs {

// A parameter that is a time.
struct Duration {
  Rational seconds;
  // Where it is written in frames, so many. These are counted: seconds between instants that a
  // container has rounded are off by a tick.
  std::optional<Rational> frames;

  // Frames [first, end) last as long, or longer.
  [[nodiscard]] bool reached_by(const FrameMap& map, std::int64_t first, std::int64_t end) const;
};

// Frames are those of the stream: undecided where its rate is variable or not known, as limits in
// frames are.
[[nodiscard]] tl::expected<Duration, Absent> duration_of(const Parameters& parameters,
                                                         std::string_view name,
                                                         const Evidence& evidence, int stream);

}  // namespace cleangate::specs
