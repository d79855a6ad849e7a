// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "specs/quantities/outlier_frames.h"
#include "specs/quantities/shown_runs.h"

namespace cleangate::specs {

// Tells lines (columns) that are defects from those that belong to the picture, over time.
class BandRuns {
 public:
  struct Limits {
    std::int64_t level = 1;    // code values of 8 bits
    std::int64_t count = 1;    // lines side by side, at most
    std::int64_t longest = 1;  // frames that a passing one lasts, at most
    std::int64_t frames = 1;   // that a lasting one is seen in, at least
  };
  // `cut(frame)`: another picture begins there. Asked of frames after the first.
  using Cut = std::function<bool(std::int64_t frame)>;
  BandRuns(const Limits& limits, std::int64_t first, std::int64_t end, Cut cut)
      : limits_(limits), first_(first), end_(end), cut_(std::move(cut)) {}

  void add(const OutlierFrames::Band& band);  // in order of frames
  // Of frames [first, end): no or yes.
  [[nodiscard]] std::vector<Shown> finish();

 private:
  using Band = OutlierFrames::Band;
  struct Track {
    std::vector<Band> bands;  // of one place, one a frame
  };
  [[nodiscard]] bool strong(const Band& band) const;
  void close(const Track& track);
  [[nodiscard]] bool lasting(const Track& track) const;
  void find_passing(const Track& track);
  [[nodiscard]] bool passes(const Track& track, std::size_t from, std::size_t to) const;
  [[nodiscard]] bool like(const Band& band, std::int64_t frame) const;

  Limits limits_;
  std::int64_t first_, end_;
  Cut cut_;
  std::vector<Track> open_, closed_;
  std::vector<std::vector<Band>> by_frame_;
  std::vector<Shown> shown_;
};

}  // namespace cleangate::specs
