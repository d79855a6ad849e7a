// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "specs/judge.h"
#include "specs/requirement.h"

// One demand against one reading.
namespace cleangate::specs {

// What the units of a subject depend on.
struct SubjectContext {
  std::optional<Rational> frame_rate;  // of the stream, else of the first video stream
  std::optional<int> bit_depth;
  // Where the region begins and ends for this subject, for `at`; empty: not known.
  std::optional<Rational> region_in_s, region_out_s;
  std::string name;  // "stream 0", "soundfield 1 (5.1, en)", "" for the file
  // The same in frames, which count first: containers round the instants of frames to their ticks.
  std::optional<std::int64_t> region_first_frame = {}, region_end_frame = {};
};

struct Comparison {
  Outcome outcome = Outcome::inconclusive;
  Measured measured;
  std::vector<Span> spans;  // the runs that count, or where the value was found
  std::int64_t spans_total = 0;
  std::string message;                 // what is, one sentence
  std::optional<std::string> because;  // why inconclusive, not applicable, or what a fail lacked
  bool not_looked_at = false;          // inconclusive because it was not measured at all
};

// Every limit of `condition` must have its value (resolve.h).
[[nodiscard]] Comparison compare(const Condition& condition, const Reading& reading,
                                 const SubjectContext& context);

// A part of what was asked is missing: a pass cannot be relied on, and neither can a fail that what
// is missing could undo. A fail that stands says so too.
void doubt(const Condition& condition, const Reading& reading, const SubjectContext& context,
           const std::string& because, Comparison& result);

// What the reading says cannot be relied on: nothing that was not found is told as absent.
void leave_open(const Condition& condition, const Reading& reading, const SubjectContext& context,
                std::string because, Comparison& result);

}  // namespace cleangate::specs
