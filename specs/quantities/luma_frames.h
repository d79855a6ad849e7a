// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probes/picture/luma_ladder.h"
#include "specs/quantities/picture_rows.h"
#include "specs/quantity.h"

namespace cleangate::specs {

// What the numbers of a luma row mean.
struct LumaScale {
  int bits = 0;
  std::int64_t samples = 0;  // of the raster
  probes::NominalLuma nominal;
  const probes::LumaLadder* ladder = nullptr;

  // Percent of the nominal range from black (0 %) to white (100 %), exact.
  [[nodiscard]] Rational percent(std::int64_t code) const;
  // The largest code value not above a level, given in percent or in code values; may lie outside
  // the codes there are.
  [[nodiscard]] std::int64_t code_at(const Rational& level, Unit unit) const;
  friend bool operator==(const LumaScale&, const LumaScale&) = default;
};

// The picture.luma rows of a stream, by presented frame. Levels are read by the range that the
// frames carry; where they carry none, by the stream's color facts; where those say nothing,
// narrow (Y'CbCr) or full (R'G'B'), as probes::nominal_range has it.
class LumaFrames {
 public:
  [[nodiscard]] static tl::expected<LumaFrames, Absent> of(const Evidence& evidence, int stream);

  [[nodiscard]] const FrameMap& map() const { return rows_.map(); }
  [[nodiscard]] const ColumnReader& reader() const { return rows_.reader(); }

  enum class State : std::uint8_t { measured, damaged, unmeasured };
  [[nodiscard]] State state(std::int64_t frame) const;
  // Of a measured frame.
  [[nodiscard]] LumaScale scale(std::int64_t frame) const;
  [[nodiscard]] std::int64_t flags(std::int64_t frame) const { return flags_[row(frame)]; }
  [[nodiscard]] std::int64_t width(std::int64_t frame) const { return width_[row(frame)]; }
  [[nodiscard]] std::int64_t height(std::int64_t frame) const { return height_[row(frame)]; }

  // PictureRows::read.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> read(std::string_view column,
                                                              std::uint32_t element,
                                                              std::int64_t first,
                                                              std::int64_t end) const {
    return rows_.read(column, element, first, end);
  }
  // Why nothing can be said of frames [first, end): none, all damaged, all unmeasured.
  [[nodiscard]] std::optional<Absent> nothing_in(std::int64_t first, std::int64_t end) const;
  // Why something may be missing from what was found in them, for Reading::tainted_because.
  [[nodiscard]] std::optional<std::string> taint(std::int64_t first, std::int64_t end) const;

 private:
  explicit LumaFrames(PictureRows rows) : rows_(std::move(rows)) {}
  [[nodiscard]] std::size_t row(std::int64_t frame) const { return rows_.row(frame); }

  PictureRows rows_;
  SignalRange stream_range_ = SignalRange::unspecified;
  std::vector<std::int64_t> flags_, bits_, width_, height_;  // per row
};

}  // namespace cleangate::specs
