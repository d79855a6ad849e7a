// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "specs/quantities/field_frames.h"

namespace cleangate::specs {

// A pattern in which the fields or frames of a film are repeated to reach another rate.
struct CadencePattern {
  std::string_view name;
  int period = 0;  // frames
  // Bit i: the field of frame i of the period repeats that of the frame before.
  std::uint32_t top = 0, bottom = 0;
  enum class Order : std::uint8_t { none, top_first, bottom_first } order = Order::none;
  bool conversion = true;  // else every picture is held equally long, as drawings are

  [[nodiscard]] bool of_fields() const { return order != Order::none; }
};

// Frames [first, end) follow the pattern; frame n is frame (n + phase) mod period of it.
struct CadenceRun {
  std::int64_t first = 0, end = 0;
  const CadencePattern* pattern = nullptr;
  int phase = 0;
};

struct Cadences {
  std::vector<CadenceRun> runs;
  // Frames at which a conversion's pattern goes on in another phase, or another conversion's
  // begins, at most 12 frames behind it. A pattern that ends in video or in stills does not break.
  std::vector<std::int64_t> breaks;
  std::vector<bool> tells;  // per frame: it is seen to move or to repeat
};

[[nodiscard]] Cadences find_cadences(const FieldFrames& frames);

}  // namespace cleangate::specs
