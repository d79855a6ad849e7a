// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "probes/container/mov_track.h"

// Movie fragments (ISO/IEC 14496-12, 8.8): whether all that were written are there, in their order
// and once. Internal to the reader of MOV and MP4.
namespace cleangate::probes {

// What `mvex` says of the fragments to come (8.8.1 to 8.8.3).
struct MovExtends {
  struct Defaults {
    std::uint32_t track = 0, duration = 0;  // media ticks of a sample
  };
  std::optional<std::uint64_t> duration;  // `mehd`: of the movie with its fragments, movie ticks
  std::vector<Defaults> defaults;         // `trex`
};
[[nodiscard]] MovExtends read_mvex(TableReader& reader, const MovBox& mvex);

// What is known of a track before its first fragment.
struct MovFragmentedTrack {
  std::uint32_t id = 0;
  std::int64_t time_scale = 0;        // media ticks a second, never 0
  std::int64_t default_duration = 0;  // of a sample, media ticks
  std::int64_t in_moov = 0;           // media ticks of the samples that `moov` lists
  std::int64_t empty_edits = 0;       // movie ticks
  bool edited = false;                // its edits do more than begin late or trim
};
[[nodiscard]] std::vector<MovFragmentedTrack> fragmented_tracks(const std::vector<MovTrack>& tracks,
                                                                const MovExtends& extends);

struct MovFragmentedMovie {
  std::vector<MovBox> fragments;  // `moof`, in the order of the file
  bool complete = false;          // none of them was left out
  std::int64_t time_scale = 0;    // movie ticks a second
  std::int64_t duration = 0;      // with all fragments, movie ticks; 0 = not stated
  std::vector<MovFragmentedTrack> tracks;
};
// Every `moof` is read, ahead of the pass and at depth header too: a few hundred bytes each, all
// within the reader's budget (1 GB in fragments of 1 s: 1,085 of them, 0.8 MB read with the walk to
// them). Damage: fragments that come again, out of order or not at all. Numbers that are left out
// are none where the times go on (tracks that a packager has separated); neither is a pause in
// them.
[[nodiscard]] std::vector<Damage> fragment_damage(TableReader& reader,
                                                  const MovFragmentedMovie& movie);

}  // namespace cleangate::probes
