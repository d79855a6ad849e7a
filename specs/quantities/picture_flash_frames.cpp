// SPDX-License-Identifier: Apache-2.0
// Stray frames: one or a few that have nothing to do with those around them.
#include <algorithm>
#include <array>
#include <vector>

#include "specs/quantities/change_frames.h"
#include "specs/quantities/shown_runs.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

struct Limits {
  Rational change;  // percent
  std::int64_t longest = 1;
};

// What comes before and behind must be this many times calmer than the jumps: among pictures that
// all differ, as a fast pan's do, none is a stray.
constexpr std::int64_t kCalm = 4;

// Frames that must be calm beside a stray one at an end of the stream.
constexpr std::int64_t kMany = 12;

class StrayFinder {
 public:
  StrayFinder(const ChangeFrames& frames, const Limits& limits)
      : frames_(frames), limits_(limits) {}

  // Frames [frame, returned) are astray; nothing where they are not, or none can tell.
  [[nodiscard]] std::optional<std::int64_t> end_of(std::int64_t frame) const {
    const std::int64_t count = frames_.map().frame_count();
    for (std::int64_t stop = frame + 1; stop <= std::min(count, frame + limits_.longest); ++stop) {
      if (frame == 0 || stop == count ? alone_at_an_end(frame, stop)
                                      : between_two_jumps(frame, stop))
        return stop;
    }
    return std::nullopt;
  }
  [[nodiscard]] bool unknown(std::int64_t frame) const {
    return frames_.state(frame) == ChangeFrames::State::unknown;
  }

 private:
  [[nodiscard]] bool between_two_jumps(std::int64_t frame, std::int64_t stop) const {
    return jumps(frame) && jumps(stop) && calm(frame - 1, frame) && calm(stop + 1, stop);
  }
  // There is but one jump: what lies on its other side must be calm for long, and a black or plain
  // frame is no leftover.
  [[nodiscard]] bool alone_at_an_end(std::int64_t frame, std::int64_t stop) const {
    if ((frame == 0) == (stop == frames_.map().frame_count())) return false;
    const std::int64_t jump = frame == 0 ? stop : frame;
    const std::int64_t from = frame == 0 ? stop + 1 : frame - kMany;
    if (!jumps(jump) || from < 1 || from + kMany > frames_.map().frame_count()) return false;
    for (std::int64_t i = 0; i < kMany; ++i)
      if (!calm(from + i, jump)) return false;
    for (std::int64_t stray = frame; stray < stop; ++stray)
      if (unknown(stray) || frames_.flat(stray, flat_percent())) return false;
    return true;
  }
  [[nodiscard]] bool jumps(std::int64_t frame) const {
    return frames_.state(frame) == ChangeFrames::State::compared &&
           frames_.change(frame).luma >= frames_.level(frame, limits_.change);
  }
  // Nothing beyond an end of the stream moves.
  [[nodiscard]] bool calm(std::int64_t frame, std::int64_t jump) const {
    if (frame < 0 || frame >= frames_.map().frame_count()) return true;
    if (frames_.state(frame) == ChangeFrames::State::first) return true;
    return frames_.state(frame) == ChangeFrames::State::compared &&
           frames_.change(frame).luma <= frames_.change(jump).luma / kCalm;
  }

  const ChangeFrames& frames_;
  Limits limits_;
};

Spans collect(const ChangeFrames& frames, const Limits& limits, std::int64_t first,
              std::int64_t end) {
  const StrayFinder finder(frames, limits);
  const FrameMap& map = frames.map();
  Spans spans;
  const auto undecided = [&](std::int64_t frame, Spans& into) {
    const bool joins = !into.undecided.empty() && into.undecided.back().end_frame == frame;
    const std::int64_t from = joins ? *into.undecided.back().first_frame : frame;
    if (joins) into.undecided.pop_back();
    into.undecided.push_back(map.span(from, frame + 1));
  };
  for (std::int64_t frame = std::max<std::int64_t>(0, first - limits.longest); frame < end;) {
    std::int64_t stop = frame + 1;
    if (finder.unknown(frame)) {
      if (frame >= first) undecided(frame, spans);
    } else if (const auto found = finder.end_of(frame)) {
      stop = *found;
      if (stop > first) spans.runs.push_back(map.span(std::max(frame, first), std::min(stop, end)));
    }
    frame = stop;
  }
  return spans;
}

std::vector<Reading> evaluate(const Evidence& evidence, const Parameters& parameters,
                              const Window& window) {
  const Rational longest = std::clamp(parameters.number("longest"), Rational(1), Rational(100));
  const Limits limits{parameters.number("change"), longest.floor()};
  return read_video_streams(
      evidence, window, [&](int stream) { return ChangeFrames::of(evidence, stream); },
      [&](const ChangeFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        tell_spans(frames.map(), collect(frames, limits, first, end), reading);
      });
}

constexpr std::array<RowNeed, 3> kNeeds{
    {{"picture.change"}, {"picture.luma"}, {"video.frame_time"}}};
constexpr std::array<ParameterInfo, 2> kParameters{
    {{"change", Unit::percent, ValueKind::number, "8 %",
      "A jump: the mean difference of luma to the frame before is at least this share of the "
      "nominal range."},
     {"longest", Unit::count, ValueKind::number, "2",
      "As many frames may stand between two jumps, 1 to 100."}}};

}  // namespace

extern const Quantity kPictureFlashFrames{
    .id = "picture.flash_frames",
    .version = 1,
    .kind = ValueKind::spans,
    .unit = Unit::frames,
    .subject = SubjectKind::video_stream,
    .needs = kNeeds,
    .parameters = kParameters,
    .allowed = {},
    .noun = "flash frame",
    .meaning =
        "Runs of a few presented frames that differ from the calm pictures before and "
        "behind them.",
    .document = "ITU-R BT.709-6 and BT.2100-2: nominal levels",
    .evaluate = evaluate,
    .missing = Missing::raises};

}  // namespace cleangate::specs
