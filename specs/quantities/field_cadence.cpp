// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/field_cadence.h"

#include <algorithm>
#include <array>
#include <optional>

#include "specs/quantities/cheapest_path.h"

namespace cleangate::specs {
namespace {

using Frame = FieldFrames::Frame;

enum class Seen : std::uint8_t { unknown, moved, repeated };
using Fields = std::array<Seen, 2>;

// How much moves from frame to frame around one: the less of the most on either side, so that a cut
// does not count.
std::int64_t usual_motion(const FieldFrames& frames, std::int64_t i) {
  constexpr std::int64_t kReach = 4;
  const auto most = [&](std::int64_t first, std::int64_t end) {
    std::int64_t motion = 0;
    for (std::int64_t k = std::max<std::int64_t>(0, first); k < std::min(end, frames.count()); ++k)
      motion = std::max(motion, std::max(frames.frame(k).moved[0], frames.frame(k).moved[1]));
    return motion;
  };
  return std::min(most(i - kReach, i), most(i + 1, i + 1 + kReach));
}

// One field of a frame that stands while the other moves on: it moves less, and in the place of the
// own one the field of the frame before fits as well. Coding blurs both.
std::optional<Fields> one_field_repeated(const Frame& frame) {
  const std::size_t field = frame.moved[0] < frame.moved[1] ? 0 : 1, other = 1 - field;
  const std::int64_t share =
      frame.moved[field] * 100 / std::max<std::int64_t>(frame.moved[other], 1);
  const bool in_place = std::abs(frame.worse[field]) * 10 < std::abs(frame.worse[other]) * 3;
  Fields seen{Seen::moved, Seen::moved};
  if (share < 60 || (share < 85 && in_place))
    seen[field] = Seen::repeated;
  else if (share < 85 || (share < 92 && in_place))
    seen[field] = Seen::unknown;
  else
    return std::nullopt;
  return seen;
}

Fields seen_in(const FieldFrames& frames, std::int64_t i) {
  constexpr std::int64_t kLeast = 65536 / 20;  // of a code value: else nothing moves
  const Frame& frame = frames.frame(i);
  if (frame.state != FieldFrames::State::compared) return {};
  const std::int64_t most = std::max(std::abs(frame.worse[0]), std::abs(frame.worse[1]));
  if (most >= frame.noise)
    if (const auto one = one_field_repeated(frame)) return *one;
  const std::int64_t usual = usual_motion(frames, i);
  const std::int64_t motion = (frame.moved[0] + frame.moved[1]) / 2;
  if (usual < kLeast) return {};
  if (motion * 10 < usual * 3) return {Seen::repeated, Seen::repeated};
  const bool clear = motion * 10 >= usual * 5 && most >= 2 * frame.noise;
  return clear ? Fields{Seen::moved, Seen::moved} : Fields{};
}

constexpr unsigned kWholeFrames = 4;  // the pattern repeats frames, not fields

// A pattern at a phase; the first state is no pattern at all.
struct Track {
  const CadencePattern* pattern = nullptr;
  int phase = 0;
  [[nodiscard]] unsigned predicted(std::int64_t frame) const {  // bit 0: top, 1: bottom
    const auto i = static_cast<unsigned>((frame + phase) % pattern->period);
    return (pattern->top >> i & 1u) | (pattern->bottom >> i & 1u) << 1 |
           (pattern->of_fields() ? 0u : kWholeFrames);
  }
};

std::vector<Track> all_tracks() {
  std::vector<Track> tracks{{}};
  for (const CadencePattern& pattern : kCadencePatterns)
    for (int phase = 0; phase < pattern.period; ++phase) tracks.push_back({&pattern, phase});
  return tracks;
}

constexpr std::int64_t kChange = 6000;

// What a frame costs that is predicted to repeat the fields of a bit mask.
std::int64_t cost_of(const Fields& seen, unsigned predicted) {
  const bool whole = seen[0] == Seen::repeated && seen[1] == Seen::repeated;
  std::int64_t cost = 0;
  for (std::size_t field = 0; field < 2; ++field) {
    const bool repeat = predicted >> field & 1u;
    if (repeat && seen[field] == Seen::moved) cost += 2000;
    if (repeat && seen[field] == Seen::unknown) cost += 200;
    // Whole pictures stand still in films too, single fields never do. A pattern of frames has to
    // explain nearly all that stand still.
    if (!repeat && seen[field] == Seen::repeated)
      cost += !whole ? 2000 : predicted & kWholeFrames ? 500 : 300;
  }
  return cost;
}

std::int64_t cost_of_none(const Fields& seen) {
  const int repeats = (seen[0] == Seen::repeated) + (seen[1] == Seen::repeated);
  return repeats == 2 ? 700 : repeats == 1 ? 1500 : 0;
}

class CadenceFinder {
 public:
  explicit CadenceFinder(const FieldFrames& frames) : frames_(frames), tracks_(all_tracks()) {
    for (std::int64_t i = 0; i < frames.count(); ++i) {
      seen_.push_back(seen_in(frames, i));
      std::array<std::int64_t, 8>& costs = costs_.emplace_back();
      for (unsigned predicted = 0; predicted < 8; ++predicted)
        costs[predicted] = cost_of(seen_.back(), predicted);
    }
  }

  [[nodiscard]] Cadences find() const {
    const std::vector<int> path =
        cheapest_path(frames_.count(), static_cast<int>(tracks_.size()), kChange,
                      [&](std::int64_t frame, int track) { return cost(frame, track); });
    Cadences found;
    for (std::int64_t i = 0; i < frames_.count();) {
      std::int64_t end = i + 1;
      const int track = path[index(i)];
      while (end < frames_.count() && path[index(end)] == track) ++end;
      const Track& it = tracks_[static_cast<std::size_t>(track)];
      const CadenceRun run{i, end, it.pattern, it.phase};
      if (it.pattern && shows(run)) found.runs.push_back(run);
      i = end;
    }
    for (std::size_t k = 1; k < found.runs.size(); ++k) join(found, k);
    for (const Fields& seen : seen_)
      found.tells.push_back(seen[0] != Seen::unknown || seen[1] != Seen::unknown);
    return found;
  }

 private:
  static std::size_t index(std::int64_t frame) { return static_cast<std::size_t>(frame); }
  [[nodiscard]] std::int64_t cost(std::int64_t frame, int track) const {
    if (track == 0) return cost_of_none(seen_[index(frame)]);
    return costs_[index(frame)][tracks_[static_cast<std::size_t>(track)].predicted(frame)];
  }
  [[nodiscard]] std::int64_t cost(std::int64_t frame, const CadenceRun& run) const {
    return costs_[index(frame)][Track{run.pattern, run.phase}.predicted(frame)];
  }
  // The pattern is seen in it, and not only not contradicted.
  [[nodiscard]] bool shows(const CadenceRun& run) const {
    std::int64_t right = 0, wrong = 0;
    for (std::int64_t i = run.first; i < run.end; ++i) {
      const unsigned predicted = Track{run.pattern, run.phase}.predicted(i);
      if ((predicted & 3u) == 0) continue;
      const Fields& seen = seen_[index(i)];
      const unsigned repeated =
          (seen[0] == Seen::repeated ? 1u : 0u) | (seen[1] == Seen::repeated ? 2u : 0u);
      if (repeated == (predicted & 3u))
        ++right;
      else if (cost(i, run) >= 2000)
        ++wrong;
    }
    return right >= (run.pattern->period > 10 ? 3 : 4) && wrong * 3 <= right;
  }
  // Where one run goes over into the next, the frame at which most changes among those that fit
  // both.
  void join(Cadences& found, std::size_t k) const {
    constexpr std::int64_t kNear = 12;
    CadenceRun &before = found.runs[k - 1], &behind = found.runs[k];
    if (!before.pattern->conversion || !behind.pattern->conversion) return;
    if (behind.first - before.end > kNear) return;
    std::int64_t first = behind.first, last = before.end;
    while (first > before.first && cost(first - 1, behind) == 0) --first;
    while (last + 1 < behind.end && cost(last, before) == 0) ++last;
    std::int64_t at = std::min(first, last);
    const auto motion = [&](std::int64_t i) {
      return std::max(frames_.frame(i).moved[0], frames_.frame(i).moved[1]);
    };
    for (std::int64_t i = at; i <= std::max(first, last); ++i)
      if (motion(i) > motion(at)) at = i;
    // The frame of the cut itself repeats no field, even where the pattern behind it would.
    if (first > before.first && motion(first - 1) * 2 > motion(at) * 3) at = first - 1;
    before.end = behind.first = at;
    found.breaks.push_back(at);
  }

  const FieldFrames& frames_;
  std::vector<Track> tracks_;
  std::vector<Fields> seen_;
  std::vector<std::array<std::int64_t, 8>> costs_;
};

}  // namespace

Cadences find_cadences(const FieldFrames& frames) { return CadenceFinder(frames).find(); }

}  // namespace cleangate::specs
