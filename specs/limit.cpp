// SPDX-License-Identifier: Apache-2.0
#include "specs/limit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/text.h"

namespace cleangate::specs {
namespace {

bool key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

// One run of text or one ${…} reference.
struct Piece {
  std::string text;
  bool is_key = false;
};

Expected<std::vector<Piece>> split(std::string_view written) {
  constexpr std::string_view kOpen = "${order.";
  std::vector<Piece> pieces(1);
  for (std::size_t at = 0; at < written.size();) {
    const std::string_view rest = written.substr(at);
    if (rest.starts_with("$${")) {
      pieces.back().text += "${";
      at += 3;
    } else if (rest.starts_with("${")) {
      const auto close = rest.find('}');
      if (!rest.starts_with(kOpen) || close == std::string_view::npos)
        return fail(ErrorCode::invalid_profile,
                    fmt::format("'{}' opens no order data; write ${{order.KEY}}, or $${{ for the "
                                "characters",
                                readable(rest.substr(0, 20))));
      const std::string_view key = rest.substr(kOpen.size(), close - kOpen.size());
      if (key.empty() || key[0] < 'a' || key[0] > 'z' ||
          !std::all_of(key.begin(), key.end(), key_character))
        return fail(ErrorCode::invalid_profile,
                    fmt::format("'{}' is not a key of order data; allowed: a-z, 0-9, _ . - after a "
                                "letter",
                                readable(key)));
      pieces.push_back({std::string(key), true});
      pieces.emplace_back();
      at += close + 1;
    } else {
      pieces.back().text += written[at++];
    }
  }
  return pieces;
}

std::string allowed_units(Unit unit) {
  std::vector<std::string> all;
  for (const Unit accepted : accepted_units(unit))
    for (std::string& spelling : unit_spellings(accepted)) all.push_back(std::move(spelling));
  if (all.empty()) return "a number without a unit";
  return fmt::format("{}{}", fmt::join(all, ", "),
                     unit == Unit::seconds ? ", or a timecode hh:mm:ss:ff" : "");
}

Expected<Value> parse_number(std::string_view written, const LimitType& type) {
  const auto separates = [](char c) { return c == ':' || c == ';'; };
  if (type.unit == Unit::seconds && std::count_if(written.begin(), written.end(), separates) == 3) {
    const auto label = parse_label(written);
    if (!label) return tl::unexpected(label.error());
    return Value(*label);
  }
  auto amount = parse_amount(written);
  if (!amount)
    return fail(ErrorCode::invalid_profile,
                fmt::format("{}; allowed: {}", amount.error().message, allowed_units(type.unit)));
  const auto accepted = accepted_units(type.unit);
  if (amount->unit == Unit::none) {
    if (!may_be_bare(type.unit))
      return fail(ErrorCode::invalid_profile,
                  fmt::format("'{}' lacks a unit; allowed: {}", written, allowed_units(type.unit)));
    amount->unit = type.unit;
  } else if (std::find(accepted.begin(), accepted.end(), amount->unit) == accepted.end()) {
    return fail(ErrorCode::invalid_profile, fmt::format("'{}' has the wrong unit; allowed: {}",
                                                        written, allowed_units(type.unit)));
  }
  if (type.unit == Unit::frames_per_second && written.find('.') != std::string_view::npos) {
    const auto rate = parse_frame_rate(cleangate::to_decimal(amount->value, 3));
    if (rate && *rate != amount->value && !amount->value.is_integer())
      return fail(ErrorCode::invalid_profile, fmt::format("'{}' is not a frame rate; write {}/{}",
                                                          written, rate->num(), rate->den()));
  }
  return Value(*amount);
}

Expected<Value> parse_text(std::string_view written, const LimitType& type) {
  if (!type.allowed.empty() &&
      std::find(type.allowed.begin(), type.allowed.end(), written) == type.allowed.end()) {
    const std::vector<std::string> candidates(type.allowed.begin(), type.allowed.end());
    const auto near = nearest(written, candidates);
    return fail(ErrorCode::invalid_profile,
                fmt::format("'{}' never occurs{}; allowed: {}", readable(written),
                            near ? fmt::format(", did you mean '{}'", *near) : "",
                            fmt::join(candidates, ", ")));
  }
  return Value(std::string(written));
}

}  // namespace

LimitType limit_type(const QuantityInfo& quantity, LimitRole role) {
  if (role == LimitRole::duration) return {ValueKind::number, Unit::seconds, {}};
  if (role == LimitRole::tolerance) return {ValueKind::number, difference_unit(quantity.unit), {}};
  return {quantity.kind, quantity.unit, quantity.allowed};
}

Expected<Label> parse_label(std::string_view written) {
  const auto wrong = [&] {
    return fail(ErrorCode::invalid_profile,
                fmt::format("'{}' is not a timecode; allowed: hh:mm:ss:ff, hh:mm:ss;ff",
                            readable(written)));
  };
  int parts[4] = {};
  std::size_t at = 0;
  bool drop = false;
  for (int i = 0; i < 4; ++i) {
    if (i > 0) {
      if (at >= written.size()) return wrong();
      const char separator = written[at++];
      if (separator != ':' && !(i == 3 && separator == ';')) return wrong();
      drop = separator == ';';
    }
    const std::size_t began = at;
    while (at < written.size() && written[at] >= '0' && written[at] <= '9' && at - began < 3)
      parts[i] = parts[i] * 10 + (written[at++] - '0');
    if (at - began != 2 && !(i == 3 && at - began == 3)) return wrong();
  }
  if (at != written.size() || parts[0] > 23 || parts[1] > 59 || parts[2] > 59) return wrong();
  return Label{parts[0], parts[1], parts[2], parts[3], drop};
}

Expected<Value> parse_value(std::string_view written, const LimitType& type) {
  switch (type.kind) {
    case ValueKind::flag:
      if (written != "true" && written != "false")
        return fail(ErrorCode::invalid_profile,
                    fmt::format("'{}' is not a flag; allowed: true, false", readable(written)));
      return Value(written == "true");
    case ValueKind::timecode: {
      const auto label = parse_label(written);
      if (!label) return tl::unexpected(label.error());
      return Value(*label);
    }
    case ValueKind::number:
      return parse_number(written, type);
    case ValueKind::text:
    case ValueKind::spans:
      return parse_text(written, type);
  }
  return parse_text(written, type);
}

bool has_order_data(std::string_view written) {
  return written.find("${") != std::string_view::npos;
}

Expected<std::vector<std::string>> order_keys(std::string_view written) {
  const auto pieces = split(written);
  if (!pieces) return tl::unexpected(pieces.error());
  std::vector<std::string> keys;
  for (const Piece& piece : *pieces)
    if (piece.is_key) keys.push_back(piece.text);
  return keys;
}

std::string substitute(std::string_view written, const OrderValues& order, Substitution how,
                       std::vector<std::string>& missing) {
  const auto pieces = split(written);
  if (!pieces) return std::string(written);
  std::string text;
  for (const Piece& piece : *pieces) {
    if (!piece.is_key) {
      text += piece.text;
    } else if (const auto found = order.find(piece.text); found != order.end()) {
      text += how == Substitution::into_pattern ? Pattern::quote(found->second) : found->second;
    } else {
      missing.push_back(piece.text);
    }
  }
  return text;
}

std::string to_text(const Label& label) {
  return fmt::format("{:02}:{:02}:{:02}{}{:02}", label.hours, label.minutes, label.seconds,
                     label.drop ? ';' : ':', label.frames);
}

std::string to_text(const Value& value, Unit unit) {
  if (const auto* amount = std::get_if<Amount>(&value))
    return format_amount(amount->value, amount->unit == Unit::none ? unit : amount->unit);
  if (const auto* label = std::get_if<Label>(&value)) return to_text(*label);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "yes" : "no";
  return readable(std::get<std::string>(value));
}

}  // namespace cleangate::specs
