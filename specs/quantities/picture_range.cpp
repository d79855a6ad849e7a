// SPDX-License-Identifier: Apache-2.0
// Which signal range the pictures use, and whether it is the one that they are said to use.
#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

#include "specs/quantities/luma_frames.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

// In code values of 8 bits. Narrow black is 16, white 235; full black is 0, white 255.
constexpr std::int64_t kNearBlack = 2, kNearWhite = 2;  // what coding makes of a nominal level
constexpr std::int64_t kNarrowBlack = 16, kNarrowWhite = 235;
constexpr std::int64_t kFullBlack = 4, kFullWhite = 251;  // nobody uses these in narrow range
constexpr std::int64_t kLeastFrames = 2;                  // of flat or letterboxed black

// Elements of LumaRow::quantiles.
constexpr std::array<std::uint32_t, 5> kQuantiles{1, 2, 3, 6, 7};  // 0.1, 1, 10, 99, 99.9 %
enum Quantile : std::size_t { kP0point1, kP1, kP10, kP99, kP99point9 };

// What the frames of a window speak for.
struct Signs {
  std::int64_t narrow_black = 0, full_black = 0;      // frames with nominal black, flat or as a bar
  bool below = false, above = false;                  // 1 % of a frame where narrow range has none
  bool touches_black = false, touches_white = false;  // narrow's
  bool inside = true;                                 // no frame reaches out of narrow range
};

class RangeFinder {
 public:
  // Nothing when the rows cannot be read.
  static std::optional<Signs> find(const LumaFrames& frames, std::int64_t first, std::int64_t end) {
    std::array<std::vector<std::int64_t>, kQuantiles.size()> codes;
    for (std::size_t i = 0; i < codes.size(); ++i) {
      auto read = frames.read("quantiles", kQuantiles[i], first, end);
      if (!read) return std::nullopt;
      codes[i] = std::move(*read);
    }
    Signs signs;
    for (std::int64_t frame = first; frame < end; ++frame) {
      // Samples of fewer bits cannot tell the levels apart.
      if (frames.state(frame) != LumaFrames::State::measured || frames.scale(frame).bits < 8)
        continue;
      const auto i = static_cast<std::size_t>(frame - first);
      add({codes[0][i], codes[1][i], codes[2][i], codes[3][i], codes[4][i]},
          frames.scale(frame).bits, signs);
    }
    return signs;
  }

 private:
  using Levels = std::array<std::int64_t, kQuantiles.size()>;

  static void add(const Levels& codes, int bits, Signs& signs) {
    const auto native = [bits](std::int64_t code8) { return code8 << (bits - 8); };
    const auto near = [&](std::int64_t code, std::int64_t level, std::int64_t by) {
      return code >= native(level - by) && code <= native(level + by);
    };
    // Black that is no dark scene: the whole frame, or a tenth of it on one code value.
    const bool flat = codes[kP99] <= native(kNarrowBlack + kNearBlack);
    const bool bar = codes[kP0point1] == codes[kP10];
    if ((flat && codes[kP1] >= native(kNarrowBlack - kNearBlack)) ||
        (bar && near(codes[kP1], kNarrowBlack, 1)))
      ++signs.narrow_black;
    if (codes[kP99] <= native(kFullBlack) || (bar && codes[kP1] <= native(1))) ++signs.full_black;
    signs.below = signs.below || codes[kP1] <= native(kFullBlack);
    signs.above = signs.above || codes[kP99] >= native(kFullWhite);
    signs.touches_black = signs.touches_black || near(codes[kP0point1], kNarrowBlack, kNearBlack);
    signs.touches_white = signs.touches_white || near(codes[kP99point9], kNarrowWhite, kNearWhite);
    signs.inside = signs.inside && codes[kP0point1] >= native(kNarrowBlack - kNearBlack) &&
                   codes[kP99point9] <= native(kNarrowWhite + kNearWhite);
  }
};

enum class Range : std::uint8_t { undecided, narrow, full, both };

Range range_of(const Signs& signs) {
  const bool full = signs.full_black >= kLeastFrames || (signs.below && signs.above);
  const bool narrow = signs.narrow_black >= kLeastFrames ||
                      (signs.inside && signs.touches_black && signs.touches_white);
  if (full && narrow) return Range::both;
  return full ? Range::full : narrow ? Range::narrow : Range::undecided;
}

Absent not_told(const LumaFrames& frames, Range range) {
  if (range == Range::both)
    return {AbsenceKind::undecided,
            fmt::format("Some pictures of stream {} use narrow range and some full range.",
                        frames.map().stream())};
  return {AbsenceKind::undecided,
          fmt::format("Neither nominal black nor the ends of a range are seen in the pictures of "
                      "stream {}: they do not tell their range.",
                      frames.map().stream())};
}

// The range that the frames are said to have, where it is one and the same.
Range stated(const LumaFrames& frames, std::int64_t first, std::int64_t end) {
  Range all = Range::undecided;
  for (std::int64_t frame = first; frame < end; ++frame) {
    if (frames.state(frame) != LumaFrames::State::measured) continue;
    const Range one = frames.scale(frame).nominal.black > 0 ? Range::narrow : Range::full;
    if (all != Range::undecided && all != one) return Range::undecided;
    all = one;
  }
  return all;
}

void tell_range(const LumaFrames&, std::int64_t, std::int64_t, Range range, Reading& reading) {
  reading.value = Scalar(std::string(range == Range::full ? "full" : "narrow"));
}

void tell_against(const LumaFrames& frames, std::int64_t first, std::int64_t end, Range range,
                  Reading& reading) {
  const Range flag = stated(frames, first, end);
  if (flag == Range::undecided)
    reading.value = Absent{AbsenceKind::undecided,
                           fmt::format("Stream {} changes its range.", frames.map().stream())};
  else if (flag == range)
    reading.value = Scalar(std::string("agree"));
  else
    reading.value = Scalar(std::string(range == Range::full ? "full as narrow" : "narrow as full"));
}

template <void (*kTell)(const LumaFrames&, std::int64_t, std::int64_t, Range, Reading&)>
std::vector<Reading> evaluate(const Evidence& evidence, const Parameters&, const Window& window) {
  return read_video_streams(
      evidence, window, [&](int stream) { return LumaFrames::of(evidence, stream); },
      [&](const LumaFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        const auto signs = RangeFinder::find(frames, first, end);
        if (!signs) {
          reading.value = Absent{AbsenceKind::damaged, "The stored luma rows cannot be read."};
          return;
        }
        const Range range = range_of(*signs);
        if (range == Range::undecided || range == Range::both)
          reading.value = not_told(frames, range);
        else
          kTell(frames, first, end, range, reading);
        reading.tainted_because = frames.taint(first, end);
      });
}

constexpr std::array<RowNeed, 2> kNeeds{{{"picture.luma"}, {"video.frame_time"}}};
constexpr std::array<std::string_view, 2> kRanges{"narrow", "full"};
constexpr std::array<std::string_view, 3> kAgainst{"agree", "full as narrow", "narrow as full"};

template <void (*kTell)(const LumaFrames&, std::int64_t, std::int64_t, Range, Reading&)>
constexpr Quantity quantity(std::string_view id, std::span<const std::string_view> allowed,
                            std::string_view noun, std::string_view meaning) {
  return {.id = id,
          .version = 1,
          .kind = ValueKind::text,
          .unit = Unit::none,
          .subject = SubjectKind::video_stream,
          .needs = kNeeds,
          .parameters = {},
          .allowed = allowed,
          .noun = noun,
          .meaning = meaning,
          .document = "ITU-R BT.709-6 and BT.2100-2: nominal levels",
          .evaluate = evaluate<kTell>,
          .missing = Missing::either};
}

}  // namespace

extern const Quantity kPictureRange{quantity<tell_range>(
    "picture.range", kRanges, "measured signal range",
    "Which range of code values the luma of the pictures uses, whatever they are said to use.")};
extern const Quantity kPictureRangeAgainstFlag{quantity<tell_against>(
    "picture.range_against_flag", kAgainst, "measured signal range against the stated one",
    "Whether the range that the pictures use is the one that they are said to have.")};

}  // namespace cleangate::specs
