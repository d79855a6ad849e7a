// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/error.h"
#include "specs/compare.h"

namespace cleangate::specs {

enum class ValueUse : std::uint8_t { point, difference };

// A limit in the base unit of `unit`, for this subject. The error's message is a sentence: why it
// cannot be converted (no frame rate, no bit depth).
[[nodiscard]] Expected<Rational> in_base_unit(const Value& value, Unit unit,
                                              const SubjectContext& context, ValueUse use);

// expect, count, present and absent on runs in time; fills outcome, spans, message.
void compare_runs(const Condition& condition, const Spans& runs, const SubjectContext& context,
                  Comparison& result);

// Could more runs, or longer ones, than the `found` that count meet the demand?
[[nodiscard]] bool more_could_meet(const Demand& demand, std::int64_t found);

// The runs that were found are there, and others may be (leave_open()).
void leave_runs_open(const Condition& condition, const SubjectContext& context, Comparison& result);

}  // namespace cleangate::specs
