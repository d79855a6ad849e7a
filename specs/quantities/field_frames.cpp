// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/field_frames.h"

#include <fmt/format.h>

#include <algorithm>

#include "probes/picture/fields_row.h"
#include "probes/picture/luma_ladder.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

using probes::FieldsRow;
using probes::kFieldRungs;

std::int64_t of_8_bits(std::int64_t value, std::int64_t bits) {
  return bits >= 8 ? value >> (bits - 8) : value << (8 - bits);
}

// Rounded up.
std::int64_t root(std::int64_t square) {
  std::int64_t low = 0, high = std::int64_t{1} << 31;
  while (high - low > 1) {
    const std::int64_t middle = (low + high) / 2;
    (middle * middle >= square ? high : low) = middle;
  }
  return high;
}

// The samples of noise scatter `worse` by about its mean distance over the root of their number;
// four times that, and never less than a hundredth of a code value.
std::int64_t noise_of(std::int64_t weave, std::int64_t blocks) {
  constexpr std::int64_t kLeast = 655, kSamples = 512;  // of a field in a block
  return std::max(kLeast, 4 * weave / root(std::max<std::int64_t>(1, blocks) * kSamples));
}

// The first rung that the noise of a block's 512 samples does not reach.
std::uint32_t rung_over(std::int64_t weave) {
  std::uint32_t rung = 0;
  while (rung + 1 < kFieldRungs && (probes::field_rung(rung) << 8) < weave / 8) ++rung;
  return rung;
}

}  // namespace

tl::expected<FieldFrames, Absent> FieldFrames::of(const Evidence& evidence, int stream) {
  auto rows = PictureRows::of(evidence, stream, FieldsRow::kType, "interlacing");
  if (!rows) return tl::unexpected(rows.error());
  FieldFrames frames(std::move(*rows));
  if (auto absent = frames.load()) return tl::unexpected(std::move(*absent));
  return frames;
}

std::optional<Absent> FieldFrames::load() {
  struct Columns {
    std::vector<std::int64_t> flags, bits, blocks;
    std::array<std::vector<std::int64_t>, 2> weave, before, difference;
    std::array<std::vector<std::int64_t>, kFieldRungs> top, bottom;
  } columns;
  std::optional<Absent> absent;
  const auto take = [&](std::vector<std::int64_t>& into, std::string_view name,
                        std::uint32_t element = 0) {
    auto values = rows_.column(name, element);
    if (values)
      into = std::move(*values);
    else
      absent = std::move(values.error());
  };
  take(columns.flags, "flags");
  take(columns.bits, "bits");
  take(columns.blocks, "blocks");
  for (std::uint32_t field = 0; field < 2; ++field) {
    take(columns.weave[field], "weave", field);
    take(columns.before[field], "weave_before", field);
    take(columns.difference[field], "difference", field);
  }
  for (std::uint32_t rung = 0; rung < kFieldRungs; ++rung) {
    take(columns.top[rung], "top_first", rung);
    take(columns.bottom[rung], "bottom_first", rung);
  }
  if (absent) return absent;
  for (std::int64_t i = 0; i < map().frame_count(); ++i) {
    const std::size_t row = rows_.row(i);
    Frame& frame = frames_.emplace_back();
    const std::int64_t flags = columns.flags[row], bits = columns.bits[row];
    // The rows compare with the frame decoded before, also where that one is not presented.
    const bool behind_unpresented = i > 0 && row != rows_.row(i - 1) + 1;
    if ((flags & FieldsRow::kDamaged) || map().damaged(i))
      frame.state = State::damaged;
    else if ((flags & FieldsRow::kNotMeasured) || bits < 1 || bits > 16)
      frame.state = State::unmeasured;
    else if ((flags & FieldsRow::kAlone) || behind_unpresented || i == 0)
      frame.state = State::alone;
    else
      frame.state = State::compared;
    if (frame.state != State::compared) continue;
    for (std::size_t field = 0; field < 2; ++field) {
      frame.worse[field] =
          of_8_bits(columns.before[field][row], bits) - of_8_bits(columns.weave[field][row], bits);
      frame.moved[field] = of_8_bits(columns.difference[field][row], bits);
    }
    const std::int64_t weave = of_8_bits((columns.weave[0][row] + columns.weave[1][row]) / 2, bits);
    frame.blocks = columns.blocks[row];
    frame.noise = noise_of(weave, frame.blocks);
    const std::uint32_t rung = rung_over(weave);
    const auto share = [](std::int64_t code) {
      return static_cast<std::int64_t>(probes::share_low(static_cast<std::uint16_t>(code)));
    };
    frame.top_first = share(columns.top[rung][row]);
    frame.bottom_first = share(columns.bottom[rung][row]);
  }
  return std::nullopt;
}

std::optional<Absent> FieldFrames::nothing_in(std::int64_t first, std::int64_t end) const {
  if (first >= end) return no_frame_there(map());
  const int stream = map().stream();
  bool unmeasured = false;
  for (std::int64_t i = first; i < end; ++i) {
    if (frame(i).state == State::compared || frame(i).state == State::alone) return std::nullopt;
    unmeasured = unmeasured || frame(i).state == State::unmeasured;
  }
  if (unmeasured)
    return Absent{
        AbsenceKind::not_measured,
        fmt::format("The interlacing of stream {} is not measured: a pixel layout that is "
                    "not read, or under three lines.",
                    stream)};
  return all_damaged_there(map());
}

std::optional<std::string> FieldFrames::taint(std::int64_t first, std::int64_t end) const {
  std::int64_t open = 0;
  for (std::int64_t i = first; i < end; ++i)
    open += frame(i).state == State::damaged || frame(i).state == State::unmeasured;
  return taint_of(map(), open, end - first);
}

}  // namespace cleangate::specs
