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

// Film frames are shown for so many fields, or frames, in turn. 2:3: the third field of every other
// frame is a repeat, once of the top field and two and a half frames later of the bottom field.
// Patterns of one name stand together.
inline constexpr CadencePattern kCadencePatterns[] = {
    {"2:3", 5, 1 << 0, 1 << 2, CadencePattern::Order::top_first},
    {"2:3", 5, 1 << 2, 1 << 0, CadencePattern::Order::bottom_first},
    {"2:3:3:2", 5, 1 << 0, 1 << 1, CadencePattern::Order::top_first},
    {"2:3:3:2", 5, 1 << 1, 1 << 0, CadencePattern::Order::bottom_first},
    {"25->30 fields", 6, 1 << 0, 1 << 2, CadencePattern::Order::top_first},
    {"25->30 fields", 6, 1 << 2, 1 << 0, CadencePattern::Order::bottom_first},
    {"24->25 fields", 25, 1 << 0, 1 << 12, CadencePattern::Order::top_first},
    {"24->25 fields", 25, 1 << 12, 1 << 0, CadencePattern::Order::bottom_first},
    {"2:2:2:4", 5, 1, 1},
    {"25->30 frames", 6, 1, 1},
    {"24->25 frames", 25, 1, 1},
    {"2:3 frames", 5, 0b01101, 0b01101},
    {"2:2 frames", 2, 0b01, 0b01, CadencePattern::Order::none, false},
    {"3:3 frames", 3, 0b011, 0b011, CadencePattern::Order::none, false},
    {"4:4 frames", 4, 0b0111, 0b0111, CadencePattern::Order::none, false}};

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
