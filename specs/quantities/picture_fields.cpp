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
  std::vector<FieldRun> runs;       // of the window
};

Absent undecided(const Question& question, std::string_view what) {
  return {AbsenceKind::undecided,
          fmt::format("Too little moves in the pictures of stream {} to tell {}.",
                      question.frames.map().stream(), what)};
}

bool fielded(const FieldRun& run) {
  return run.scan == Scan::interlaced || run.scan == Scan::telecined;
}

using Value = decltype(Reading::value);

Value scan_of(const Question& question, Reading& reading) {
  std::set<Scan> kinds;
  bool in_part = false;
  for (const FieldRun& run : question.runs) {
    if (run.scan == Scan::unknown) continue;
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
  for (const FieldRun& run : question.runs) {
    known = known || run.scan != Scan::unknown;
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

// What is damaged may be anything, also among interlaced frames.
bool told(const Question& question, std::int64_t frame) {
  const auto state = question.frames.frame(frame).state;
  return state == FieldFrames::State::compared || state == FieldFrames::State::alone;
}

Value interlaced_of(const Question& question, Reading&) {
  std::vector<Shown> shown;
  for (const FieldRun& run : question.runs)
    for (std::int64_t frame = run.first; frame < run.end; ++frame)
      shown.push_back(run.scan == Scan::unknown || !told(question, frame) ? Shown::open
                      : fielded(run)                                      ? Shown::yes
                                                                          : Shown::no);
  return runs_of(question.frames.map(), question.first, shown);
}

bool tells_no_cadence(const Question& question) {
  constexpr std::int64_t kFew = 12;
  const std::vector<bool>& tells = question.history.cadences().tells;
  return std::count(tells.begin() + question.first, tells.begin() + question.end, true) < kFew;
}

Value cadence_of(const Question& question, Reading& reading) {
  std::set<std::string_view> names;
  std::int64_t covered = 0;
  for (const FieldRun& run : question.runs) {
    if (run.cadence.empty()) continue;
    names.insert(run.cadence);
    covered += run.end - run.first;
    reading.where.push_back(question.frames.map().span(run.first, run.end));
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

// A frame beside its flags.
enum class Flags : std::uint8_t { unknown, agree, progressive_flagged, not_flagged, other_order };

Flags flags_at(const FrameMap& map, const FieldRun& run, std::int64_t frame) {
  if (run.scan == Scan::unknown) return Flags::unknown;
  if (!fielded(run)) return map.interlaced(frame) ? Flags::progressive_flagged : Flags::agree;
  if (!map.interlaced(frame)) return Flags::not_flagged;
  const bool top = run.order == Order::top;
  return map.top_field_first(frame) == top ? Flags::agree : Flags::other_order;
}

// Runs by which field is the earlier one, if any.
std::vector<FieldRun> by_order(std::vector<FieldRun> runs) {
  std::vector<FieldRun> merged;
  for (FieldRun& run : runs) {
    if (fielded(run)) run.scan = Scan::interlaced;
    const bool goes_on =
        !merged.empty() && merged.back().scan == run.scan && merged.back().order == run.order;
    if (goes_on)
      merged.back().end = run.end;
    else
      merged.push_back(run);
  }
  return merged;
}

// The flags of every frame of the stream.
class FlagFinder {
 public:
  explicit FlagFinder(const Question& question) : question_(question) {
    const std::vector<FieldRun> runs =
        by_order(question.history.runs_in(0, question.frames.count()));
    for (const FieldRun& run : runs)
      for (std::int64_t frame = run.first; frame < run.end; ++frame)
        flags_.push_back(flags_at(question.frames.map(), run, frame));
    for (const FieldRun& run : runs) doubt(run);
  }
  // Of a frame of the window, in a run of the window.
  [[nodiscard]] Flags at(const FieldRun& run, std::int64_t frame) const {
    const bool known = run.scan != Scan::unknown && told(question_, frame);
    return known ? flags_[static_cast<std::size_t>(frame)] : Flags::unknown;
  }

 private:
  // Still pictures may be flagged as they like, and belong to the run before or behind them; where
  // one run goes over into another may be told two frames late or early.
  void doubt(const FieldRun& run) {
    constexpr std::int64_t kLong = 12, kNear = 2;
    const bool inner_first = run.first > 0, inner_end = run.end < question_.frames.count();
    std::int64_t quiet = run.first;  // nothing moves from here on
    const auto doubt_still = [&](std::int64_t end, bool at_border) {
      const bool cut_in = quiet > run.first && quiet < end;  // the frame before is of the still
      if (at_border || end - quiet > kLong) doubt(cut_in ? quiet - 1 : quiet, end);
    };
    for (std::int64_t frame = run.first; frame < run.end; ++frame) {
      if (!question_.history.tells(frame)) continue;
      doubt_still(frame, inner_first && quiet == run.first);
      quiet = frame + 1;
    }
    doubt_still(run.end, inner_end);
    if (inner_first) doubt(run.first, std::min(run.first + kNear, run.end));
    if (inner_end) doubt(std::max(run.end - kNear, run.first), run.end);
  }
  // What contradicts in frames [first, end) is left open; to flag the rest interlaced is legal.
  void doubt(std::int64_t first, std::int64_t end) {
    for (std::int64_t frame = first; frame < end; ++frame) {
      Flags& flags = flags_[static_cast<std::size_t>(frame)];
      const bool wrong = flags == Flags::not_flagged || flags == Flags::other_order;
      flags = wrong ? Flags::unknown : flags == Flags::unknown ? flags : Flags::agree;
    }
  }

  const Question& question_;
  std::vector<Flags> flags_;
};

Value misflagged_of(const Question& question, Reading&) {
  const FlagFinder finder(question);
  std::vector<Shown> shown;
  for (const FieldRun& run : question.runs)
    for (std::int64_t frame = run.first; frame < run.end; ++frame) {
      const Flags flags = finder.at(run, frame);
      const bool wrong = flags == Flags::not_flagged || flags == Flags::other_order;
      shown.push_back(flags == Flags::unknown ? Shown::open : wrong ? Shown::yes : Shown::no);
    }
  return runs_of(question.frames.map(), question.first, shown);
}

Value against_flags_of(const Question& question, Reading&) {
  const FlagFinder finder(question);
  std::set<Flags> found;
  for (const FieldRun& run : question.runs)
    for (std::int64_t frame = run.first; frame < run.end; ++frame)
      found.insert(finder.at(run, frame));
  found.erase(Flags::unknown);
  if (found.empty()) return undecided(question, "whether their scan is as flagged");
  if (found.size() > 1) found.erase(Flags::agree);
  // Mixed content in an interlaced stream: the progressive part of it is no contradiction.
  if (found.size() > 1) found.erase(Flags::progressive_flagged);
  if (found.size() > 1) return Scalar(std::string("several"));
  switch (*found.begin()) {
    case Flags::progressive_flagged:
      return Scalar(std::string("progressive as interlaced"));
    case Flags::not_flagged:
      return Scalar(std::string("interlaced as progressive"));
    case Flags::other_order:
      return Scalar(std::string("reversed fields"));
    default:
      return Scalar(std::string("agree"));
  }
}

template <Value (*kAnswer)(const Question&, Reading&)>
std::vector<Reading> evaluate(const Evidence& evidence, const Parameters&, const Window& window) {
  return read_video_streams(
      evidence, window, [&](int stream) { return FieldFrames::of(evidence, stream); },
      [](const FieldFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        const FieldHistory history(frames);
        reading.value =
            kAnswer({frames, history, first, end, history.runs_in(first, end)}, reading);
        if (auto* spans = std::get_if<Spans>(&reading.value))
          tell_spans(frames.map(), Spans(std::move(*spans)), reading);
        if (auto taint = frames.taint(first, end)) reading.tainted_because = std::move(taint);
      });
}

constexpr std::array<RowNeed, 2> kNeeds{{{"picture.fields"}, {"video.frame_time"}}};
constexpr std::string_view kDocument = "docs/quantities/picture.fields.md (own method)";
constexpr std::string_view kScans[] = {"progressive", "interlaced", "telecined", "mixed"};
constexpr std::string_view kOrders[] = {"top", "bottom", "mixed"};
// "none", the patterns, what has no pattern, "mixed".
constexpr auto kCadences = [] {
  constexpr std::size_t kNames = [] {
    std::size_t names = 0;
    std::string_view before;
    for (const CadencePattern& pattern : kCadencePatterns) {
      names += pattern.name != before;
      before = pattern.name;
    }
    return names;
  }();
  std::array<std::string_view, kNames + 3> all{"none"};
  std::size_t last = 0;
  for (const CadencePattern& pattern : kCadencePatterns)
    if (all[last] != pattern.name) all[++last] = pattern.name;
  all[++last] = kShiftedCadence;
  all[++last] = "mixed";
  return all;
}();
constexpr std::string_view kAgainstFlags[] = {"agree", "progressive as interlaced",
                                              "interlaced as progressive", "reversed fields",
                                              "several"};

template <Value (*kAnswer)(const Question&, Reading&)>
constexpr Quantity text(std::string_view id, std::span<const std::string_view> allowed,
                        std::string_view noun, std::string_view meaning) {
  return {.id = id,
          .version = 2,
          .kind = ValueKind::text,
          .unit = Unit::none,
          .subject = SubjectKind::video_stream,
          .needs = kNeeds,
          .parameters = {},
          .allowed = allowed,
          .noun = noun,
          .meaning = meaning,
          .document = kDocument,
          .evaluate = evaluate<kAnswer>,
          .missing = Missing::either};
}

template <Value (*kAnswer)(const Question&, Reading&)>
constexpr Quantity spans(std::string_view id, std::string_view noun, std::string_view meaning) {
  return {.id = id,
          .version = 2,
          .kind = ValueKind::spans,
          .unit = Unit::frames,
          .subject = SubjectKind::video_stream,
          .needs = kNeeds,
          .parameters = {},
          .allowed = {},
          .noun = noun,
          .meaning = meaning,
          .document = kDocument,
          .evaluate = evaluate<kAnswer>,
          .missing = Missing::raises};
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
extern const Quantity kPictureCadenceBreaks{spans<breaks_of>(
    "picture.cadence_breaks", "broken cadence",
    "Frames at which the pattern of a rate conversion goes on in another phase, or "
    "that of another conversion begins.")};
extern const Quantity kPictureMisflagged{
    spans<misflagged_of>("picture.misflagged", "wrongly flagged interlacing",
                         "Runs of presented frames that are interlaced and flagged progressive, or "
                         "flagged with the other field order.")};

}  // namespace cleangate::specs
