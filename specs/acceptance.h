// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/error.h"
#include "specs/requirement.h"

namespace cleangate::specs {

// The numbers that meet a demand: a union of closed ranges, or everything outside it.
struct Acceptance {
  struct Range {
    std::optional<Rational> low, high;  // empty: without end
  };
  std::vector<Range> ranges;
  bool complement = false;
};

// Of equals (with its tolerance, else 0), not, in, not_in, min, max, between. An error only when a
// limit leaves 64 bits.
[[nodiscard]] Expected<Acceptance> acceptance(Operator op, std::span<const Rational> values,
                                              const Rational& tolerance);

// Where [low, high], both included, lies.
enum class Relation : std::uint8_t { inside, outside, across };
[[nodiscard]] Relation relate(const Acceptance& acceptance, const Acceptance::Range& given);
[[nodiscard]] Relation relate(const Acceptance& acceptance, const Rational& low,
                              const Rational& high);

// Two conditions on the same subject that nothing can meet at once. False where it cannot be told.
[[nodiscard]] bool exclude_each_other(const Condition& a, const Condition& b);

}  // namespace cleangate::specs
