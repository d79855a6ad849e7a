// SPDX-License-Identifier: Apache-2.0
#include "specs/evaluate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "core/text.h"
#include "specs/expectation.h"
#include "specs/parameters.h"
#include "specs/subjects.h"

namespace cleangate::specs {
namespace {

constexpr std::string_view kAssumed =
    "Which channels form this soundfield is assumed; name them with --soundfields.";

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

bool speaks_of(SubjectKind quantity, SubjectKind subject) {
  const auto is_stream = [](SubjectKind kind) {
    return kind == SubjectKind::any_stream || kind == SubjectKind::video_stream ||
           kind == SubjectKind::audio_stream;
  };
  if (quantity == SubjectKind::file) return false;
  if (quantity == SubjectKind::any_stream || subject == SubjectKind::any_stream)
    return is_stream(quantity) && is_stream(subject);
  return quantity == subject;
}

Result from_comparison(Comparison comparison) {
  Result result;
  result.outcome = comparison.outcome;
  result.measured = std::move(comparison.measured);
  result.spans = std::move(comparison.spans);
  result.spans_total = comparison.spans_total;
  result.message = std::move(comparison.message);
  result.because = std::move(comparison.because);
  return result;
}

void join_windows(Result& into, Result next) {
  if (next.outcome == into.outcome) {
    into.spans.insert(into.spans.end(), next.spans.begin(), next.spans.end());
    if (into.spans.size() > 100) into.spans.resize(100);
    into.spans_total += next.spans_total;
  } else if (weight(next.outcome) > weight(into.outcome)) {
    into = std::move(next);
  }
}

}  // namespace

Evaluation::Evaluation(const Evidence& evidence, const Profile& profile, const OrderData& order)
    : evidence_(evidence), profile_(profile) {
  for (const auto& [key, datum] : profile.order)
    if (datum.fallback) order_[key] = *datum.fallback;
  for (const auto& [key, value] : order) order_[key] = value;
}

std::string Evaluation::subject_name(const Subject& subject) const {
  return name_of(evidence_.facts(), subject);
}

Expected<Condition> Evaluation::with_order(const Condition& condition) const {
  Condition known = condition;
  std::vector<std::string> missing;
  std::string wrong;
  const auto fill = [&](Limit& limit, const LimitType& type, Substitution how) {
    if (limit.value) return;
    const std::size_t before = missing.size();
    limit.written = substitute(limit.written, order_, how, missing);
    if (missing.size() != before) return;
    if (auto value = parse_value(limit.written, type))
      limit.value = std::move(*value);
    else
      wrong = value.error().message;
  };
  const Operator op = known.demand.op;
  const bool text = op == Operator::matches || op == Operator::contains;
  const LimitType open{ValueKind::text, Unit::none, {}};
  const LimitType type = text || known.order ? open : limit_type(known.quantity, LimitRole::value);
  for (Limit& limit : known.demand.values)
    fill(limit, type, op == Operator::matches ? Substitution::into_pattern : Substitution::plain);
  if (known.demand.tolerance)
    fill(*known.demand.tolerance, limit_type(known.quantity, LimitRole::tolerance),
         Substitution::plain);
  const LimitType duration = limit_type(known.quantity, LimitRole::duration);
  if (known.demand.longer_than) fill(*known.demand.longer_than, duration, Substitution::plain);
  if (known.demand.shorter_than) fill(*known.demand.shorter_than, duration, Substitution::plain);
  for (auto& [name, limit] : known.with) fill(limit, open, Substitution::plain);
  if (known.selector)
    for (Filter& filter : known.selector->filters)
      for (Limit& limit : filter.values) fill(limit, open, Substitution::plain);
  if (!missing.empty())
    return fail(ErrorCode::usage, fmt::format("Order data are missing; say --set {}=VALUE.",
                                              fmt::join(missing, "=VALUE --set ")));
  if (!wrong.empty())
    return fail(ErrorCode::usage, fmt::format("The order data do not fit: {}.", readable(wrong)));
  return known;
}

const std::vector<Reading>& Evaluation::readings(const Quantity& quantity,
                                                 const Parameters& parameters,
                                                 const std::string& canonical,
                                                 const Window& window) {
  const auto point = [](const std::optional<Rational>& at) {
    return at ? cleangate::to_string(*at) : std::string("-");
  };
  const std::string key =
      fmt::format("{}|{}|{}|{}", quantity.id, canonical, point(window.in_s), point(window.out_s));
  const auto known = memory_.find(key);
  if (known != memory_.end()) return known->second;
  std::vector<Reading> read;
  try {
    read = quantity.evaluate(evidence_, parameters, window);
  } catch (const std::overflow_error&) {
    const std::string because = "The numbers of this file are too large to compute with.";
    read.push_back({Subject{}, Absent{AbsenceKind::not_measured, because}, {}, {}});
  }
  return memory_.emplace(key, std::move(read)).first->second;
}

Expected<std::vector<Evaluation::Asked>> Evaluation::ask(const Condition& condition,
                                                         const RegionRef& region) {
  ParameterSet parameters(*condition.quantity.built);
  for (const auto& [name, limit] : condition.with)
    if (const auto done = parameters.set(name, std::get<std::string>(*limit.value)); !done)
      return fail(ErrorCode::usage, fmt::format("The parameter {} does not fit: {}.", name,
                                                readable(done.error().message)));
  const auto in = windows(region);
  if (!in) return tl::unexpected(in.error());
  std::vector<Asked> asked;
  for (const Window& window : *in)
    for (const Reading& reading :
         readings(*condition.quantity.built, parameters, parameters.canonical(), window))
      asked.push_back({reading, window});
  return asked;
}

bool Evaluation::assumed(const Subject& subject) const {
  if (subject.kind != SubjectKind::soundfield) return false;
  const auto* field = find_soundfield(evidence_.facts(), subject.index);
  return field && field->grouping == probes::Grouping::assumed;
}

bool Evaluation::selected(const Subject& subject, const Selector& selector) const {
  const auto& facts = evidence_.facts();
  const auto* stream = find_stream(facts, subject.index);
  const auto* field = find_soundfield(facts, subject.index);
  if (selector.kind == SubjectKind::video_stream && (!stream || !stream->video())) return false;
  if (selector.kind == SubjectKind::audio_stream && (!stream || !stream->audio())) return false;
  const auto text_of = [&](const std::string& key) -> std::string {
    if (selector.kind == SubjectKind::soundfield)
      return !field            ? ""
             : key == "role"   ? field->role
             : key == "layout" ? field->layout
                               : field->language.value_or("");
    if (selector.kind == SubjectKind::caption_service) {
      const auto at = static_cast<std::size_t>(subject.index);
      return at < facts.captions.size() ? facts.captions[at].carriage : "";
    }
    if (!stream) return "";
    return key == "codec" ? stream->codec : stream->language.value_or("");
  };
  return std::all_of(selector.filters.begin(), selector.filters.end(), [&](const Filter& filter) {
    return std::any_of(filter.values.begin(), filter.values.end(), [&](const Limit& limit) {
      if (filter.key == "stream" || filter.key == "soundfield") {
        const auto number = parse_amount(limit.written);
        return number && number->value == Rational(subject.index);
      }
      const std::string text = text_of(filter.key);
      return filter.key == "language" ? language_matches(limit.written, text)
                                      : limit.written == text;
    });
  });
}

SubjectContext Evaluation::context(const Subject& subject, const Window& window) const {
  SubjectContext context;
  context.name = subject_name(subject);
  const auto& facts = evidence_.facts();
  const probes::StreamFacts* stream = subject.kind == SubjectKind::soundfield ||
                                              subject.kind == SubjectKind::file ||
                                              subject.kind == SubjectKind::caption_service
                                          ? nullptr
                                          : find_stream(facts, subject.index);
  const probes::StreamFacts* picture = stream && stream->video() ? stream : nullptr;
  for (const auto& each : facts.streams)
    if (!picture && each.video()) picture = &each;
  if (picture && picture->video()->frame_rate.is_known() &&
      !(picture->video()->frame_rate_mode.is_known() &&
        *picture->video()->frame_rate_mode == probes::RateMode::variable))
    context.frame_rate = *picture->video()->frame_rate;
  if (stream && stream->video() && stream->video()->bit_depth.is_known())
    context.bit_depth = *stream->video()->bit_depth;
  const probes::StreamFacts* timed = stream ? stream : picture;
  if (timed && timed->start_s.is_known()) {
    context.region_in_s = *timed->start_s;
    if (timed->duration_s.is_known())
      if (const auto end = checked_add(*timed->start_s, *timed->duration_s))
        context.region_out_s = *end;
  }
  if (window.in_s && context.region_in_s)
    context.region_in_s = std::max(*window.in_s, *context.region_in_s);
  if (window.out_s && context.region_out_s)
    context.region_out_s = std::min(*window.out_s, *context.region_out_s);
  return context;
}

std::optional<std::string> Evaluation::broken_because(const Condition& condition,
                                                      const Subject& subject) const {
  const auto& facts = evidence_.facts();
  const bool partial = evidence_.status() == probes::Status::partial;
  const bool folded = !condition.quantity.built->needs.empty();
  if (!facts.container_damage.empty() && (partial || folded))
    return fmt::format("The file is damaged: {}", readable(facts.container_damage.front().message));
  if (partial) return "Only a part of the asset could be measured.";
  if (!folded || !facts.decode) return std::nullopt;
  // Picture rows mark every damaged frame. Sound that a decoder never gave leaves no row behind.
  const auto belongs = [&](int stream) {
    if (subject.kind != SubjectKind::soundfield) return stream == subject.index;
    const auto* field = find_soundfield(facts, subject.index);
    return field && std::any_of(field->channels.begin(), field->channels.end(),
                                [&](const auto& channel) { return channel.stream == stream; });
  };
  for (const probes::Damage& error : facts.decode->errors) {
    const auto* stream = find_stream(facts, error.stream);
    if (stream && stream->audio() && belongs(error.stream))
      return fmt::format("The sound of stream {} does not decode without errors; the first: {}",
                         error.stream, readable(error.message));
  }
  return std::nullopt;
}

std::vector<Result> Evaluation::per_subject(const Condition& condition,
                                            const std::vector<Asked>& asked) {
  std::vector<Result> results;
  for (const Asked& each : asked) {
    const Subject& subject = each.reading.subject;
    Result result =
        from_comparison(compare(condition, each.reading, context(subject, each.window)));
    result.subject = subject;
    result.quantity = condition.quantity.id;
    result.expected = expectation(condition);
    const auto broken = broken_because(condition, subject);
    const bool nothing_left = std::holds_alternative<Absent>(each.reading.value) &&
                              result.outcome == Outcome::fail &&
                              condition.demand.op != Operator::present;
    const bool tainted = broken || (nothing_left && each.reading.tainted_because);
    // A fail stands; but that there is nothing to measure in what is left of a file is no finding.
    if (tainted && (result.outcome == Outcome::pass || nothing_left)) {
      result.outcome = Outcome::inconclusive;
      result.because = broken ? *broken : *each.reading.tainted_because;
    }
    if (result.outcome == Outcome::fail && assumed(subject)) {
      result.outcome = Outcome::inconclusive;
      result.because = kAssumed;
    }
    const auto there = std::find_if(results.begin(), results.end(), [&](const Result& known) {
      return known.subject == result.subject;
    });
    if (there == results.end())
      results.push_back(std::move(result));
    else
      join_windows(*there, std::move(result));
  }
  return results;
}

Result Evaluation::nothing_there(const Condition& condition) const {
  const auto& facts = evidence_.facts();
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
    result.because = kAssumed;
  }
  if (kind == SubjectKind::caption_service && facts.depth == probes::Depth::header) {
    result.outcome = Outcome::inconclusive;
    result.because = "Captions are not looked for at depth header.";
  }
  return result;
}

Result Evaluation::join_any(const Condition& condition, std::vector<Result> each) const {
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

Result Evaluation::join_count(const Condition& condition, const std::vector<Result>& each) const {
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

std::vector<Result> Evaluation::evaluate(const Condition& asked_for, const RegionRef& region,
                                         const std::optional<Subject>& bound) {
  const auto undecided = [&](std::string message, std::string because) {
    Result result;
    result.quantity = asked_for.quantity.id;
    result.expected = expectation(asked_for);
    result.message = std::move(message);
    result.because = std::move(because);
    result.measured.text = "not known";
    return std::vector<Result>{std::move(result)};
  };
  const std::string unknown = fmt::format("The {} is not known.", asked_for.quantity.noun);
  if (!asked_for.quantity.built) return undecided(unknown, std::string(asked_for.quantity.because));
  const auto condition = with_order(asked_for);
  if (!condition) return undecided("The limit is not known.", condition.error().message);
  auto asked = ask(*condition, region);
  if (!asked) return undecided(unknown, asked.error().message);
  const bool follow =
      bound && !condition->selector && speaks_of(condition->quantity.subject, bound->kind);
  std::erase_if(*asked, [&](const Asked& each) {
    if (follow) return each.reading.subject.index != bound->index;
    return condition->selector && !selected(each.reading.subject, *condition->selector);
  });
  std::vector<Result> results = per_subject(*condition, *asked);
  const auto how = condition->selector ? condition->selector->how : Selector::How::each;
  // What a damaged or partly measured file does not show may still have been in the whole.
  const auto doubted = [&](Result result) {
    const bool decided = result.outcome == Outcome::pass || result.outcome == Outcome::fail;
    const auto broken = broken_because(*condition, Subject{});
    if (broken && decided) {
      result.outcome = Outcome::inconclusive;
      result.because = broken;
    }
    return std::vector<Result>{std::move(result)};
  };
  if (how == Selector::How::count && !results.empty())
    return doubted(join_count(*condition, results));
  if (results.empty()) {
    Result none = nothing_there(*condition);
    if (how == Selector::How::count && none.outcome == Outcome::fail) {
      const Bounds& bounds = condition->selector->count;
      if (bounds.min.value_or(0) == 0) none.outcome = Outcome::pass;
    }
    return doubted(std::move(none));
  }
  if (how == Selector::How::any) return {join_any(*condition, std::move(results))};
  return results;
}

std::vector<Subject> Evaluation::select(const Selector& selector) {
  std::vector<Subject> all;
  const auto& facts = evidence_.facts();
  const auto add = [&](SubjectKind kind, int index) {
    const Subject subject{kind, index};
    if (selected(subject, selector)) all.push_back(subject);
  };
  if (selector.kind == SubjectKind::soundfield)
    for (const auto& field : facts.soundfields) add(SubjectKind::soundfield, field.id);
  else if (selector.kind == SubjectKind::caption_service)
    for (std::size_t i = 0; i < facts.captions.size(); ++i)
      add(SubjectKind::caption_service, static_cast<int>(i));
  else
    for (const auto& stream : facts.streams) add(selector.kind, stream.index);
  return all;
}

}  // namespace cleangate::specs
