// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/frame_times.h"

#include <algorithm>

namespace cleangate::pass {

using probes::FrameTimeRow;

void FrameTimes::add(const PacketNote& note, bool frame) {
  if (note.second_field) {
    if (!rows_.empty()) rows_.back().duration += note.duration;
    return;
  }
  if (!frame) return;
  if (!note.pts) {
    complete_ = false;
    return;
  }
  FrameTimeRow row;
  row.pts = *note.pts;
  row.duration = note.duration;
  if (note.discard) row.flags |= FrameTimeRow::kUnpresented;
  if (note.key) row.flags |= FrameTimeRow::kKey;
  rows_.push_back(row);
}

std::vector<FrameTimeRow> FrameTimes::rows() && {
  if (!complete_) return {};
  std::stable_sort(rows_.begin(), rows_.end(),
                   [](const FrameTimeRow& a, const FrameTimeRow& b) { return a.pts < b.pts; });
  return std::move(rows_);
}

}  // namespace cleangate::pass
