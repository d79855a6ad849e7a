// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/signal_frames.h"

#include <fmt/format.h>

#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {

using probes::SignalRow;

tl::expected<SignalFrames, Absent> SignalFrames::of(const Evidence& evidence, int stream) {
  auto luma = LumaFrames::of(evidence, stream);
  if (!luma) return tl::unexpected(luma.error());
  auto rows = PictureRows::of(evidence, stream, SignalRow::kType, "color");
  if (!rows) return tl::unexpected(rows.error());
  SignalFrames frames(std::move(*luma), std::move(*rows));
  const std::pair<std::string_view, std::vector<std::int64_t>*> kColumns[] = {
      {"flags", &frames.flags_}, {"bits", &frames.bits_}, {"sites", &frames.sites_}};
  for (const auto& [name, into] : kColumns) {
    auto values = frames.rows_.column(name);
    if (!values) return tl::unexpected(values.error());
    *into = std::move(*values);
  }
  return frames;
}

SignalFrames::State SignalFrames::state(std::int64_t frame) const {
  if (luma_.state(frame) == LumaFrames::State::damaged || (flags(frame) & SignalRow::kDamaged))
    return State::damaged;
  if (luma_.state(frame) != LumaFrames::State::measured ||
      (flags(frame) & SignalRow::kNotMeasured) || bits(frame) < 8 || bits(frame) > 16)
    return State::unmeasured;
  return State::measured;
}

std::optional<Absent> SignalFrames::nothing_in(std::int64_t first, std::int64_t end,
                                               std::int64_t lacking) const {
  if (first >= end) return no_frame_there(map());
  const int stream = map().stream();
  std::int64_t unread = 0, without = 0;
  for (std::int64_t frame = first; frame < end; ++frame) {
    if (tells(frame, lacking)) return std::nullopt;
    if (state(frame) == State::measured)
      ++without;
    else if (state(frame) == State::unmeasured)
      ++unread;
  }
  if (without > 0 && (lacking & SignalRow::kNoChroma))
    return Absent{AbsenceKind::not_applicable,
                  fmt::format("Stream {} has no C'b and C'r.", stream)};
  if (without > 0)
    return Absent{
        AbsenceKind::not_measured,
        fmt::format("The matrix of stream {} is none that R'G'B' is computed by.", stream)};
  if (unread > 0)
    return Absent{AbsenceKind::not_measured,
                  fmt::format("Stream {} has a pixel layout whose color is not measured.", stream)};
  return all_damaged_there(map());
}

std::optional<std::string> SignalFrames::taint(std::int64_t first, std::int64_t end,
                                               std::int64_t lacking) const {
  std::int64_t open = 0;
  for (std::int64_t frame = first; frame < end; ++frame) open += !tells(frame, lacking);
  return taint_of(map(), open, end - first);
}

}  // namespace cleangate::specs
