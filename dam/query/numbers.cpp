// SPDX-License-Identifier: Apache-2.0
#include "dam/query/numbers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/text.h"
#include "dam/query/values.h"
#include "specs/value.h"

namespace cleangate::dam::query {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "1:30:00": every part but the last is whole, and those behind a colon are under 60.
std::optional<Rational> colon_time(std::string_view text) {
  Rational total;
  int parts = 0;
  while (true) {
    const std::size_t colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    if (part.empty() || !is_digit(part.front()) ||
        part.find_first_not_of(colon == std::string_view::npos ? "0123456789." : "0123456789") !=
            std::string_view::npos)
      return std::nullopt;
    const auto number = Rational::parse(part);
    if (!number || (parts > 0 && *number >= Rational(60))) return std::nullopt;
    const auto shifted = checked_mul(total, Rational(60));
    const auto sum = shifted ? checked_add(*shifted, *number) : shifted;
    if (!sum || ++parts > 3) return std::nullopt;
    total = *sum;
    if (colon == std::string_view::npos) return parts > 1 ? std::optional(total) : std::nullopt;
    text.remove_prefix(colon + 1);
  }
}

// "1h30min": numbers with units of time, at least two.
std::optional<Rational> compound_time(std::string_view text) {
  Rational total;
  int parts = 0;
  while (!text.empty()) {
    std::size_t end = 0;
    while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
    if (end == 0) return std::nullopt;
    while (end < text.size() && !is_digit(text[end])) ++end;
    std::string part(text.substr(0, end));
    if (part.ends_with('m')) part += "in";  // 1h30m
    const auto amount = specs::parse_amount(part);
    if (!amount || amount->unit != specs::Unit::seconds) return std::nullopt;
    const auto sum = checked_add(total, amount->value);
    if (!sum) return std::nullopt;
    total = *sum;
    ++parts;
    text.remove_prefix(end);
  }
  return parts > 1 ? std::optional(total) : std::nullopt;
}

std::string example_of(specs::Unit unit) {
  switch (unit) {
    case specs::Unit::seconds:
      return "90s, 1h30min or 1:30:00";
    case specs::Unit::frames_per_second:
      return "25, 29.97 or 30000/1001";
    case specs::Unit::lufs:
      return "-23 or -23LUFS";
    case specs::Unit::bits_per_second:
      return "50Mb/s";
    case specs::Unit::bytes:
      return "2GB";
    case specs::Unit::ratio:
      return "16:9";
    default:
      return "12";
  }
}

// Rates are written as decimals (29.97) that mean 30000/1001.
std::optional<Rational> frame_rate(std::string_view text) {
  if (text.ends_with("fps")) text.remove_suffix(3);
  while (text.ends_with(' ')) text.remove_suffix(1);
  const auto rate = parse_frame_rate(text);
  return rate ? std::optional(*rate) : std::nullopt;
}

}  // namespace

std::optional<Rational> clock_time(std::string_view text) {
  if (auto found = colon_time(text)) return found;
  return compound_time(text);
}

Rational number_of(const SearchField& field, const Value& value) {
  const auto wrong = [&](const std::string& why) {
    return Mistake(value.at, value.length,
                   fmt::format("{} of {}: write it as {}.", why, field.id, example_of(field.unit)));
  };
  if (field.unit == specs::Unit::seconds)
    if (const auto time = clock_time(value.text)) return *time;
  if (field.unit == specs::Unit::frames_per_second)
    if (const auto rate = frame_rate(value.text)) return *rate;
  const auto amount = specs::parse_amount(value.text);
  if (!amount) throw wrong(fmt::format("'{}' is not a value", readable(value.text)));
  if (amount->unit != specs::Unit::none && amount->unit != field.unit)
    throw wrong(fmt::format("'{}' has not the unit", readable(value.text)));
  return amount->value;
}

}  // namespace cleangate::dam::query
