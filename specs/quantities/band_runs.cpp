// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/band_runs.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "probes/picture/outlier_bands.h"

namespace cleangate::specs {
namespace {

constexpr std::int64_t kGap = 12;     // frames that a lasting one may be unseen
constexpr std::int64_t kPlace = 2;    // lines that coding may move it by
constexpr std::int64_t kChanges = 3;  // of what lies on either side of a lasting one
constexpr std::int64_t kMoved = 64;   // lines that something of the picture may move in a frame
constexpr std::int64_t kBrief = 3;    // frames: shorter than anything drawn is shown

std::size_t at(std::int64_t frame) { return static_cast<std::size_t>(frame); }

}  // namespace

// Both sides agree, and it lies outside of both.
bool BandRuns::strong(const Band& band) const {
  return band.level >= limits_.level && band.apart * 2 <= band.level && band.count <= limits_.count;
}

void BandRuns::add(const Band& band) {
  if (band.level * 2 < limits_.level) return;
  by_frame_[at(band.frame)].push_back(band);
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
  if (frame < 0 || frame >= stream_.count) return false;
  const auto& others = by_frame_[at(frame)];
  return std::any_of(others.begin(), others.end(), [&](const Band& other) {
    return std::abs(other.at - band.at) <= kMoved && std::abs(other.count - band.count) <= 2 &&
           other.level * 2 >= band.level && band.level * 2 >= other.level;
  });
}

// One of that level may be there and not be stored: the frame was not measured, or has as many
// stronger ones as a row holds.
bool BandRuns::hides(std::int64_t frame, std::int64_t level) const {
  if (frame < 0 || frame >= stream_.count) return false;
  if (!stream_.measured(frame)) return true;
  const auto& bands = by_frame_[at(frame)];
  const auto above = std::count_if(bands.begin(), bands.end(),
                                   [&](const Band& band) { return band.level >= level; });
  return above >= static_cast<std::ptrdiff_t>(probes::kMostBands);
}

// It comes within a shot, from one frame to the next, and nothing like it is near before and
// behind. What was there when the shot began, and goes, may have been drawn (a title's rule that
// outlasts a cut) unless it is very brief.
Shown BandRuns::passes(const Track& track, std::size_t from, std::size_t to) const {
  const Band &head = track.bands[from], &tail = track.bands[to - 1];
  const std::int64_t first = head.frame, end = tail.frame + 1;
  if (end - first > limits_.longest) return Shown::no;
  if (from > 0 && track.bands[from - 1].frame == first - 1) return Shown::no;
  if (to < track.bands.size() && track.bands[to].frame == end) return Shown::no;
  if (like(head, first - 1) || like(tail, end)) return Shown::no;
  if (hides(first - 1, head.level) || hides(end, tail.level)) return Shown::open;
  if (first > 0 && !stream_.cut(first)) return Shown::yes;
  if (end == stream_.count || stream_.cut(end)) return Shown::no;
  return end - first <= kBrief ? Shown::yes : Shown::open;
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
    const Shown passing = passes(track, from, to);
    for (; from < to; ++from) {
      Shown& shown = shown_[at(bands[from].frame)];
      if (passing != Shown::no && shown != Shown::yes) shown = passing;
    }
  }
}

void BandRuns::close(const Track& track) {
  if (!lasting(track)) return find_passing(track);
  for (const Band& band : track.bands)
    if (strong(band)) shown_[at(band.frame)] = Shown::yes;
}

std::vector<Shown> BandRuns::finish() {
  shown_.assign(by_frame_.size(), Shown::no);
  for (const Track& track : closed_) close(track);
  for (const Track& track : open_) close(track);
  for (std::int64_t frame = 0; frame < stream_.count; ++frame)
    if (shown_[at(frame)] == Shown::no && hides(frame, limits_.level))
      shown_[at(frame)] = Shown::open;
  return std::move(shown_);
}

}  // namespace cleangate::specs
