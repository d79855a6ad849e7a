// SPDX-License-Identifier: Apache-2.0
// Pictures that stand still: freezes, stills from cut to cut, repeated frames.
#include <algorithm>
#include <array>
#include <vector>

#include "specs/quantities/change_frames.h"

namespace cleangate::specs {
namespace {

enum class Cut : std::uint8_t { no, yes, unknown };

enum class Still : std::uint8_t {
  moving,
  repeat,  // of the frame before, but for what coding it twice makes
  grain,   // nothing moves under a noise that does
  open
};

struct StillLimits {
  Rational difference, cell;  // percent of the nominal range
};

constexpr std::size_t kFarther = 2;  // rungs: four times as far

// A repeated frame that is coded anew differs everywhere by its quantization, and its cells stay
// where they are: their means move by a fraction of a code value (MPEG-2 at 30 Mb/s: 0.14), those
// of anything that moves, or fades in less than a minute, by more.
constexpr std::int64_t kStays = 150'000;  // millionths of a code value

// No picture: the means of its cells lie within this share of the nominal range. As picture.black.
const Rational kFlatPercent(6);

class StillFinder {
 public:
  StillFinder(const ChangeFrames& frames, const StillLimits& limits);

  // A run of frames that are still; the frame that they repeat stands before `first`.
  struct Run {
    std::int64_t first = 0, end = 0;
    Still kind = Still::repeat;
  };
  [[nodiscard]] const std::vector<Run>& runs() const { return runs_; }
  [[nodiscard]] Still still(std::int64_t frame) const {
    return stills_[static_cast<std::size_t>(frame)];
  }
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(stills_.size()); }

  // The picture is replaced by another at this frame, or there is no frame before it or no such
  // frame. `outward`: -1 or 1, to where the frames lie whose own change is the measure.
  [[nodiscard]] Cut cut(std::int64_t frame, int outward) const;
  // Unknown where damage stands at an end of the run and the other end is a cut.
  [[nodiscard]] Cut from_cut_to_cut(const Run& run) const;
  // Something moved right before a run of grain, and right behind it: only then it stopped.
  [[nodiscard]] bool stops_abruptly(const Run& run) const;

 private:
  void settle();
  void join_recoded();
  [[nodiscard]] bool pulses(std::int64_t frame) const;
  [[nodiscard]] bool recoded(std::int64_t frame) const;
  [[nodiscard]] Still classify(std::int64_t frame, const StillLimits& limits) const;
  [[nodiscard]] std::size_t grain_rung(std::int64_t frame) const;
  [[nodiscard]] bool moves(std::int64_t frame) const;

  const ChangeFrames& frames_;
  std::vector<Still> stills_;
  std::vector<Run> runs_;
};

StillFinder::StillFinder(const ChangeFrames& frames, const StillLimits& limits) : frames_(frames) {
  for (std::int64_t frame = 0; frame < frames.map().frame_count(); ++frame)
    stills_.push_back(classify(frame, limits));
  settle();
  join_recoded();
  for (std::int64_t frame = 0; frame < count();) {
    const Still kind = still(frame);
    std::int64_t end = frame + 1;
    while (end < count() && still(end) == kind) ++end;
    const bool counts = kind == Still::repeat || kind == Still::grain;
    if (counts && !frames.flat(frame, kFlatPercent)) runs_.push_back({frame, end, kind});
    frame = end;
  }
}

// A decoder needs a few frames until a repeated picture has settled: up to so many right before a
// repeat are repeats as well. With every intra frame it begins anew, and the picture pulses.
void StillFinder::settle() {
  constexpr std::int64_t kMost = 3, kOneCode = 1'000'000;
  for (std::int64_t frame = count() - 1; frame >= 0; --frame) {
    if (still(frame) != Still::repeat) continue;
    for (std::int64_t i = 0; i < kMost && frame > 0 && still(frame - 1) == Still::grain; ++i) {
      if (frames_.change(frame - 1).luma > kOneCode) break;
      stills_[static_cast<std::size_t>(--frame)] = Still::repeat;
    }
  }
  for (std::int64_t frame = 1; frame < count(); ++frame) {
    if (!frames_.map().key(frame) || still(frame - 1) != Still::repeat) continue;
    std::int64_t end = frame;
    while (end < count() && end - frame <= kMost && pulses(end)) ++end;
    if (end < count() && still(end) == Still::repeat)
      std::fill(stills_.begin() + frame, stills_.begin() + end, Still::repeat);
  }
}

// Beside a repeat a coarser one is a repeat as well: the frame behind an intra frame, or the intra
// frame that ends a freeze.
void StillFinder::join_recoded() {
  for (std::int64_t frame = 1; frame < count(); ++frame)
    if (still(frame - 1) == Still::repeat && recoded(frame))
      stills_[static_cast<std::size_t>(frame)] = Still::repeat;
  for (std::int64_t frame = count() - 1; frame > 0; --frame)
    if (still(frame) == Still::repeat && recoded(frame - 1))
      stills_[static_cast<std::size_t>(frame - 1)] = Still::repeat;
}

bool StillFinder::recoded(std::int64_t frame) const {
  if (frames_.state(frame) != ChangeFrames::State::compared || still(frame) == Still::repeat)
    return false;
  constexpr std::int64_t kCode = 1'000'000;
  const ChangeFrames::Change& change = frames_.change(frame);
  return change.luma <= 2 * kCode && change.cell_max <= 4 * kCode && change.motion <= kStays &&
         change.motion <= change.luma / 3 && change.chroma_known && change.chroma <= 2 * kCode;
}

// Coded anew and no other picture: no cell differs by much, and hardly any moves.
bool StillFinder::pulses(std::int64_t frame) const {
  constexpr std::int64_t kCode = 1'000'000;
  if (frames_.state(frame) != ChangeFrames::State::compared || still(frame) == Still::repeat)
    return false;
  const ChangeFrames::Change& change = frames_.change(frame);
  return change.cell_max <= 16 * kCode && change.motion <= 2 * kCode && change.chroma_known &&
         change.chroma <= 2 * kCode;
}

// The means of 64 samples of white noise spread over a sixth of the mean difference, those of grain
// that reaches over its neighbors over a half: cells beyond the whole of it are motion. At least a
// quarter of a code value, which rounding alone can make.
std::size_t StillFinder::grain_rung(std::int64_t frame) const {
  constexpr std::size_t kQuarter = 2, kHighest = probes::kCellChangeRungs - 1 - kFarther;
  std::size_t rung = kQuarter;
  const std::int64_t difference = frames_.change(frame).luma;
  while (rung < kHighest &&
         std::int64_t{probes::cell_change_rung(rung)} * 1'000'000 / 256 < difference)
    ++rung;
  return rung;
}

Still StillFinder::classify(std::int64_t frame, const StillLimits& limits) const {
  if (frames_.state(frame) == ChangeFrames::State::unknown) return Still::open;
  if (frames_.state(frame) == ChangeFrames::State::first) return Still::moving;
  const ChangeFrames::Change& change = frames_.change(frame);
  if (change.identical) return Still::repeat;
  const std::int64_t most = frames_.level(frame, limits.difference);
  constexpr std::int64_t kWide = 2'000'000;  // who asks for more than this asks for motion as well
  const std::int64_t farthest = most > kWide ? most : kStays;
  const bool alike = change.luma <= most && change.motion <= farthest &&
                     change.cell_max <= frames_.level(frame, limits.cell);
  if (alike && !change.chroma_known) return Still::open;  // a limit that the rows do not reach
  if (alike && change.chroma <= most) return Still::repeat;
  constexpr std::int64_t kFew = 20'000, kStray = 2'000;  // millionths of the cells
  const std::size_t rung = grain_rung(frame);
  const bool stands = frames_.cells_above(frame, rung) <= kFew &&
                      frames_.cells_above(frame, rung + kFarther) <= kStray;
  return stands ? Still::grain : Still::moving;
}

bool StillFinder::moves(std::int64_t frame) const {
  constexpr std::int64_t kClearly = 40'000;  // millionths of the cells
  return frame >= 0 && frame < count() && still(frame) == Still::moving &&
         frames_.state(frame) == ChangeFrames::State::compared &&
         frames_.cells_above(frame, grain_rung(frame)) >= kClearly;
}

// Of two stills, one replaces the other in one frame: that is a cut, however little of them
// differs (title cards). Drawings that are held for two or three frames move by such steps; there
// the next drawing is the measure.
Cut StillFinder::cut(std::int64_t frame, int outward) const {
  if (frame <= 0 || frame >= count()) return Cut::yes;
  if (frames_.state(frame) == ChangeFrames::State::unknown) return Cut::unknown;
  if (frames_.state(frame) == ChangeFrames::State::first) return Cut::yes;
  constexpr std::int64_t kHeld = 5;
  std::int64_t beside = frame + outward, held = 0;
  for (; held < kHeld && beside > 0 && beside < count() && still(beside) == Still::repeat; ++held)
    beside += outward;
  if (held == kHeld) return Cut::yes;
  constexpr std::size_t kTwoCodes = 5;
  constexpr std::int64_t kOneCode = 1'000'000, kShare = 300'000, kFactor = 2;
  const std::int64_t motion = frames_.change(frame).motion;
  if (motion < kOneCode || frames_.cells_above(frame, kTwoCodes) < kShare) return Cut::no;
  const bool known =
      beside >= 0 && beside < count() && frames_.state(beside) == ChangeFrames::State::compared;
  return !known || motion >= kFactor * frames_.change(beside).motion ? Cut::yes : Cut::no;
}

Cut StillFinder::from_cut_to_cut(const Run& run) const {
  const Cut before = cut(run.first - 1, -1), behind = cut(run.end, 1);
  if (before == Cut::no || behind == Cut::no) return Cut::no;
  return before == Cut::yes && behind == Cut::yes ? Cut::yes : Cut::unknown;
}

bool StillFinder::stops_abruptly(const Run& run) const {
  const bool before = run.first >= 2 && moves(run.first - 1) && cut(run.first - 1, -1) == Cut::no;
  const bool behind = moves(run.end) && cut(run.end, 1) == Cut::no;
  return before || behind;
}

enum class Wanted : std::uint8_t { freezes, stills, repeats };

struct Question {
  Wanted wanted = Wanted::freezes;
  StillLimits limits;
  Rational shortest;  // seconds
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
    if (held < question.shortest || held < usual * Rational(3)) continue;
    if (frames.state(frame) == ChangeFrames::State::unknown || frames.flat(frame, kFlatPercent))
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
    if (map.start_s(run.end) - map.start_s(begin) < question.shortest) continue;
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

Reading read_stream(const Evidence& evidence, const Subject& subject, const Question& question,
                    const Window& window) {
  Reading reading;
  reading.subject = subject;
  const auto frames = ChangeFrames::of(evidence, subject.index);
  if (!frames) {
    reading.value = frames.error();
    return reading;
  }
  const FrameMap& map = frames->map();
  const auto [first, end] = map.frames_in(window);
  if (auto nothing = frames->luma().nothing_in(first, end)) {
    reading.value = std::move(*nothing);
    return reading;
  }
  Spans spans = collect(*frames, StillFinder(*frames, question.limits), question, first, end);
  reading.tainted_because = map.incomplete();
  if (const auto& untimed = map.untimed()) {  // runs, but nobody knows how long
    spans.undecided.insert(spans.undecided.end(), spans.runs.begin(), spans.runs.end());
    spans.runs.clear();
    if (!reading.tainted_because) reading.tainted_because = untimed;
  }
  reading.value = std::move(spans);
  return reading;
}

template <Wanted kWanted>
std::vector<Reading> evaluate(const Evidence& evidence, const Parameters& parameters,
                              const Window& window) {
  Question question;
  question.wanted = kWanted;
  question.limits = {parameters.number("difference"), parameters.number("cell")};
  if (kWanted != Wanted::repeats) {
    question.shortest = parameters.number("shortest");
    question.confidence = parameters.number("confidence");
  }
  std::vector<Reading> readings;
  for (const Subject& subject : video_subjects(evidence))
    readings.push_back(read_stream(evidence, subject, question, window));
  return readings;
}

constexpr std::array<RowNeed, 3> kNeeds{
    {{"picture.change"}, {"picture.luma"}, {"video.frame_time"}}};
constexpr ParameterInfo kDifference{"difference", Unit::percent, ValueKind::number, "0.3 %",
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
          .version = 1,
          .kind = ValueKind::spans,
          .unit = Unit::frames,
          .subject = SubjectKind::video_stream,
          .needs = kNeeds,
          .parameters = parameters,
          .allowed = {},
          .noun = noun,
          .meaning = meaning,
          .document = "ITU-R BT.709-6 and BT.2100-2: nominal levels",
          .evaluate = evaluate<kWanted>};
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
