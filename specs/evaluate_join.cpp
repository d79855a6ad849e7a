// SPDX-License-Identifier: Apache-2.0
#include "specs/evaluate_join.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/text.h"
#include "specs/expectation.h"
#include "specs/subjects.h"

namespace cleangate::specs {
namespace {

// The outcomes of one subject in several windows, or of several conditions: the worst stands.
int weight(Outcome outcome) {
  switch (outcome) {
    case Outcome::fail:
      return 4;
    case Outcome::inconclusive:
      return 3;
    case Outcome::pass:
      return 2;
    case Outcome::not_applicable:
      return 1;
    case Outcome::manual:
      return 0;
  }
  return 0;
}

// Does the demand ask that something be there, so that nothing there cannot meet it?
bool demands_presence(const Demand& demand) {
  return demand.op == Operator::present || demand.op == Operator::expect_some ||
         (demand.op == Operator::count && demand.count.min.value_or(0) > 0);
}

}  // namespace

void join_windows(Result& into, Result next) {
  if (next.outcome == into.outcome) {
    into.spans.insert(into.spans.end(), next.spans.begin(), next.spans.end());
    if (into.spans.size() > 100) into.spans.resize(100);
    into.spans_total += next.spans_total;
  } else if (weight(next.outcome) > weight(into.outcome)) {
    into = std::move(next);
  }
}

Result nothing_there(const Condition& condition, const probes::AssetFacts& facts) {
  const SubjectKind kind =
      condition.selector ? condition.selector->kind : condition.quantity.subject;
  Result result;
  result.quantity = condition.quantity.id;
  result.expected = expectation(condition);
  result.measured.text = "none";
  result.outcome = Outcome::fail;
  std::string filters;
  if (condition.selector)
    for (const Filter& filter : condition.selector->filters) {
      std::vector<std::string> values;
      for (const Limit& limit : filter.values) values.push_back(readable(limit.written));
      filters += fmt::format(" with {} {}", filter.key, fmt::join(values, " or "));
    }
  result.message = fmt::format("There is no {}{}.", class_of(kind), filters);
  if (condition.demand.op == Operator::absent) result.outcome = Outcome::pass;
  if (condition.demand.op == Operator::any || condition.demand.op == Operator::unspecified)
    result.outcome = Outcome::not_applicable;
  const bool any_assumed =
      std::any_of(facts.soundfields.begin(), facts.soundfields.end(),
                  [](const auto& field) { return field.grouping == probes::Grouping::assumed; });
  if (kind == SubjectKind::soundfield && any_assumed && result.outcome == Outcome::fail) {
    result.outcome = Outcome::inconclusive;
    result.because = std::string(kAssumed);
  }
  if (kind == SubjectKind::caption_service && facts.depth == probes::Depth::header) {
    result.outcome = Outcome::inconclusive;
    result.because = "Captions are not looked for at depth header.";
  }
  return result;
}

Result nothing_in_region(const Condition& condition, const RegionRef& region) {
  Result result;
  result.quantity = condition.quantity.id;
  result.expected = expectation(condition);
  result.measured.text = "none";
  result.outcome = demands_presence(condition.demand) ? Outcome::fail : Outcome::not_applicable;
  result.message = fmt::format("The region {} is empty in this file.", region_text(region));
  return result;
}

Result join_any(const Condition& condition, std::vector<Result> each) {
  const auto rank = [](const Result& result) {
    return result.outcome == Outcome::pass           ? 3
           : result.outcome == Outcome::inconclusive ? 2
           : result.outcome == Outcome::fail         ? 1
                                                     : 0;
  };
  auto best = std::max_element(each.begin(), each.end(),
                               [&](const Result& a, const Result& b) { return rank(a) < rank(b); });
  if (best->outcome == Outcome::fail && each.size() > 1) {
    best->message = fmt::format("None of {} {}s meets the demand; the first: {}", each.size(),
                                class_of(condition.quantity.subject), best->message);
    best->subject.reset();
  }
  return std::move(*best);
}

Result join_count(const Condition& condition, const std::vector<Result>& each) {
  const Bounds& bounds = condition.selector->count;
  const auto count = [&](Outcome outcome) {
    return std::count_if(each.begin(), each.end(),
                         [&](const Result& result) { return result.outcome == outcome; });
  };
  const std::int64_t least = count(Outcome::pass), most = least + count(Outcome::inconclusive);
  const auto holds = [&](std::int64_t n) {
    return (!bounds.min || n >= *bounds.min) && (!bounds.max || n <= *bounds.max);
  };
  Result result;
  result.quantity = condition.quantity.id;
  result.expected = expectation(condition);
  const bool never = (bounds.min && most < *bounds.min) || (bounds.max && least > *bounds.max);
  result.outcome = never                         ? Outcome::fail
                   : holds(least) && holds(most) ? Outcome::pass
                                                 : Outcome::inconclusive;
  result.measured.value = Rational(least);
  result.measured.unit = Unit::count;
  result.measured.text = fmt::format("{} of {}", least, each.size());
  result.message = fmt::format("{} of {} {}s have {}.", least, each.size(),
                               class_of(condition.selector->kind), demand_text(condition));
  for (const Result& one : each)
    if (result.outcome == Outcome::inconclusive && one.because) result.because = one.because;
  return result;
}

}  // namespace cleangate::specs
