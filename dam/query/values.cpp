// SPDX-License-Identifier: Apache-2.0
#include "dam/query/values.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "core/text.h"
#include "dam/query/numbers.h"

namespace cleangate::dam::query {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string_view sign_of(Comparison comparison) {
  switch (comparison) {
    case Comparison::less:
      return " < ?";
    case Comparison::at_most:
      return " <= ?";
    case Comparison::more:
      return " > ?";
    case Comparison::at_least:
      return " >= ?";
    case Comparison::differs:
      return " <> ?";
    case Comparison::matches:
      break;
  }
  return " = ?";
}

// `column` between the ends, or compared with the only value, each turned into what is bound.
template <class Bound>
Sql ordered(std::string_view column, Comparison comparison, const Operand& operand, Bound&& bound) {
  Sql sql;
  if (!operand.range) return sql.add(column).add(sign_of(comparison), bound(*operand.low));
  if (operand.low) sql.add(column).add(" >= ?", bound(*operand.low));
  if (operand.low && operand.high) sql.add(" AND ");
  if (operand.high) sql.add(column).add(" <= ?", bound(*operand.high));
  return sql;
}

bool is_star(const Operand& operand) {
  return !operand.range && !operand.low->quoted && operand.low->text == "*";
}

Sql number_condition(const SearchField& field, Comparison comparison, const Operand& operand) {
  const auto exact = [&](const Value& value) {
    return Sql::Bound(to_string(number_of(field, value)));
  };
  const auto near = [&](const Value& value) {
    return Sql::Bound(number_of(field, value).to_double());
  };
  if (operand.low && operand.high &&
      number_of(field, *operand.low) > number_of(field, *operand.high))
    throw Mistake(operand.at, operand.length,
                  "This range runs backwards: the smaller end is first.");
  const bool equality = comparison == Comparison::matches || comparison == Comparison::differs;
  return !operand.range && equality ? ordered("text", comparison, operand, exact)
                                    : ordered("number", comparison, operand, near);
}

// Labels sort as texts, so ranges of timecode are ranges of text.
Sql timecode_condition(Comparison comparison, const Operand& operand) {
  return ordered("text", comparison, operand,
                 [](const Value& value) { return Sql::Bound(value.text); });
}

Sql text_value_condition(std::string_view column, Comparison comparison, const Value& value) {
  Sql sql;
  const bool differs = comparison == Comparison::differs;
  // Columns that fold case need one comparison, others hold lower case, or what was written.
  if (!has_wildcard(value) && !value.prefix) {
    const std::string_view sign = differs ? " <> ?" : " = ?";
    sql.add("(").add(column).add(sign, lower(value.text));
    if (lower(value.text) != value.text)
      sql.add(differs ? " AND " : " OR ").add(column).add(sign, value.text);
    return sql.add(")");
  }
  std::string pattern;
  for (const char c : lower(value.text)) {
    const bool literal = c == '[' || (value.quoted && (c == '*' || c == '?'));
    pattern += literal ? std::string("[") + c + "]" : std::string(1, c);
  }
  if (value.prefix) pattern += '*';
  return sql.add("lower(").add(column).add(differs ? ") NOT GLOB ?" : ") GLOB ?", pattern);
}

template <class Condition>
Sql any_of(const Term& term, Condition&& condition) {
  Sql sql;
  for (const Operand& operand : term.operands)
    sql.add(sql.text.empty()                         ? "("
            : term.comparison == Comparison::differs ? " AND "
                                                     : " OR ")
        .add(condition(operand));
  return sql.add(")");
}

std::int64_t integer_of(const Value& value) {
  std::int64_t number = 0;
  const char* end = value.text.data() + value.text.size();
  const auto [stop, error] = std::from_chars(value.text.data(), end, number);
  if (error != std::errc() || stop != end)
    throw Mistake(value.at, value.length,
                  fmt::format("'{}' is not a whole number.", readable(value.text)));
  return number;
}

// A time of day or a day, month or year: digits where ISO 8601 has them.
std::string time_of(const Value& value) {
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd.dddZ";
  const std::string& text = value.text;
  const bool whole = text.size() == 4 || text.size() == 7 || text.size() == 10 ||
                     text.size() == 13 || text.size() == 16 || text.size() == 19;
  bool fits = whole || text.size() == kForm.size();
  for (std::size_t i = 0; fits && i < text.size(); ++i)
    fits = kForm[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == kForm[i];
  if (!fits)
    throw Mistake(value.at, value.length,
                  fmt::format("'{}' is not a time: write 2026, 2026-11, 2026-11-21 or "
                              "2026-11-21T09:30 (UTC).",
                              readable(text)));
  return text;
}

// Behind every time that begins with `text`.
std::string end_of_time(const std::string& text) { return text + "~"; }

Sql time_operand(std::string_view column, const Term& term, const Operand& operand) {
  const std::string low = operand.low ? time_of(*operand.low) : "";
  const std::string high = operand.high ? time_of(*operand.high) : low;
  Sql sql;
  const auto from = [&](const std::string& at) { sql.add(column).add(" >= ?", at); };
  const auto until = [&](const std::string& at) { sql.add(column).add(" < ?", at); };
  switch (term.comparison) {
    case Comparison::matches:
      if (operand.low) from(low);
      if (operand.low && (operand.high || !operand.range)) sql.add(" AND ");
      if (operand.high || !operand.range) until(end_of_time(high));
      break;
    case Comparison::differs:
      sql.add("NOT (");
      from(low);
      sql.add(" AND ");
      until(end_of_time(low));
      sql.add(")");
      break;
    case Comparison::less:
      until(low);
      break;
    case Comparison::at_most:
      until(end_of_time(low));
      break;
    case Comparison::more:
      from(end_of_time(low));
      break;
    case Comparison::at_least:
      from(low);
      break;
  }
  return sql;
}

}  // namespace

bool has_wildcard(const Value& value) {
  return !value.quoted && value.text.find_first_of("*?") != std::string::npos;
}

std::string one_of(const Value& value, const std::vector<std::string>& allowed) {
  const std::string word = lower(value.text);
  if (std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return word;
  throw Mistake(value.at, value.length,
                fmt::format("'{}' is none of {}.", readable(value.text), fmt::join(allowed, ", ")));
}

bool flag_of(const Value& value) {
  const std::string word = one_of(value, {"yes", "no", "true", "false"});
  return word == "yes" || word == "true";
}

void require_plain(const Term& term) {
  const bool compares =
      term.comparison != Comparison::matches && term.comparison != Comparison::differs;
  for (const Operand& operand : term.operands)
    if (operand.range || compares)
      throw Mistake(term.at, term.length,
                    fmt::format("{} is not a number: it has no ranges and no comparisons.",
                                readable(term.field)));
}

const Value& single_value(const Term& term) {
  require_plain(term);
  if (term.operands.size() != 1 || term.comparison == Comparison::differs)
    throw Mistake(term.at, term.length, fmt::format("{} takes one value.", readable(term.field)));
  return *term.operands.front().low;
}

std::vector<Sql> field_conditions(const SearchField& field, const Term& term) {
  const bool plain = field.kind == specs::ValueKind::text || field.kind == specs::ValueKind::flag;
  std::vector<Sql> conditions;
  for (const Operand& operand : term.operands) {
    if (is_star(operand)) {
      conditions.push_back({term.comparison == Comparison::differs ? "0" : "1", {}});
      continue;
    }
    if (plain) require_plain(term);
    if (field.kind == specs::ValueKind::number) {
      conditions.push_back(number_condition(field, term.comparison, operand));
    } else if (field.kind == specs::ValueKind::timecode &&
               (operand.range || !has_wildcard(*operand.low))) {
      conditions.push_back(timecode_condition(term.comparison, operand));
    } else if (field.kind == specs::ValueKind::flag) {
      conditions.push_back(Sql().add(std::string("text") + std::string(sign_of(term.comparison)),
                                     flag_of(*operand.low) ? "true" : "false"));
    } else {
      require_plain(term);
      conditions.push_back(text_value_condition("text", term.comparison, *operand.low));
    }
  }
  if (term.comparison != Comparison::differs || conditions.size() < 2) return conditions;
  Sql all;  // none of the values
  for (const Sql& one : conditions) all.add(all.text.empty() ? "" : " AND ").add(one);
  return {all};
}

Sql text_condition(std::string_view column, const Term& term) {
  require_plain(term);
  return any_of(term, [&](const Operand& operand) {
    return text_value_condition(column, term.comparison, *operand.low);
  });
}

Sql integer_condition(std::string_view column, const Term& term) {
  return any_of(term, [&](const Operand& operand) {
    return ordered(column, term.comparison, operand,
                   [](const Value& value) { return Sql::Bound(integer_of(value)); });
  });
}

Sql time_condition(std::string_view column, const Term& term) {
  return any_of(term, [&](const Operand& operand) { return time_operand(column, term, operand); });
}

Sql digest_condition(std::string_view column, const Term& term) {
  require_plain(term);
  return any_of(term, [&](const Operand& operand) {
    std::string digits = lower(operand.low->text);
    if (digits.starts_with("sha256:")) digits.erase(0, 7);
    const bool hex = digits.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!hex || digits.empty() || digits.size() > 64)
      throw Mistake(operand.at, operand.length,
                    "A content id is up to 64 hexadecimal digits; its first ones are enough.");
    std::string high = digits;
    digits.resize(64, '0');
    high.resize(64, 'f');
    const auto blob = [](const std::string& text) {
      const Sha256 digest = unwrap(parse_content_id(text));
      const auto bytes = std::as_bytes(std::span(digest.bytes));
      return std::vector<std::byte>(bytes.begin(), bytes.end());
    };
    return Sql()
        .add(term.comparison == Comparison::differs ? "(" : "")
        .add(column)
        .add(term.comparison == Comparison::differs ? " NOT BETWEEN ?" : " BETWEEN ?", blob(digits))
        .add(" AND ?", blob(high))
        .add(term.comparison == Comparison::differs ? ")" : "");
  });
}

}  // namespace cleangate::dam::query
