// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "specs/quantities/frame_map.h"

namespace cleangate::specs {

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
