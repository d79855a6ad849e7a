// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "probes/rows.h"

namespace cleangate::probes {

// When each decoded frame is presented, and what befell it. Written by the pass itself for every
// decoded video stream, one row per decoded frame in presentation order (a frame the decoder never
// gave gets a damaged row).
struct FrameTimeRow {
  enum Flag : std::uint32_t {
    kDamaged = 1,  // decoded from damaged, concealed or missing data; picture rows of this frame
                   // say nothing
    kUnpresented = 2,  // outside the edit list, or marked discard: no span counts it
    kKey = 4,
    kInterlaced = 8,  // as the decoder flags it
    kTopFieldFirst = 16,
    kRepeatField = 32,  // repeat_first_field
    kNoPts = 64         // the container gave no time; `pts` is inferred
  };
  std::int64_t pts = 0;       // ticks of the stream's time base, on the container's own clock
  std::int64_t duration = 0;  // ticks; 0 = unknown
  std::uint32_t flags = 0;
  std::uint32_t geometry = 0;  // width << 16 | height of the decoded frame (0 for missing ones):
                               // format changes show here

  static constexpr std::array<Column, 4> kColumns{{{"pts", ColumnType::i64, 0, 1},
                                                   {"duration", ColumnType::i64, 8, 1},
                                                   {"flags", ColumnType::u32, 16, 1},
                                                   {"geometry", ColumnType::u32, 20, 1}}};
  static constexpr RowType kType{"video.frame_time", 2, RowClock::frame, 24, kColumns};
};
static_assert(MeasurementRow<FrameTimeRow> && sizeof(FrameTimeRow) == FrameTimeRow::kType.size);

// Version 1 had other times where kNoPts stands.
struct FrameTimeRow1 : FrameTimeRow {
  static constexpr RowType kType{"video.frame_time", 1, RowClock::frame, 24, kColumns};
};

}  // namespace cleangate::probes
