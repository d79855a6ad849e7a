// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "specs/quantities/signal_frames.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

using probes::SignalRow;

void tell(const SignalFrames& frames, std::string_view column, std::int64_t first, std::int64_t end,
          Reading& reading) {
  const auto light = frames.read(column, 0, first, end);
  if (!light) {
    reading.value = Absent{AbsenceKind::damaged, "The stored color rows cannot be read."};
    return;
  }
  std::int64_t most = -1, where = first;
  for (std::int64_t frame = first; frame < end; ++frame) {
    if (!frames.tells(frame, SignalRow::kNoRgb)) continue;
    if (!(frames.flags(frame) & SignalRow::kPq)) {
      reading.value =
          Absent{AbsenceKind::not_applicable,
                 fmt::format("Stream {} is not flagged as PQ: its light is relative to a display.",
                             frames.map().stream())};
      return;
    }
    const std::int64_t here = (*light)[static_cast<std::size_t>(frame - first)];
    if (here > most) {
      most = here;
      where = frame;
    }
  }
  reading.value = Scalar(Rational(most, 10000));
  reading.where.push_back(frames.map().span(where, where + 1));
  reading.tainted_because = frames.taint(first, end, SignalRow::kNoRgb);
}

template <const char* kColumn>
std::vector<Reading> evaluate(const Evidence& evidence, const Parameters&, const Window& window) {
  return read_video_streams(
      evidence, window, [&](int stream) { return SignalFrames::of(evidence, stream); },
      [](const SignalFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        tell(frames, kColumn, first, end, reading);
      },
      std::int64_t{SignalRow::kNoRgb});
}

constexpr char kLargest[] = "light_max", kMean[] = "light_mean";
constexpr std::array<RowNeed, 3> kNeeds{
    {{"picture.signal"}, {"picture.luma"}, {"video.frame_time"}}};

constexpr Quantity quantity(std::string_view id, std::string_view noun, std::string_view meaning,
                            decltype(Quantity::evaluate) evaluate) {
  return {id,
          1,
          ValueKind::number,
          Unit::candela_per_m2,
          SubjectKind::video_stream,
          kNeeds,
          {},
          {},
          noun,
          meaning,
          "CTA-861.3 annex P; ITU-R BT.2100-2 table 4",
          evaluate,
          Missing::raises};
}

}  // namespace

extern const Quantity kPictureMaxCll{
    quantity("picture.max_cll", "measured maximum content light level",
             "Largest light of the measured sites of any frame, by the largest of R, G and B.",
             evaluate<kLargest>)};
extern const Quantity kPictureMaxFall{
    quantity("picture.max_fall", "measured maximum frame-average light level",
             "Largest mean light of the measured sites of any frame, by the largest of R, G and B.",
             evaluate<kMean>)};

}  // namespace cleangate::specs
