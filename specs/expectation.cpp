// SPDX-License-Identifier: Apache-2.0
#include "specs/expectation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/text.h"
#include "specs/limit.h"
#include "specs/subjects.h"

namespace cleangate::specs {
namespace {

std::string limit_text(const Limit& limit, Unit unit) {
  return limit.value ? to_text(*limit.value, unit) : readable(limit.written);
}

std::string bounds_text(const Bounds& bounds) {
  if (bounds.min && bounds.max)
    return *bounds.min == *bounds.max ? fmt::format("exactly {}", *bounds.min)
                                      : fmt::format("{} to {}", *bounds.min, *bounds.max);
  if (bounds.min) return fmt::format("at least {}", *bounds.min);
  return fmt::format("at most {}", bounds.max.value_or(0));
}

std::string runs_text(const Demand& demand) {
  std::string text;
  if (demand.longer_than) text += " longer than " + limit_text(*demand.longer_than, Unit::seconds);
  if (demand.shorter_than)
    text += fmt::format("{} shorter than {}", demand.longer_than ? " and" : "",
                        limit_text(*demand.shorter_than, Unit::seconds));
  if (demand.at == RunPlace::start) text += " at the start";
  if (demand.at == RunPlace::end) text += " at the end";
  if (demand.at == RunPlace::inside) text += " away from start and end";
  return text;
}

std::string operator_text(const Demand& demand, const std::vector<std::string>& values) {
  const std::string first = values.empty() ? "" : values.front();
  switch (demand.op) {
    case Operator::equals:
      return first;
    case Operator::not_equal:
      return "not " + first;
    case Operator::in:
      return fmt::format("one of {}", fmt::join(values, ", "));
    case Operator::not_in:
      return fmt::format("none of {}", fmt::join(values, ", "));
    case Operator::min:
      return "at least " + first;
    case Operator::max:
      return "at most " + first;
    case Operator::between:
      return fmt::format("between {} and {}", first, values.empty() ? "" : values.back());
    case Operator::multiple_of:
      return "a multiple of " + first;
    case Operator::matches:
      return "matching " + first;
    case Operator::contains:
      return "containing " + first;
    case Operator::present:
      return "present";
    case Operator::absent:
      return "absent";
    case Operator::expect_none:
      return "none" + runs_text(demand);
    case Operator::expect_some:
      return "at least one" + runs_text(demand);
    case Operator::count:
      return bounds_text(demand.count) + runs_text(demand);
    case Operator::any:
      return "any";
    case Operator::unspecified:
      return "unspecified";
  }
  return first;
}

std::string branch_text(const Branch& branch) {
  if (!branch.name.empty()) return readable(branch.name);
  std::vector<std::string> parts;
  for (const Condition& condition : branch.all) parts.push_back(demand_text(condition));
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

Expectation expectation(const Condition& condition) {
  const Demand& demand = condition.demand;
  Expectation expected;
  expected.op = to_string(demand.op);
  std::vector<std::string> shown;
  for (const Limit& limit : demand.values) {
    expected.values.push_back(limit.written);
    shown.push_back(limit_text(limit, condition.quantity.unit));
  }
  if (demand.op == Operator::expect_none) expected.values = {"none"};
  if (demand.op == Operator::expect_some) expected.values = {"some"};
  if (demand.op == Operator::any) expected.values = {"any"};
  if (demand.op == Operator::unspecified) expected.values = {"unspecified"};
  expected.text = operator_text(demand, shown);
  if (demand.tolerance) {
    expected.tolerance = demand.tolerance->written;
    expected.text += " ±" + limit_text(*demand.tolerance, difference_unit(condition.quantity.unit));
  }
  if (condition.selector && condition.selector->how == Selector::How::count)
    expected.text = fmt::format("{} of {}", bounds_text(condition.selector->count), expected.text);
  return expected;
}

Expectation expectation(const Requirement& requirement) {
  switch (requirement.kind) {
    case Requirement::Kind::measured:
      return expectation(requirement.condition);
    case Requirement::Kind::manual:
      return {"ask", {}, std::nullopt, readable(requirement.ask)};
    case Requirement::Kind::one_of:
      break;
  }
  Expectation expected;
  expected.op = "one_of";
  for (const Branch& branch : requirement.branches) expected.values.push_back(branch_text(branch));
  expected.text = fmt::format("one of: {}", fmt::join(expected.values, "; "));
  return expected;
}

std::string demand_text(const Condition& condition) {
  const std::string name =
      condition.order ? "order datum " + *condition.order : std::string(condition.quantity.noun);
  std::string text = fmt::format("{}: {}", name, expectation(condition).text);
  if (condition.selector) text += fmt::format(" ({})", selector_text(*condition.selector));
  return text;
}

std::string when_text(const When& when) {
  if (when.condition) return demand_text(*when.condition);
  std::vector<std::string> parts;
  for (const When& part : when.parts) parts.push_back(when_text(part));
  const bool all = when.kind == When::Kind::all;
  return fmt::format("{}{}{}", all ? "" : "(", fmt::join(parts, all ? " and " : " or "),
                     all ? "" : ")");
}

std::string selector_text(const Selector& selector) {
  const std::string how = selector.how == Selector::How::each  ? "each"
                          : selector.how == Selector::How::any ? "any"
                                                               : bounds_text(selector.count);
  std::string text = fmt::format("{} {}", how, class_of(selector.kind));
  for (const Filter& filter : selector.filters) {
    std::vector<std::string> values;
    for (const Limit& limit : filter.values) values.push_back(readable(limit.written));
    text += fmt::format(" with {} {}", filter.key, fmt::join(values, " or "));
  }
  return text;
}

std::string region_text(const RegionRef& region) {
  std::string place;
  switch (region.place) {
    case RegionRef::Place::file:
      return "";
    case RegionRef::Place::programme:
      place = "programme";
      break;
    case RegionRef::Place::head:
      place = "head";
      break;
    case RegionRef::Place::tail:
      place = "tail";
      break;
    case RegionRef::Place::part:
      place = fmt::format("part {}", region.part);
      break;
  }
  return region.outside ? "outside " + place : place;
}

}  // namespace cleangate::specs
