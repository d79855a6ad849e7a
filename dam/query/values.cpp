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

bool is_equality(Comparison comparison) {
  return comparison == Comparison::matches || comparison == Comparison::differs;
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

// `column` is one of the values, or, where the term differs, none of them.
Sql among(std::string_view column, Comparison comparison, std::vector<Sql::Bound> values) {
  if (values.size() == 1) return Sql().add(column).add(sign_of(comparison), std::move(values[0]));
  Sql sql;
  sql.add(column).add(comparison == Comparison::differs ? " NOT IN (" : " IN (");
  for (Sql::Bound& value : values) sql.add(sql.values.empty() ? "?" : ", ?", std::move(value));
  return sql.add(")");
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

// One of the alternatives, or, where the term differs, none.
template <class Condition>
Sql any_of(const Term& term, Condition&& condition) {
  std::vector<Sql> each;
  for (const Operand& operand : term.operands) each.push_back(condition(operand));
  const Sql any = joined(each, " OR ");
  return term.comparison == Comparison::differs ? Sql().add("NOT ").add(any) : any;
}

bool is_star(const Operand& operand) {
  return !operand.range && !operand.low->quoted && operand.low->text == "*";
}

Sql number_condition(const SearchField& field, Comparison comparison, const Operand& operand) {
  if (operand.low && operand.high &&
      number_of(field, *operand.low) > number_of(field, *operand.high))
    throw Mistake(operand.at, operand.length,
                  "This range runs backwards: the smaller end is first.");
  return ordered("number", comparison, operand, [&](const Value& value) {
    return Sql::Bound(number_of(field, value).to_double());
  });
}

// Labels sort as texts, so ranges of timecode are ranges of text.
Sql timecode_condition(Comparison comparison, const Operand& operand) {
  return ordered("text", comparison, operand,
                 [](const Value& value) { return Sql::Bound(value.text); });
}

// ---- texts --------------------------------------------------------------------------------------

std::string pattern_of(const Value& value) {
  std::string pattern;
  for (const char c : lower(value.text)) {
    const bool literal = c == '[' || (value.quoted && (c == '*' || c == '?'));
    pattern += literal ? std::string("[") + c + "]" : std::string(1, c);
  }
  if (value.prefix) pattern += '*';
  require_short_pattern(pattern, value);
  return pattern;
}

// Whatever fits one of the patterns, or none of them. Known values are tried here, and SQLite looks
// up those that fit; else it tries every row.
Sql fitting(std::string_view column, Comparison comparison,
            const std::vector<std::string>& patterns, const Known& known) {
  const bool differs = comparison == Comparison::differs;
  const KnownValues::Values* values = known ? &known() : nullptr;
  if (!values || !*values) {
    std::vector<Sql> each;
    each.reserve(patterns.size());
    for (const std::string& pattern : patterns)
      each.push_back(Sql().add("lower(").add(column).add(") GLOB ?", pattern));
    return Sql().add(differs ? "NOT " : "").add(joined(each, " OR "));
  }
  std::vector<Sql::Bound> wanted;
  for (const std::string& value : **values) {
    const std::string text = lower(value);
    const bool fits = std::any_of(patterns.begin(), patterns.end(),
                                  [&](const auto& pattern) { return matches_glob(pattern, text); });
    if (fits != differs) wanted.emplace_back(value);
  }
  if (wanted.size() == (*values)->size()) return {"1", {}};
  // Bound: a 0 that SQLite can see takes the whole WHERE with it, and the index that needs it.
  if (wanted.empty()) return Sql().add("?", std::int64_t{0});
  return among(column, Comparison::matches, std::move(wanted));
}

// Conditions any of which must hold, or all where the term differs: of equal texts, of patterns.
// Columns that fold case need one comparison, others hold lower case, or what was written.
std::vector<Sql> text_conditions(std::string_view column, const Term& term, const Known& known) {
  require_plain(term);
  std::vector<std::string> patterns;
  std::vector<Sql::Bound> texts;
  for (const Operand& operand : term.operands) {
    const Value& value = *operand.low;
    if (has_wildcard(value) || value.prefix) {
      patterns.push_back(pattern_of(value));
    } else {
      texts.emplace_back(lower(value.text));
      if (lower(value.text) != value.text) texts.emplace_back(value.text);
    }
  }
  std::vector<Sql> conditions;
  if (!texts.empty()) conditions.push_back(among(column, term.comparison, std::move(texts)));
  if (!patterns.empty()) conditions.push_back(fitting(column, term.comparison, patterns, known));
  return conditions;
}

// ---- numbers and times --------------------------------------------------------------------------

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
    case Comparison::differs:  // any_of turns it round
      if (operand.low) from(low);
      if (operand.low && (operand.high || !operand.range)) sql.add(" AND ");
      if (operand.high || !operand.range) until(end_of_time(high));
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
  std::string word = lower(value.text);
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

void require_short_pattern(const std::string& pattern, const Value& value) {
  constexpr std::size_t kLongest = 50'000;  // SQLite takes no longer one
  if (pattern.size() > kLongest)
    throw Mistake(value.at, value.length,
                  fmt::format("This pattern is longer than {} bytes.", kLongest));
}

std::vector<Sql> field_conditions(const SearchField& field, const Term& term, const Known& known) {
  using specs::ValueKind;
  std::vector<Sql> conditions;
  std::vector<Sql::Bound> exact;
  Term texts = term;  // the alternatives that are compared as texts
  texts.operands.clear();
  for (const Operand& operand : term.operands) {
    const bool equality = !operand.range && is_equality(term.comparison);
    if (is_star(operand)) {
      conditions.push_back({term.comparison == Comparison::differs ? "0" : "1", {}});
    } else if (field.kind == ValueKind::number) {
      if (equality)
        exact.emplace_back(to_string(number_of(field, *operand.low)));
      else
        conditions.push_back(number_condition(field, term.comparison, operand));
    } else if (field.kind == ValueKind::timecode &&
               (operand.range || !has_wildcard(*operand.low))) {
      conditions.push_back(timecode_condition(term.comparison, operand));
    } else {
      require_plain(term);
      if (field.kind == ValueKind::flag)
        exact.emplace_back(flag_of(*operand.low) ? "true" : "false");
      else
        texts.operands.push_back(operand);
    }
  }
  if (!exact.empty()) conditions.push_back(among("text", term.comparison, std::move(exact)));
  for (Sql& condition : text_conditions("text", texts, known))
    conditions.push_back(std::move(condition));
  if (term.comparison != Comparison::differs || conditions.size() < 2) return conditions;
  return {joined(conditions, " AND ")};  // none of the values
}

Sql text_condition(std::string_view column, const Term& term, const Known& known) {
  return joined(text_conditions(column, term, known),
                term.comparison == Comparison::differs ? " AND " : " OR ");
}

Sql integer_condition(std::string_view column, const Term& term) {
  std::vector<Sql::Bound> exact;
  std::vector<Sql> conditions;
  const auto bound = [](const Value& value) { return Sql::Bound(integer_of(value)); };
  for (const Operand& operand : term.operands)
    if (!operand.range && is_equality(term.comparison))
      exact.push_back(bound(*operand.low));
    else
      conditions.push_back(ordered(column, term.comparison, operand, bound));
  if (!exact.empty()) conditions.push_back(among(column, term.comparison, std::move(exact)));
  return joined(conditions, " OR ");
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
    return Sql().add(column).add(" BETWEEN ?", blob(digits)).add(" AND ?", blob(high));
  });
}

}  // namespace cleangate::dam::query
