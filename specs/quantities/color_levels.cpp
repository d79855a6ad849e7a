// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "specs/quantities/signal_frames.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

using probes::SignalRow;

// The lowest or the highest over several components and all frames.
struct Level {
  std::span<const std::string_view> columns;
  std::uint32_t quantile;
  bool highest;
  std::int64_t lacking;  // flag of SignalRow that leaves it out
};

struct Found {
  std::int64_t code = 0, frame = 0;
};

std::optional<std::optional<Found>> search(const SignalFrames& frames, const Level& level,
                                           std::int64_t first, std::int64_t end) {
  std::optional<Found> found;
  for (const std::string_view column : level.columns) {
    const auto codes = frames.read(column, level.quantile, first, end);
    if (!codes) return std::nullopt;
    for (std::int64_t frame = first; frame < end; ++frame) {
      if (!frames.tells(frame, level.lacking)) continue;
      const std::int64_t code = (*codes)[static_cast<std::size_t>(frame - first)];
      const bool better = !found || (level.highest ? code > found->code : code < found->code);
      if (better) found = {code, frame};
    }
  }
  return found;
}

// Native code values of two depths cannot be compared.
std::optional<Absent> changing_depth(const SignalFrames& frames, const Level& level,
                                     std::int64_t first, std::int64_t end) {
  int bits = 0;
  for (std::int64_t frame = first; frame < end; ++frame) {
    if (!frames.tells(frame, level.lacking)) continue;
    if (bits != 0 && frames.bits(frame) != bits)
      return Absent{AbsenceKind::undefined,
                    fmt::format("Stream {} changes its bit depth from {} to {}.",
                                frames.map().stream(), bits, frames.bits(frame))};
    bits = frames.bits(frame);
  }
  return std::nullopt;
}

Rational value_of(const Level& level, std::int64_t code) {
  if (level.lacking == SignalRow::kNoChroma) return Rational(code);
  constexpr std::int64_t kBlack = probes::kRgbBlack / 4, kWhite = probes::kRgbWhite / 4;
  return Rational((code - probes::kRgbBinOffset - kBlack) * 100, kWhite - kBlack);
}

void tell(const SignalFrames& frames, const Level& level, std::int64_t first, std::int64_t end,
          Reading& reading) {
  if (level.lacking == SignalRow::kNoChroma)
    if (auto nothing = changing_depth(frames, level, first, end)) {
      reading.value = std::move(*nothing);
      return;
    }
  const auto found = search(frames, level, first, end);
  if (!found || !*found) {
    reading.value = Absent{AbsenceKind::damaged, "The stored color rows cannot be read."};
    return;
  }
  reading.value = Scalar(value_of(level, (*found)->code));
  reading.where.push_back(frames.map().span((*found)->frame, (*found)->frame + 1));
  reading.tainted_because = frames.taint(first, end, level.lacking);
}

constexpr std::array<std::string_view, 3> kRgb{"red", "green", "blue"};
constexpr std::array<std::string_view, 2> kChroma{"cb", "cr"};
constexpr std::array<RowNeed, 3> kNeeds{
    {{"picture.signal"}, {"picture.luma"}, {"video.frame_time"}}};

template <const auto& kColumns, std::uint32_t kQuantile, bool kHighest, std::int64_t kLacking>
std::vector<Reading> evaluate(const Evidence& evidence, const Parameters&, const Window& window) {
  const Level level{kColumns, kQuantile, kHighest, kLacking};
  return read_video_streams(
      evidence, window, [&](int stream) { return SignalFrames::of(evidence, stream); },
      [&](const SignalFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        tell(frames, level, first, end, reading);
      },
      kLacking);
}

constexpr Quantity quantity(std::string_view id, Unit unit, std::string_view noun,
                            std::string_view meaning, std::string_view document, Missing missing,
                            decltype(Quantity::evaluate) evaluate) {
  return {
      id,      1,        ValueKind::number, unit,   SubjectKind::video_stream, kNeeds, {}, {}, noun,
      meaning, document, evaluate,          missing};
}

template <std::uint32_t kQuantile, bool kHighest>
constexpr Quantity rgb(std::string_view id, std::string_view noun, std::string_view meaning) {
  return quantity(id, Unit::percent, noun, meaning, "ITU-R BT.709-6 and BT.2100-2: nominal levels",
                  kHighest ? Missing::raises : Missing::lowers,
                  evaluate<kRgb, kQuantile, kHighest, SignalRow::kNoRgb>);
}
template <std::uint32_t kQuantile, bool kHighest>
constexpr Quantity chroma(std::string_view id, std::string_view noun, std::string_view meaning) {
  return quantity(id, Unit::code, noun, meaning, "ITU-R BT.709-6 and BT.2100-2: nominal levels",
                  kHighest ? Missing::raises : Missing::lowers,
                  evaluate<kChroma, kQuantile, kHighest, SignalRow::kNoChroma>);
}

}  // namespace

// Elements: probes::kLumaQuantileShares.
extern const Quantity kLevelsRgbMin{rgb<0, false>(
    "levels.rgb_min", "lowest of R', G' and B'",
    "Lowest R', G' or B' of the measured sites of any frame, percent of the nominal range.")};
extern const Quantity kLevelsRgbP1{rgb<2, false>(
    "levels.rgb_p1", "lowest of R', G' and B' but for 1 % of a frame",
    "Lowest over the frames and R', G', B' of the 1 % quantile of the measured sites, percent of "
    "the nominal range.")};
extern const Quantity kLevelsRgbP99{rgb<6, true>(
    "levels.rgb_p99", "highest of R', G' and B' but for 1 % of a frame",
    "Highest over the frames and R', G', B' of the 99 % quantile of the measured sites, percent of "
    "the nominal range.")};
extern const Quantity kLevelsRgbMax{rgb<8, true>(
    "levels.rgb_max", "highest of R', G' and B'",
    "Highest R', G' or B' of the measured sites of any frame, percent of the nominal range.")};
extern const Quantity kPictureChromaMin{chroma<0, false>(
    "picture.chroma_min", "lowest C'b or C'r", "Lowest C'b or C'r code value of any frame.")};
extern const Quantity kPictureChromaMax{chroma<8, true>(
    "picture.chroma_max", "highest C'b or C'r", "Highest C'b or C'r code value of any frame.")};

}  // namespace cleangate::specs
