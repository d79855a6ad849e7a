// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/packet_view.h"
#include "probes/facts.h"

namespace cleangate::probes {

// A time label as a bitstream states it.
struct Label {
  int hours = 0, minutes = 0, seconds = 0, frames = 0;
  bool drop = false;
  friend bool operator==(const Label&, const Label&) = default;
};

// "10:00:00:00", drop-frame with ';' before the frames.
[[nodiscard]] std::string to_string(const Label& label);

// Labels that pictures carry one by one (SEI), gathered in decode order, checked in presentation
// order. 16 bytes a frame.
class LabelTrack {
 public:
  explicit LabelTrack(int stream) : stream_(stream) {}
  // One presented frame; without a label the next one is expected further on.
  void add(std::optional<std::int64_t> pts, const std::optional<Label>& label);
  // Frames a second; without it neither drop-frame arithmetic nor continuity can be judged. The
  // labels themselves show whether they count frames, pairs of frames or fields.
  void set_rate(const std::optional<Rational>& rate) { rate_ = rate; }
  void set_reordered() { reordered_ = true; }  // B pictures: decode order is not presentation order
  // The start is the label of the first frame: its own, or counted back from the first that there
  // is; unknown where neither can be told.
  [[nodiscard]] std::vector<TimecodeFacts> facts() const;

 private:
  struct Entry {
    std::int64_t pts = 0;
    std::int32_t packed = -1;  // -1 = no label
  };
  static std::optional<std::int64_t> labels_before(const std::vector<Entry>& entries,
                                                   std::int64_t first,
                                                   std::int64_t frames_per_label);
  int stream_;
  std::optional<Rational> rate_;
  bool reordered_ = false, timed_ = true, labelled_ = false;
  std::vector<Entry> entries_;
};

}  // namespace cleangate::probes
