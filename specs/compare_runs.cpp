// SPDX-License-Identifier: Apache-2.0
#include "specs/compare_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "specs/expectation.h"
#include "specs/value.h"

namespace cleangate::specs {
namespace {

// From where to where; frames where every part of it has them.
struct Extent {
  Rational in, out;
  std::optional<std::int64_t> first_frame, end_frame;
};

Extent extent_of(const Span& span) {
  return {span.start_s, span.end_s, span.first_frame, span.end_frame};
}

// Spans come by their start.
void extend(Extent& extent, const Span& span) {
  extent.out = std::max(extent.out, span.end_s);
  if (extent.end_frame && span.end_frame)
    extent.end_frame = std::max(*extent.end_frame, *span.end_frame);
  else
    extent.first_frame = extent.end_frame = std::nullopt;
}

// Runs and open stretches that touch each other: whether they are one run, several or none is
// known only when nothing in the group is open.
struct Group {
  std::vector<const Span*> decided, open;
  Extent extent;
  std::optional<Rational> open_until;  // the furthest end of what is open
};

bool same_track(const Span& a, const Span& b) {
  return a.stream == b.stream && a.soundfield == b.soundfield && a.channel == b.channel;
}

std::vector<Group> groups_of(const Spans& runs) {
  struct Piece {
    const Span* span;
    bool open;
  };
  std::vector<Piece> pieces;
  for (const Span& run : runs.runs) pieces.push_back({&run, false});
  for (const Span& run : runs.undecided) pieces.push_back({&run, true});
  std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) {
    return std::tuple(a.span->stream, a.span->soundfield, a.span->channel, a.span->start_s) <
           std::tuple(b.span->stream, b.span->soundfield, b.span->channel, b.span->start_s);
  });
  std::vector<Group> groups;
  const Span* last = nullptr;
  for (const Piece& piece : pieces) {
    const bool same = last && same_track(*last, *piece.span);
    const auto reach = !same        ? std::nullopt
                       : piece.open ? std::optional(groups.back().extent.out)
                                    : groups.back().open_until;
    if (!reach || piece.span->start_s > *reach)
      groups.push_back({{}, {}, extent_of(*piece.span), {}});
    Group& group = groups.back();
    (piece.open ? group.open : group.decided).push_back(piece.span);
    extend(group.extent, *piece.span);
    if (piece.open)
      group.open_until = std::max(group.open_until.value_or(piece.span->end_s), piece.span->end_s);
    last = piece.span;
  }
  return groups;
}

struct DurationLimit {
  Rational seconds;
  std::optional<Rational> frames;  // where it is written in frames
};

struct RunFilter {
  std::optional<DurationLimit> longer_than, shorter_than;
  std::optional<RunPlace> at;
};

// How much longer than the limit a run is, or by how much it falls short (negative). What is
// limited in frames is counted in frames: seconds between rounded instants are off by a tick.
Rational excess(const Extent& run, const DurationLimit& limit) {
  if (limit.frames && run.first_frame && run.end_frame)
    return Rational(*run.end_frame - *run.first_frame) - *limit.frames;
  return run.out - run.in - limit.seconds;
}

// Does a run lie at the region's start, at its end? Empty: where that is, is not known.
std::optional<bool> at_start(const Extent& run, const SubjectContext& context) {
  if (run.first_frame && context.region_first_frame)
    return *run.first_frame <= *context.region_first_frame;
  if (!context.region_in_s) return std::nullopt;
  return run.in <= *context.region_in_s;
}
std::optional<bool> at_end(const Extent& run, const SubjectContext& context) {
  if (run.end_frame && context.region_end_frame) return *run.end_frame >= *context.region_end_frame;
  if (!context.region_out_s) return std::nullopt;
  return run.out >= *context.region_out_s;
}

std::optional<bool> lies_at(RunPlace place, const Extent& run, const SubjectContext& context) {
  const auto first = at_start(run, context), last = at_end(run, context);
  switch (place) {
    case RunPlace::start:
      return first;
    case RunPlace::end:
      return last;
    case RunPlace::inside:
      if (first.value_or(false) || last.value_or(false)) return false;
      if (first && last) return true;
  }
  return std::nullopt;
}

// Does a run of a known extent count? Empty: its place cannot be told.
std::optional<bool> counts(const RunFilter& filter, const Extent& run,
                           const SubjectContext& context) {
  if (filter.longer_than && excess(run, *filter.longer_than) <= Rational(0)) return false;
  if (filter.shorter_than && excess(run, *filter.shorter_than) >= Rational(0)) return false;
  return filter.at ? lies_at(*filter.at, run, context) : true;
}

struct Tally {
  std::vector<Span> certain;
  std::int64_t possible = 0;  // at most so many count, the certain ones included; kUnbounded: any
  bool unplaced = false;      // something counts or not: where the region's edge is, is not known
};

constexpr std::int64_t kUnbounded = std::numeric_limits<std::int64_t>::max();

std::int64_t add_capped(std::int64_t a, std::int64_t b) {
  return a > kUnbounded - b ? kUnbounded : a + b;
}

// At most so many runs of any length lie in a stretch: every other frame or sample one.
std::int64_t most_runs(const Span& open) {
  const auto alternating = [](const auto& first, const auto& end) {
    return std::max<std::int64_t>(1, (*end - *first + 1) / 2);
  };
  if (open.first_frame && open.end_frame) return alternating(open.first_frame, open.end_frame);
  if (open.first_sample && open.end_sample) return alternating(open.first_sample, open.end_sample);
  return kUnbounded;
}

// At most so many runs that count lie in a group with open stretches.
std::int64_t most_counting(const Group& group, const RunFilter& filter) {
  if (filter.at == RunPlace::start || filter.at == RunPlace::end) return 1;
  auto most = static_cast<std::int64_t>(group.decided.size());
  for (const Span* open : group.open) most = add_capped(most, most_runs(*open));
  if (!filter.longer_than || filter.longer_than->seconds <= Rational(0)) return most;
  // n runs, each strictly longer than the limit, need more than n times the limit.
  const Extent& all = group.extent;
  const bool counted = filter.longer_than->frames && all.first_frame && all.end_frame;
  const auto fit = counted ? checked_div(Rational(*all.end_frame - *all.first_frame),
                                         *filter.longer_than->frames)
                           : checked_div(all.out - all.in, filter.longer_than->seconds);
  return fit ? std::min(most, std::max<std::int64_t>(1, fit->ceil() - 1)) : most;
}

void tally_open(const Group& group, const RunFilter& filter, const SubjectContext& context,
                Tally& tally) {
  RunFilter loose = filter;  // the whole group is the longest run it can hold
  loose.shorter_than.reset();
  const auto longest = counts(loose, group.extent, context);
  const bool can = longest.value_or(true) || filter.at == RunPlace::inside;
  if (!can) return;
  tally.unplaced |= !longest;
  for (const Span* run : group.decided) {
    // Longer it may be, shorter not: certain when even its longest extent counts.
    const auto own = counts(filter, extent_of(*run), context);
    const auto whole = counts(filter, group.extent, context);
    if (own.value_or(false) && whole.value_or(false)) {
      tally.certain.push_back(*run);
      break;
    }
  }
  tally.possible = add_capped(tally.possible, most_counting(group, filter));
}

Tally tally_of(const Spans& runs, const RunFilter& filter, const SubjectContext& context) {
  Tally tally;
  for (const Group& group : groups_of(runs)) {
    if (!group.open.empty()) {
      tally_open(group, filter, context, tally);
      continue;
    }
    const Span& run = *group.decided.front();
    const auto count = counts(filter, extent_of(run), context);
    tally.unplaced |= !count;
    if (count.value_or(true)) tally.possible = add_capped(tally.possible, 1);
    if (count.value_or(false)) tally.certain.push_back(run);
  }
  return tally;
}

Bounds demanded(const Demand& demand) {
  switch (demand.op) {
    case Operator::expect_none:
    case Operator::absent:
      return {std::nullopt, 0};
    case Operator::expect_some:
    case Operator::present:
      return {1, std::nullopt};
    case Operator::count:
      return demand.count;
    default:
      return {0, std::nullopt};  // demand: any
  }
}

std::string where_of(const SubjectContext& context) {
  return context.name.empty() ? "" : " in " + context.name;
}

// " longer than 2 s" of "none longer than 2 s".
std::string which_runs(const Condition& condition) {
  std::string expected = expectation(condition).text;
  for (const std::string_view word : {"none", "at least one"})
    if (expected.starts_with(word)) expected.erase(0, word.size());
  if (condition.demand.op == Operator::count || !expected.starts_with(" ")) expected.clear();
  return expected;
}

std::string unknown_message(const Condition& condition, const SubjectContext& context) {
  return fmt::format("Whether there is {}{}{} is not known.", condition.quantity.noun,
                     where_of(context), which_runs(condition));
}

std::string runs_message(const Condition& condition, const Tally& tally,
                         const SubjectContext& context, Outcome outcome) {
  const std::string where = where_of(context);
  if (tally.certain.empty() && outcome == Outcome::inconclusive)
    return unknown_message(condition, context);
  if (tally.certain.empty())
    return fmt::format("There is no {}{}{}.", condition.quantity.noun, where,
                       which_runs(condition));
  Rational longest;
  for (const Span& run : tally.certain) longest = std::max(longest, run.end_s - run.start_s);
  const std::vector<Rational> none;
  if (tally.certain.size() == 1)
    return fmt::format("There is {}{}: one run of {}.", condition.quantity.noun, where,
                       format_amount(longest, Unit::seconds, none));
  return fmt::format("There is {}{}: {} runs, the longest {}.", condition.quantity.noun, where,
                     tally.certain.size(), format_amount(longest, Unit::seconds, none));
}

std::string number_of_runs(const Tally& tally) {
  const auto least = static_cast<std::int64_t>(tally.certain.size());
  if (tally.possible == kUnbounded)
    return least == 0 ? "not known" : fmt::format("{} or more runs", least);
  if (tally.possible != least) return fmt::format("{} to {} runs", least, tally.possible);
  return fmt::format("{} run{}", least, least == 1 ? "" : "s");
}

Expected<RunFilter> filter_of(const Demand& demand, const SubjectContext& context) {
  RunFilter filter;
  filter.at = demand.at;
  for (const auto& [limit, into] : {std::pair(&demand.longer_than, &filter.longer_than),
                                    std::pair(&demand.shorter_than, &filter.shorter_than)}) {
    if (!*limit) continue;
    const auto value = in_base_unit(*(*limit)->value, Unit::seconds, context, ValueUse::difference);
    if (!value) return tl::unexpected(value.error());
    *into = DurationLimit{*value, {}};
    const auto* amount = std::get_if<Amount>(&*(*limit)->value);
    if (amount && amount->unit == Unit::frames) (*into)->frames = amount->value;
  }
  return filter;
}

std::string open_because(const RunFilter& filter, const Tally& tally,
                         const SubjectContext& context) {
  if (!tally.unplaced)
    return "Some runs are left open: what was stored cannot tell whether, or how long, they are.";
  const bool start = context.region_first_frame || context.region_in_s;
  const bool end = context.region_end_frame || context.region_out_s;
  const bool both = filter.at == RunPlace::inside && !start && !end;
  const char* what = both                                              ? "begins and ends"
                     : filter.at == RunPlace::start || (end && !start) ? "begins"
                                                                       : "ends";
  return fmt::format("Where the stream {} is not known.", what);
}

Expected<Rational> seconds_of(const Rational& frames, const SubjectContext& context) {
  if (!context.frame_rate || *context.frame_rate <= Rational(0))
    return fail(ErrorCode::invalid_profile,
                "The limit is in frames, and the frame rate is variable or not known.");
  return checked_div(frames, *context.frame_rate);
}

}  // namespace

Expected<Rational> in_base_unit(const Value& value, Unit unit, const SubjectContext& context,
                                ValueUse use) {
  if (const auto* label = std::get_if<Label>(&value)) {
    if (!context.frame_rate) return seconds_of(0, context);
    const auto format = TimecodeFormat::for_rate(
        *context.frame_rate, label->drop ? DropFrame::drop : DropFrame::non_drop);
    const auto timecode = format ? Timecode::make(label->hours, label->minutes, label->seconds,
                                                  label->frames, *format)
                                 : tl::unexpected(format.error());
    if (!timecode) return tl::unexpected(timecode.error());
    return seconds_of(timecode->frame_number(), context);
  }
  const auto* amount = std::get_if<Amount>(&value);
  if (!amount) return fail(ErrorCode::internal, "The limit is no number.");
  if (amount->unit == Unit::frames && unit == Unit::seconds)
    return seconds_of(amount->value, context);
  if (amount->unit == Unit::percent && unit == Unit::code) {
    if (!context.bit_depth || *context.bit_depth < 8 || *context.bit_depth > 16)
      return fail(ErrorCode::invalid_profile,
                  "The limit is in percent, and the bit depth is not known.");
    const std::int64_t step = std::int64_t{1} << (*context.bit_depth - 8);
    const auto span = checked_mul(amount->value, Rational(219 * step, 100));
    if (!span || use == ValueUse::difference) return span;
    return checked_add(*span, Rational(16 * step));
  }
  return amount->value;
}

void leave_runs_open(const Condition& condition, const SubjectContext& context,
                     Comparison& result) {
  const std::int64_t found = result.spans_total;
  result.measured.value.reset();
  result.measured.interval.reset();
  result.measured.text = found == 0 ? "not known" : fmt::format("{} or more runs", found);
  if (found == 0) result.message = unknown_message(condition, context);
}

bool more_could_meet(const Demand& demand, std::int64_t found) {
  const Bounds bounds = demanded(demand);
  return demand.shorter_than || !bounds.max || found <= *bounds.max;
}

void compare_runs(const Condition& condition, const Spans& runs, const SubjectContext& context,
                  Comparison& result) {
  const auto filter = filter_of(condition.demand, context);
  if (!filter) {
    result.outcome = Outcome::inconclusive;
    result.message = fmt::format("Which runs of {} count is not known.", condition.quantity.noun);
    result.because = filter.error().message;
    return;
  }
  const Tally tally = tally_of(runs, *filter, context);
  const Bounds bounds = demanded(condition.demand);
  const auto least = static_cast<std::int64_t>(tally.certain.size());
  const auto holds = [&](std::int64_t count) {
    return (!bounds.min || count >= *bounds.min) && (!bounds.max || count <= *bounds.max);
  };
  const bool too_many = bounds.max && least > *bounds.max;
  const bool never = too_many || (bounds.min && tally.possible < *bounds.min);
  const bool always = holds(least) && holds(tally.possible);
  result.outcome = never ? Outcome::fail : always ? Outcome::pass : Outcome::inconclusive;
  if (result.outcome == Outcome::inconclusive)
    result.because = open_because(*filter, tally, context);
  result.message = runs_message(condition, tally, context, result.outcome);
  if (tally.possible == least)
    result.measured.value = Rational(least);
  else if (tally.possible != kUnbounded)
    result.measured.interval = Interval{Rational(least), Rational(tally.possible)};
  result.measured.unit = Unit::count;
  result.measured.text = number_of_runs(tally);
  result.spans_total = least;
  result.spans = tally.certain;
  if (result.outcome == Outcome::inconclusive && result.spans.empty()) {
    result.spans = runs.undecided;
    result.spans_total = static_cast<std::int64_t>(runs.undecided.size());
  }
}

}  // namespace cleangate::specs
