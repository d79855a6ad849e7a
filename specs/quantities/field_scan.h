// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "specs/quantities/field_frames.h"

namespace cleangate::specs {

// What the fields of a run of frames are to each other.
enum class ScanKind : std::uint8_t {
  progressive,     // of one moment
  top_first,       // the top field is the earlier one
  bottom_first,    // the bottom field is
  part_top_first,  // a part of the picture (a ticker) is interlaced, the rest progressive
  part_bottom_first,
  shifted_top_first,  // progressive pictures, each spread over the fields of two frames
  shifted_bottom_first
};
inline constexpr int kScanKinds = 7;

// Enough moves in the frame to tell.
[[nodiscard]] bool tells_scan(const FieldFrames::Frame& frame);

struct ScanRun {
  std::int64_t first = 0, end = 0;
  ScanKind kind = ScanKind::progressive;
  std::int64_t evidence = 0;  // frames that tell
};

// The frames cut into runs, all of them. Frames that tell nothing (nothing moves, damage) belong to
// the run around them; a run whose evidence is 0 is not known.
[[nodiscard]] std::vector<ScanRun> scan_runs(const FieldFrames& frames);

}  // namespace cleangate::specs
