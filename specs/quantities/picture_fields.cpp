// SPDX-License-Identifier: Apache-2.0
// Scan, field order and cadence as the pictures themselves show them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "specs/quantities/field_history.h"
#include "specs/quantities/shown_runs.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

using Scan = FieldRun::Scan;
using Order = FieldRun::Order;

struct Question {
  const FieldFrames& frames;
  const FieldHistory& history;
  std::int64_t first = 0, end = 0;  // frames of the window
};

Absent undecided(const Question& question, std::string_view what) {
  return {AbsenceKind::undecided,
          fmt::format("Too little moves in the pictures of stream {} to tell {}.",
                      question.frames.map().stream(), what)};
}

// The runs of the window that are known.
std::vector<FieldRun> known_runs(const Question& question) {
  std::vector<FieldRun> runs;
  for (FieldRun run : question.history.runs()) {
    run.first = std::max(run.first, question.first);
    run.end = std::min(run.end, question.end);
    if (run.first < run.end && run.scan != Scan::unknown) runs.push_back(run);
  }
  return runs;
}

using Value = decltype(Reading::value);

Value scan_of(const Question& question, Reading& reading) {
  std::set<Scan> kinds;
  bool in_part = false;
  for (const FieldRun& run : known_runs(question)) {
    kinds.insert(run.scan);
    in_part = in_part || run.in_part;
    if (run.scan != Scan::progressive)
      reading.where.push_back(question.frames.map().span(run.first, run.end));
  }
  if (kinds.empty()) return undecided(question, "their scan");
  if (kinds.size() > 1 || in_part) return Scalar(std::string("mixed"));
  return Scalar(std::string(*kinds.begin() == Scan::progressive  ? "progressive"
                            : *kinds.begin() == Scan::interlaced ? "interlaced"
                                                                 : "telecined"));
}

Value field_order_of(const Question& question, Reading&) {
  bool top = false, bottom = false, known = false;
  for (const FieldRun& run : known_runs(question)) {
    known = true;
    top = top || run.order == Order::top;
    bottom = bottom || run.order == Order::bottom;
  }
  if (!known) return undecided(question, "their field order");
  if (!top && !bottom)
    return Absent{
        AbsenceKind::not_applicable,
        fmt::format("The pictures of stream {} are progressive: they have no field order.",
                    question.frames.map().stream())};
  return Scalar(std::string(top && bottom ? "mixed" : top ? "top" : "bottom"));
}

Value interlaced_of(const Question& question, Reading&) {
  Spans spans;
  const FrameMap& map = question.frames.map();
  for (const FieldRun& run : question.history.runs()) {
    const std::int64_t first = std::max(run.first, question.first);
    const std::int64_t end = std::min(run.end, question.end);
    if (first >= end) continue;
    if (run.scan == Scan::unknown) spans.undecided.push_back(map.span(first, end));
    if (run.scan != Scan::interlaced && run.scan != Scan::telecined) continue;
    if (!spans.runs.empty() && spans.runs.back().end_frame == first)
      spans.runs.back() = map.span(*spans.runs.back().first_frame, end);
    else
      spans.runs.push_back(map.span(first, end));
  }
  return spans;
}

bool tells_no_cadence(const Question& question) {
  constexpr std::int64_t kFew = 12;
  return question.history.cadences().evidence < kFew;
}

Value cadence_of(const Question& question, Reading& reading) {
  std::set<std::string_view> names;
  std::int64_t covered = 0;
  for (const FieldRun& run : question.history.runs()) {
    const std::int64_t first = std::max(run.first, question.first);
    const std::int64_t end = std::min(run.end, question.end);
    if (first >= end || run.cadence.empty()) continue;
    names.insert(run.cadence);
    covered += end - first;
    reading.where.push_back(question.frames.map().span(first, end));
  }
  if (names.empty() && tells_no_cadence(question)) return undecided(question, "their cadence");
  if (names.empty()) return Scalar(std::string("none"));
  const bool nearly_all =
      (question.end - question.first - covered) * 10 <= question.end - question.first;
  return Scalar(std::string(names.size() == 1 && nearly_all ? *names.begin() : "mixed"));
}

Value breaks_of(const Question& question, Reading&) {
  if (tells_no_cadence(question)) return undecided(question, "whether their cadence breaks");
  Spans spans;
  for (const std::int64_t frame : question.history.cadences().breaks)
    if (question.first <= frame && frame < question.end)
      spans.runs.push_back(question.frames.map().span(frame, frame + 1));
  return spans;
}

// How a run contradicts the flags of its frames.
enum class Conflict : std::uint8_t { none, not_flagged, other_order };

Conflict conflict_at(const FrameMap& map, const FieldRun& run, std::int64_t frame) {
  if (run.scan != Scan::interlaced && run.scan != Scan::telecined) return Conflict::none;
  if (!map.interlaced(frame)) return Conflict::not_flagged;
  const bool top = run.order == Order::top;
  return map.top_field_first(frame) == top ? Conflict::none : Conflict::other_order;
}

Value misflagged_of(const Question& question, Reading&) {
  Spans spans;
  const FrameMap& map = question.frames.map();
  for (const FieldRun& run : question.history.runs()) {
    const std::int64_t first = std::max(run.first, question.first);
    const std::int64_t end = std::min(run.end, question.end);
    if (run.scan == Scan::unknown && first < end) spans.undecided.push_back(map.span(first, end));
  }
  for (const FieldRun& run : known_runs(question))
    for (std::int64_t frame = run.first; frame < run.end;) {
      const Conflict conflict = conflict_at(map, run, frame);
      std::int64_t end = frame + 1;
      while (end < run.end && conflict_at(map, run, end) == conflict) ++end;
      if (conflict != Conflict::none) spans.runs.push_back(map.span(frame, end));
      frame = end;
    }
  return spans;
}

Value against_flags_of(const Question& question, Reading&) {
  std::set<std::string_view> found;
  const FrameMap& map = question.frames.map();
  for (const FieldRun& run : known_runs(question))
    for (std::int64_t frame = run.first; frame < run.end; ++frame) {
      const Conflict conflict = conflict_at(map, run, frame);
      if (conflict == Conflict::not_flagged)
        found.insert("interlaced as progressive");
      else if (conflict == Conflict::other_order)
        found.insert("reversed fields");
      else if (run.scan == Scan::progressive && map.interlaced(frame))
        found.insert("progressive as interlaced");
      else
        found.insert("agree");
    }
  if (found.empty()) return undecided(question, "whether their scan is as flagged");
  if (found.size() > 1) found.erase("agree");
  // Mixed content in an interlaced stream: the progressive part of it is no contradiction.
  if (found.size() > 1) found.erase("progressive as interlaced");
  return Scalar(std::string(found.size() == 1 ? *found.begin() : "several"));
}

template <Value (*kAnswer)(const Question&, Reading&)>
std::vector<Reading> evaluate(const Evidence& evidence, const Parameters&, const Window& window) {
  return read_video_streams(
      evidence, window, [&](int stream) { return FieldFrames::of(evidence, stream); },
      [](const FieldFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        const FieldHistory history(frames);
        reading.value = kAnswer({frames, history, first, end}, reading);
        if (auto* spans = std::get_if<Spans>(&reading.value))
          tell_spans(frames.map(), Spans(std::move(*spans)), reading);
        if (auto taint = frames.taint(first, end)) reading.tainted_because = std::move(taint);
      });
}

constexpr std::array<RowNeed, 2> kNeeds{{{"picture.fields"}, {"video.frame_time"}}};
constexpr std::string_view kDocument = "docs/quantities/picture.fields.md (own method)";
constexpr std::string_view kScans[] = {"progressive", "interlaced", "telecined", "mixed"};
constexpr std::string_view kOrders[] = {"top", "bottom", "mixed"};
constexpr std::string_view kCadences[] = {
    "none",          "2:3",           "2:3:3:2",       "2:2 shifted",   "2:2:2:4",
    "24->25 fields", "24->25 frames", "25->30 fields", "25->30 frames", "2:3 frames",
    "2:2 frames",    "3:3 frames",    "4:4 frames",    "mixed"};
constexpr std::string_view kAgainstFlags[] = {"agree", "progressive as interlaced",
                                              "interlaced as progressive", "reversed fields",
                                              "several"};

template <Value (*kAnswer)(const Question&, Reading&)>
constexpr Quantity text(std::string_view id, std::span<const std::string_view> allowed,
                        std::string_view noun, std::string_view meaning) {
  return {.id = id,
          .version = 1,
          .kind = ValueKind::text,
          .unit = Unit::none,
          .subject = SubjectKind::video_stream,
          .needs = kNeeds,
          .parameters = {},
          .allowed = allowed,
          .noun = noun,
          .meaning = meaning,
          .document = kDocument,
          .evaluate = evaluate<kAnswer>};
}

template <Value (*kAnswer)(const Question&, Reading&)>
constexpr Quantity spans(std::string_view id, std::string_view noun, std::string_view meaning) {
  return {.id = id,
          .version = 1,
          .kind = ValueKind::spans,
          .unit = Unit::frames,
          .subject = SubjectKind::video_stream,
          .needs = kNeeds,
          .parameters = {},
          .allowed = {},
          .noun = noun,
          .meaning = meaning,
          .document = kDocument,
          .evaluate = evaluate<kAnswer>};
}

}  // namespace

extern const Quantity kPictureScan{
    text<scan_of>("picture.scan", kScans, "scan of the pictures",
                  "progressive, interlaced, telecined or mixed, as the pictures themselves show.")};
extern const Quantity kPictureFieldOrder{
    text<field_order_of>("picture.field_order", kOrders, "field order of the pictures",
                         "The field that the pictures show to be the earlier one.")};
extern const Quantity kPictureCadence{
    text<cadence_of>("picture.cadence", kCadences, "cadence",
                     "The pattern in which fields or frames are repeated to reach the rate.")};
extern const Quantity kPictureScanAgainstFlags{text<against_flags_of>(
    "picture.scan_against_flags", kAgainstFlags, "scan of the pictures against its flags",
    "Whether the pictures are scanned as their frames are flagged.")};
extern const Quantity kPictureInterlaced{
    spans<interlaced_of>("picture.interlaced", "interlaced picture",
                         "Runs of presented frames whose two fields are of different moments, in "
                         "the whole picture or in a part of it.")};
extern const Quantity kPictureCadenceBreaks{
    spans<breaks_of>("picture.cadence_breaks", "broken cadence",
                     "Frames at which the pattern of a rate conversion does not go on.")};
extern const Quantity kPictureMisflagged{
    spans<misflagged_of>("picture.misflagged", "wrongly flagged interlacing",
                         "Runs of presented frames that are interlaced and flagged progressive, or "
                         "flagged with the other field order.")};

}  // namespace cleangate::specs
