// SPDX-License-Identifier: Apache-2.0
#include "specs/acceptance.h"

#include <algorithm>
#include <set>
#include <string>

namespace cleangate::specs {
namespace {

using Range = Acceptance::Range;

bool meet(const Range& a, const Range& b) {
  return (!a.low || !b.high || *a.low <= *b.high) && (!b.low || !a.high || *b.low <= *a.high);
}

bool within(const Range& outer, const Range& inner) {
  return (!outer.low || (inner.low && *outer.low <= *inner.low)) &&
         (!outer.high || (inner.high && *inner.high <= *outer.high));
}

// The exact numbers of a demand whose limits are all known and in the quantity's own unit.
std::optional<Acceptance> static_acceptance(const Condition& condition) {
  const Demand& demand = condition.demand;
  std::vector<Rational> values;
  for (const Limit& limit : demand.values) {
    const auto* amount = limit.value ? std::get_if<Amount>(&*limit.value) : nullptr;
    if (!amount || amount->unit != condition.quantity.unit) return std::nullopt;
    values.push_back(amount->value);
  }
  Rational tolerance;
  if (demand.tolerance) {
    const auto* amount =
        demand.tolerance->value ? std::get_if<Amount>(&*demand.tolerance->value) : nullptr;
    if (!amount) return std::nullopt;
    tolerance = amount->value;
  }
  auto accepted = acceptance(demand.op, values, tolerance);
  if (!accepted || accepted->complement || accepted->ranges.empty()) return std::nullopt;
  return *accepted;
}

// The texts or flags of equals and in.
std::optional<std::set<std::string>> static_words(const Demand& demand) {
  if (demand.op != Operator::equals && demand.op != Operator::in) return std::nullopt;
  std::set<std::string> words;
  for (const Limit& limit : demand.values) {
    if (!limit.value || std::holds_alternative<Amount>(*limit.value)) return std::nullopt;
    words.insert(limit.written);
  }
  return words;
}

bool opposite(Operator a, Operator b) {
  return (a == Operator::present && b == Operator::absent) ||
         (a == Operator::absent && b == Operator::present);
}

}  // namespace

Expected<Acceptance> acceptance(Operator op, std::span<const Rational> values,
                                const Rational& tolerance) {
  Acceptance accepted;
  accepted.complement = op == Operator::not_equal || op == Operator::not_in;
  if (values.empty()) return accepted;
  switch (op) {
    case Operator::min:
      accepted.ranges.push_back({values[0], std::nullopt});
      break;
    case Operator::max:
      accepted.ranges.push_back({std::nullopt, values[0]});
      break;
    case Operator::between:
      accepted.ranges.push_back({values[0], values[values.size() - 1]});
      break;
    case Operator::equals:
    case Operator::not_equal:
    case Operator::in:
    case Operator::not_in:
      for (const Rational& value : values) {
        const auto low = checked_sub(value, tolerance), high = checked_add(value, tolerance);
        if (!low || !high) return fail(ErrorCode::invalid_profile, "A limit is too large.");
        accepted.ranges.push_back({*low, *high});
      }
      break;
    default:
      break;
  }
  return accepted;
}

Relation relate(const Acceptance& acceptance, const Rational& low, const Rational& high) {
  return relate(acceptance, Range{low, high});
}

Relation relate(const Acceptance& acceptance, const Range& given) {
  const bool inside = std::any_of(acceptance.ranges.begin(), acceptance.ranges.end(),
                                  [&](const Range& range) { return within(range, given); });
  const bool touched = std::any_of(acceptance.ranges.begin(), acceptance.ranges.end(),
                                   [&](const Range& range) { return meet(range, given); });
  if (!touched) return acceptance.complement ? Relation::inside : Relation::outside;
  if (inside) return acceptance.complement ? Relation::outside : Relation::inside;
  return Relation::across;
}

bool exclude_each_other(const Condition& a, const Condition& b) {
  if (a.order != b.order || (!a.order && a.quantity.id != b.quantity.id)) return false;
  const auto loose = [](const Condition& each) {
    return each.selector && each.selector->how != Selector::How::each;
  };
  if (loose(a) || loose(b)) return false;
  if (opposite(a.demand.op, b.demand.op)) return true;
  if (!a.order && a.quantity.kind == ValueKind::number) {
    const auto left = static_acceptance(a), right = static_acceptance(b);
    if (!left || !right) return false;
    for (const Range& x : left->ranges)
      for (const Range& y : right->ranges)
        if (meet(x, y)) return false;
    return true;
  }
  const auto left = static_words(a.demand), right = static_words(b.demand);
  if (!left || !right) return false;
  return std::none_of(left->begin(), left->end(),
                      [&](const std::string& word) { return right->contains(word); });
}

}  // namespace cleangate::specs
