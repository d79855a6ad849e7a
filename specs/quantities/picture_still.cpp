// SPDX-License-Identifier: Apache-2.0
// Pictures that stand still: freezes, stills from cut to cut, repeated frames.
#include <algorithm>
#include <array>
#include <vector>

#include "specs/quantities/duration.h"
#include "specs/quantities/shown_runs.h"
#include "specs/quantities/still_finder.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

enum class Wanted : std::uint8_t { freezes, stills, repeats };

struct Question {
  Wanted wanted = Wanted::freezes;
  StillLimits limits;
  Duration shortest;
  Rational confidence;
};

// Whether this run is what is asked for, and how sure that is.
struct Answer {
  enum class Is : std::uint8_t { no, yes, undecided } is = Is::no;
  Rational confidence{1};
};

Answer answer(const StillFinder& finder, const StillFinder::Run& run, Wanted wanted) {
  using Is = Answer::Is;
  const bool exact = run.kind == Still::repeat;
  const Rational confidence = exact ? Rational(1) : Rational(1, 2);
  if (wanted == Wanted::repeats) return {exact ? Is::yes : Is::no, confidence};
  const Cut whole_shot = finder.from_cut_to_cut(run);
  const bool stopped = exact || finder.stops_abruptly(run);
  if (wanted == Wanted::freezes && !stopped) return {Is::no, confidence};
  if (whole_shot == Cut::unknown) return {Is::undecided, confidence};
  const bool still = whole_shot == Cut::yes;
  return {still == (wanted == Wanted::stills) ? Is::yes : Is::no, confidence};
}

// One picture that is presented for long, in a stream of shorter ones, stands still as well; not
// the slide between two cuts.
void add_held(const ChangeFrames& frames, const StillFinder& finder, const Question& question,
              std::int64_t first, std::int64_t end, Spans& spans) {
  const FrameMap& map = frames.map();
  const Rational usual =
      (map.end_s(map.frame_count() - 1) - map.start_s(0)) / Rational(map.frame_count());
  for (std::int64_t frame = first; frame < end; ++frame) {
    const Rational held = map.end_s(frame) - map.start_s(frame);
    if (held < question.shortest.seconds || held < usual * Rational(3)) continue;
    if (frames.state(frame) == ChangeFrames::State::unknown || frames.flat(frame, flat_percent()))
      continue;
    const auto in = std::find_if(spans.runs.begin(), spans.runs.end(), [&](const Span& run) {
      return *run.first_frame <= frame && frame < *run.end_frame;
    });
    if (in != spans.runs.end()) continue;
    const Cut slide = finder.from_cut_to_cut({frame + 1, frame + 1});
    if (slide == Cut::yes) continue;
    Span span = map.span(frame, frame + 1);
    span.confidence = Rational(1);
    (slide == Cut::no ? spans.runs : spans.undecided).push_back(span);
  }
  std::sort(spans.runs.begin(), spans.runs.end(),
            [](const Span& a, const Span& b) { return a.first_frame < b.first_frame; });
}

Spans collect(const ChangeFrames& frames, const StillFinder& finder, const Question& question,
              std::int64_t first, std::int64_t end) {
  const FrameMap& map = frames.map();
  Spans spans;
  for (const StillFinder::Run& run : finder.runs()) {
    // A freeze begins with the frame that is repeated.
    const std::int64_t begin = question.wanted == Wanted::repeats ? run.first : run.first - 1;
    const std::int64_t from = std::max(first, begin), to = std::min(end, run.end);
    if (from >= to) continue;
    const Answer found = answer(finder, run, question.wanted);
    if (found.is == Answer::Is::no || found.confidence < question.confidence) continue;
    if (!question.shortest.reached_by(map, begin, run.end)) continue;
    Span span = map.span(from, to);
    span.confidence = found.confidence;
    (found.is == Answer::Is::yes ? spans.runs : spans.undecided).push_back(span);
  }
  if (question.wanted == Wanted::freezes) add_held(frames, finder, question, first, end, spans);
  for (std::int64_t frame = first; frame < end;) {
    std::int64_t stop = frame + 1;
    while (stop < end && finder.still(stop) == finder.still(frame)) ++stop;
    if (finder.still(frame) == Still::open) spans.undecided.push_back(map.span(frame, stop));
    frame = stop;
  }
  std::sort(spans.undecided.begin(), spans.undecided.end(),
            [](const Span& a, const Span& b) { return a.first_frame < b.first_frame; });
  return spans;
}

template <Wanted kWanted>
std::vector<Reading> evaluate(const Evidence& evidence, const Parameters& parameters,
                              const Window& window) {
  Question question;
  question.wanted = kWanted;
  question.limits = {parameters.number("difference"), parameters.number("cell")};
  if (kWanted != Wanted::repeats) question.confidence = parameters.number("confidence");
  return read_video_streams(
      evidence, window, [&](int stream) { return ChangeFrames::of(evidence, stream); },
      [&](const ChangeFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        if (kWanted != Wanted::repeats) {
          auto shortest = duration_of(parameters, "shortest", evidence, frames.map().stream());
          if (!shortest) {
            reading.value = std::move(shortest.error());
            return;
          }
          question.shortest = std::move(*shortest);
        }
        const StillFinder finder(frames, question.limits);
        tell_spans(frames.map(), collect(frames, finder, question, first, end), reading);
      });
}

constexpr std::array<RowNeed, 3> kNeeds{
    {{"picture.change"}, {"picture.luma"}, {"video.frame_time"}}};
constexpr ParameterInfo kDifference{"difference", Unit::percent, ValueKind::number, "0.05 %",
                                    "A frame whose luma and whose chroma differ from the frame "
                                    "before by no more than this share of "
                                    "the nominal range in the mean repeats it."};
constexpr ParameterInfo kCell{
    "cell", Unit::percent, ValueKind::number, "1 %",
    "Nor may the luma of any cell of 8x8 samples differ by more than this in the mean."};
constexpr ParameterInfo kConfidence{
    "confidence", Unit::none, ValueKind::number, "1",
    "Runs of at least this confidence: 1 where frames are repeated, 0.5 where the picture stands "
    "still under live grain."};
constexpr std::array<ParameterInfo, 4> kFreezeParameters{
    {kDifference,
     kCell,
     {"shortest", Unit::seconds, ValueKind::number, "0.2 s", "Shorter runs are not counted."},
     kConfidence}};
constexpr std::array<ParameterInfo, 4> kStaticParameters{
    {kDifference,
     kCell,
     {"shortest", Unit::seconds, ValueKind::number, "1 s", "Shorter runs are not counted."},
     kConfidence}};
constexpr std::array<ParameterInfo, 2> kRepeatParameters{{kDifference, kCell}};

template <Wanted kWanted, std::size_t N>
constexpr Quantity quantity(std::string_view id, const std::array<ParameterInfo, N>& parameters,
                            std::string_view noun, std::string_view meaning) {
  return {.id = id,
          .version = kWanted == Wanted::repeats ? 1 : 2,
          .kind = ValueKind::spans,
          .unit = Unit::frames,
          .subject = SubjectKind::video_stream,
          .needs = kNeeds,
          .parameters = parameters,
          .allowed = {},
          .noun = noun,
          .meaning = meaning,
          .document = "ITU-R BT.709-6 and BT.2100-2: nominal levels",
          .evaluate = evaluate<kWanted>,
          .missing = Missing::raises};
}

}  // namespace

extern const Quantity kPictureFreeze{quantity<Wanted::freezes>(
    "picture.freeze", kFreezeParameters, "frozen picture",
    "Runs of presented frames in which a picture that moved stands still, from the frame that is "
    "repeated on.")};
extern const Quantity kPictureStatic{quantity<Wanted::stills>(
    "picture.static", kStaticParameters, "still picture",
    "Runs of presented frames, from one cut to the next, that show one unmoving picture.")};
extern const Quantity kPictureRepeats{quantity<Wanted::repeats>(
    "picture.repeats", kRepeatParameters, "repeated frame",
    "Runs of presented frames, one or longer, each of which repeats the frame before it.")};

}  // namespace cleangate::specs
