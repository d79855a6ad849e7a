// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "probes/picture/signal_row.h"
#include "specs/quantities/luma_frames.h"
#include "specs/quantities/picture_rows.h"

namespace cleangate::specs {

// The picture.signal rows of a stream, with its picture.luma rows beside them, by presented frame.
class SignalFrames {
 public:
  [[nodiscard]] static tl::expected<SignalFrames, Absent> of(const Evidence& evidence, int stream);

  [[nodiscard]] const FrameMap& map() const { return luma_.map(); }
  [[nodiscard]] const LumaFrames& luma() const { return luma_; }

  enum class State : std::uint8_t { measured, damaged, unmeasured };
  [[nodiscard]] State state(std::int64_t frame) const;
  [[nodiscard]] std::int64_t flags(std::int64_t frame) const { return flags_[row(frame)]; }
  [[nodiscard]] int bits(std::int64_t frame) const { return static_cast<int>(bits_[row(frame)]); }
  [[nodiscard]] std::int64_t sites(std::int64_t frame) const { return sites_[row(frame)]; }
  // PictureRows::read.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> read(std::string_view column,
                                                              std::uint32_t element,
                                                              std::int64_t first,
                                                              std::int64_t end) const {
    return rows_.read(column, element, first, end);
  }
  // Why nothing can be said of what `lacking` (a flag of SignalRow) would leave out of frames
  // [first, end): none, all damaged, none measured.
  [[nodiscard]] std::optional<Absent> nothing_in(std::int64_t first, std::int64_t end,
                                                 std::int64_t lacking) const;
  // Of frames [first, end), for Reading::tainted_because.
  [[nodiscard]] std::optional<std::string> taint(std::int64_t first, std::int64_t end,
                                                 std::int64_t lacking) const;
  [[nodiscard]] bool tells(std::int64_t frame, std::int64_t lacking) const {
    return state(frame) == State::measured && (flags(frame) & lacking) == 0;
  }

 private:
  SignalFrames(LumaFrames luma, PictureRows rows)
      : luma_(std::move(luma)), rows_(std::move(rows)) {}
  [[nodiscard]] std::size_t row(std::int64_t frame) const { return rows_.row(frame); }

  LumaFrames luma_;
  PictureRows rows_;
  std::vector<std::int64_t> flags_, bits_, sites_;  // per row
};

}  // namespace cleangate::specs
