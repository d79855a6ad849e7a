// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "pipeline/pass/presenter.h"
#include "pipeline/pass/sink_gate.h"
#include "probes/picture/frame_time_row.h"

namespace cleangate::pass {

// The times of a stream's frames as its packets have them, for a pass that decodes nothing
// (probes::kPacketTimes).
class FrameTimes {
 public:
  // Packets in decode order; `frame`: one that a decoder makes a frame of (not hidden, no second
  // field).
  void add(const PacketNote& note, bool frame);
  // In presentation order.
  [[nodiscard]] std::vector<probes::FrameTimeRow> rows() &&;

 private:
  std::vector<probes::FrameTimeRow> rows_;
  bool complete_ = true;
};

}  // namespace cleangate::pass
