// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/dead_pixels.h"

#include <algorithm>
#include <cstdlib>

#include "probes/picture/outlier_sweep.h"

namespace cleangate::specs {
namespace {

constexpr std::int64_t kGap = 25;    // frames it may be unseen, as its surroundings pass its level
constexpr std::int64_t kSwing = 12;  // code values of 8 bits
constexpr std::int64_t kCalm = 4;    // likewise, in a frame
constexpr std::int64_t kAtOnce = 1024;  // frames read together
constexpr std::int64_t kReach = 1;      // samples that coding may move it by

std::int64_t track_at(std::int64_t x, std::int64_t y, std::int64_t step) {
  return 2 * ((y << 16) + x) + (step > 0);
}

std::int64_t mean(const OutlierFrames::Around& around) {
  return (around[0] + around[1] + around[2] + around[3]) / 4;
}

}  // namespace

void PictureChanges::add_level(std::int64_t level) {
  low_ = std::min(low_, level);
  high_ = std::max(high_, level);
  const bool up = direction_ <= 0 && level - low_ >= kSwing;
  const bool down = direction_ >= 0 && high_ - level >= kSwing;
  if (!up && !down) return;
  ++swings_;
  direction_ = up ? 1 : -1;
  low_ = high_ = level;
}

void PictureChanges::add(std::int64_t frame, const OutlierFrames::Around& around) {
  const std::int64_t level = mean(around);
  if (last_frame_ < 0) {
    low_ = high_ = level;
    around_ = around;
  }
  in_a_row_ = frame == last_frame_ + 1 ? in_a_row_ + 1 : 1;
  last_frame_ = frame;
  std::rotate(levels_.begin(), levels_.begin() + 1, levels_.end());
  levels_.back() = level;
  const auto step = [&](std::size_t i) { return std::abs(levels_[i] - levels_[i - 1]); };
  cuts_ += in_a_row_ >= 4 && step(1) <= kCalm && step(2) >= kSwing && step(3) <= kCalm;
  add_level(level);
  if (!OutlierFrames::another_picture(around, around_)) return;
  ++patterns_;
  around_ = around;
}

// A still that is faded in and out swings twice, one that is dissolved into another once.
bool PictureChanges::enough() const {
  return swings_ >= 3 || (swings_ == 2 && (cuts_ > 0 || patterns_ > 0));
}

void OwnLevel::add(std::int64_t level, std::int64_t step) {
  ++count_;
  levels_ += level;
  steps_ += step;
  level_squares_ += level * level;
  products_ += level * step;
}

// The line of least squares of the step over the level tells at which level there would be none:
// for a speck of a still that is the level of what it is faded into. Two kinds keep to themselves.
// A step that changes by less than 2/3 of what it takes to be none at 0 or 255 has no such level.
// One that falls as the level rises, by 3/4 to 2 for one (the ring's largest sample rises more than
// its mean), is of a pixel that is stuck at that level, unless it is near black or white, into
// which pictures are faded. Of small steps too little is seen.
bool OwnLevel::shown(std::int64_t least) const {
  constexpr double kNearBlack = 32, kNearWhite = 219, kLeastSpread = 9;
  if (count_ == 0) return false;
  const auto of_all = [&](std::int64_t sum) {
    return static_cast<double>(sum) / static_cast<double>(count_);
  };
  const double level = of_all(levels_), step = of_all(steps_), size = std::abs(step);
  const double spread = of_all(level_squares_) - level * level;
  if (spread < kLeastSpread || size < 2 * static_cast<double>(least)) return false;
  const double slope = (of_all(products_) - level * step) / spread;
  const double grows = step > 0 ? slope : -slope;
  if (grows * level * 3 < size * 2 && -grows * (255 - level) * 3 < size * 2) return true;
  if (slope > -0.75 || slope < -2) return false;
  const double none_at = level - step / slope;
  return none_at >= kNearBlack && none_at <= kNearWhite;
}

DeadPixelFinder::Track* DeadPixelFinder::track_of(const OutlierFrames::Dot& dot) {
  for (std::int64_t y = dot.y - kReach; y <= dot.y + kReach; ++y)
    for (std::int64_t x = dot.x - kReach; x <= dot.x + kReach; ++x) {
      const auto found = tracks_.find(track_at(x, y, dot.step));
      if (found != tracks_.end()) return &found->second;
    }
  return nullptr;
}

void DeadPixelFinder::follow(Track& track, const OutlierFrames::Dot& dot) {
  track.last = dot.frame;
  ++track.seen;
  track.alone += dot.alone * 2 >= std::abs(dot.step);
  track.changes.add(dot.frame, dot.around);
  track.own.add(mean(dot.around), dot.step);
}

void DeadPixelFinder::add(const OutlierFrames::Dot& dot) {
  if (std::abs(dot.step) < limits_.step) return;
  if (dot.frame >= next_look_) close_old(dot.frame);
  Track* track = track_of(dot);
  if (track && track->last == dot.frame) return;
  if (track && dot.frame - track->last > kGap) {
    close(*track);
    tracks_.erase(track_at(track->first.x, track->first.y, dot.step));
    track = nullptr;
  }
  if (track) return follow(*track, dot);
  Track& begun = tracks_[track_at(dot.x, dot.y, dot.step)];
  begun.first = dot;
  follow(begun, dot);
}

void DeadPixelFinder::close(const Track& track) {
  const std::int64_t length = track.last - track.first.frame + 1;
  const bool steady = track.seen >= limits_.frames && track.seen * 2 >= length;
  const bool changed =
      track.changes.enough() || (track.changes.there_and_back() && track.own.shown(limits_.step));
  if (!steady || !changed || track.alone * 2 < track.seen) return;
  DeadPixel found{track.first.x, track.first.y, track.first.frame, track.last + 1, track.seen};
  for (DeadPixel& each : found_)
    if (std::abs(each.x - found.x) <= kReach && std::abs(each.y - found.y) <= kReach) {
      each.first_frame = std::min(each.first_frame, found.first_frame);
      each.end_frame = std::max(each.end_frame, found.end_frame);
      each.seen += found.seen;
      return;
    }
  found_.push_back(found);
}

// Noise stands out somewhere else in every frame: what is not seen again is forgotten.
void DeadPixelFinder::close_old(std::int64_t frame) {
  constexpr std::int64_t kEvery = 64;
  next_look_ = frame + kEvery;
  for (auto each = tracks_.begin(); each != tracks_.end();) {
    const bool old = frame - each->second.last > kGap;
    if (old) close(each->second);
    each = old ? tracks_.erase(each) : std::next(each);
  }
}

std::vector<DeadPixel> DeadPixelFinder::finish() {
  for (const auto& [at, track] : tracks_) close(track);
  tracks_.clear();
  std::sort(found_.begin(), found_.end(), [](const DeadPixel& a, const DeadPixel& b) {
    return a.y != b.y ? a.y < b.y : a.x < b.x;
  });
  return std::move(found_);
}

std::optional<DeadPixels> find_dead_pixels(const OutlierFrames& frames, std::int64_t first,
                                           std::int64_t end,
                                           const DeadPixelFinder::Limits& limits) {
  constexpr auto kAll = static_cast<std::int64_t>(probes::kMostDots);
  DeadPixelFinder finder(limits);
  DeadPixels found;
  std::int64_t counted = -1, strong = 0;  // of one frame
  for (std::int64_t from = first; from < end; from += kAtOnce) {
    const auto dots = frames.dots(from, std::min(end, from + kAtOnce));
    if (!dots) return std::nullopt;
    for (const OutlierFrames::Dot& dot : *dots) {
      finder.add(dot);
      if (dot.frame != counted) strong = 0;
      counted = dot.frame;
      strong += std::abs(dot.step) >= limits.step;
      found.crowded += strong == kAll;
    }
  }
  found.pixels = finder.finish();
  return found;
}

}  // namespace cleangate::specs
