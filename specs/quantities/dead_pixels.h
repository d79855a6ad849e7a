// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "specs/quantities/outlier_frames.h"

namespace cleangate::specs {

// How often what surrounds a sample has become another picture.
class PictureChanges {
 public:
  void add(std::int64_t frame, const OutlierFrames::Around& around);  // in order of frames
  [[nodiscard]] bool enough() const;
  [[nodiscard]] bool there_and_back() const { return swings_ >= 2; }

 private:
  void add_level(std::int64_t level);

  std::array<std::int64_t, 4> levels_{};  // of the frames up to the latest, which is the last
  std::int64_t last_frame_ = -1, in_a_row_ = 0;
  std::int64_t low_ = 0, high_ = 0;  // since the last swing
  int direction_ = 0;                // of the last swing: 1 up, -1 down
  std::int64_t swings_ = 0;          // up and down in turn, in the mean level
  std::int64_t cuts_ = 0;            // jumps of it between two calms
  std::int64_t patterns_ = 0;
  OutlierFrames::Around around_{};  // at the last change of pattern
};

// Whether what stands out keeps a level of its own while that of what surrounds it changes. A speck
// of a still that is faded or dissolved into another picture goes with it: its step is in
// proportion to how far the level is from that of what it is faded into.
class OwnLevel {
 public:
  void add(std::int64_t level, std::int64_t step);
  // `least`: steps below that were not added.
  [[nodiscard]] bool shown(std::int64_t least) const;

 private:
  std::int64_t count_ = 0, levels_ = 0, steps_ = 0, level_squares_ = 0, products_ = 0;  // sums
};

struct DeadPixel {
  std::int64_t x = 0, y = 0;                    // of the raster, from 0
  std::int64_t first_frame = 0, end_frame = 0;  // where it was seen
  std::int64_t seen = 0;                        // frames of them in which it stood out
};

// Follows places at which a sample stands out, while what surrounds it changes.
class DeadPixelFinder {
 public:
  struct Limits {
    std::int64_t step = 1;    // least, in code values of 8 bits
    std::int64_t frames = 1;  // least in which it stands out
  };
  explicit DeadPixelFinder(const Limits& limits) : limits_(limits) {}

  void add(const OutlierFrames::Dot& dot);  // in order of frames
  [[nodiscard]] std::vector<DeadPixel> finish();

 private:
  struct Track {
    OutlierFrames::Dot first;
    std::int64_t last = 0, seen = 0, alone = 0;
    PictureChanges changes;
    OwnLevel own;
  };
  [[nodiscard]] Track* track_of(const OutlierFrames::Dot& dot);
  void follow(Track& track, const OutlierFrames::Dot& dot);
  void close(const Track& track);
  void close_old(std::int64_t frame);

  Limits limits_;
  std::unordered_map<std::int64_t, Track> tracks_;  // by place, brighter and darker ones apart
  std::int64_t next_look_ = 0;
  std::vector<DeadPixel> found_;
};

struct DeadPixels {
  std::vector<DeadPixel> pixels;  // from top left
  // Frames of which as many samples as a row holds stand out: fainter ones are lost.
  std::int64_t crowded = 0;
};

// Those of frames [first, end); nothing when the rows cannot be read.
[[nodiscard]] std::optional<DeadPixels> find_dead_pixels(const OutlierFrames& frames,
                                                         std::int64_t first, std::int64_t end,
                                                         const DeadPixelFinder::Limits& limits);

struct PlacedPixel : DeadPixel {
  Span span;
};
struct PlacedPixels {
  std::vector<PlacedPixel> pixels;             // from top left
  std::optional<std::string> tainted_because;  // why there may be more
};
// As picture.dead_pixels counts them over the whole stream with its default parameters, or why they
// are not known: a reading has no room for places.
[[nodiscard]] tl::expected<PlacedPixels, Absent> dead_pixels_of(const Evidence& evidence,
                                                                int stream);

}  // namespace cleangate::specs
