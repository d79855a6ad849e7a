// SPDX-License-Identifier: Apache-2.0
// Frames that are missing from a motion.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "specs/quantities/field_cadence.h"
#include "specs/quantities/shown_runs.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

constexpr std::int64_t kReach = 4;      // frames on either side
constexpr std::int64_t kLeast = 65536;  // 1/65536 of a code value of 8 bits: a motion that is seen
const Rational kReplaced(4, 5), kJump(1, 2);

std::int64_t motion(const FieldFrames& frames, std::int64_t i) {
  return (frames.frame(i).moved[0] + frames.frame(i).moved[1]) / 2;
}

// Frames [first, end) all compared, in a motion so steady that the most is at most a fifth above
// the least; that most, else 0.
std::int64_t steady(const FieldFrames& frames, std::int64_t first, std::int64_t end) {
  if (first < 0 || end > frames.count()) return 0;
  std::int64_t least = INT64_MAX, most = 0;
  for (std::int64_t i = first; i < end; ++i) {
    if (frames.frame(i).state != FieldFrames::State::compared) return 0;
    least = std::min(least, motion(frames, i));
    most = std::max(most, motion(frames, i));
  }
  return least >= kLeast && most * 10 <= least * 12 ? most : 0;
}

// The motion before and behind frames [first, end) is steady and the same.
std::int64_t steady_around(const FieldFrames& frames, std::int64_t first, std::int64_t end) {
  const std::int64_t before = steady(frames, first - kReach, first);
  const std::int64_t behind = steady(frames, end, end + kReach);
  const std::int64_t less = std::min(before, behind), more = std::max(before, behind);
  return less > 0 && more * 10 <= less * 12 ? more : 0;
}

// Farther than one step, and no cut.
bool jumps(const FieldFrames& frames, std::int64_t i, std::int64_t step) {
  return motion(frames, i) * 10 >= step * 14 && motion(frames, i) <= step * 3;
}

// Whether a frame is missing before one, and how sure that is.
struct Look {
  bool told = false;  // the motion around the frame is even enough for one of the rules
  std::optional<Rational> sure;
};

// A repeat stands in the place of the missing frame, and the motion catches up behind it: farther
// than in any of the three frames on either side, in which nothing is repeated.
Look replaced_at(const FieldFrames& frames, std::int64_t i) {
  constexpr std::int64_t kBeside = 3;
  const std::int64_t repeat = i - 1;
  if (repeat < kBeside || i + kBeside >= frames.count()) return {};
  std::int64_t least = INT64_MAX, most = 0;
  for (std::int64_t k = repeat - kBeside; k <= i + kBeside; ++k) {
    if (frames.frame(k).state != FieldFrames::State::compared) return {};
    if (k == repeat || k == i) continue;
    least = std::min(least, motion(frames, k));
    most = std::max(most, motion(frames, k));
  }
  if (least < kLeast || most > 2 * least) return {};
  const bool caught_up = motion(frames, repeat) * 4 < least &&
                         motion(frames, i) * 10 >= most * 12 && motion(frames, i) <= most * 3;
  return {true, caught_up ? std::optional(kReplaced) : std::nullopt};
}

Look look_at(const FieldFrames& frames, std::int64_t i) {
  if (frames.frame(i).state != FieldFrames::State::compared) return {};
  const std::int64_t step = steady_around(frames, i, i + 1);
  if (step > 0 && jumps(frames, i, step)) return {true, kJump};
  Look look = replaced_at(frames, i);
  look.told = look.told || step > 0;
  return look;
}

// Nothing where no frame can be told of.
std::optional<Spans> find_dropped(const FieldFrames& frames, std::int64_t first, std::int64_t end,
                                  const Rational& confidence) {
  // In a cadence steps are uneven by design; the breaks of a conversion tell what is missing there.
  std::vector<bool> uneven(static_cast<std::size_t>(frames.count()), false);
  for (const CadenceRun& run : find_cadences(frames).runs)
    std::fill(uneven.begin() + run.first, uneven.begin() + run.end, true);
  Spans spans;
  bool told = false;
  for (std::int64_t i = first; i < end; ++i) {
    if (uneven[static_cast<std::size_t>(i)]) continue;
    const Look look = look_at(frames, i);
    told = told || look.told;
    if (!look.sure || *look.sure < confidence) continue;
    Span span = frames.map().span(i, i + 1);
    span.confidence = *look.sure;
    spans.runs.push_back(span);
  }
  return told ? std::optional(std::move(spans)) : std::nullopt;
}

void tell(const FieldFrames& frames, std::int64_t first, std::int64_t end,
          const Rational& confidence, Reading& reading) {
  if (auto spans = find_dropped(frames, first, end, confidence))
    tell_spans(frames.map(), std::move(*spans), reading);
  else
    reading.value =
        Absent{AbsenceKind::undecided,
               fmt::format("Nowhere do the pictures of stream {} move evenly enough to tell "
                           "whether a frame is missing.",
                           frames.map().stream())};
  if (auto taint = frames.taint(first, end)) reading.tainted_because = std::move(taint);
}

std::vector<Reading> evaluate(const Evidence& evidence, const Parameters& parameters,
                              const Window& window) {
  const Rational confidence = parameters.number("confidence");
  return read_video_streams(
      evidence, window, [&](int stream) { return FieldFrames::of(evidence, stream); },
      [&](const FieldFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        tell(frames, first, end, confidence, reading);
      });
}

constexpr std::array<RowNeed, 2> kNeeds{{{"picture.fields"}, {"video.frame_time"}}};
constexpr std::array<ParameterInfo, 1> kParameters{
    {{"confidence", Unit::none, ValueKind::number, "0.8",
      "Frames of at least this confidence: 0.8 where a repeat stands in the place of the missing "
      "frame, 0.5 where a steady motion only jumps."}}};

}  // namespace

extern const Quantity kPictureDroppedFrames{
    .id = "picture.dropped_frames",
    .version = 2,
    .kind = ValueKind::spans,
    .unit = Unit::frames,
    .subject = SubjectKind::video_stream,
    .needs = kNeeds,
    .parameters = kParameters,
    .allowed = {},
    .noun = "dropped frame",
    .meaning = "Frames before which one is missing from an otherwise steady motion.",
    .document = "docs/quantities/picture.dropped_frames.md (own method)",
    .evaluate = evaluate,
    .missing = Missing::raises};

}  // namespace cleangate::specs
