// SPDX-License-Identifier: Apache-2.0
#include "specs/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace cleangate::specs {
namespace {

struct Spelling {
  std::string_view text;
  Unit unit;
  std::int64_t num, den;  // one of it in base units
};

// The base unit's own spelling stands first of its unit.
constexpr Spelling kSpellings[] = {
    {"LUFS", Unit::lufs, 1, 1},
    {"LKFS", Unit::lufs, 1, 1},
    {"LU", Unit::lu, 1, 1},
    {"dBTP", Unit::dbtp, 1, 1},
    {"dBFS", Unit::dbfs, 1, 1},
    {"dB", Unit::db, 1, 1},
    {"s", Unit::seconds, 1, 1},
    {"ms", Unit::seconds, 1, 1000},
    {"min", Unit::seconds, 60, 1},
    {"h", Unit::seconds, 3600, 1},
    {"frames", Unit::frames, 1, 1},
    {"frame", Unit::frames, 1, 1},
    {"Hz", Unit::hertz, 1, 1},
    {"kHz", Unit::hertz, 1000, 1},
    {"MHz", Unit::hertz, 1000000, 1},
    {"b/s", Unit::bits_per_second, 1, 1},
    {"kb/s", Unit::bits_per_second, 1000, 1},
    {"Mb/s", Unit::bits_per_second, 1000000, 1},
    {"Gb/s", Unit::bits_per_second, 1000000000, 1},
    {"B", Unit::bytes, 1, 1},
    {"kB", Unit::bytes, 1000, 1},
    {"MB", Unit::bytes, 1000000, 1},
    {"GB", Unit::bytes, 1000000000, 1},
    {"TB", Unit::bytes, 1000000000000, 1},
    {"KiB", Unit::bytes, 1LL << 10, 1},
    {"MiB", Unit::bytes, 1LL << 20, 1},
    {"GiB", Unit::bytes, 1LL << 30, 1},
    {"TiB", Unit::bytes, 1LL << 40, 1},
    {"bit", Unit::bits, 1, 1},
    {"px", Unit::pixels, 1, 1},
    {"fps", Unit::frames_per_second, 1, 1},
    {"%", Unit::percent, 1, 1},
    {"code", Unit::code, 1, 1},
    {"deg", Unit::degrees, 1, 1},
    {"cd/m2", Unit::candela_per_m2, 1, 1},
    {"ppm", Unit::ppm, 1, 1},
};

bool in_number(char c) { return (c >= '0' && c <= '9') || c == '.' || c == '/' || c == ':'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// "16:9" as 16/9, else as Rational::parse.
Expected<Rational> parse_number(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return Rational::parse(text);
  const auto left = Rational::parse(text.substr(0, colon));
  const auto right = Rational::parse(text.substr(colon + 1));
  if (!left || !right || *right == Rational(0))
    return fail(ErrorCode::usage, fmt::format("'{}' is not a ratio.", text));
  return checked_div(*left, *right);
}

// How a unit is printed: the scaled unit's name, its size and the least decimals.
struct Shown {
  std::string_view name;
  std::int64_t scale;
  int digits;
};

Shown shown(const Rational& value, Unit unit) {
  const Rational size = abs(value);
  const auto scaled = [&](std::string_view base, std::initializer_list<Shown> steps) {
    for (const Shown& step : steps)
      if (size >= Rational(step.scale)) return step;
    return Shown{base, 1, 0};
  };
  switch (unit) {
    case Unit::lufs:
      return {" LUFS", 1, 1};
    case Unit::lu:
      return {" LU", 1, 1};
    case Unit::dbtp:
      return {" dBTP", 1, 1};
    case Unit::dbfs:
      return {" dBFS", 1, 1};
    case Unit::db:
      return {" dB", 1, 1};
    case Unit::seconds:
      return {" s", 1, 0};
    case Unit::frames:
      return {size == Rational(1) ? " frame" : " frames", 1, 0};
    case Unit::hertz:
      return scaled(" Hz", {{" kHz", 1000, 0}});
    case Unit::bits_per_second:
      return scaled(" b/s", {{" Mb/s", 1000000, 0}, {" kb/s", 1000, 0}});
    case Unit::bytes:
      return scaled(" B", {{" GB", 1000000000, 0}, {" MB", 1000000, 0}, {" kB", 1000, 0}});
    case Unit::bits:
      return {" bit", 1, 0};
    case Unit::pixels:
      return {" px", 1, 0};
    case Unit::frames_per_second:
      return {" fps", 1, 0};
    case Unit::percent:
      return {" %", 1, 0};
    case Unit::code:
      return {" code", 1, 0};
    case Unit::degrees:
      return {" deg", 1, 0};
    case Unit::candela_per_m2:
      return {" cd/m2", 1, 0};
    case Unit::ppm:
      return {" ppm", 1, 0};
    case Unit::none:
    case Unit::count:
    case Unit::ratio:
      return {"", 1, 0};
  }
  return {"", 1, 0};
}

// As many decimals as measured numbers deserve before a limit asks for more.
int usual_digits(Unit unit) {
  switch (unit) {
    case Unit::seconds:
    case Unit::frames_per_second:
      return 3;
    case Unit::bits_per_second:
    case Unit::bytes:
    case Unit::percent:
      return 2;
    case Unit::hertz:
      return 4;
    case Unit::ratio:
      return 4;
    case Unit::candela_per_m2:
      return 4;
    case Unit::count:
    case Unit::none:
    case Unit::ppm:
    case Unit::code:
      return 1;
    default:
      return 1;
  }
}

// Does `value`, printed with `digits` decimals, stand where the exact one stands?
bool same_side(const Rational& value, const std::string& printed,
               std::span<const Rational> limits) {
  const auto read = Rational::parse(printed);
  if (!read) return false;
  return std::all_of(limits.begin(), limits.end(),
                     [&](const Rational& limit) { return (value <=> limit) == (*read <=> limit); });
}

std::string decimals(const Rational& value, const Shown& how, Unit unit,
                     std::span<const Rational> limits) {
  constexpr int kMost = 9;
  for (int digits = std::max(how.digits, usual_digits(unit)); digits <= kMost; ++digits) {
    std::string text = to_decimal(value, digits);
    if (!same_side(value, text, limits)) continue;
    const auto dot = text.find('.');
    const int has = dot == std::string::npos ? 0 : static_cast<int>(text.size() - dot - 1);
    return has < how.digits ? to_fixed(value, how.digits) : text;
  }
  return fmt::format("{}/{}", value.num(), value.den());
}

}  // namespace

Expected<Amount> parse_amount(std::string_view text) {
  text = trimmed(text);
  std::size_t end = 0;
  if (end < text.size() && (text[end] == '-' || text[end] == '+')) ++end;
  while (end < text.size() && in_number(text[end])) ++end;
  const std::string_view digits = text.substr(0, end), name = trimmed(text.substr(end));
  const auto number = parse_number(digits);
  if (!number)
    return fail(ErrorCode::usage, fmt::format("'{}' is not a number with an optional unit", text));
  if (name.empty()) return Amount{*number, Unit::none};
  const auto spelling =
      std::find_if(std::begin(kSpellings), std::end(kSpellings),
                   [&](const Spelling& candidate) { return candidate.text == name; });
  if (spelling == std::end(kSpellings))
    return fail(ErrorCode::usage, fmt::format("'{}' is not a unit", name));
  const auto factor = Rational::make(spelling->num, spelling->den);
  const auto value = factor ? checked_mul(*number, *factor) : factor;
  if (!value) return fail(ErrorCode::usage, fmt::format("'{}' is too large", text));
  return Amount{*value, spelling->unit};
}

std::vector<std::string> unit_spellings(Unit unit) {
  std::vector<std::string> found;
  for (const Spelling& spelling : kSpellings)
    if (spelling.unit == unit && spelling.text != "frame") found.emplace_back(spelling.text);
  return found;
}

std::vector<std::string> unit_spellings() {
  std::vector<std::string> all;
  for (const Spelling& spelling : kSpellings) all.emplace_back(spelling.text);
  return all;
}

bool may_be_bare(Unit unit) {
  switch (unit) {
    case Unit::none:
    case Unit::count:
    case Unit::bits:
    case Unit::pixels:
    case Unit::frames_per_second:
    case Unit::ratio:
    case Unit::degrees:
      return true;
    default:
      return false;
  }
}

std::vector<Unit> accepted_units(Unit unit) {
  if (unit == Unit::seconds) return {Unit::seconds, Unit::frames};
  if (unit == Unit::code) return {Unit::code, Unit::percent};
  return {unit};
}

Unit difference_unit(Unit unit) {
  if (unit == Unit::lufs) return Unit::lu;
  if (unit == Unit::dbtp || unit == Unit::dbfs) return Unit::db;
  return unit;
}

std::string format_amount(const Rational& value, Unit unit, std::span<const Rational> limits) {
  if (unit == Unit::ratio && !value.is_integer() && value.num() < 10000 && value.den() < 10000)
    return fmt::format("{}:{}", value.num(), value.den());
  const Shown how = shown(value, unit);
  const auto scaled = checked_div(value, Rational(how.scale));
  if (!scaled) return fmt::format("{}/{}{}", value.num(), value.den(), how.name);
  std::vector<Rational> near;
  for (const Rational& limit : limits)
    if (const auto scaled_limit = checked_div(limit, Rational(how.scale)))
      near.push_back(*scaled_limit);
  std::string text = decimals(*scaled, how, unit, near) + std::string(how.name);
  if (unit == Unit::frames_per_second && !value.is_integer())
    text += fmt::format(" ({}/{})", value.num(), value.den());
  return text;
}

}  // namespace cleangate::specs
