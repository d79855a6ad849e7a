// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/still_finder.h"

#include <algorithm>

namespace cleangate::specs {
namespace {

constexpr std::size_t kFarther = 2;  // rungs: four times as far

constexpr std::int64_t kMostRecoded = 3;

}  // namespace

StillFinder::StillFinder(const ChangeFrames& frames, const StillLimits& limits) : frames_(frames) {
  for (std::int64_t frame = 0; frame < frames.map().frame_count(); ++frame)
    stills_.push_back(classify(frame, limits));
  join_pulses();
  join_recoded();
  settle();
  for (std::int64_t frame = 0; frame < count();) {
    const Still kind = still(frame);
    std::int64_t end = frame + 1;
    while (end < count() && still(end) == kind) ++end;
    const bool counts = kind == Still::repeat || kind == Still::grain;
    if (counts && !frames.flat(frame, flat_percent())) runs_.push_back({frame, end, kind});
    frame = end;
  }
}

// A decoder needs a few frames until a repeated picture has settled: up to three right before three
// repeats are repeats as well.
void StillFinder::settle() {
  constexpr std::int64_t kMost = 3, kOneCode = 1'000'000;
  std::int64_t repeats = 0;
  for (std::int64_t frame = count() - 1; frame > 0; --frame) {
    repeats = still(frame) == Still::repeat ? repeats + 1 : 0;
    if (repeats < kMost) continue;
    for (std::int64_t i = 0; i < kMost && frame > 1 && still(frame - 1) == Still::grain; ++i) {
      if (frames_.change(frame - 1).luma > kOneCode) break;
      stills_[static_cast<std::size_t>(--frame)] = Still::repeat;
    }
  }
}

// With every intra frame among others a repeated picture begins to settle anew: it pulses.
void StillFinder::join_pulses() {
  constexpr std::int64_t kMost = 3;
  for (std::int64_t frame = 1; frame < count(); ++frame) {
    if (!frames_.map().key(frame) || frames_.map().key(frame - 1)) continue;
    if (still(frame - 1) != Still::repeat) continue;
    std::int64_t end = frame;
    while (end < count() && end - frame <= kMost && pulses(end)) ++end;
    if (end < count() && still(end) == Still::repeat)
      std::fill(stills_.begin() + frame, stills_.begin() + end, Still::repeat);
  }
}

// A long-GOP codec codes some frames of a freeze anew: they differ everywhere by their
// quantization, and every third frame or so repeats the one before. Up to three such frames between
// two repeats, and beside the outer ones, are repeats as well, where the picture or its grain stops
// or starts. Live noise of a camera has no repeats in it; pictures that come twice all along do.
void StillFinder::join_recoded() {
  for (std::int64_t frame = 0; frame < count(); ++frame) {
    if (!nearly_repeats(frame)) continue;
    Run run{frame - recoded_from(frame - 1, -1), frame + 1};
    std::int64_t exact = still(frame) == Still::repeat, near = 1;
    for (std::int64_t beyond = frame + 1; beyond < count(); ++beyond) {
      if (!nearly_repeats(beyond)) beyond += recoded_from(beyond, 1);
      if (beyond >= count() || !nearly_repeats(beyond)) break;
      run.end = beyond + 1;
      exact += still(beyond) == Still::repeat;
      ++near;
    }
    frame = run.end - 1;
    run.end += recoded_from(run.end, 1);
    const bool all = exact == run.end - run.first;
    if (exact >= 1 && near >= 2 && !all && comes_to_rest(run) && !shown_twice(run))
      std::fill(stills_.begin() + run.first, stills_.begin() + run.end, Still::repeat);
  }
}

// Right before the run, or right behind it, the picture or its grain lives clearly more than in it.
// A cut there says nothing.
bool StillFinder::comes_to_rest(const Run& run) const {
  constexpr std::int64_t kFactor = 4;
  std::int64_t sum = 0;
  for (std::int64_t frame = run.first; frame < run.end; ++frame) sum += frames_.change(frame).luma;
  const auto lives = [&](std::int64_t frame, int outward) {
    return frame > 0 && frame < count() && frames_.state(frame) == ChangeFrames::State::compared &&
           frames_.change(frame).luma * (run.end - run.first) >= kFactor * sum &&
           cut(frame, outward) == Cut::no;
  };
  return lives(run.first - 1, -1) || lives(run.end, 1);
}

bool StillFinder::nearly_repeats(std::int64_t frame) const {
  if (still(frame) == Still::repeat) return true;
  constexpr std::int64_t kFifth = 200'000, kTwentieth = 50'000;  // of a code value of 8 bits
  const ChangeFrames::Change& change = frames_.change(frame);
  return recoded(frame) && change.luma <= kFifth && change.motion <= kTwentieth;
}

// How many frames from this one on are coded anew, at most three.
std::int64_t StillFinder::recoded_from(std::int64_t frame, int step) const {
  std::int64_t frames = 0;
  while (frames < kMostRecoded && frame >= 0 && frame < count() && recoded(frame) &&
         !nearly_repeats(frame)) {
    frame += step;
    ++frames;
  }
  return frames;
}

bool StillFinder::recoded(std::int64_t frame) const {
  if (frames_.state(frame) != ChangeFrames::State::compared || still(frame) == Still::repeat)
    return false;
  // In code values of 8 bits. MPEG-2 at 30 Mb/s: cells move by up to 0.17 in the mean.
  constexpr std::int64_t kCode = 1'000'000, kStays = 200'000;
  const ChangeFrames::Change& change = frames_.change(frame);
  return change.luma <= 2 * kCode && change.cell_max <= 4 * kCode && change.motion <= kStays &&
         change.chroma_known && change.chroma <= 2 * kCode;
}

// Where the picture moves within ten seconds or so, frames are repeated all along: 25 frames a
// second shown as 50, drawings held for two frames. Then repeats say nothing about a freeze.
bool StillFinder::shown_twice(const Run& around) const {
  constexpr std::int64_t kNear = 250, kHeld = 2, kOneIn = 8;
  std::int64_t moving = 0, held = 0;
  const auto look = [&](std::int64_t from, std::int64_t to) {
    for (std::int64_t frame = std::max<std::int64_t>(from, 1); frame < std::min(to, count());
         ++frame) {
      if (still(frame) != Still::moving) continue;
      ++moving;
      std::int64_t repeats = 0;
      while (frame + 1 + repeats < count() && still(frame + 1 + repeats) == Still::repeat)
        ++repeats;
      const std::int64_t next = frame + 1 + repeats;
      if (repeats >= 1 && repeats <= kHeld && next < count() && still(next) == Still::moving)
        ++held;
    }
  };
  look(around.first - kNear, around.first);
  look(around.end, around.end + kNear);
  return held * kOneIn > moving;
}

// Coded anew and no other picture: no cell differs by much, and hardly any moves.
bool StillFinder::pulses(std::int64_t frame) const {
  constexpr std::int64_t kCode = 1'000'000;
  if (frames_.state(frame) != ChangeFrames::State::compared || still(frame) == Still::repeat)
    return false;
  const ChangeFrames::Change& change = frames_.change(frame);
  return change.cell_max <= 16 * kCode && change.motion <= 2 * kCode && change.chroma_known &&
         change.chroma <= 2 * kCode;
}

// The means of 64 samples of white noise spread over a sixth of the mean difference, those of grain
// that reaches over its neighbors over a half: cells beyond the whole of it are motion. At least a
// quarter of a code value, which rounding alone can make.
std::size_t StillFinder::grain_rung(std::int64_t frame) const {
  constexpr std::size_t kQuarter = 2, kHighest = probes::kCellChangeRungs - 1 - kFarther;
  std::size_t rung = kQuarter;
  const std::int64_t difference = frames_.change(frame).luma;
  while (rung < kHighest &&
         std::int64_t{probes::cell_change_rung(rung)} * 1'000'000 / 256 < difference)
    ++rung;
  return rung;
}

Still StillFinder::classify(std::int64_t frame, const StillLimits& limits) const {
  if (frames_.state(frame) == ChangeFrames::State::unknown) return Still::open;
  if (frames_.state(frame) == ChangeFrames::State::first) return Still::moving;
  const ChangeFrames::Change& change = frames_.change(frame);
  if (change.identical) return Still::repeat;
  const std::int64_t most = frames_.level(frame, limits.difference);
  const bool alike = change.luma <= most && change.cell_max <= frames_.level(frame, limits.cell);
  if (alike && !change.chroma_known) return Still::open;  // a limit that the rows do not reach
  if (alike && change.chroma <= most) return Still::repeat;
  constexpr std::int64_t kFew = 20'000, kStray = 2'000;  // millionths of the cells
  const std::size_t rung = grain_rung(frame);
  const bool stands = frames_.cells_above(frame, rung) <= kFew &&
                      frames_.cells_above(frame, rung + kFarther) <= kStray;
  return stands ? Still::grain : Still::moving;
}

bool StillFinder::moves(std::int64_t frame) const {
  constexpr std::int64_t kClearly = 40'000;  // millionths of the cells
  return frame >= 0 && frame < count() && still(frame) == Still::moving &&
         frames_.state(frame) == ChangeFrames::State::compared &&
         frames_.cells_above(frame, grain_rung(frame)) >= kClearly;
}

// Of two stills, one replaces the other in one frame: that is a cut, however little of them
// differs (title cards). Drawings that are held for two or three frames move by such steps; there
// the next drawing is the measure.
Cut StillFinder::cut(std::int64_t frame, int outward, std::int64_t factor) const {
  if (frame <= 0 || frame >= count()) return Cut::yes;
  if (frames_.state(frame) == ChangeFrames::State::unknown) return Cut::unknown;
  if (frames_.state(frame) == ChangeFrames::State::first) return Cut::yes;
  constexpr std::int64_t kHeld = 5;
  std::int64_t beside = frame + outward, held = 0;
  for (; held < kHeld && beside > 0 && beside < count() && still(beside) == Still::repeat; ++held)
    beside += outward;
  if (held == kHeld) return Cut::yes;
  constexpr std::size_t kTwoCodes = 5;
  constexpr std::int64_t kOneCode = 1'000'000, kShare = 300'000;
  const std::int64_t motion = frames_.change(frame).motion;
  if (motion < kOneCode || frames_.cells_above(frame, kTwoCodes) < kShare) return Cut::no;
  const bool known =
      beside >= 0 && beside < count() && frames_.state(beside) == ChangeFrames::State::compared;
  return !known || motion >= factor * frames_.change(beside).motion ? Cut::yes : Cut::no;
}

// Behind a short freeze the picture catches up with what it missed: that is no cut, and no still is
// shown for so short a time.
Cut StillFinder::from_cut_to_cut(const Run& run) const {
  constexpr std::int64_t kShort = 12, kCatchesUp = 4;
  const std::int64_t factor = run.end - run.first < kShort ? kCatchesUp : 2;
  const Cut before = cut(run.first - 1, -1), behind = cut(run.end, 1, factor);
  if (before == Cut::no || behind == Cut::no) return Cut::no;
  return before == Cut::yes && behind == Cut::yes ? Cut::yes : Cut::unknown;
}

bool StillFinder::stops_abruptly(const Run& run) const {
  const bool before = run.first >= 2 && moves(run.first - 1) && cut(run.first - 1, -1) == Cut::no;
  const bool behind = moves(run.end) && cut(run.end, 1) == Cut::no;
  return before || behind;
}

}  // namespace cleangate::specs
