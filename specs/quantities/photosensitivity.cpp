// SPDX-License-Identifier: Apache-2.0
// Flashes that may harm viewers with photosensitive epilepsy.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "specs/quantities/duration.h"
#include "specs/quantities/flash_count.h"
#include "specs/quantities/shown_runs.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

using probes::LightCurve;

// Rounded down; saturating, at some 31 years.
std::int64_t nanoseconds(const Rational& seconds) {
  constexpr std::int64_t kBillion = 1'000'000'000;
  const std::int64_t whole = std::clamp<std::int64_t>(seconds.floor(), -kBillion, kBillion);
  const Rational rest = seconds - Rational(seconds.floor());
  __extension__ using Wide = __int128;
  return whole * kBillion + static_cast<std::int64_t>(Wide{rest.num()} * kBillion / rest.den());
}

// How long a change may take: nanoseconds or, where it is written so, frames.
struct Reach {
  std::int64_t ns = 0;
  std::optional<std::int64_t> frames;

  Reach() = default;
  explicit Reach(const Duration& duration) : ns(nanoseconds(duration.seconds)) {
    if (duration.frames) frames = duration.frames->floor();
  }
  [[nodiscard]] bool covers(std::int64_t took_ns, std::int64_t took_frames) const {
    return frames ? took_frames <= *frames : took_ns <= ns;
  }
};

struct Question {
  FlashPart part = FlashPart::luminance;
  FlashLimits limits;
  double white = 200;  // cd/m2
  Reach step;          // a change takes no longer, or one frame
  Reach ramp;          // likewise, of slow changes
};

double number(const Rational& value) {
  return static_cast<double>(value.num()) / static_cast<double>(value.den());
}

struct HarmfulRun {
  std::int64_t first = 0, end = 0;
  double area = 0;
};

void add_harm(std::vector<HarmfulRun>& runs, const FlashCount::Harm& harm, std::int64_t frame) {
  HarmfulRun run{harm.first, frame + 1, harm.area};
  while (!runs.empty() && runs.back().end >= run.first) {
    run.first = std::min(run.first, runs.back().first);
    run.area = std::max(run.area, runs.back().area);
    runs.pop_back();
  }
  runs.push_back(run);
}

// One pass over frames [first, end).
class FlashFinder {
 public:
  FlashFinder(FlashFrames& frames, const Question& question)
      : frames_(frames), question_(question), fast_(question.limits), slow_(question.limits) {}

  [[nodiscard]] bool find(std::int64_t first, std::int64_t end);
  [[nodiscard]] const std::vector<HarmfulRun>& fast() const { return fast_.runs; }
  [[nodiscard]] const std::vector<HarmfulRun>& slow() const { return slow_.runs; }

 private:
  // Changes that take no longer than so much, and what they come to.
  struct Pace {
    explicit Pace(const FlashLimits& limits) : count(limits) {}
    FlashCount count;
    std::vector<HarmfulRun> runs;
    CellChanges changes{};
    std::int64_t since = 0;  // the first frame to compare with
  };
  void look_back(std::int64_t first, std::int64_t frame);
  [[nodiscard]] std::optional<bool> may_change(std::int64_t frame);
  [[nodiscard]] bool visit(std::int64_t first, std::int64_t frame);
  void compare(const FlashPicture& before, const FlashPicture& now, std::int64_t frame);
  void merge(Pace& pace) const;
  void conclude(Pace& pace, std::int64_t frame);
  void set_form(std::int64_t frame);

  FlashFrames& frames_;
  const Question& question_;
  Pace fast_, slow_;
  CellAreas areas_{};
  CellChanges found_{};
  LightCells least_{}, most_{};
  int width_ = 0, height_ = 0;
};

void FlashFinder::set_form(std::int64_t frame) {
  if (frames_.width(frame) == width_ && frames_.height(frame) == height_) return;
  width_ = frames_.width(frame);
  height_ = frames_.height(frame);
  areas_ = cell_areas(width_, height_, question_.part);
  fast_.count.forget();
  slow_.count.forget();
}

// The later of two changes of a cell tells its direction, the larger of one direction its share.
void FlashFinder::merge(Pace& pace) const {
  for (std::size_t i = 0; i < found_.size(); ++i) {
    float& into = pace.changes[i];
    if (into == 0 || (into * found_[i] > 0 && std::abs(found_[i]) > std::abs(into)))
      into = found_[i];
  }
}

void FlashFinder::compare(const FlashPicture& before, const FlashPicture& now, std::int64_t frame) {
  if (question_.part == FlashPart::red) return red_changes(before, now, question_.limits, found_);
  const LightCurve curve = frames_.curve(frame);
  const bool hdr = curve == LightCurve::pq || curve == LightCurve::hlg;
  luminance_changes(before, now, width_, height_, question_.limits, hdr, found_);
}

// How far back the two paces reach from this frame.
void FlashFinder::look_back(std::int64_t first, std::int64_t frame) {
  const FrameMap& map = frames_.map();
  const std::int64_t now_ns = nanoseconds(map.start_s(frame));
  fast_.since = slow_.since = frame;
  for (std::int64_t past = frame - 1; past >= first && past > frame - FlashFrames::kReach; --past) {
    if (!frames_.comparable(past, frame)) return;
    const std::int64_t took = now_ns - nanoseconds(map.start_s(past));
    const bool is_fast = past == frame - 1 || question_.step.covers(took, frame - past);
    if (!is_fast && !question_.ramp.covers(took, frame - past)) return;
    if (is_fast) fast_.since = past;
    slow_.since = past;
  }
}

// Nothing: the rows cannot be read.
std::optional<bool> FlashFinder::may_change(std::int64_t frame) {
  const FlashPicture* now = frames_.picture(frame);
  if (!now) return std::nullopt;
  if (question_.part == FlashPart::red) return true;
  least_ = most_ = now->light;
  for (std::int64_t past = slow_.since; past < frame; ++past) {
    const LightCells& light = frames_.picture(past)->light;
    for (std::size_t i = 0; i < light.size(); ++i) {
      least_[i] = std::min(least_[i], light[i]);
      most_[i] = std::max(most_[i], light[i]);
    }
  }
  return may_flash(least_, most_, now->light, areas_, question_.limits);
}

void FlashFinder::conclude(Pace& pace, std::int64_t frame) {
  const std::int64_t now_ns = nanoseconds(frames_.map().start_s(frame));
  if (const auto harm = pace.count.add(frame, pace.since, now_ns, pace.changes, areas_))
    add_harm(pace.runs, *harm, frame);
}

// False: the rows cannot be read.
bool FlashFinder::visit(std::int64_t first, std::int64_t frame) {
  look_back(first, frame);
  if (slow_.since == frame) return true;
  const auto may = may_change(frame);
  if (!may) return false;
  if (!*may) return true;
  fast_.changes = slow_.changes = {};
  for (std::int64_t past = frame - 1; past >= slow_.since; --past) {
    compare(*frames_.picture(past), *frames_.picture(frame), frame);
    if (past >= fast_.since) merge(fast_);
    merge(slow_);
  }
  conclude(fast_, frame);
  conclude(slow_, frame);
  return true;
}

bool FlashFinder::find(std::int64_t first, std::int64_t end) {
  std::int64_t quiet_until = first;  // known to hold no red
  for (std::int64_t frame = first; frame < end; ++frame) {
    if (question_.part == FlashPart::red && frame >= quiet_until) {
      const std::int64_t next = frames_.no_red_until(frame);
      quiet_until = next > frame ? next : frame + 1;
      if (next > frame + FlashFrames::kReach) frame = next - FlashFrames::kReach;
      if (frame >= end) break;
    }
    if (!frames_.measured(frame)) continue;
    set_form(frame);
    if (!visit(first, frame)) return false;
  }
  return true;
}

void show(const std::vector<HarmfulRun>& runs, std::int64_t first, Shown what,
          std::vector<Shown>& shown) {
  for (const HarmfulRun& run : runs)
    std::fill(shown.begin() + (run.first - first), shown.begin() + (run.end - first), what);
}

// A picture of another size or light than the one before it: what changes there cannot be told, but
// that nothing red is in either.
bool cannot_compare(const FlashFrames& frames, FlashPart part, std::int64_t frame) {
  if (!frames.measured(frame - 1) || frames.comparable(frame - 1, frame)) return false;
  return part == FlashPart::luminance || frames.no_red_until(frame - 1) <= frame;
}

// What flashes with slow changes only, nobody decides.
Spans collect(const FlashFrames& frames, const FlashFinder& finder, FlashPart part,
              std::int64_t first, std::int64_t end) {
  std::vector<Shown> shown(static_cast<std::size_t>(end - first), Shown::no);
  show(finder.slow(), first, Shown::open, shown);
  show(finder.fast(), first, Shown::yes, shown);
  for (std::int64_t frame = first; frame < end; ++frame) {
    Shown& here = shown[static_cast<std::size_t>(frame - first)];
    const bool cannot = frame > first && here == Shown::no && cannot_compare(frames, part, frame);
    if (cannot || !frames.measured(frame)) here = Shown::open;
  }
  Spans spans = runs_of(frames.map(), first, shown);
  for (Span& span : spans.runs) {
    double area = 0;
    for (const HarmfulRun& run : finder.fast())
      if (run.first < *span.end_frame && *span.first_frame < run.end)
        area = std::max(area, run.area);
    span.value = Rational(std::llround(area * 1000), 10);
  }
  return spans;
}

void tell(FlashFrames& frames, const Question& question, std::int64_t first, std::int64_t end,
          Reading& reading) {
  FlashFinder finder(frames, question);
  if (!finder.find(first, end)) {
    reading.value = Absent{AbsenceKind::damaged, "The stored light rows cannot be read."};
    return;
  }
  tell_spans(frames.map(), collect(frames, finder, question.part, first, end), reading);
  if (question.part == FlashPart::red && frames.colorless() && !reading.tainted_because)
    reading.tainted_because = "The colors of some pictures were not read.";
}

template <FlashPart kPart>
std::vector<Reading> evaluate(const Evidence& evidence, const Parameters& parameters,
                              const Window& window) {
  Question question;
  question.part = kPart;
  question.limits.area = number(parameters.number("area")) / 100;
  question.limits.flashes = std::clamp<std::int64_t>(parameters.number("flashes").floor(), 0, 60);
  if (kPart == FlashPart::luminance) {
    question.white = number(parameters.number("white"));
    question.limits.change = number(parameters.number("change"));
    question.limits.dark = number(parameters.number("dark"));
  } else {
    question.limits.red_difference = number(parameters.number("difference"));
  }
  return read_video_streams(
      evidence, window,
      [&](int stream) { return FlashFrames::of(evidence, stream, kPart, question.white); },
      [&](FlashFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        const int stream = frames.map().stream();
        auto step = duration_of(parameters, "step", evidence, stream);
        auto ramp = duration_of(parameters, "ramp", evidence, stream);
        if (!step || !ramp) {
          reading.value = std::move(step ? ramp.error() : step.error());
          return;
        }
        question.step = Reach(*step);
        question.ramp = Reach(*ramp);
        tell(frames, question, first, end, reading);
      });
}

constexpr std::array<RowNeed, 2> kNeeds{{{"picture.flash"}, {"video.frame_time"}}};
constexpr ParameterInfo kArea{"area", Unit::percent, ValueKind::number, "25 %",
                              "Flashes must cover more than this share of the screen at a time."};
constexpr ParameterInfo kFlashes{"flashes", Unit::count, ValueKind::number, "3",
                                 "More flashes than this within one second are harmful."};
constexpr ParameterInfo kStep{"step", Unit::seconds, ValueKind::number, "0.042 s",
                              "A change takes no longer than this, or one frame."};
constexpr ParameterInfo kRamp{
    "ramp", Unit::seconds, ValueKind::number, "0.2 s",
    "Flashes with changes that take longer than `step`, up to this, are undecided."};
constexpr std::array<ParameterInfo, 7> kLuminanceParameters{
    {{"white", Unit::candela_per_m2, ValueKind::number, "200 cd/m2",
      "Luminance of reference white on the viewer's screen. PQ is absolute, HLG is shown at 1,000 "
      "cd/m2."},
     {"change", Unit::candela_per_m2, ValueKind::number, "20 cd/m2",
      "Changes of luminance of at least this much count."},
     {"dark", Unit::candela_per_m2, ValueKind::number, "160 cd/m2",
      "Only where the darker picture is below this."},
     kArea,
     kFlashes,
     kStep,
     kRamp}};
constexpr std::array<ParameterInfo, 5> kRedParameters{
    {{"difference", Unit::none, ValueKind::number, "0.2",
      "Changes into and out of saturated red count where the color moves at least this far in CIE "
      "1976 u' v'. 0: all."},
     kArea,
     kFlashes,
     kStep,
     kRamp}};

template <FlashPart kPart, std::size_t N>
constexpr Quantity quantity(std::string_view id, const std::array<ParameterInfo, N>& parameters,
                            std::string_view noun, std::string_view meaning) {
  return {.id = id,
          .version = 2,
          .kind = ValueKind::spans,
          .unit = Unit::frames,
          .subject = SubjectKind::video_stream,
          .needs = kNeeds,
          .parameters = parameters,
          .allowed = {},
          .noun = noun,
          .meaning = meaning,
          .document = "ITU-R BT.1702-3, guideline 1",
          .evaluate = evaluate<kPart>,
          .missing = Missing::raises};
}

}  // namespace

extern const Quantity kPhotosensitivityLuminance{quantity<FlashPart::luminance>(
    "photosensitivity.luminance", kLuminanceParameters,
    "risk found by screening for luminance flashes",
    "Runs of presented frames with more flashes of luminance within a second, over more of the "
    "screen, than viewers with photosensitive epilepsy bear. A screening: none found is no "
    "certificate.")};
extern const Quantity kPhotosensitivityRed{quantity<FlashPart::red>(
    "photosensitivity.red", kRedParameters, "risk found by screening for red flashes",
    "The same for flashes into or out of saturated red, whatever their luminance.")};

}  // namespace cleangate::specs
