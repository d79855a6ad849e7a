// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/stream_readings.h"

#include <fmt/format.h>

namespace cleangate::specs {

Absent no_frame_there(const FrameMap& map) {
  return {AbsenceKind::undefined,
          fmt::format("No frame of stream {} lies in the region.", map.stream())};
}

Absent all_damaged_there(const FrameMap& map) {
  return {AbsenceKind::damaged,
          fmt::format("Every frame of stream {} is damaged there.", map.stream())};
}

std::optional<std::string> taint_of(const FrameMap& map, std::int64_t open, std::int64_t all) {
  if (open == 0) return map.incomplete();
  return fmt::format("{} of {} frames of stream {} are damaged or could not be measured.", open,
                     all, map.stream());
}

}  // namespace cleangate::specs
