// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "specs/quantities/shown_runs.h"
#include "specs/quantities/signal_frames.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

using probes::SignalRow;

struct GamutLimits {
  std::int64_t tolerance = 0;  // codes of 12 bits beyond the nominal range
  bool filtered = true;
  Rational area;  // percent
};

std::int64_t codes_of(const Parameters& parameters) {
  constexpr std::int64_t kSpan = probes::kRgbWhite - probes::kRgbBlack;
  const Rational given = std::clamp(parameters.number("tolerance"), Rational(0), Rational(1000));
  const Rational codes = parameters.unit("tolerance") == Unit::code ? given * Rational(4)
                                                                    : given * Rational(kSpan, 100);
  return codes.floor();
}

// Shares of the active picture, in millionths, between which that of a frame lies.
struct Share {
  std::int64_t low = 0, high = 0;
};
constexpr std::int64_t kMillion = 1'000'000;

class GamutFinder {
 public:
  GamutFinder(const SignalFrames& frames, const GamutLimits& limits);
  // Of frames [first, end), none where nothing is told; nothing when the rows cannot be read.
  [[nodiscard]] std::optional<std::vector<std::optional<Share>>> shares(std::int64_t first,
                                                                        std::int64_t end) const;

 private:
  struct Columns {
    std::vector<std::int64_t> under, over, darkest, width, height;
  };
  [[nodiscard]] std::optional<Columns> read(std::int64_t first, std::int64_t end) const;
  [[nodiscard]] Share share(const Columns& columns, std::int64_t frame, std::size_t i) const;
  [[nodiscard]] bool bars_in_range(std::int64_t frame, std::int64_t darkest) const;

  const SignalFrames& frames_;
  GamutLimits limits_;
  // Elements of the ladder: the last rung at or below the tolerance, the first at or above it.
  std::optional<std::uint32_t> under_, over_;
};

GamutFinder::GamutFinder(const SignalFrames& frames, const GamutLimits& limits)
    : frames_(frames), limits_(limits) {
  const auto& rungs = probes::kOutside;
  for (std::uint32_t i = 0; i < rungs.size(); ++i) {
    if (rungs[i] <= limits.tolerance) under_ = i;
    if (!over_ && rungs[i] >= limits.tolerance) over_ = i;
  }
}

std::optional<GamutFinder::Columns> GamutFinder::read(std::int64_t first, std::int64_t end) const {
  const char* ladder = limits_.filtered ? "filtered" : "outside";
  Columns all;
  const auto take = [](auto values, std::vector<std::int64_t>& into) {
    if (values) into = std::move(*values);
    return values.has_value();
  };
  const LumaFrames& luma = frames_.luma();
  const bool read_all = (!under_ || take(frames_.read(ladder, *under_, first, end), all.under)) &&
                        (!over_ || take(frames_.read(ladder, *over_, first, end), all.over)) &&
                        take(luma.read("quantiles", 0, first, end), all.darkest) &&
                        take(luma.read("active_width", 0, first, end), all.width) &&
                        take(luma.read("active_height", 0, first, end), all.height);
  if (!read_all) return std::nullopt;
  return all;
}

// Bars are dark: they can only be below the range, and are not where nothing is.
bool GamutFinder::bars_in_range(std::int64_t frame, std::int64_t darkest) const {
  const LumaScale scale = frames_.luma().scale(frame);
  const Rational percent = scale.percent(darkest);
  return percent * Rational(probes::kRgbWhite - probes::kRgbBlack, 100) >=
         Rational(-limits_.tolerance);
}

Share GamutFinder::share(const Columns& columns, std::int64_t frame, std::size_t i) const {
  const std::int64_t sites = frames_.sites(frame);
  const auto code = [&](const std::vector<std::int64_t>& column) {
    return static_cast<std::uint16_t>(column[i]);
  };
  std::int64_t low = over_ ? static_cast<std::int64_t>(probes::share_low(code(columns.over))) : 0;
  std::int64_t high =
      under_ ? static_cast<std::int64_t>(probes::share_high(code(columns.under))) : sites;
  const std::int64_t raster = frames_.luma().width(frame) * frames_.luma().height(frame);
  std::int64_t active = columns.width[i] * columns.height[i];
  if (active == 0) active = raster;  // no picture to find bars beside
  // In sites; a lattice meets an edge within half a step.
  const std::int64_t within = std::max<std::int64_t>(1, sites * active / raster);
  if (!bars_in_range(frame, columns.darkest[i]))
    low = std::max<std::int64_t>(0, low - (sites - within));
  const auto millionths = [&](std::int64_t sites_outside, std::int64_t round) {
    return (std::min(sites_outside, within) * kMillion + round) / within;
  };
  return {millionths(low, 0), millionths(high, within - 1)};
}

std::optional<std::vector<std::optional<Share>>> GamutFinder::shares(std::int64_t first,
                                                                     std::int64_t end) const {
  const auto columns = read(first, end);
  if (!columns) return std::nullopt;
  std::vector<std::optional<Share>> all(static_cast<std::size_t>(end - first));
  for (std::int64_t frame = first; frame < end; ++frame) {
    const auto i = static_cast<std::size_t>(frame - first);
    if (frames_.tells(frame, SignalRow::kNoRgb)) all[i] = share(*columns, frame, i);
  }
  return all;
}

Shown judge(const std::optional<Share>& share, const Rational& area) {
  if (!share) return Shown::open;
  const Rational limit = area * Rational(kMillion / 100);
  const bool best = Rational(share->low) > limit, worst = Rational(share->high) > limit;
  return best != worst ? Shown::open : best ? Shown::yes : Shown::no;
}

using Shares = std::vector<std::optional<Share>>;

// What both quantities have in common; `fold` makes the value of the shares.
template <class Fold>
std::vector<Reading> read_all(const Evidence& evidence, const GamutLimits& limits,
                              const Window& window, const Fold& fold) {
  return read_video_streams(
      evidence, window, [&](int stream) { return SignalFrames::of(evidence, stream); },
      [&](const SignalFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        if (const auto shares = GamutFinder(frames, limits).shares(first, end))
          fold(frames, first, end, *shares, reading);
        else
          reading.value = Absent{AbsenceKind::damaged, "The stored color rows cannot be read."};
      },
      std::int64_t{SignalRow::kNoRgb});
}

std::vector<Reading> evaluate_runs(const Evidence& evidence, const Parameters& parameters,
                                   const Window& window) {
  const GamutLimits limits{codes_of(parameters), parameters.flag("filter"),
                           std::clamp(parameters.number("area"), Rational(0), Rational(100))};
  return read_all(evidence, limits, window,
                  [&](const SignalFrames& frames, std::int64_t first, std::int64_t,
                      const Shares& shares, Reading& reading) {
                    std::vector<Shown> shown;
                    for (const auto& share : shares) shown.push_back(judge(share, limits.area));
                    tell_spans(frames.map(), runs_of(frames.map(), first, shown), reading);
                  });
}

std::vector<Reading> evaluate_largest(const Evidence& evidence, const Parameters& parameters,
                                      const Window& window) {
  const GamutLimits limits{codes_of(parameters), parameters.flag("filter"), {}};
  return read_all(evidence, limits, window,
                  [&](const SignalFrames& frames, std::int64_t first, std::int64_t end,
                      const Shares& shares, Reading& reading) {
                    Share largest;
                    std::int64_t where = first;
                    for (std::size_t i = 0; i < shares.size(); ++i) {
                      if (!shares[i]) continue;
                      if (shares[i]->high > largest.high)
                        where = first + static_cast<std::int64_t>(i);
                      largest = {std::max(largest.low, shares[i]->low),
                                 std::max(largest.high, shares[i]->high)};
                    }
                    const Rational low(largest.low, kMillion / 100),
                        high(largest.high, kMillion / 100);
                    if (low == high)
                      reading.value = Scalar(low);
                    else
                      reading.value = Interval{low, high};
                    if (largest.high > 0)
                      reading.where.push_back(frames.map().span(where, where + 1));
                    reading.tainted_because = frames.taint(first, end, SignalRow::kNoRgb);
                  });
}

constexpr std::array<RowNeed, 3> kNeeds{
    {{"picture.signal"}, {"picture.luma"}, {"video.frame_time"}}};
constexpr ParameterInfo kTolerance{
    "tolerance", Unit::code, ValueKind::number, "44 code",
    "How far outside the nominal range R', G', B' and Y' may lie: percent of the range, or code "
    "values of 10 bits, whatever the depth. EBU R 103 v3.0 allows 44 (20 to 984), 11 of 8 bits."};
constexpr ParameterInfo kFilter{
    "filter", Unit::none, ValueKind::flag, "true",
    "Look behind the low-pass filter of EBU R 103 v3.0, so that short overshoots do not count."};
constexpr std::array<ParameterInfo, 3> kRunParameters{
    {kTolerance,
     {"area", Unit::percent, ValueKind::number, "1 %",
      "Up to this share of the active picture may lie farther outside."},
     kFilter}};
constexpr std::array<ParameterInfo, 2> kShareParameters{{kTolerance, kFilter}};

}  // namespace

extern const Quantity kPictureOutOfGamut{
    .id = "picture.out_of_gamut",
    .version = 1,
    .kind = ValueKind::spans,
    .unit = Unit::frames,
    .subject = SubjectKind::video_stream,
    .needs = kNeeds,
    .parameters = kRunParameters,
    .allowed = {},
    .noun = "picture outside the gamut",
    .meaning =
        "Runs of presented frames with more of the active picture outside the permitted "
        "levels than is allowed.",
    .document = "EBU R 103 v3.0 (2020)",
    .evaluate = evaluate_runs,
    .missing = Missing::raises};

extern const Quantity kLevelsOutOfGamut{
    .id = "levels.out_of_gamut",
    .version = 1,
    .kind = ValueKind::number,
    .unit = Unit::percent,
    .subject = SubjectKind::video_stream,
    .needs = kNeeds,
    .parameters = kShareParameters,
    .allowed = {},
    .noun = "largest share of the picture outside the gamut",
    .meaning = "Largest share of any frame's active picture outside the permitted levels.",
    .document = "EBU R 103 v3.0 (2020)",
    .evaluate = evaluate_largest,
    .missing = Missing::raises};

}  // namespace cleangate::specs
