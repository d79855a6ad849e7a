// SPDX-License-Identifier: Apache-2.0
#include "probes/container/mov_fragments.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/rational.h"

namespace cleangate::probes {
namespace {

constexpr std::int64_t kFarthest = std::int64_t{1} << 61;  // ticks; sums of two still fit
constexpr std::size_t kMaxTrackFragments = 4'096;          // of one movie fragment
constexpr std::size_t kMaxDefaults = 4'096;
constexpr std::size_t kMaxTold = 20;  // messages

std::int64_t bounded(unsigned __int128 ticks) {
  return ticks < static_cast<unsigned __int128>(kFarthest) ? static_cast<std::int64_t>(ticks)
                                                           : kFarthest;
}

// One `traf`: media ticks of its samples.
struct TrackFragment {
  std::uint32_t track = 0;
  std::optional<std::int64_t> begins;             // `tfdt`
  std::optional<std::uint32_t> default_duration;  // `tfhd`
  bool empty = false;                             // duration-is-empty
  std::vector<std::span<const std::byte>> runs;   // content of `trun`
};

struct Fragment {
  std::optional<std::uint32_t> number;  // `mfhd`
  std::vector<TrackFragment> tracks;
};

void read_tfhd(std::span<const std::byte> content, TrackFragment& track) {
  ByteCursor cursor(content);
  const std::uint32_t flags = cursor.u32() & 0xffffff;
  const std::uint32_t id = cursor.u32();
  cursor.skip((flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0));
  const std::uint32_t duration = flags & 0x8 ? cursor.u32() : 0;
  if (!cursor.ok()) return;
  track.track = id;
  if (flags & 0x8) track.default_duration = duration;
  track.empty = (flags & 0x10000) != 0;
}

TrackFragment read_traf(std::span<const std::byte> content) {
  TrackFragment track;
  for_each_child(content, [&](std::uint32_t type, std::span<const std::byte> box) {
    ByteCursor cursor(box);
    if (type == fourcc("tfhd")) read_tfhd(box, track);
    if (type == fourcc("tfdt")) {
      const bool wide = cursor.u8() == 1;
      cursor.skip(3);
      const std::uint64_t begins = cursor.big(wide ? 8 : 4);
      if (cursor.ok() && begins < static_cast<std::uint64_t>(kFarthest))
        track.begins = static_cast<std::int64_t>(begins);
    }
    if (type == fourcc("trun")) track.runs.push_back(box);
  });
  return track;
}

Fragment read_moof(std::span<const std::byte> content) {
  Fragment fragment;
  for_each_child(content, [&](std::uint32_t type, std::span<const std::byte> box) {
    if (type == fourcc("mfhd")) {
      ByteCursor cursor(box);
      cursor.skip(4);
      const std::uint32_t number = cursor.u32();
      if (cursor.ok()) fragment.number = number;
    }
    if (type == fourcc("traf") && fragment.tracks.size() < kMaxTrackFragments)
      fragment.tracks.push_back(read_traf(box));
  });
  return fragment;
}

struct Length {
  std::int64_t ticks = 0, last = 0;  // of all samples, of the last one
};

void add_run(std::span<const std::byte> run, std::int64_t default_duration, Length& length) {
  ByteCursor cursor(run);
  const std::uint32_t flags = cursor.u32() & 0xffffff;
  const std::uint32_t samples = cursor.u32();
  cursor.skip((flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0));
  if (!cursor.ok() || samples == 0) return;
  unsigned __int128 ticks = static_cast<unsigned __int128>(length.ticks);
  if (flags & 0x100) {
    const std::size_t rest =
        (flags & 0x200 ? 4u : 0u) + (flags & 0x400 ? 4u : 0u) + (flags & 0x800 ? 4u : 0u);
    for (std::uint32_t i = 0; i < samples; ++i) {
      const std::uint32_t duration = cursor.u32();
      cursor.skip(rest);
      if (!cursor.ok()) break;
      ticks += duration;
      length.last = duration;
    }
  } else {
    ticks += static_cast<unsigned __int128>(default_duration) * samples;
    length.last = default_duration;
  }
  length.ticks = bounded(ticks);
}

Length length_of(const TrackFragment& fragment, std::int64_t default_duration) {
  Length length;
  const std::int64_t each =
      fragment.default_duration ? std::int64_t{*fragment.default_duration} : default_duration;
  for (const auto run : fragment.runs) add_run(run, each, length);
  if (fragment.runs.empty() && fragment.empty) length = {each, each};
  return length;
}

// Follows the numbers and each track's times through the fragments.
class Follower {
 public:
  explicit Follower(const MovFragmentedMovie& movie) : movie_(movie) {
    for (const MovFragmentedTrack& track : movie.tracks)
      reached_.push_back({&track, track.in_moov > 0 ? std::optional<std::int64_t>(0) : std::nullopt,
                          track.in_moov, 0, false});
  }

  void follow(const Fragment& fragment, std::uint64_t at) {
    const bool skips = number_ && fragment.number && *fragment.number > *number_ &&
                       *fragment.number - *number_ > 1;
    const bool back = number_ && fragment.number && *fragment.number <= *number_;
    bool told = false, timed = true;
    for (const TrackFragment& part : fragment.tracks) {
      Reached* track = find(part.track);
      if (!track) continue;
      timed = timed && part.begins.has_value();
      told = seam(*track, part, fragment, skips) || told;
      advance(*track, part);
    }
    // Times that go on outrank numbers, and not everybody counts: some write 0 everywhere.
    if (back && !told && !timed)
      repeats_.push_back(
          fmt::format("The movie fragment at byte {} has the number {} behind number {}: "
                      "fragments are repeated or out of order.",
                      with_commas(at), *fragment.number, *number_));
    if (skips && !timed)
      tell(fmt::format("The movie fragments between numbers {} and {} are missing.", *number_,
                       *fragment.number));
    separated_ = separated_ || (skips && timed && !told);
    counted_ = counted_ || (number_ && fragment.number && *fragment.number > *number_);
    if (fragment.number) number_ = fragment.number;
  }

  void finish(bool all_read) {
    if (counted_)
      for (std::string& repeat : repeats_) tell(std::move(repeat));
    if (all_read) compare_with_stated();
    if (untold_ > 0)
      told_.push_back(container_damage(
          fmt::format("{} more seams between movie fragments are damaged.", untold_)));
  }
  [[nodiscard]] std::vector<Damage> take() { return std::move(told_); }

 private:
  struct Reached {
    const MovFragmentedTrack* track;
    std::optional<std::int64_t> first;  // media ticks of its first fragment
    std::int64_t end, last;             // of what was read, and of its last sample
    bool begun;                         // with a fragment
  };

  Reached* find(std::uint32_t id) {
    for (Reached& track : reached_)
      if (track.track->id == id) return &track;
    return nullptr;
  }

  // A sample that begins no later than the one before it, or the time of one left out along with
  // numbers: durations of last samples are guessed by who writes while recording, and less than
  // that is theirs.
  bool seam(const Reached& track, const TrackFragment& part, const Fragment& fragment, bool skips) {
    if (!part.begins || !track.begun || part.runs.empty()) return false;
    const std::int64_t step = *part.begins - track.end;
    const std::int64_t sample = std::max<std::int64_t>(track.last, 1);
    const auto seconds = [&](std::int64_t ticks) {
      return to_fixed(Rational(ticks, track.track->time_scale), 3);
    };
    if (step <= -sample) {
      tell(fmt::format(
          "Movie fragment {} begins at {} s of track {}, {} s before the end of the "
          "one before it: that time comes twice.",
          fragment.number.value_or(0), seconds(*part.begins), part.track, seconds(-step)));
      return true;
    }
    if (step < sample || !skips) return false;
    tell(
        fmt::format("Between the movie fragments {} and {}, {} s of track {} are missing from "
                    "{} s on.",
                    *number_, *fragment.number, seconds(step), part.track, seconds(track.end)));
    return true;
  }

  static void advance(Reached& track, const TrackFragment& part) {
    const Length length = length_of(part, track.track->default_duration);
    const std::int64_t begins = part.begins.value_or(track.end);
    if (!track.first) track.first = begins;
    track.end = std::min(begins + length.ticks, kFarthest);
    if (length.last > 0) track.last = length.last;
    track.begun = true;
  }

  void compare_with_stated() {
    static const Rational kLeast(1, 5);
    // A track that was separated may say how long another one lasts.
    if (movie_.duration <= 0 || movie_.time_scale <= 0 || separated_) return;
    Rational there(0);
    for (const Reached& track : reached_) {
      if (track.track->edited) return;
      const std::int64_t ticks = track.end - track.first.value_or(0);
      const auto media = checked_add(Rational(ticks, track.track->time_scale),
                                     Rational(track.track->empty_edits, movie_.time_scale));
      if (!media) return;
      there = std::max(there, *media);
    }
    const auto missing = checked_sub(Rational(movie_.duration, movie_.time_scale), there);
    if (!missing || *missing <= kLeast) return;
    tell(
        fmt::format("The movie says that it lasts {} s, its fragments hold {} s: fragments are "
                    "missing.",
                    to_fixed(Rational(movie_.duration, movie_.time_scale), 3), to_fixed(there, 3)));
  }

  void tell(std::string text) {
    if (told_.size() < kMaxTold)
      told_.push_back(container_damage(std::move(text)));
    else
      ++untold_;
  }

  const MovFragmentedMovie& movie_;
  std::vector<Reached> reached_;
  std::optional<std::uint32_t> number_;
  bool counted_ = false;    // the numbers of the fragments increase somewhere
  bool separated_ = false;  // numbers are left out and nothing else: other tracks had them
  std::vector<std::string> repeats_;
  std::vector<Damage> told_;
  std::int64_t untold_ = 0;
};

}  // namespace

MovExtends read_mvex(TableReader& reader, const MovBox& mvex) {
  MovExtends extends;
  for_each_child(reader, mvex.content, mvex.end, [&](const MovBox& box) {
    const auto bytes = reader.read(box.content, std::min<std::uint64_t>(box.content_size(), 24));
    ByteCursor cursor(bytes);
    const bool wide = cursor.u8() == 1;
    cursor.skip(3);
    if (box.type == fourcc("mehd")) {
      const std::uint64_t duration = cursor.big(wide ? 8 : 4);
      if (cursor.ok()) extends.duration = duration;
    }
    if (box.type == fourcc("trex") && extends.defaults.size() < kMaxDefaults) {
      const std::uint32_t track = cursor.u32();
      cursor.skip(4);
      const std::uint32_t duration = cursor.u32();
      if (cursor.ok()) extends.defaults.push_back({track, duration});
    }
  });
  return extends;
}

std::vector<MovFragmentedTrack> fragmented_tracks(const std::vector<MovTrack>& tracks,
                                                  const MovExtends& extends) {
  std::vector<MovFragmentedTrack> out;
  for (const MovTrack& track : tracks) {
    if (track.time_scale == 0) continue;
    MovFragmentedTrack known;
    known.id = static_cast<std::uint32_t>(track.found.native_id);
    known.time_scale = track.time_scale;
    for (const auto& defaults : extends.defaults)
      if (defaults.track == known.id) known.default_duration = defaults.duration;
    // Some write the whole duration there, with tables that list nothing.
    if (track.stts && track.stts->content_size() > 8) known.in_moov = bounded(track.duration);
    int shown = 0;
    for (const MovEditEntry& edit : track.edits) {
      if (edit.media_time < 0)
        known.empty_edits =
            bounded(static_cast<unsigned __int128>(known.empty_edits) + bounded(edit.duration));
      else
        ++shown;
      if (edit.media_time >= 0 && edit.rate != 0x10000) known.edited = true;
    }
    known.edited = known.edited || shown > 1;
    out.push_back(known);
  }
  return out;
}

std::vector<Damage> fragment_damage(TableReader& reader, const MovFragmentedMovie& movie) {
  Follower follower(movie);
  bool all_read = movie.complete;
  std::optional<std::uint64_t> unread;
  for (const MovBox& box : movie.fragments) {
    const auto bytes = reader.read(box.content, box.content_size());
    if (bytes.size() < box.content_size()) {
      all_read = false;  // cut, or beyond what may be read: what follows is not judged by a guess
      if (box.end <= reader.size()) unread = box.start;
      break;
    }
    follower.follow(read_moof(bytes), box.start);
  }
  follower.finish(all_read);
  std::vector<Damage> damage = follower.take();
  if (unread)
    damage.push_back(
        container_damage(fmt::format("The movie fragments from byte {} on are too many or too "
                                     "large to be looked at: whether any "
                                     "is missing is not known.",
                                     with_commas(*unread))));
  return damage;
}

}  // namespace cleangate::probes
