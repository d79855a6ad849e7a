// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/band_runs.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace cleangate::specs {
namespace {

constexpr std::int64_t kGap = 12;     // frames that a lasting one may be unseen
constexpr std::int64_t kPlace = 2;    // lines that coding may move it by
constexpr std::int64_t kChanges = 3;  // of what lies on either side of a lasting one
constexpr std::int64_t kMoved = 64;   // lines that something of the picture may move in a frame

}  // namespace

// Both sides agree, and it lies outside of both.
bool BandRuns::strong(const Band& band) const {
  return band.level >= limits_.level && band.apart * 2 <= band.level && band.count <= limits_.count;
}

void BandRuns::add(const Band& band) {
  if (band.level * 2 < limits_.level) return;
  by_frame_.resize(static_cast<std::size_t>(end_ - first_));
  by_frame_[static_cast<std::size_t>(band.frame - first_)].push_back(band);
  const auto old = std::partition(open_.begin(), open_.end(), [&](const Track& track) {
    return band.frame - track.bands.back().frame <= kGap;
  });
  std::move(old, open_.end(), std::back_inserter(closed_));
  open_.erase(old, open_.end());
  for (Track& track : open_) {
    if (track.bands.back().frame == band.frame) continue;
    if (std::abs(track.bands.front().at - band.at) > kPlace) continue;
    track.bands.push_back(band);
    return;
  }
  open_.push_back({{band}});
}

// What surrounds it changes on both sides, and it stays.
bool BandRuns::lasting(const Track& track) const {
  std::int64_t seen = 0, last = 0, first = -1;
  std::array<std::int64_t, 2> changes{};
  std::array<OutlierFrames::Around, 2> before{};
  for (const Band& band : track.bands) {
    if (!strong(band)) continue;
    if (first < 0) {
      first = band.frame;
      before = band.around;
    }
    last = band.frame;
    ++seen;
    for (std::size_t side = 0; side < 2; ++side) {
      if (!OutlierFrames::another_picture(band.around[side], before[side])) continue;
      ++changes[side];
      before[side] = band.around[side];
    }
  }
  return seen >= limits_.frames && seen * 2 >= last - first + 1 && changes[0] >= kChanges &&
         changes[1] >= kChanges;
}

// Something like it stands near in that frame: it moves, and belongs to the picture.
bool BandRuns::like(const Band& band, std::int64_t frame) const {
  if (frame < first_ || frame >= end_) return false;
  const auto& others = by_frame_[static_cast<std::size_t>(frame - first_)];
  return std::any_of(others.begin(), others.end(), [&](const Band& other) {
    return std::abs(other.at - band.at) <= kMoved && std::abs(other.count - band.count) <= 2 &&
           other.level * 2 >= band.level && band.level * 2 >= other.level;
  });
}

// It comes and goes within a shot, from one frame to the next, and nothing like it is near before
// and behind.
bool BandRuns::passes(const Track& track, std::size_t from, std::size_t to) const {
  const std::int64_t first = track.bands[from].frame, end = track.bands[to - 1].frame + 1;
  if (end - first > limits_.longest) return false;
  if (from > 0 && track.bands[from - 1].frame == first - 1) return false;
  if (to < track.bands.size() && track.bands[to].frame == end) return false;
  const bool begins = first > first_ && !cut_(first), ends = end < end_ && !cut_(end);
  return (begins || ends) && !like(track.bands[from], first - 1) && !like(track.bands[to - 1], end);
}

void BandRuns::find_passing(const Track& track) {
  const auto& bands = track.bands;
  for (std::size_t from = 0; from < bands.size();) {
    std::size_t to = from + 1;
    if (!strong(bands[from])) {
      from = to;
      continue;
    }
    while (to < bands.size() && strong(bands[to]) && bands[to].frame == bands[to - 1].frame + 1)
      ++to;
    if (passes(track, from, to))
      for (std::size_t i = from; i < to; ++i)
        shown_[static_cast<std::size_t>(bands[i].frame - first_)] = Shown::yes;
    from = to;
  }
}

void BandRuns::close(const Track& track) {
  if (!lasting(track)) return find_passing(track);
  for (const Band& band : track.bands)
    if (strong(band)) shown_[static_cast<std::size_t>(band.frame - first_)] = Shown::yes;
}

std::vector<Shown> BandRuns::finish() {
  shown_.assign(static_cast<std::size_t>(end_ - first_), Shown::no);
  for (const Track& track : closed_) close(track);
  for (const Track& track : open_) close(track);
  return std::move(shown_);
}

}  // namespace cleangate::specs
