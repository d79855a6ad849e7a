// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <vector>

#include "probes/picture/luma_row.h"
#include "specs/quantities/luma_frames.h"
#include "specs/quantities/shown_runs.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

struct BlackLimits {
  Rational level;
  Unit level_unit = Unit::percent;
  Rational area, contrast;  // percent
};

// Up to this share above the level, structure is not looked for.
constexpr std::int64_t kBlemishPpm = 20;

// The limits in the numbers of one scale.
struct BlackTest {
  BlackTest(const LumaScale& scale, const BlackLimits& limits);

  std::int64_t level = 0;     // largest code value that counts as black
  std::int64_t allowed = 0;   // samples that may lie above it
  std::int64_t blemish = 0;   // samples above it that need no look at structure
  std::int64_t contrast = 0;  // between the darkest and the brightest cell, left-justified 16 bits
  std::int64_t black16 = 0;   // nominal black, likewise
  // Elements of `above`: the last rung at or below the level, the first at or above it.
  std::optional<std::uint32_t> under, over;
};

// floor(value * parts / 100), saturating: parts comes from a profile.
std::int64_t share_of(std::int64_t value, const Rational& parts) {
  const auto share = checked_mul(Rational(value), parts / Rational(100));
  return share ? share->floor() : value;
}

BlackTest::BlackTest(const LumaScale& scale, const BlackLimits& limits) {
  const int shift = 16 - scale.bits;
  const auto percent = [](const Rational& value) {
    return std::clamp(value, Rational(0), Rational(100));
  };
  level = scale.code_at(limits.level, limits.level_unit);
  allowed = share_of(scale.samples, Rational(100) - percent(limits.area));
  blemish = scale.samples * kBlemishPpm / 1'000'000;
  contrast = share_of((scale.nominal.white - scale.nominal.black) << shift,
                      std::clamp(limits.contrast, Rational(0), Rational(1000)));
  black16 = scale.nominal.black << shift;
  const auto& rungs = scale.ladder->raster;
  const auto next =
      std::lower_bound(rungs.begin(), rungs.end(), level,
                       [](std::uint16_t rung, std::int64_t code) { return rung < code; });
  const auto element = static_cast<std::uint32_t>(next - rungs.begin());
  if (next != rungs.end()) over = element;
  if (next != rungs.end() && *next == level)
    under = element;
  else if (element > 0)
    under = element - 1;
}

std::int64_t count_low(std::uint16_t code) {
  return static_cast<std::int64_t>(probes::share_low(code));
}
std::int64_t count_high(std::uint16_t code) {
  return static_cast<std::int64_t>(probes::share_high(code));
}

// Columns of a run of frames of one scale.
struct Columns {
  std::vector<std::int64_t> under, over, lowest, highest, cell_min, cell_max;
};

class BlackFinder {
 public:
  BlackFinder(const LumaFrames& frames, const BlackLimits& limits)
      : frames_(frames), limits_(limits) {}

  // Shades of frames [first, end); none when the rows cannot be read.
  std::optional<std::vector<Shown>> shades(std::int64_t first, std::int64_t end);

 private:
  bool judge_run(std::int64_t first, std::int64_t end, const BlackTest& test, Shown* shades);
  [[nodiscard]] bool none_black(std::int64_t chunk, const BlackTest& test) const;
  [[nodiscard]] std::optional<Columns> columns(std::int64_t first, std::int64_t end,
                                               const BlackTest& test) const;

  const LumaFrames& frames_;
  BlackLimits limits_;
};

// Does the chunk's smallest count above the level already exceed what is allowed?
bool BlackFinder::none_black(std::int64_t chunk, const BlackTest& test) const {
  if (!test.over) return false;
  const ColumnBounds bounds = frames_.reader().bounds("above", *test.over, chunk);
  return count_low(static_cast<std::uint16_t>(bounds.min)) > test.allowed;
}

std::optional<Columns> BlackFinder::columns(std::int64_t first, std::int64_t end,
                                            const BlackTest& test) const {
  const auto read = [&](const char* name, std::uint32_t element, std::vector<std::int64_t>& into) {
    auto values = frames_.read(name, element, first, end);
    if (values) into = std::move(*values);
    return values.has_value();
  };
  constexpr auto kHighest = static_cast<std::uint32_t>(probes::kLumaQuantiles - 1);
  Columns all;
  const bool read_all = (!test.under || read("above", *test.under, all.under)) &&
                        (!test.over || read("above", *test.over, all.over)) &&
                        read("quantiles", 0, all.lowest) &&
                        read("quantiles", kHighest, all.highest) &&
                        read("cell_min", 0, all.cell_min) && read("cell_max", 0, all.cell_max);
  if (!read_all) return std::nullopt;
  return all;
}

// The count above the level lies in [low, high].
Shown shade_of(std::int64_t low, std::int64_t high, std::int64_t contrast, const BlackTest& test) {
  const auto is_black = [&](std::int64_t above) {
    return above <= test.allowed && (above <= test.blemish || contrast <= test.contrast);
  };
  const bool best = is_black(low), worst = is_black(high);
  return best != worst ? Shown::open : best ? Shown::yes : Shown::no;
}

bool BlackFinder::judge_run(std::int64_t first, std::int64_t end, const BlackTest& test,
                            Shown* shades) {
  const auto read = columns(first, end, test);
  if (!read) return false;
  const std::int64_t samples = frames_.scale(first).samples;
  for (std::int64_t frame = first; frame < end; ++frame) {
    const auto i = static_cast<std::size_t>(frame - first);
    const auto code = [&](const std::vector<std::int64_t>& column) {
      return static_cast<std::uint16_t>(column[i]);
    };
    std::int64_t low = test.over ? count_low(code(read->over)) : 0;
    std::int64_t high = test.under ? count_high(code(read->under)) : samples;
    if (read->lowest[i] > test.level)
      low = high = samples;
    else if (read->highest[i] <= test.level)
      low = high = 0;
    else
      low = std::max<std::int64_t>(low, 1);
    const std::int64_t contrast =
        std::max(read->cell_max[i], test.black16) - std::max(read->cell_min[i], test.black16);
    shades[i] = shade_of(low, high, contrast, test);
  }
  return true;
}

std::optional<std::vector<Shown>> BlackFinder::shades(std::int64_t first, std::int64_t end) {
  std::vector<Shown> all(static_cast<std::size_t>(end - first), Shown::open);
  const std::int64_t chunk_rows = frames_.reader().chunk_rows();
  const auto chunk_of = [&](std::int64_t frame) {
    return frames_.map().row_of(frame) / chunk_rows;
  };
  std::int64_t frame = first;
  while (frame < end) {
    if (frames_.state(frame) != LumaFrames::State::measured) {
      ++frame;
      continue;
    }
    // As far as the chunk and the scale reach.
    const LumaScale scale = frames_.scale(frame);
    const std::int64_t chunk = chunk_of(frame);
    std::int64_t stop = frame + 1;
    while (stop < end && chunk_of(stop) == chunk &&
           frames_.state(stop) == LumaFrames::State::measured && frames_.scale(stop) == scale)
      ++stop;
    const BlackTest test(scale, limits_);
    Shown* out = all.data() + (frame - first);
    if (none_black(chunk, test))
      std::fill(out, out + (stop - frame), Shown::no);
    else if (!judge_run(frame, stop, test, out))
      return std::nullopt;
    frame = stop;
  }
  return all;
}

std::vector<Reading> evaluate(const Evidence& evidence, const Parameters& parameters,
                              const Window& window) {
  const BlackLimits limits{parameters.number("level"), parameters.unit("level"),
                           parameters.number("area"), parameters.number("contrast")};
  return read_video_streams(
      evidence, window, [&](int stream) { return LumaFrames::of(evidence, stream); },
      [&](const LumaFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        if (const auto shades = BlackFinder(frames, limits).shades(first, end))
          tell_spans(frames.map(), runs_of(frames.map(), first, *shades), reading);
        else
          reading.value = Absent{AbsenceKind::damaged, "The stored luma rows cannot be read."};
      });
}

constexpr std::array<RowNeed, 2> kNeeds{{{"picture.luma"}, {"video.frame_time"}}};
constexpr std::array<ParameterInfo, 3> kParameters{
    {{"level", Unit::code, ValueKind::number, "5 %",
      "Samples at or below this level are black: percent of the nominal range, or a native code "
      "value."},
     {"area", Unit::percent, ValueKind::number, "99.998 %",
      "At least this share of the raster's samples must be black."},
     {"contrast", Unit::percent, ValueKind::number, "6 %",
      "Where more than 20 samples in a million are above the level, they must be noise: no two "
      "means of 8x8 samples may differ by more than this share of the nominal range. 100 % turns "
      "the look at structure off."}}};

}  // namespace

extern const Quantity kPictureBlack{
    .id = "picture.black",
    .version = 1,
    .kind = ValueKind::spans,
    .unit = Unit::frames,
    .subject = SubjectKind::video_stream,
    .needs = kNeeds,
    .parameters = kParameters,
    .allowed = {},
    .noun = "black picture",
    .meaning = "Runs of presented frames, one or longer, in which nothing but black is seen.",
    .document = "ITU-R BT.709-6 and BT.2100-2: nominal levels",
    .evaluate = evaluate,
    .missing = Missing::raises};

}  // namespace cleangate::specs
