// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "specs/quantities/change_frames.h"

namespace cleangate::specs {

enum class Cut : std::uint8_t { no, yes, unknown };

enum class Still : std::uint8_t {
  moving,
  repeat,  // of the frame before, but for what coding it twice makes
  grain,   // nothing moves under a noise that does
  open
};

struct StillLimits {
  Rational difference, cell;  // percent of the nominal range
};

// Frames that repeat the one before, and runs of them, among those of picture.change.
class StillFinder {
 public:
  StillFinder(const ChangeFrames& frames, const StillLimits& limits);

  // A run of frames that are still; the frame that they repeat stands before `first`.
  struct Run {
    std::int64_t first = 0, end = 0;
    Still kind = Still::repeat;
  };

  [[nodiscard]] const std::vector<Run>& runs() const { return runs_; }
  [[nodiscard]] Still still(std::int64_t frame) const {
    return stills_[static_cast<std::size_t>(frame)];
  }
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(stills_.size()); }

  // The picture is replaced by another at this frame, or there is no frame before it or no such
  // frame. `outward`: -1 or 1, to where the frames lie whose own change is the measure.
  [[nodiscard]] Cut cut(std::int64_t frame, int outward, std::int64_t factor = 2) const;
  // Unknown where damage stands at an end of the run and the other end is a cut.
  [[nodiscard]] Cut from_cut_to_cut(const Run& run) const;
  // Something moved right before a run of grain, and right behind it: only then it stopped.
  [[nodiscard]] bool stops_abruptly(const Run& run) const;

 private:
  void join_pulses();
  void join_recoded();
  void settle();
  [[nodiscard]] bool comes_to_rest(const Run& run) const;
  [[nodiscard]] bool nearly_repeats(std::int64_t frame) const;
  [[nodiscard]] bool shown_twice(const Run& around) const;
  [[nodiscard]] bool pulses(std::int64_t frame) const;
  [[nodiscard]] bool recoded(std::int64_t frame) const;
  [[nodiscard]] std::int64_t recoded_from(std::int64_t frame, int step) const;
  [[nodiscard]] Still classify(std::int64_t frame, const StillLimits& limits) const;
  [[nodiscard]] std::size_t grain_rung(std::int64_t frame) const;
  [[nodiscard]] bool moves(std::int64_t frame) const;

  const ChangeFrames& frames_;
  std::vector<Still> stills_;
  std::vector<Run> runs_;
};

}  // namespace cleangate::specs
