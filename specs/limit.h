// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "specs/requirement.h"

// From the text of a limit to its value, while loading and, where order data are in it, while
// judging.
namespace cleangate::specs {

enum class LimitRole : std::uint8_t { value, tolerance, duration };

// What a quantity's limit may be: its kind, unit and closed set of texts.
struct LimitType {
  ValueKind kind = ValueKind::text;
  Unit unit = Unit::none;
  std::span<const std::string_view> allowed;
};
[[nodiscard]] LimitType limit_type(const QuantityInfo& quantity, LimitRole role);

// Errors say what is wrong and what is allowed, without file and line.
[[nodiscard]] Expected<Value> parse_value(std::string_view written, const LimitType& type);
[[nodiscard]] Expected<Label> parse_label(std::string_view written);
// Does the text hold "${"? Then it has no value before the order data are known.
[[nodiscard]] bool has_order_data(std::string_view written);
// The keys of every ${order.KEY}; an error where "${" opens anything else.
[[nodiscard]] Expected<std::vector<std::string>> order_keys(std::string_view written);

using OrderValues = std::map<std::string, std::string>;
// The text with order data in place; `missing` receives the keys that have no value.
// `quote_pattern`: values are taken literally by a pattern.
enum class Substitution : std::uint8_t { plain, into_pattern };
[[nodiscard]] std::string substitute(std::string_view written, const OrderValues& order,
                                     Substitution how, std::vector<std::string>& missing);

// A parsed value for people: "-23.0 LUFS", "10:00:00:00", "yes".
[[nodiscard]] std::string to_text(const Value& value, Unit unit);
[[nodiscard]] std::string to_text(const Label& label);

}  // namespace cleangate::specs
