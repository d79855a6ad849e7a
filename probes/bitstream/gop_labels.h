// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "probes/bitstream/label_track.h"

namespace cleangate::probes {

// Labels of GOP headers (ISO/IEC 13818-2 6.3.8): each names the first picture of its GOP in
// presentation order. GOPs follow each other, so a label is due as many labels after the one before
// as its GOP was long; repeated fields count, two to a label.
class GopLabels {
 public:
  explicit GopLabels(int stream) : stream_(stream) {}
  void gop(const Label& label);
  // A frame of the current GOP that is shown for `fields` fields; a hidden one still counts labels.
  void frame(int fields, bool hidden);
  [[nodiscard]] std::vector<TimecodeFacts> facts(const std::optional<Rational>& frame_rate) const;

 private:
  struct Entry {
    std::int64_t first_frame = 0;  // presented frames before this GOP
    std::int64_t fields = 0;       // of this GOP
    std::int32_t hidden = 0;       // frames of this GOP that are not presented
    Label label;
  };
  int stream_;
  std::int64_t presented_ = 0;
  std::int64_t fields_before_ = 0;  // shown before the first label
  std::vector<Entry> entries_;
};

}  // namespace cleangate::probes
