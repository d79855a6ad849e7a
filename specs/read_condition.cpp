// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/text.h"
#include "specs/parameters.h"
#include "specs/reader.h"

namespace cleangate::specs {
namespace {

struct OperatorKey {
  std::string_view key;
  Operator op;
};
constexpr OperatorKey kOperators[] = {
    {"equals", Operator::equals},
    {"not", Operator::not_equal},
    {"in", Operator::in},
    {"not_in", Operator::not_in},
    {"min", Operator::min},
    {"max", Operator::max},
    {"between", Operator::between},
    {"multiple_of", Operator::multiple_of},
    {"matches", Operator::matches},
    {"contains", Operator::contains},
    {"present", Operator::present},
    {"absent", Operator::absent},
    {"expect", Operator::expect_none},
    {"count", Operator::count},
    {"demand", Operator::any},
};

std::vector<std::string_view> operators_of(ValueKind kind) {
  switch (kind) {
    case ValueKind::number:
      return {"equals",  "not",         "in",      "not_in", "min",   "max",
              "between", "multiple_of", "present", "absent", "demand"};
    case ValueKind::text:
      return {"equals",   "not",     "in",     "not_in", "matches",
              "contains", "present", "absent", "demand"};
    case ValueKind::flag:
      return {"equals", "not", "present", "absent", "demand"};
    case ValueKind::timecode:
      return {"equals", "not",     "in",      "not_in", "min",
              "max",    "between", "present", "absent", "demand"};
    case ValueKind::spans:
      return {"expect", "count", "present", "absent", "demand"};
  }
  return {};
}

std::string_view kind_name(ValueKind kind) {
  switch (kind) {
    case ValueKind::number:
      return "a number";
    case ValueKind::text:
      return "a text";
    case ValueKind::flag:
      return "a flag";
    case ValueKind::timecode:
      return "a timecode";
    case ValueKind::spans:
      return "runs in time";
  }
  return "";
}

void check_pattern(Reader& reader, const YamlNode& node, const std::string& path,
                   const Limit& limit) {
  std::vector<std::string> missing;
  const std::string text =
      limit.value ? limit.written : substitute(limit.written, {}, Substitution::plain, missing);
  if (const auto compiled = Pattern::compile(text); !compiled)
    reader.problem(node, path, fmt::format("is not a pattern: {}", compiled.error().message));
}

std::optional<Rational> exact(const Limit& limit) {
  if (!limit.value) return std::nullopt;
  const auto* amount = std::get_if<Amount>(&*limit.value);
  return amount ? std::optional(amount->value) : std::nullopt;
}

// Demands that nothing can meet, or that say nothing.
void check_sense(Reader& reader, const YamlNode& node, const std::string& path,
                 const Demand& demand) {
  if (demand.op == Operator::between && demand.values.size() == 2) {
    const auto low = exact(demand.values[0]), high = exact(demand.values[1]);
    if (low && high && *high < *low)
      reader.problem(node, path, "the lower limit stands first: nothing can meet this one");
  }
  if (demand.op == Operator::multiple_of && !demand.values.empty()) {
    const auto step = exact(demand.values[0]);
    if (step && *step <= Rational(0)) reader.problem(node, path, "is not above zero");
  }
}

void read_values(Reader& reader, const YamlNode& value, const std::string& path,
                 const LimitType& type, Demand& demand) {
  switch (demand.op) {
    case Operator::in:
    case Operator::not_in:
      read_list(reader, value, path, type, 1, 1000, demand.values);
      return;
    case Operator::between:
      read_list(reader, value, path, type, 2, 2, demand.values);
      return;
    case Operator::matches:
    case Operator::contains: {
      const LimitType open{ValueKind::text, Unit::none, {}};
      if (auto limit = reader.limit(value, path, open)) {
        if (demand.op == Operator::matches) check_pattern(reader, value, path, *limit);
        demand.values.push_back(std::move(*limit));
      }
      return;
    }
    default:
      if (auto limit = reader.limit(value, path, type)) demand.values.push_back(std::move(*limit));
  }
}

void read_operator(Reader& reader, const YamlNode& value, const std::string& path,
                   std::string_view key, const LimitType& type, Demand& demand) {
  if (key == "expect" || key == "demand") {
    const bool runs = key == "expect";
    const std::vector<std::string> words = runs ? std::vector<std::string>{"none", "some"}
                                                : std::vector<std::string>{"any", "unspecified"};
    if (value.is_scalar() && value.text == words[0])
      demand.op = runs ? Operator::expect_none : Operator::any;
    else if (value.is_scalar() && value.text == words[1])
      demand.op = runs ? Operator::expect_some : Operator::unspecified;
    else
      reader.problem(value, path,
                     fmt::format("'{}' is unknown; allowed: {}", readable(value.text),
                                 fmt::join(words, ", ")));
  } else if (key == "count") {
    demand.count = read_bounds(reader, value, path);
  } else if (key == "present" || key == "absent") {
    if (!value.is_scalar() || value.text != "true")
      reader.problem(value, path, "allowed: true (the opposite is the other word)");
  } else {
    read_values(reader, value, path, type, demand);
  }
  check_sense(reader, value, path, demand);
}

std::optional<Limit> read_companion(Reader& reader, const YamlNode& node, const std::string& path,
                                    std::string_view key, const LimitType& type) {
  const YamlNode* value = node.find(key);
  if (!value) return std::nullopt;
  auto limit = reader.limit(*value, child_path(path, key), type);
  if (limit && exact(*limit) && *exact(*limit) < Rational(0))
    reader.problem(*value, child_path(path, key), "is below zero");
  return limit;
}

void read_companions(Reader& reader, const YamlNode& node, const std::string& path,
                     const QuantityInfo& quantity, Demand& demand) {
  if (const YamlNode* tolerance = node.find("tolerance");
      tolerance && (demand.op != Operator::equals || quantity.kind != ValueKind::number))
    reader.problem(*tolerance, child_path(path, "tolerance"),
                   "stands only beside equals with a number; widen the limit itself");
  else
    demand.tolerance =
        read_companion(reader, node, path, "tolerance", limit_type(quantity, LimitRole::tolerance));
  const bool counts_runs = quantity.kind == ValueKind::spans && demand.op != Operator::any &&
                           demand.op != Operator::unspecified;
  for (const std::string_view key : {"longer_than", "shorter_than", "at"})
    if (const YamlNode* value = node.find(key); value && !counts_runs)
      reader.problem(*value, child_path(path, key), "stands only with a quantity of runs in time");
  const LimitType duration = limit_type(quantity, LimitRole::duration);
  demand.longer_than = read_companion(reader, node, path, "longer_than", duration);
  demand.shorter_than = read_companion(reader, node, path, "shorter_than", duration);
  if (demand.longer_than && demand.shorter_than) {
    const auto longer = exact(*demand.longer_than), shorter = exact(*demand.shorter_than);
    if (longer && shorter && *shorter <= *longer)
      reader.problem(node, child_path(path, "shorter_than"),
                     "is not above longer_than: no run can count");
  }
  if (const auto at =
          reader.word(node, path, "at", {"start", "end", "inside"}, Reader::Need::optional))
    demand.at = static_cast<RunPlace>(*at);
}

Demand read_demand(Reader& reader, const YamlNode& node, const std::string& path,
                   const QuantityInfo& quantity, std::vector<std::string_view> allowed) {
  Demand demand;
  std::vector<std::string_view> found;
  for (const OperatorKey& key : kOperators)
    if (node.find(key.key)) found.push_back(key.key);
  if (found.size() != 1) {
    reader.problem(node, path,
                   found.empty()
                       ? fmt::format("has no operator; allowed: {}", fmt::join(allowed, ", "))
                       : fmt::format("has more than one operator: {}; keep one (between takes two "
                                     "limits)",
                                     fmt::join(found, ", ")));
    return demand;
  }
  const std::string_view key = found.front();
  const YamlNode& value = *node.find(key);
  const std::string at = child_path(path, key);
  if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
    reader.problem(value, at,
                   fmt::format("does not apply to {}; allowed: {}",
                               quantity.id.empty() ? std::string("order data")
                                                   : fmt::format("{}, which is {}", quantity.id,
                                                                 kind_name(quantity.kind)),
                               fmt::join(allowed, ", ")));
    return demand;
  }
  demand.op = std::find_if(std::begin(kOperators), std::end(kOperators), [&](const auto& each) {
                return each.key == key;
              })->op;
  read_operator(reader, value, at, key, limit_type(quantity, LimitRole::value), demand);
  read_companions(reader, node, path, quantity, demand);
  return demand;
}

void read_parameters(Reader& reader, const YamlNode& node, const std::string& path,
                     Condition& condition) {
  const YamlNode* with = node.find("with");
  if (!with) return;
  const std::string at = child_path(path, "with");
  if (!with->is_mapping()) {
    reader.problem(*with, at, "is not a mapping of parameters");
    return;
  }
  const Quantity* built = condition.quantity.built;
  std::vector<std::string> names;
  if (built)
    for (const ParameterInfo& info : built->parameters) names.emplace_back(info.name);
  for (const auto& [name, value] : with->members) {
    const std::string here = child_path(at, readable(name));
    if (built && std::find(names.begin(), names.end(), name) == names.end()) {
      reader.problem(value, here,
                     names.empty()
                         ? fmt::format("{} has no parameters", built->id)
                         : fmt::format("unknown parameter of {}{}; allowed: {}", built->id,
                                       did_you_mean(name, names), fmt::join(names, ", ")));
      continue;
    }
    const auto limit = reader.limit(value, here, {ValueKind::text, Unit::none, {}});
    if (!limit) continue;
    if (built && limit->value) {
      ParameterSet set(*built);
      if (const auto done = set.set(name, limit->written); !done)
        reader.problem(value, here, done.error().message);
    }
    condition.with.emplace_back(name, *limit);
  }
}

}  // namespace

std::string_view to_string(Operator op) {
  if (op == Operator::expect_none || op == Operator::expect_some) return "expect";
  if (op == Operator::unspecified) return "demand";
  for (const OperatorKey& key : kOperators)
    if (key.op == op) return key.key;
  return "";
}

bool is_operator_key(std::string_view key) {
  return std::any_of(std::begin(kOperators), std::end(kOperators),
                     [&](const OperatorKey& each) { return each.key == key; });
}

bool is_operator_companion(std::string_view key) {
  return key == "tolerance" || key == "longer_than" || key == "shorter_than" || key == "at";
}

Condition read_condition(Reader& reader, const YamlNode& node, const std::string& path,
                         OrderConditions order) {
  Condition condition;
  const YamlNode* datum = node.find("order");
  if (datum && order == OrderConditions::allowed) {
    if (node.find("quantity") || node.find("with") || node.find("for"))
      reader.problem(node, path, "asks order data; quantity, with and for have no place beside it");
    condition.order = reader.text(node, path, "order", Reader::Need::required).value_or("");
    if (const auto good = order_keys(fmt::format("${{order.{}}}", *condition.order)); !good)
      reader.problem(*datum, child_path(path, "order"), good.error().message);
    QuantityInfo text;
    text.kind = ValueKind::text;
    condition.demand =
        read_demand(reader, node, path, text,
                    {"equals", "not", "in", "not_in", "matches", "contains", "present", "absent"});
    return condition;
  }
  const auto name = reader.text(node, path, "quantity", Reader::Need::required);
  if (!name) return condition;
  const auto info = find_quantity_info(*name);
  if (!info) {
    reader.problem(*node.find("quantity"), child_path(path, "quantity"),
                   fmt::format("'{}' is not a quantity{}", readable(*name),
                               did_you_mean(*name, quantity_ids())));
    return condition;
  }
  condition.quantity = *info;
  read_parameters(reader, node, path, condition);
  condition.demand = read_demand(reader, node, path, *info, operators_of(info->kind));
  if (const YamlNode* selector = node.find("for"))
    condition.selector = read_selector(reader, *selector, child_path(path, "for"), &*info);
  return condition;
}

}  // namespace cleangate::specs
