// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "specs/evaluate.h"
#include "specs/expectation.h"

namespace cleangate::specs {
namespace {

bool is_stream(SubjectKind kind) {
  return kind == SubjectKind::any_stream || kind == SubjectKind::video_stream ||
         kind == SubjectKind::audio_stream;
}

Applies no(const Condition& condition) {
  return {Truth::no, fmt::format("It applies only with {}.", demand_text(condition))};
}

}  // namespace

bool Evaluation::depends_on_subject(const When& when, SubjectKind kind) {
  if (when.condition) {
    const SubjectKind own = when.condition->quantity.subject;
    if (when.condition->order || when.condition->selector || own == SubjectKind::file) return false;
    return own == kind || (is_stream(own) && is_stream(kind));
  }
  return std::any_of(when.parts.begin(), when.parts.end(),
                     [&](const When& part) { return depends_on_subject(part, kind); });
}

Applies Evaluation::order_applies(const Condition& condition) const {
  const auto value = order_.find(*condition.order);
  const Operator op = condition.demand.op;
  const bool there = value != order_.end();
  if (op == Operator::present || op == Operator::absent)
    return there == (op == Operator::present) ? Applies{} : no(condition);
  if (!there)
    return {Truth::unknown,
            fmt::format("Whether the rule applies is not known; say --set {}=VALUE.",
                        *condition.order)};
  const auto known = with_order(condition);
  if (!known) return {Truth::unknown, known.error().message};
  Condition text = *known;
  text.quantity.kind = ValueKind::text;
  const Reading reading{Subject{}, Scalar(value->second), {}, {}};
  const Comparison compared = compare(text, reading, {});
  if (compared.outcome == Outcome::inconclusive)
    return {Truth::unknown, compared.because.value_or("Whether the rule applies is not known.")};
  return compared.outcome == Outcome::pass ? Applies{} : no(condition);
}

Applies Evaluation::condition_applies(const Condition& condition,
                                      const std::optional<Subject>& bound) {
  if (condition.order) return order_applies(condition);
  const std::vector<Result> results = evaluate(condition, RegionRef{}, bound);
  const auto any = [&](Outcome outcome) {
    return std::find_if(results.begin(), results.end(),
                        [&](const Result& result) { return result.outcome == outcome; });
  };
  const bool all = condition.selector && condition.selector->how == Selector::How::each;
  const auto open = any(Outcome::inconclusive);
  const Applies unknown{Truth::unknown,
                        open == results.end()
                            ? ""
                            : fmt::format("Whether the rule applies is not known: {}{}",
                                          open->message, open->because ? " " + *open->because : ""),
                        open != results.end() && open->not_looked_at};
  if (all) {
    if (any(Outcome::fail) != results.end() || any(Outcome::not_applicable) != results.end())
      return no(condition);
    return open != results.end() ? unknown : Applies{};
  }
  if (any(Outcome::pass) != results.end()) return {};
  return open != results.end() ? unknown : no(condition);
}

Applies Evaluation::applies(const When& when, const std::optional<Subject>& bound) {
  if (when.condition) return condition_applies(*when.condition, bound);
  const bool all = when.kind == When::Kind::all;
  Applies combined{all ? Truth::yes : Truth::no, ""};
  for (const When& part : when.parts) {
    const Applies one = applies(part, bound);
    if (one.truth == (all ? Truth::no : Truth::yes)) return one;
    if (one.truth == Truth::unknown || combined.because.empty()) {
      if (combined.truth != Truth::unknown || one.truth == Truth::unknown)
        combined.because = one.because;
    }
    if (one.truth == Truth::unknown) {
      combined.truth = Truth::unknown;
      combined.not_looked_at = combined.not_looked_at || one.not_looked_at;
    }
  }
  return combined;
}

}  // namespace cleangate::specs
