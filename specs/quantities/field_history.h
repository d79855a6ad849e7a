// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "specs/quantities/field_cadence.h"
#include "specs/quantities/field_frames.h"
#include "specs/quantities/field_scan.h"

namespace cleangate::specs {

// A run of frames of one kind.
struct FieldRun {
  enum class Scan : std::uint8_t { unknown, progressive, interlaced, telecined };
  enum class Order : std::uint8_t { none, top, bottom };
  std::int64_t first = 0, end = 0;
  Scan scan = Scan::unknown;
  Order order = Order::none;  // of interlaced and telecined runs
  bool in_part = false;       // interlaced in a part of the picture only
  std::string_view cadence;   // of this run; empty: none
};

// What the fields of a stream did over time: scan and cadence brought together.
class FieldHistory {
 public:
  explicit FieldHistory(const FieldFrames& frames);

  // Frames [first, end), all of them, in order. What none of them tells is not known of them,
  // whatever the frames before and behind them are.
  [[nodiscard]] std::vector<FieldRun> runs_in(std::int64_t first, std::int64_t end) const;
  [[nodiscard]] const Cadences& cadences() const { return cadences_; }
  // Enough moves in the frame to tell its scan.
  [[nodiscard]] bool tells(std::int64_t frame) const {
    return tells_[static_cast<std::size_t>(frame)];
  }

 private:
  std::vector<FieldRun> scans_;  // of all frames, without cadences of fields or frames
  std::vector<bool> tells_;      // per frame
  Cadences cadences_;
};

// Film pictures that lie across two frames, without repeats.
inline constexpr std::string_view kShiftedCadence = "2:2 shifted";

}  // namespace cleangate::specs
