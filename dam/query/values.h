// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/rational.h"
#include "dam/query/known_values.h"
#include "dam/query/sql.h"
#include "dam/query/syntax.h"
#include "dam/query/vocabulary.h"

// What stands behind the colon, as conditions on columns. Each function throws Mistake for a value
// that its field cannot have.
namespace cleangate::dam::query {

// The exact number in the field's unit: "-23LUFS", "1h30min", "1:30:00", "29.97" of a frame rate.
[[nodiscard]] Rational number_of(const SearchField& field, const Value& value);

// The values that a column of texts has; asked for when a term has a wildcard.
using Known = std::function<const KnownValues::Values&()>;

// Conditions on `text` and `number` of table `field`, any of which must hold.
[[nodiscard]] std::vector<Sql> field_conditions(const SearchField& field, const Term& term,
                                                const Known& known);

// Alternatives joined by OR, in parentheses. A column of text: any case, with * and ? unless
// quoted.
[[nodiscard]] Sql text_condition(std::string_view column, const Term& term,
                                 const Known& known = {});
// The same for a column of integers.
[[nodiscard]] Sql integer_condition(std::string_view column, const Term& term);
// A column of UTC times: days, months, years, or parts of a day as 2026-11-21T09:30.
[[nodiscard]] Sql time_condition(std::string_view column, const Term& term);
// A column of 32-byte digests: hex digits, from the first on, with or without "sha256:".
[[nodiscard]] Sql digest_condition(std::string_view column, const Term& term);

// yes or true, no or false.
[[nodiscard]] bool flag_of(const Value& value);
// The only value of a term that has no ranges and comparisons.
[[nodiscard]] const Value& single_value(const Term& term);
// Every alternative must be a plain value: no range, no comparison but "is not".
void require_plain(const Term& term);
// The word of `allowed` that is written, in any case.
[[nodiscard]] std::string one_of(const Value& value, const std::vector<std::string>& allowed);
[[nodiscard]] bool has_wildcard(const Value& value);
void require_short_pattern(const std::string& pattern, const Value& value);

}  // namespace cleangate::dam::query
