// SPDX-License-Identifier: Apache-2.0
#include "specs/compare.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "specs/acceptance.h"
#include "specs/compare_runs.h"
#include "specs/limit.h"

namespace cleangate::specs {
namespace {

constexpr std::size_t kMostSpans = 100;

std::string of_subject(const SubjectContext& context) {
  return context.name.empty() ? "" : " of " + context.name;
}

std::string is_sentence(const Condition& condition, const SubjectContext& context,
                        const std::string& value) {
  const std::string_view noun = condition.quantity.noun;
  const bool plural =
      noun.ends_with('s') && !noun.ends_with("ss") && noun.find(" of ") == std::string_view::npos;
  return fmt::format("The {}{} {} {}.", noun, of_subject(context), plural ? "are" : "is", value);
}

std::string has_sentence(const Condition& condition, const SubjectContext& context, bool has) {
  std::string subject = context.name.empty() ? "the file" : context.name;
  subject[0] = static_cast<char>(subject[0] >= 'a' && subject[0] <= 'z' ? subject[0] - 'a' + 'A'
                                                                        : subject[0]);
  return fmt::format("{} {} {}.", subject, has ? "has" : "does not have", condition.quantity.noun);
}

Outcome outcome_of(bool holds) { return holds ? Outcome::pass : Outcome::fail; }

// Numbers -------------------------------------------------------------------------------------

struct NumberLimits {
  std::vector<Rational> values;
  Rational tolerance;
};

Expected<NumberLimits> number_limits(const Condition& condition, const SubjectContext& context) {
  NumberLimits limits;
  const Unit unit = condition.quantity.unit;
  for (const Limit& limit : condition.demand.values) {
    const auto value = in_base_unit(*limit.value, unit, context, ValueUse::point);
    if (!value) return tl::unexpected(value.error());
    limits.values.push_back(*value);
  }
  if (condition.demand.tolerance) {
    const auto value = in_base_unit(*condition.demand.tolerance->value, difference_unit(unit),
                                    context, ValueUse::difference);
    if (!value) return tl::unexpected(value.error());
    limits.tolerance = *value;
  }
  return limits;
}

Outcome multiple(const Rational& low, const Rational& high, const Rational& step) {
  if (low != high) return Outcome::inconclusive;
  const auto times = checked_div(low, step);
  if (!times) return Outcome::inconclusive;
  return outcome_of(times->is_integer());
}

// The borders between meeting and not meeting, so that a printed number stands on the right side.
std::vector<Rational> borders(const Acceptance& accepted) {
  std::vector<Rational> all;
  for (const auto& range : accepted.ranges) {
    if (range.low) all.push_back(*range.low);
    if (range.high) all.push_back(*range.high);
  }
  return all;
}

void compare_numbers(const Condition& condition, const Rational& low, const Rational& high,
                     const SubjectContext& context, Comparison& result) {
  const Unit unit = condition.quantity.unit;
  const Operator op = condition.demand.op;
  const auto limits = number_limits(condition, context);
  const auto accepted =
      limits ? acceptance(op, limits->values, limits->tolerance) : tl::unexpected(limits.error());
  const std::vector<Rational> near = accepted ? borders(*accepted) : std::vector<Rational>{};
  result.measured.text = low == high
                             ? format_amount(low, unit, near)
                             : fmt::format("between {} and {}", format_amount(low, unit, near),
                                           format_amount(high, unit, near));
  result.message = is_sentence(condition, context, result.measured.text);
  if (!accepted) {
    result.outcome = Outcome::inconclusive;
    result.because = accepted.error().message;
    return;
  }
  if (op == Operator::multiple_of) {
    result.outcome = multiple(low, high, limits->values.at(0));
  } else {
    const Relation relation = relate(*accepted, low, high);
    result.outcome = relation == Relation::across ? Outcome::inconclusive
                                                  : outcome_of(relation == Relation::inside);
  }
  if (result.outcome == Outcome::inconclusive)
    result.because = "The limit lies inside what the stored rows can tell (row resolution).";
}

// Texts, flags, labels ------------------------------------------------------------------------

Outcome compare_text(const Condition& condition, const std::string& text) {
  const auto is = [&](const Limit& limit) { return std::get<std::string>(*limit.value) == text; };
  const auto& values = condition.demand.values;
  switch (condition.demand.op) {
    case Operator::equals:
    case Operator::in:
      return outcome_of(std::any_of(values.begin(), values.end(), is));
    case Operator::not_equal:
    case Operator::not_in:
      return outcome_of(std::none_of(values.begin(), values.end(), is));
    case Operator::contains:
      return outcome_of(text.find(std::get<std::string>(*values.at(0).value)) != std::string::npos);
    case Operator::matches: {
      const auto pattern = Pattern::compile(std::get<std::string>(*values.at(0).value));
      return pattern ? outcome_of(pattern->matches(text)) : Outcome::inconclusive;
    }
    default:
      return Outcome::inconclusive;
  }
}

// A label with ':' says nothing about drop-frame; one with ';' demands it.
bool same_label(const Label& label, const Timecode& timecode) {
  return label.hours == timecode.hours() && label.minutes == timecode.minutes() &&
         label.seconds == timecode.seconds() && label.frames == timecode.frames() &&
         (!label.drop || timecode.format().drop_frame() == DropFrame::drop);
}

auto order_of(const Timecode& t) {
  return std::tuple(t.hours(), t.minutes(), t.seconds(), t.frames());
}
auto order_of(const Label& l) { return std::tuple(l.hours, l.minutes, l.seconds, l.frames); }

Outcome compare_timecode(const Condition& condition, const Timecode& timecode) {
  const auto label = [&](std::size_t i) {
    return std::get<Label>(*condition.demand.values.at(i).value);
  };
  const auto is = [&](const Limit& limit) {
    return same_label(std::get<Label>(*limit.value), timecode);
  };
  const auto& values = condition.demand.values;
  const auto here = order_of(timecode);
  switch (condition.demand.op) {
    case Operator::equals:
    case Operator::in:
      return outcome_of(std::any_of(values.begin(), values.end(), is));
    case Operator::not_equal:
    case Operator::not_in:
      return outcome_of(std::none_of(values.begin(), values.end(), is));
    case Operator::min:
      return outcome_of(here >= order_of(label(0)));
    case Operator::max:
      return outcome_of(here <= order_of(label(0)));
    case Operator::between:
      return outcome_of(here >= order_of(label(0)) && here <= order_of(label(1)));
    default:
      return Outcome::inconclusive;
  }
}

// Readings ------------------------------------------------------------------------------------

bool says_nothing_of_value(Operator op) {
  return op == Operator::present || op == Operator::absent || op == Operator::any ||
         op == Operator::unspecified;
}

void compare_scalar(const Condition& condition, const Reading& reading, const Scalar& scalar,
                    const SubjectContext& context, Comparison& result) {
  result.measured.value = scalar;
  result.spans = reading.where;
  const Operator op = condition.demand.op;
  if (const auto* number = std::get_if<Rational>(&scalar)) {
    if (!says_nothing_of_value(op))
      return compare_numbers(condition, *number, *number, context, result);
    result.measured.text = format_amount(*number, condition.quantity.unit);
  } else if (const auto* text = std::get_if<std::string>(&scalar)) {
    result.measured.text = readable(*text);
    if (!says_nothing_of_value(op)) result.outcome = compare_text(condition, *text);
  } else if (const auto* flag = std::get_if<bool>(&scalar)) {
    result.measured.text = *flag ? "yes" : "no";
    if (op == Operator::equals || op == Operator::not_equal)
      result.outcome = outcome_of((std::get<bool>(*condition.demand.values.at(0).value) == *flag) ==
                                  (op == Operator::equals));
    result.message = has_sentence(condition, context, *flag);
  } else {
    const Timecode& timecode = std::get<Timecode>(scalar);
    result.measured.text = cleangate::to_string(timecode);
    if (!says_nothing_of_value(op)) result.outcome = compare_timecode(condition, timecode);
  }
  if (result.message.empty())
    result.message = is_sentence(condition, context, result.measured.text);
  if (op == Operator::present || op == Operator::any) result.outcome = Outcome::pass;
  if (op == Operator::absent) result.outcome = Outcome::fail;
}

// A level of minus infinity against limits: met by every maximum, by no minimum.
Outcome compare_below_any(const Condition& condition, const SubjectContext& context) {
  const Operator op = condition.demand.op;
  if (op == Operator::absent || op == Operator::any) return Outcome::pass;
  if (op == Operator::present || op == Operator::multiple_of) return Outcome::fail;
  const auto limits = number_limits(condition, context);
  const auto accepted =
      limits ? acceptance(op, limits->values, limits->tolerance) : tl::unexpected(limits.error());
  if (!accepted) return Outcome::inconclusive;
  const bool within = std::any_of(accepted->ranges.begin(), accepted->ranges.end(),
                                  [](const auto& range) { return !range.low; });
  return outcome_of(within != accepted->complement);
}

void compare_absent(const Condition& condition, const Absent& absent, const SubjectContext& context,
                    Comparison& result) {
  const Operator op = condition.demand.op;
  const std::string noun(condition.quantity.noun);
  result.because = absent.because;
  switch (absent.kind) {
    case AbsenceKind::not_applicable:
      result.outcome = op == Operator::present  ? Outcome::fail
                       : op == Operator::absent ? Outcome::pass
                                                : Outcome::not_applicable;
      result.message = fmt::format("There is no {}{}.", noun, of_subject(context));
      result.measured.text = "absent";
      return;
    case AbsenceKind::undefined:
      result.outcome = op == Operator::absent ? Outcome::pass
                       : op == Operator::any  ? Outcome::not_applicable
                                              : Outcome::fail;
      result.message =
          fmt::format("The {}{} is undefined: {}", noun, of_subject(context), absent.because);
      result.measured.text = "undefined";
      return;
    case AbsenceKind::below_any:
      result.outcome = compare_below_any(condition, context);
      result.message =
          fmt::format("The {}{} is below any level: {}", noun, of_subject(context), absent.because);
      result.measured.text = "below any level";
      return;
    case AbsenceKind::not_measured:
    case AbsenceKind::damaged:
    case AbsenceKind::undecided:
      result.outcome = Outcome::inconclusive;
      result.not_looked_at = absent.kind == AbsenceKind::not_measured;
      result.message = is_sentence(condition, context, "not known");
      result.measured.text = "not known";
      return;
  }
}

// Missing material ----------------------------------------------------------------------------

bool could_meet(const Condition& condition, const Interval& measured, Missing missing,
                const SubjectContext& context) {
  const auto limits = number_limits(condition, context);
  if (condition.demand.op == Operator::multiple_of || !limits) return true;
  const auto accepted = acceptance(condition.demand.op, limits->values, limits->tolerance);
  Acceptance::Range whole;
  if (missing == Missing::raises) whole.low = measured.low;
  if (missing == Missing::lowers) whole.high = measured.high;
  return !accepted || relate(*accepted, whole) != Relation::outside;
}

bool could_meet(const Condition& condition, const Scalar& scalar, Missing missing,
                const SubjectContext& context) {
  if (missing == Missing::either) return true;
  if (const auto* number = std::get_if<Rational>(&scalar))
    return could_meet(condition, Interval{*number, *number}, missing, context);
  if (const auto* flag = std::get_if<bool>(&scalar)) return *flag == (missing == Missing::lowers);
  const auto* timecode = std::get_if<Timecode>(&scalar);
  const auto& values = condition.demand.values;
  return !timecode || std::any_of(values.begin(), values.end(), [&](const Limit& limit) {
    const auto label = order_of(std::get<Label>(*limit.value)), here = order_of(*timecode);
    return missing == Missing::lowers ? label <= here : label >= here;
  });
}

// Could a demand that fails be met by the whole, of which the reading lacks a part?
bool could_be_met(const Condition& condition, const Reading& reading, const SubjectContext& context,
                  std::int64_t runs) {
  const Missing missing = condition.quantity.built->missing;
  if (missing == Missing::nothing) {
    const auto* absent = std::get_if<Absent>(&reading.value);
    return absent && absent->kind != AbsenceKind::not_applicable;
  }
  if (std::holds_alternative<Absent>(reading.value)) return true;
  if (std::holds_alternative<Spans>(reading.value))
    return missing == Missing::either || more_could_meet(condition.demand, runs);
  if (condition.demand.op == Operator::absent) return false;  // what is there is there
  if (const auto* interval = std::get_if<Interval>(&reading.value))
    return could_meet(condition, *interval, missing, context);
  return could_meet(condition, std::get<Scalar>(reading.value), missing, context);
}

bool says_no(const Reading& reading) {
  const auto* scalar = std::get_if<Scalar>(&reading.value);
  const auto* flag = scalar ? std::get_if<bool>(scalar) : nullptr;
  return (flag && !*flag) || std::holds_alternative<Absent>(reading.value);
}

}  // namespace

void doubt(const Condition& condition, const Reading& reading, const SubjectContext& context,
           const std::string& because, Comparison& result) {
  const bool fails = result.outcome == Outcome::fail;
  if (fails && !could_be_met(condition, reading, context, result.spans_total))
    result.because = because;
  else if (fails || result.outcome == Outcome::pass)
    leave_open(condition, reading, context, because, result);
}

void leave_open(const Condition& condition, const Reading& reading, const SubjectContext& context,
                std::string because, Comparison& result) {
  result.outcome = Outcome::inconclusive;
  result.because = std::move(because);
  if (std::holds_alternative<Spans>(reading.value))
    return leave_runs_open(condition, context, result);
  if (!says_no(reading)) return;
  result.measured = {std::nullopt, result.measured.unit, std::nullopt, "not known"};
  result.message = fmt::format("Whether there is {}{} is not known.", condition.quantity.noun,
                               of_subject(context));
}

Comparison compare(const Condition& condition, const Reading& reading,
                   const SubjectContext& context) {
  Comparison result;
  result.measured.unit = condition.quantity.unit;
  const Operator op = condition.demand.op;
  if (const auto* scalar = std::get_if<Scalar>(&reading.value)) {
    compare_scalar(condition, reading, *scalar, context, result);
  } else if (const auto* interval = std::get_if<Interval>(&reading.value)) {
    result.measured.interval = *interval;
    result.spans = reading.where;
    if (!says_nothing_of_value(op)) {
      compare_numbers(condition, interval->low, interval->high, context, result);
    } else {
      result.measured.text =
          fmt::format("between {} and {}", format_amount(interval->low, condition.quantity.unit),
                      format_amount(interval->high, condition.quantity.unit));
      result.message = is_sentence(condition, context, result.measured.text);
      result.outcome = op == Operator::absent ? Outcome::fail : Outcome::pass;
    }
  } else if (const auto* runs = std::get_if<Spans>(&reading.value)) {
    compare_runs(condition, *runs, context, result);
  } else {
    compare_absent(condition, std::get<Absent>(reading.value), context, result);
  }
  if (reading.tainted_because) doubt(condition, reading, context, *reading.tainted_because, result);
  if (op == Operator::unspecified && result.outcome != Outcome::not_applicable) {
    result.outcome = Outcome::not_applicable;
    result.because = "The document says nothing about it.";
  }
  if (result.spans_total == 0) result.spans_total = static_cast<std::int64_t>(result.spans.size());
  if (result.spans.size() > kMostSpans) result.spans.resize(kMostSpans);
  return result;
}

}  // namespace cleangate::specs
