// SPDX-License-Identifier: Apache-2.0
// Head, programme with its parts, and tail: how a file is laid out.
#include <fmt/format.h>

#include <array>
#include <vector>

#include "specs/primary_timecode.h"
#include "specs/quantities/duration.h"
#include "specs/quantities/programme_layout.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

using Is = ProgrammeBounds::Is;

// What is asked of the frames in a window.
struct Asked {
  const LayoutFrames& frames;
  const Parameters& parameters;
  const Evidence& evidence;
  std::int64_t first, end;
  std::vector<Section> sections;
  ProgrammeBounds bounds;

  [[nodiscard]] const FrameMap& map() const { return frames.map(); }
  [[nodiscard]] Rational seconds(std::int64_t frame) const {
    return map().start_s(frame) - map().start_s(first);
  }
  [[nodiscard]] Absent no_programme() const {
    return {AbsenceKind::undefined, fmt::format("Stream {} shows nothing but {}.", map().stream(),
                                                describe_before(sections, end))};
  }
  [[nodiscard]] Absent open(std::string_view which, std::int64_t low, std::int64_t high) const {
    return {AbsenceKind::undecided,
            fmt::format("The programme of stream {} {} between {} s and {} s: what stands there "
                        "({}) may belong to it.",
                        map().stream(), which, to_decimal(seconds(low), 3),
                        to_decimal(seconds(high), 3), describe_before(between(low, high), high))};
  }
  [[nodiscard]] std::vector<Section> between(std::int64_t low, std::int64_t high) const {
    std::vector<Section> some;
    for (const Section& section : sections)
      if (section.first >= low && section.end <= high) some.push_back(section);
    return some;
  }
};

void tell_between(const Rational& low, const Rational& high, Reading& reading) {
  if (low == high)
    reading.value = Scalar(low);
  else
    reading.value = Interval{low, high};
}

void tell_programme(const Asked& asked, Reading& reading) {
  const ProgrammeBounds& bounds = asked.bounds;
  Spans spans;
  const auto add = [&](std::vector<Span>& to, std::int64_t first, std::int64_t end) {
    if (first < end) to.push_back(asked.map().span(first, end));
  };
  if (bounds.is == Is::found) {
    add(spans.undecided, bounds.start_low, bounds.start_high);
    add(spans.runs, bounds.start_high, bounds.end_low);
    add(spans.undecided, bounds.end_low, bounds.end_high);
  } else if (bounds.is == Is::open) {
    add(spans.undecided, bounds.start_low, bounds.end_high);
  }
  reading.value = std::move(spans);
}

void tell_start(const Asked& asked, Reading& reading) {
  const ProgrammeBounds& bounds = asked.bounds;
  tell_between(asked.seconds(bounds.start_low), asked.seconds(bounds.start_high), reading);
  reading.where.push_back(asked.map().span(bounds.start_high, bounds.start_high + 1));
}

void tell_end(const Asked& asked, Reading& reading) {
  const ProgrammeBounds& bounds = asked.bounds;
  tell_between(asked.seconds(bounds.end_low), asked.seconds(bounds.end_high), reading);
  reading.where.push_back(asked.map().span(bounds.end_low - 1, bounds.end_low));
}

void tell_duration(const Asked& asked, Reading& reading) {
  const ProgrammeBounds& bounds = asked.bounds;
  tell_between(asked.seconds(bounds.end_low) - asked.seconds(bounds.start_high),
               asked.seconds(bounds.end_high) - asked.seconds(bounds.start_low), reading);
}

void tell_head(const Asked& asked, Reading& reading) {
  const ProgrammeBounds& bounds = asked.bounds;
  if (bounds.start_low < bounds.start_high)
    reading.value = asked.open("begins", bounds.start_low, bounds.start_high);
  else
    reading.value = Scalar(describe_before(asked.sections, bounds.start_low));
}

void tell_tail(const Asked& asked, Reading& reading) {
  const ProgrammeBounds& bounds = asked.bounds;
  if (bounds.end_low < bounds.end_high)
    reading.value = asked.open("ends", bounds.end_low, bounds.end_high);
  else
    reading.value = Scalar(describe_after(asked.sections, bounds.end_high));
}

void tell_parts(const Asked& asked, Reading& reading) {
  const FrameMap& map = asked.map();
  const auto shortest = duration_of(asked.parameters, "shortest", asked.evidence, map.stream());
  if (!shortest) {
    reading.value = shortest.error();
    return;
  }
  Spans spans;
  const auto parts = find_parts(asked.sections, asked.bounds, [&](const Section& gap) {
    return shortest->reached_by(map, gap.first, gap.end);
  });
  for (const Section& part : parts.parts) {
    Span& span = spans.runs.emplace_back(map.span(part.first, part.end));
    span.confidence = part.shows == Shows::picture ? Rational(1) : Rational(1, 2);
  }
  for (const Section& open : parts.open) spans.undecided.push_back(map.span(open.first, open.end));
  reading.value = std::move(spans);
}

// The label of the primary timecode at the programme's first frame.
void tell_timecode(const Asked& asked, Reading& reading) {
  const ProgrammeBounds& bounds = asked.bounds;
  if (bounds.start_low < bounds.start_high) {
    reading.value = asked.open("begins", bounds.start_low, bounds.start_high);
    return;
  }
  const probes::AssetFacts& facts = asked.evidence.facts();
  const probes::TimecodeFacts* primary = primary_timecode(facts);
  if (!primary) {
    reading.value = Absent{AbsenceKind::not_applicable, "The file has no timecode."};
    return;
  }
  const auto unknown = [&](std::string because) {
    reading.value = Absent{AbsenceKind::undecided, std::move(because)};
  };
  const auto start = start_label(*primary);
  if (!start) return unknown("The first label of the timecode is not known.");
  const Rational at = asked.map().start_s(bounds.start_low) - picture_start(facts, primary);
  const std::int64_t labels = (at * *primary->rate).round();
  const auto& jumps = primary->discontinuities;
  if (!jumps.empty() && jumps.front().frame <= labels)
    return unknown(fmt::format("The labels jump at frame {}.", jumps.front().frame));
  reading.value = Scalar(start->plus_frames(labels));
  reading.where.push_back(asked.map().span(bounds.start_low, bounds.start_low + 1));
}

enum class Whole : std::uint8_t { also, no };  // whether it is told where there is no programme

template <void (*kTell)(const Asked&, Reading&), Whole kWhole>
std::vector<Reading> evaluate(const Evidence& evidence, const Parameters& parameters,
                              const Window& window) {
  return read_video_streams(
      evidence, window, [&](int stream) { return LayoutFrames::of(evidence, stream); },
      [&](const LayoutFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        Asked asked{frames, parameters, evidence, first, end, frames.sections(first, end), {}};
        asked.bounds = find_programme(asked.sections);
        reading.tainted_because = frames.map().incomplete();
        if (kWhole == Whole::also || asked.bounds.is == Is::found)
          kTell(asked, reading);
        else if (asked.bounds.is == Is::none)
          reading.value = asked.no_programme();
        else
          reading.value = asked.open("lies", asked.first, asked.end);
      });
}

// Their versions are raised with those of the quantities that tell what a frame shows.
constexpr std::array<RowNeed, 5> kNeeds{{{"picture.luma"},
                                         {"picture.change"},
                                         {"picture.signal"},
                                         {"picture.bars"},
                                         {"video.frame_time"}}};
constexpr std::array<ParameterInfo, 1> kPartParameters{
    {{"shortest", Unit::seconds, ValueKind::number, "1 s",
      "Black between two parts lasts at least this long; color bars part them always."}}};

template <void (*kTell)(const Asked&, Reading&), Whole kWhole = Whole::no>
constexpr Quantity quantity(std::string_view id, ValueKind kind, Unit unit, std::string_view noun,
                            std::string_view meaning,
                            std::span<const ParameterInfo> parameters = {}) {
  return {.id = id,
          .version = 1,
          .kind = kind,
          .unit = unit,
          .subject = SubjectKind::video_stream,
          .needs = kNeeds,
          .parameters = parameters,
          .allowed = {},
          .noun = noun,
          .meaning = meaning,
          .document = "own method: docs/quantities/layout.programme.md",
          .evaluate = evaluate<kTell, kWhole>,
          .missing = Missing::either};
}

}  // namespace

extern const Quantity kLayoutProgramme{quantity<tell_programme, Whole::also>(
    "layout.programme", ValueKind::spans, Unit::frames, "programme",
    "The frames from the first to the last of the programme, without the black, bars and slates "
    "around it.")};
extern const Quantity kLayoutProgrammeStart{quantity<tell_start>(
    "layout.programme_start", ValueKind::number, Unit::seconds, "start of the programme",
    "From the first frame of the picture to the first of the programme.")};
extern const Quantity kLayoutProgrammeEnd{quantity<tell_end>(
    "layout.programme_end", ValueKind::number, Unit::seconds, "end of the programme",
    "From the first frame of the picture to the first behind the programme.")};
extern const Quantity kLayoutProgrammeDuration{quantity<tell_duration>(
    "layout.programme_duration", ValueKind::number, Unit::seconds, "length of the programme",
    "From the first frame of the programme to the first behind it.")};
extern const Quantity kLayoutProgrammeTimecode{quantity<tell_timecode>(
    "layout.programme_timecode", ValueKind::timecode, Unit::none,
    "timecode of the programme's start",
    "The label of the primary timecode at the first frame of the programme.")};
extern const Quantity kLayoutHead{quantity<tell_head>(
    "layout.head", ValueKind::text, Unit::none, "head",
    "What is shown before the programme, in order: black, bars, color, still, unknown; or none.")};
extern const Quantity kLayoutTail{quantity<tell_tail>(
    "layout.tail", ValueKind::text, Unit::none, "tail",
    "What is shown behind the programme, in order: black, bars, color, still, unknown; or none.")};
extern const Quantity kLayoutParts{quantity<tell_parts, Whole::also>(
    "layout.parts", ValueKind::spans, Unit::frames, "part of the programme",
    "The parts of the programme, between commercial blacks.", kPartParameters)};

}  // namespace cleangate::specs
