// SPDX-License-Identifier: Apache-2.0
#include "specs/evaluate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "core/text.h"
#include "specs/evaluate_join.h"
#include "specs/expectation.h"
#include "specs/memory.h"
#include "specs/parameters.h"
#include "specs/subjects.h"

namespace cleangate::specs {
namespace {

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
  result.not_looked_at = comparison.not_looked_at;
  return result;
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
  const std::string question = question_of(canonical, window);
  const std::string key = fmt::format("{}|{}", quantity.id, question);
  const auto known = memory_.find(key);
  if (known != memory_.end()) return known->second;
  ReadingMemory* memory = quantity.needs.empty() ? nullptr : evidence_.memory();
  if (memory)
    if (auto before = memory->recall(quantity, question))
      return memory_.emplace(key, std::move(*before)).first->second;
  std::vector<Reading> read;
  try {
    read = quantity.evaluate(evidence_, parameters, window);
    if (memory) memory->remember(quantity, question, read);
  } catch (const std::overflow_error&) {
    const std::string because = "The numbers of this file are too large to compute with.";
    read.push_back({Subject{}, Absent{AbsenceKind::not_measured, because}, {}, {}});
  }
  return memory_.emplace(key, std::move(read)).first->second;
}

// Does anything of the subject lie in the window, a frame of it at least? True where it is not
// known.
bool Evaluation::reaches_into(const Subject& subject, const Window& window) const {
  const auto& facts = evidence_.facts();
  const auto* field =
      subject.kind == SubjectKind::soundfield ? find_soundfield(facts, subject.index) : nullptr;
  const int index =
      field && !field->channels.empty() ? field->channels.front().stream : subject.index;
  const auto* stream = find_stream(facts, index);
  if (!stream || !stream->start_s.is_known() || !stream->duration_s.is_known()) return true;
  const auto end = checked_add(*stream->start_s, *stream->duration_s);
  if (!end) return true;
  const Rational in = std::max(window.in_s.value_or(*stream->start_s), *stream->start_s);
  const Rational out = std::min(window.out_s.value_or(*end), *end);
  const auto rate = context(subject).frame_rate;
  const Rational least = rate && *rate > Rational(0) ? Rational(1) / *rate : Rational(0);
  const auto length = checked_sub(out, in);
  return !length || (*length > Rational(0) && *length >= least);
}

namespace {

bool is_nothing(const Reading& reading) {
  const auto* absent = std::get_if<Absent>(&reading.value);
  return absent &&
         (absent->kind == AbsenceKind::undefined || absent->kind == AbsenceKind::not_applicable);
}

// Runs of one subject in the pieces of one region are counted together. Those of one piece stand
// where another piece is not known, which taints them.
void join_runs(Reading& into, Reading next) {
  auto* runs = std::get_if<Spans>(&into.value);
  auto* more = std::get_if<Spans>(&next.value);
  if (!into.tainted_because) into.tainted_because = next.tainted_because;
  if (runs && more) {
    runs->runs.insert(runs->runs.end(), more->runs.begin(), more->runs.end());
    runs->undecided.insert(runs->undecided.end(), more->undecided.begin(), more->undecided.end());
    return;
  }
  const Reading& other = runs ? next : into;
  const auto* absent = std::get_if<Absent>(&other.value);
  const bool unknown = absent && !is_nothing(other);
  if ((runs || more) && unknown && !into.tainted_because) into.tainted_because = absent->because;
  if (!runs && (more || !unknown)) into.value = std::move(next.value);
}

}  // namespace

Expected<std::vector<Evaluation::Asked>> Evaluation::ask(const Condition& condition,
                                                         const RegionRef& region,
                                                         const std::vector<Window>& windows) {
  ParameterSet parameters(*condition.quantity.built);
  for (const auto& [name, limit] : condition.with)
    if (const auto done = parameters.set(name, std::get<std::string>(*limit.value)); !done)
      return fail(ErrorCode::usage, fmt::format("The parameter {} does not fit: {}.", name,
                                                readable(done.error().message)));
  // What no programme lies in may well hold nothing of a stream; a programme may not.
  const bool may_be_empty = region.outside || region.place == RegionRef::Place::head ||
                            region.place == RegionRef::Place::tail;
  const bool together = condition.quantity.kind == ValueKind::spans && !condition.demand.at;
  std::vector<Asked> asked;
  for (const Window& window : windows)
    for (Reading reading :
         readings(*condition.quantity.built, parameters, parameters.canonical(), window)) {
      if (may_be_empty && is_nothing(reading) && !reaches_into(reading.subject, window))
        reading.value = Absent{AbsenceKind::not_applicable, "Nothing of it lies in the region."};
      const auto there = std::find_if(asked.begin(), asked.end(), [&](const Asked& known) {
        return known.reading.subject == reading.subject;
      });
      if (together && there != asked.end())
        join_runs(there->reading, std::move(reading));
      else
        asked.push_back({std::move(reading), window});
    }
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

SubjectContext Evaluation::context(const Subject& subject) const {
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

namespace {

bool hangs_on_end(const Condition& condition, const RegionRef& region) {
  return condition.demand.at == RunPlace::end || region.outside ||
         region.place == RegionRef::Place::tail;
}

}  // namespace

std::vector<Result> Evaluation::per_subject(const Condition& condition, const RegionRef& region,
                                            const std::vector<Asked>& asked) {
  std::vector<Result> results;
  for (const Asked& each : asked) {
    const Subject& subject = each.reading.subject;
    SubjectContext about = context(subject);
    if (condition.demand.at) place_edges(about, subject, each.window);
    Comparison compared = compare(condition, each.reading, about);
    if (const auto broken = broken_because(condition, subject)) {
      // Where the whole ends nobody knows: no run that reaches the end of the rest is a finding.
      if (compared.outcome == Outcome::fail && hangs_on_end(condition, region))
        leave_open(condition, each.reading, about, *broken, compared);
      else
        doubt(condition, each.reading, about, *broken, compared);
    }
    Result result = from_comparison(std::move(compared));
    result.subject = subject;
    result.quantity = condition.quantity.id;
    result.expected = expectation(condition);
    if (result.outcome == Outcome::fail && assumed(subject)) {
      result.outcome = Outcome::inconclusive;
      result.because = std::string(kAssumed);
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
  if (!asked_for.quantity.built) {
    auto unbuilt = undecided(unknown, std::string(asked_for.quantity.because));
    unbuilt.front().not_looked_at = true;
    return unbuilt;
  }
  const auto condition = with_order(asked_for);
  if (!condition) return undecided("The limit is not known.", condition.error().message);
  const auto in = windows(region);
  if (!in) return undecided(unknown, in.error().message);
  if (in->empty()) return {nothing_in_region(*condition, region)};
  auto asked = ask(*condition, region, *in);
  if (!asked) return undecided(unknown, asked.error().message);
  const bool follow =
      bound && !condition->selector && speaks_of(condition->quantity.subject, bound->kind);
  std::erase_if(*asked, [&](const Asked& each) {
    if (follow) return each.reading.subject.index != bound->index;
    return condition->selector && !selected(each.reading.subject, *condition->selector);
  });
  std::vector<Result> results = per_subject(*condition, region, *asked);
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
    Result none = nothing_there(*condition, evidence_.facts());
    if (how == Selector::How::count && none.outcome == Outcome::fail) {
      const Bounds& bounds = condition->selector->count;
      if (bounds.min.value_or(0) == 0) none.outcome = Outcome::pass;
    }
    return doubted(std::move(none));
  }
  if (how == Selector::How::any) return doubted(join_any(*condition, std::move(results)));
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
