// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "specs/quantities/frame_map.h"

namespace cleangate::specs {

// Why nothing can be said of the frames of a window: there are none; all of them are damaged.
[[nodiscard]] Absent no_frame_there(const FrameMap& map);
[[nodiscard]] Absent all_damaged_there(const FrameMap& map);
// For Reading::tainted_because: so many frames of all of the window are damaged or not measured;
// where none is, why the rows do not cover the stream.
[[nodiscard]] std::optional<std::string> taint_of(const FrameMap& map, std::int64_t open,
                                                  std::int64_t all);

// A reading of each video stream. `open(stream)` gives its frames, or why there are none;
// `tell(frames, first, end, reading)` reads those of the window, of which at least one was measured
// (`nothing_in`, which is also told what they must not lack).
template <class Open, class Tell, class... Lacking>
[[nodiscard]] std::vector<Reading> read_video_streams(const Evidence& evidence,
                                                      const Window& window, const Open& open,
                                                      const Tell& tell, const Lacking&... lacking) {
  std::vector<Reading> readings;
  for (const Subject& subject : video_subjects(evidence)) {
    Reading& reading = readings.emplace_back();
    reading.subject = subject;
    auto frames = open(subject.index);
    if (!frames) {
      reading.value = std::move(frames.error());
      continue;
    }
    const auto [first, end] = frames->map().frames_in(window);
    if (auto nothing = frames->nothing_in(first, end, lacking...))
      reading.value = std::move(*nothing);
    else
      tell(*frames, first, end, reading);
  }
  return readings;
}

}  // namespace cleangate::specs
