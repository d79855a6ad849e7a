// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/rational.h"
#include "specs/quantity.h"

// Numbers with units as profiles write them, and as findings print them (docs/profile-grammar.md,
// "Values").
namespace cleangate::specs {

// An exact number in the base unit of `unit` (seconds, bit/s, bytes, Hz …).
struct Amount {
  Rational value;
  Unit unit = Unit::none;  // none: no unit was written
  friend bool operator==(const Amount&, const Amount&) = default;
};

// "-23 LUFS", "50 Mb/s", "2 s", "24000/1001", "16:9", "4 %". The error says what is wrong with the
// text; no number is rounded and none may leave 64 bits.
[[nodiscard]] Expected<Amount> parse_amount(std::string_view text);

// The spellings of a unit a profile may use, the base unit first: {"s", "ms", "min", "h"}.
[[nodiscard]] std::vector<std::string> unit_spellings(Unit unit);
// Every spelling of every unit.
[[nodiscard]] std::vector<std::string> unit_spellings();
// May a number of this unit be written without it? (Counts, pixels, frame rates, ratios …)
[[nodiscard]] bool may_be_bare(Unit unit);
// Units a value may be written in where `unit` is asked for, itself first: seconds take frames,
// code takes percent. Percent takes no other unit.
[[nodiscard]] std::vector<Unit> accepted_units(Unit unit);
// The unit of a tolerance on values of this unit: LU for LUFS, dB for dBTP and dBFS, else itself.
[[nodiscard]] Unit difference_unit(Unit unit);

// A number for people: "-23.0 LUFS", "50 Mb/s", "29.97 fps (30000/1001)", "16:9". It has digits
// enough that it stands on the same side of each of `limits` as the exact number does.
[[nodiscard]] std::string format_amount(const Rational& value, Unit unit,
                                        std::span<const Rational> limits = {});

}  // namespace cleangate::specs
