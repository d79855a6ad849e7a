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
  using Asked = std::function<bool(std::int64_t frame)>;
  struct Stream {
    std::int64_t count = 0;  // frames
    Asked cut;               // another picture begins there; asked of frames after the first
    Asked measured;
  };
  BandRuns(const Limits& limits, Stream stream)
      : limits_(limits),
        stream_(std::move(stream)),
        by_frame_(static_cast<std::size_t>(stream_.count)) {}

  void add(const OutlierFrames::Band& band);  // in order of frames
  // Of every frame.
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
  [[nodiscard]] Shown passes(const Track& track, std::size_t from, std::size_t to) const;
  [[nodiscard]] bool like(const Band& band, std::int64_t frame) const;
  [[nodiscard]] bool hides(std::int64_t frame, std::int64_t level) const;

  Limits limits_;
  Stream stream_;
  std::vector<Track> open_, closed_;
  std::vector<std::vector<Band>> by_frame_;
  std::vector<Shown> shown_;
};

}  // namespace cleangate::specs
