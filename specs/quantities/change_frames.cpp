// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/change_frames.h"

#include <algorithm>

#include "probes/picture/luma_ladder.h"

namespace cleangate::specs {
namespace {

using probes::ChangeRow;
constexpr std::int64_t kMillion = 1'000'000;

// A code value of `bits`, times `scale`, as millionths of one of 8 bits.
std::int64_t of_8_bits(std::int64_t value, std::int64_t scale, std::int64_t bits) {
  const std::int64_t millionths = value * kMillion / scale;
  return bits >= 8 ? millionths >> (bits - 8) : millionths << (8 - bits);
}

}  // namespace

tl::expected<ChangeFrames, Absent> ChangeFrames::of(const Evidence& evidence, int stream) {
  auto luma = LumaFrames::of(evidence, stream);
  if (!luma) return tl::unexpected(luma.error());
  auto rows = PictureRows::of(evidence, stream, ChangeRow::kType, "change");
  if (!rows) return tl::unexpected(rows.error());
  ChangeFrames frames(std::move(*luma), std::move(*rows));
  if (auto absent = frames.load()) return tl::unexpected(std::move(*absent));
  if (auto absent = frames.load_cells()) return tl::unexpected(std::move(*absent));
  return frames;
}

std::optional<Absent> ChangeFrames::load() {
  std::vector<std::int64_t> flags, bits, difference, chroma, cell_max, cell_change;
  const std::pair<std::string_view, std::vector<std::int64_t>*> columns[] = {
      {"flags", &flags},
      {"bits", &bits},
      {"difference", &difference},
      {"chroma", &chroma},
      {"cell_difference_max", &cell_max},
      {"cell_change", &cell_change}};
  for (const auto& [name, into] : columns) {
    auto values = rows_.column(name);
    if (!values) return std::move(values.error());
    *into = std::move(*values);
  }
  constexpr std::int64_t kFixed = 65536;                // of means
  constexpr std::int64_t kLeft = std::int64_t{1} << 8;  // left-justified 16 bits to 8
  for (std::int64_t frame = 0; frame < map().frame_count(); ++frame) {
    const std::size_t row = rows_.row(frame);
    const bool broken = flags[row] & (ChangeRow::kDamaged | ChangeRow::kNotMeasured);
    const bool begins = frame == 0 || (flags[row] & ChangeRow::kOtherForm);
    // The rows compare with the frame decoded before, also where that one is not presented.
    const bool behind_unpresented = frame > 0 && row != rows_.row(frame - 1) + 1;
    if (broken || behind_unpresented || bits[row] < 1 || bits[row] > 16 ||
        luma_.state(frame) != LumaFrames::State::measured)
      states_.push_back(State::unknown);
    else if (begins)
      states_.push_back(State::first);
    else
      states_.push_back(flags[row] & ChangeRow::kAlone ? State::unknown : State::compared);
    Change change;
    change.identical = flags[row] & ChangeRow::kIdentical;
    change.chroma_known = flags[row] & ChangeRow::kChroma;
    if (states_.back() == State::compared) {
      change.luma = of_8_bits(difference[row], kFixed, bits[row]);
      change.chroma = of_8_bits(chroma[row], kFixed, bits[row]);
      change.cell_max = cell_max[row] * kMillion / kLeft;
      change.motion = cell_change[row] / kLeft * kMillion / kFixed;
    }
    changes_.push_back(change);
  }
  return std::nullopt;
}

std::optional<Absent> ChangeFrames::load_cells() {
  for (std::size_t rung = 0; rung < cells_above_.size(); ++rung) {
    const auto codes = rows_.column("cells_above", static_cast<std::uint32_t>(rung));
    if (!codes) return codes.error();
    for (std::int64_t frame = 0; frame < map().frame_count(); ++frame) {
      const std::int64_t cells = std::max<std::int64_t>(1, luma_.width(frame) / 8) *
                                 std::max<std::int64_t>(1, luma_.height(frame) / 8);
      const auto code = static_cast<std::uint16_t>((*codes)[rows_.row(frame)]);
      cells_above_[rung].push_back(static_cast<std::int64_t>(probes::share_low(code)) * kMillion /
                                   cells);
    }
  }
  const auto low = luma_.read("cell_min", 0, 0, map().frame_count());
  const auto high = luma_.read("cell_max", 0, 0, map().frame_count());
  if (!low || !high) return Absent{AbsenceKind::damaged, "The stored luma rows cannot be read."};
  for (std::size_t i = 0; i < low->size(); ++i) contrast_.push_back((*high)[i] - (*low)[i]);
  return std::nullopt;
}

std::int64_t ChangeFrames::level(std::int64_t frame, const Rational& percent) const {
  const LumaScale scale = luma_.scale(frame);
  const auto codes =
      checked_mul(std::clamp(percent, Rational(0), Rational(100)),
                  Rational((scale.nominal.white - scale.nominal.black) * (kMillion / 100)));
  return codes ? of_8_bits(codes->floor(), kMillion, scale.bits) : INT64_MAX;
}

bool ChangeFrames::flat(std::int64_t frame, const Rational& percent) const {
  return contrast_[at(frame)] * kMillion / 256 <= level(frame, percent);
}

}  // namespace cleangate::specs
