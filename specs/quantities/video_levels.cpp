// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "specs/quantities/luma_frames.h"

namespace cleangate::specs {
namespace {

// How the quantile of every frame becomes one value of the window.
enum class Fold : std::uint8_t { lowest, typical, highest };

struct Level {
  std::uint32_t quantile;  // element of LumaRow::quantiles
  Fold fold;
  Unit unit;  // code or percent
};

// A frame and its quantile, in the unit asked for.
struct FrameLevel {
  Rational value;
  std::int64_t frame = 0;
};

// The frame that speaks for the window: the first of the lowest or highest, or the lower median.
FrameLevel choose(std::vector<FrameLevel>& levels, Fold fold) {
  const auto lower = [](const FrameLevel& a, const FrameLevel& b) { return a.value < b.value; };
  if (fold == Fold::lowest) return *std::min_element(levels.begin(), levels.end(), lower);
  if (fold == Fold::highest) return *std::max_element(levels.begin(), levels.end(), lower);
  std::stable_sort(levels.begin(), levels.end(), lower);
  return levels[(levels.size() - 1) / 2];
}

// One level per measured frame; none when the rows cannot be read. Mixed depths have no common
// code values.
std::variant<std::vector<FrameLevel>, Absent> frame_levels(const LumaFrames& frames,
                                                           const Level& level, bool active,
                                                           std::int64_t first, std::int64_t end) {
  const auto codes =
      frames.read(active ? "active_quantiles" : "quantiles", level.quantile, first, end);
  if (!codes) return Absent{AbsenceKind::damaged, "The stored luma rows cannot be read."};
  std::vector<FrameLevel> levels;
  levels.reserve(codes->size());
  int bits = 0;
  for (std::int64_t frame = first; frame < end; ++frame) {
    if (frames.state(frame) != LumaFrames::State::measured) continue;
    const LumaScale scale = frames.scale(frame);
    if (bits != 0 && bits != scale.bits && level.unit == Unit::code)
      return Absent{AbsenceKind::undefined,
                    fmt::format("Stream {} changes its bit depth from {} to {}.",
                                frames.map().stream(), bits, scale.bits)};
    bits = scale.bits;
    const std::int64_t code = (*codes)[static_cast<std::size_t>(frame - first)];
    levels.push_back({level.unit == Unit::code ? Rational(code) : scale.percent(code), frame});
  }
  return levels;
}

Reading read_stream(const Evidence& evidence, const Subject& subject, const Level& level,
                    bool active, const Window& window) {
  Reading reading;
  reading.subject = subject;
  const auto frames = LumaFrames::of(evidence, subject.index);
  if (!frames) {
    reading.value = frames.error();
    return reading;
  }
  const auto [first, end] = frames->map().frames_in(window);
  if (auto nothing = frames->nothing_in(first, end)) {
    reading.value = std::move(*nothing);
    return reading;
  }
  auto levels = frame_levels(*frames, level, active, first, end);
  if (auto* absent = std::get_if<Absent>(&levels)) {
    reading.value = std::move(*absent);
    return reading;
  }
  const FrameLevel chosen = choose(std::get<std::vector<FrameLevel>>(levels), level.fold);
  reading.value = Scalar(chosen.value);
  reading.where.push_back(frames->map().span(chosen.frame, chosen.frame + 1));
  reading.tainted_because = frames->taint(first, end);
  return reading;
}

template <std::uint32_t kQuantile, Fold kFold, Unit kUnit>
std::vector<Reading> evaluate(const Evidence& evidence, const Parameters& parameters,
                              const Window& window) {
  const bool active = parameters.flag("active");
  std::vector<Reading> readings;
  for (const Subject& subject : video_subjects(evidence))
    readings.push_back(read_stream(evidence, subject, {kQuantile, kFold, kUnit}, active, window));
  return readings;
}

constexpr std::array<RowNeed, 2> kNeeds{{{"picture.luma"}, {"video.frame_time"}}};
constexpr std::array<ParameterInfo, 1> kParameters{
    {{"active", Unit::none, ValueKind::flag, "false",
      "Look at each frame's active rectangle only, instead of the whole raster."}}};

template <std::uint32_t kQuantile, Fold kFold, Unit kUnit>
constexpr Quantity level(std::string_view id, std::string_view noun, std::string_view meaning) {
  return {id,
          1,
          ValueKind::number,
          kUnit,
          SubjectKind::video_stream,
          kNeeds,
          kParameters,
          {},
          noun,
          meaning,
          "ITU-R BT.709-6 and BT.2100-2: nominal levels",
          evaluate<kQuantile, kFold, kUnit>,
          kFold == Fold::highest  ? Missing::raises
          : kFold == Fold::lowest ? Missing::lowers
                                  : Missing::either};
}

}  // namespace

// Elements: probes::kLumaQuantileShares.
extern const Quantity kPictureLumaMin{level<0, Fold::lowest, Unit::code>(
    "picture.luma_min", "lowest luma", "Lowest luma code value of any frame.")};
extern const Quantity kPictureLumaP0point1{level<1, Fold::lowest, Unit::code>(
    "picture.luma_p0_1", "lowest luma but for 0.1 % of a frame",
    "Lowest over the frames of the frame's 0.1 % quantile, code value.")};
extern const Quantity kPictureLumaP1{level<2, Fold::lowest, Unit::code>(
    "picture.luma_p1", "lowest luma but for 1 % of a frame",
    "Lowest over the frames of the frame's 1 % quantile, code value.")};
extern const Quantity kPictureLumaP50{level<4, Fold::typical, Unit::code>(
    "picture.luma_p50", "typical luma",
    "Median over the frames of the frame's median luma, code value.")};
extern const Quantity kPictureLumaP99{level<6, Fold::highest, Unit::code>(
    "picture.luma_p99", "highest luma but for 1 % of a frame",
    "Highest over the frames of the frame's 99 % quantile, code value.")};
extern const Quantity kPictureLumaP99point9{level<7, Fold::highest, Unit::code>(
    "picture.luma_p99_9", "highest luma but for 0.1 % of a frame",
    "Highest over the frames of the frame's 99.9 % quantile, code value.")};
extern const Quantity kPictureLumaMax{level<8, Fold::highest, Unit::code>(
    "picture.luma_max", "highest luma", "Highest luma code value of any frame.")};

extern const Quantity kLevelsLumaMin{level<0, Fold::lowest, Unit::percent>(
    "levels.luma_min", "lowest luma", "Lowest luma of any frame, percent of the nominal range.")};
extern const Quantity kLevelsLumaP0point1{level<1, Fold::lowest, Unit::percent>(
    "levels.luma_p0_1", "lowest luma but for 0.1 % of a frame",
    "Lowest over the frames of the frame's 0.1 % quantile, percent of the nominal range.")};
extern const Quantity kLevelsLumaP1{level<2, Fold::lowest, Unit::percent>(
    "levels.luma_p1", "lowest luma but for 1 % of a frame",
    "Lowest over the frames of the frame's 1 % quantile, percent of the nominal range.")};
extern const Quantity kLevelsLumaP50{level<4, Fold::typical, Unit::percent>(
    "levels.luma_p50", "typical luma",
    "Median over the frames of the frame's median luma, percent of the nominal range.")};
extern const Quantity kLevelsLumaP99{level<6, Fold::highest, Unit::percent>(
    "levels.luma_p99", "highest luma but for 1 % of a frame",
    "Highest over the frames of the frame's 99 % quantile, percent of the nominal range.")};
extern const Quantity kLevelsLumaP99point9{level<7, Fold::highest, Unit::percent>(
    "levels.luma_p99_9", "highest luma but for 0.1 % of a frame",
    "Highest over the frames of the frame's 99.9 % quantile, percent of the nominal range.")};
extern const Quantity kLevelsLumaMax{level<8, Fold::highest, Unit::percent>(
    "levels.luma_max", "highest luma", "Highest luma of any frame, percent of the nominal range.")};

}  // namespace cleangate::specs
