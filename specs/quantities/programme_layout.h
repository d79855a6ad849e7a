// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "specs/quantities/frame_map.h"

namespace cleangate::specs {

// What a run of frames shows, as far as it tells head and tail from the programme.
enum class Shows : std::uint8_t {
  picture,  // moves
  black,
  bars,
  plain,   // a single color
  still,   // an unknown still: slate, clock whose digits step, title card
  calm,    // hardly moves between two of the others: a clock whose hand sweeps, or a quiet scene
  unknown  // damaged, not told, or a change from one of the others to the next
};
// "black", "bars", "color", "still", "clock or quiet scene", "unknown".
[[nodiscard]] std::string_view name_of(Shows shows);

struct Section {
  Shows shows = Shows::picture;
  std::int64_t first = 0, end = 0;  // presented frames
  friend bool operator==(const Section&, const Section&) = default;
};

// What each presented frame of a stream shows, from the readings of other quantities.
class LayoutFrames {
 public:
  // Why there is none: rows that are missing, as those quantities say.
  [[nodiscard]] static tl::expected<LayoutFrames, Absent> of(const Evidence& evidence, int stream);

  [[nodiscard]] const FrameMap& map() const { return map_; }
  // Why nothing can be said of frames [first, end).
  [[nodiscard]] std::optional<Absent> nothing_in(std::int64_t first, std::int64_t end) const;
  // Of frames [first, end), in order, without gaps; neighbors differ.
  [[nodiscard]] std::vector<Section> sections(std::int64_t first, std::int64_t end) const;

 private:
  LayoutFrames(FrameMap map, const Evidence& evidence)
      : map_(std::move(map)), evidence_(&evidence) {}
  [[nodiscard]] std::optional<Absent> load();
  [[nodiscard]] bool steps(std::int64_t first, std::int64_t end) const;
  [[nodiscard]] bool hardly_moves(std::int64_t first, std::int64_t end) const;
  [[nodiscard]] Shows kind_between(std::int64_t start, std::int64_t first, std::int64_t end) const;

  FrameMap map_;
  std::vector<Shows> shows_;
  const Evidence* evidence_;  // lives longer
};

// Where the programme begins and ends. A boundary that cannot be told lies between two frames.
struct ProgrammeBounds {
  enum class Is : std::uint8_t { found, none, open } is = Is::none;  // open: nobody can tell
  std::int64_t start_low = 0, start_high = 0;
  std::int64_t end_low = 0, end_high = 0;
  friend bool operator==(const ProgrammeBounds&, const ProgrammeBounds&) = default;
};

// Of the sections of a stream or a part of it (docs/quantities/layout.programme.md).
[[nodiscard]] ProgrammeBounds find_programme(const std::vector<Section>& sections);

// What stands before frame `start`, or from frame `end` on: "bars, black, still, black"; "none".
[[nodiscard]] std::string describe_before(const std::vector<Section>& sections, std::int64_t start);
[[nodiscard]] std::string describe_after(const std::vector<Section>& sections, std::int64_t end);

struct ProgrammeParts {
  std::vector<Section> parts;  // shows: picture, or unknown where an edge of the part is open
  std::vector<Section> open;   // stills between two blacks: a part, or none
};
// The pieces of the programme between bars, and black for which `parts` holds.
[[nodiscard]] ProgrammeParts find_parts(const std::vector<Section>& sections,
                                        const ProgrammeBounds& bounds,
                                        const std::function<bool(const Section&)>& parts);

}  // namespace cleangate::specs
