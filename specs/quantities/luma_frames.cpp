// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/luma_frames.h"

#include <fmt/format.h>

#include "probes/picture/luma_row.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {

using probes::LumaRow;

Rational LumaScale::percent(std::int64_t code) const {
  return Rational((code - nominal.black) * 100, nominal.white - nominal.black);
}

std::int64_t LumaScale::code_at(const Rational& level, Unit unit) const {
  // Levels come from profiles: far outside the codes, any code beyond them is as good.
  constexpr std::int64_t kFar = 1'000'000;
  if (level > Rational(kFar)) return kFar;
  if (level < Rational(-kFar)) return -kFar;
  if (unit == Unit::code) return level.floor();
  const auto scaled = checked_mul(level, Rational(nominal.white - nominal.black, 100));
  const auto code = scaled ? checked_add(*scaled, Rational(nominal.black)) : scaled;
  // Only an absurd fraction does not fit: its whole part will do.
  return code ? code->floor()
              : nominal.black + level.floor() * (nominal.white - nominal.black) / 100;
}

tl::expected<LumaFrames, Absent> LumaFrames::of(const Evidence& evidence, int stream) {
  auto rows = PictureRows::of(evidence, stream, LumaRow::kType, "luma");
  if (!rows) return tl::unexpected(rows.error());
  LumaFrames frames(std::move(*rows));
  const std::pair<std::string_view, std::vector<std::int64_t>*> kColumns[] = {
      {"flags", &frames.flags_},
      {"bits", &frames.bits_},
      {"width", &frames.width_},
      {"height", &frames.height_}};
  for (const auto& [name, into] : kColumns) {
    auto values = frames.rows_.column(name);
    if (!values) return tl::unexpected(values.error());
    *into = std::move(*values);
  }
  for (const probes::StreamFacts& each : evidence.facts().streams)
    if (each.index == stream && each.video()) frames.stream_range_ = each.video()->color.range;
  return frames;
}

LumaFrames::State LumaFrames::state(std::int64_t frame) const {
  const std::int64_t flags = flags_[row(frame)];
  if ((flags & LumaRow::kDamaged) || map().damaged(frame)) return State::damaged;
  const std::int64_t bits = bits_[row(frame)];
  if ((flags & LumaRow::kNotMeasured) || bits < 1 || bits > 16) return State::unmeasured;
  return State::measured;
}

LumaScale LumaFrames::scale(std::int64_t frame) const {
  const std::int64_t flags = flags_[row(frame)];
  const SignalRange carried = flags & LumaRow::kNarrow ? SignalRange::narrow
                              : flags & LumaRow::kFull ? SignalRange::full
                                                       : stream_range_;
  LumaScale scale;
  scale.bits = static_cast<int>(bits_[row(frame)]);
  scale.samples = width_[row(frame)] * height_[row(frame)];
  const ColorModel model = flags & LumaRow::kRgb ? ColorModel::rgb : ColorModel::ycbcr;
  scale.nominal =
      probes::nominal_luma(scale.bits, probes::nominal_range(model, carried, scale.bits));
  scale.ladder = &probes::luma_ladder(
      scale.bits, flags & LumaRow::kFullLadder ? SignalRange::full : SignalRange::narrow);
  return scale;
}

std::optional<Absent> LumaFrames::nothing_in(std::int64_t first, std::int64_t end) const {
  if (first >= end) return no_frame_there(map());
  const int stream = map().stream();
  std::int64_t floating = 0, unread = 0;
  for (std::int64_t frame = first; frame < end; ++frame) {
    if (state(frame) == State::measured) return std::nullopt;
    if (state(frame) != State::unmeasured) continue;
    ++(flags(frame) & LumaRow::kFloatSamples ? floating : unread);
  }
  if (floating > 0)
    return Absent{
        AbsenceKind::not_measured,
        fmt::format("Stream {} has floating-point samples, whose luma is not measured.", stream)};
  if (unread > 0)
    return Absent{AbsenceKind::not_measured,
                  fmt::format("Stream {} has a pixel layout whose luma is not measured.", stream)};
  return all_damaged_there(map());
}

std::optional<std::string> LumaFrames::taint(std::int64_t first, std::int64_t end) const {
  std::int64_t open = 0;
  for (std::int64_t frame = first; frame < end; ++frame) open += state(frame) != State::measured;
  return taint_of(map(), open, end - first);
}

}  // namespace cleangate::specs
