// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "probes/facts.h"
#include "specs/evaluate.h"

// Several results of one condition made one, and the result where there is nothing to ask.
namespace cleangate::specs {

inline constexpr std::string_view kAssumed =
    "Which channels form this soundfield is assumed; name them with --soundfields.";

// One subject in several windows: the worst outcome stands, equal ones join their spans.
void join_windows(Result& into, Result next);

// `for: {any: …}`: the best outcome stands. `each` is not empty.
[[nodiscard]] Result join_any(const Condition& condition, std::vector<Result> each);
// `for: {count: …}`: how many subjects pass, the undecided ones both ways.
[[nodiscard]] Result join_count(const Condition& condition, const std::vector<Result>& each);

// No subject matches the selector: a failure unless the demand is met by absence.
[[nodiscard]] Result nothing_there(const Condition& condition, const probes::AssetFacts& facts);
// The region exists in this file and holds nothing (a head where the programme starts at once):
// not_applicable, but a failure where the demand asks for something to be there.
[[nodiscard]] Result nothing_in_region(const Condition& condition, const RegionRef& region);

}  // namespace cleangate::specs
