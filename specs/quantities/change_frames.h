// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "probes/picture/change_row.h"
#include "specs/quantities/luma_frames.h"
#include "specs/quantities/picture_rows.h"

namespace cleangate::specs {

// No picture: the means of its cells lie within this share of the nominal range. As picture.black.
[[nodiscard]] inline Rational flat_percent() { return Rational(6); }

// The picture.change rows of a stream, with its picture.luma rows beside them, by presented frame.
// Levels are in millionths of a code value of 8 bits, whatever the depth.
class ChangeFrames {
 public:
  [[nodiscard]] static tl::expected<ChangeFrames, Absent> of(const Evidence& evidence, int stream);

  [[nodiscard]] const FrameMap& map() const { return luma_.map(); }
  [[nodiscard]] const LumaFrames& luma() const { return luma_; }

  // Why nothing can be said of frames [first, end): none, all damaged, all unmeasured.
  [[nodiscard]] std::optional<Absent> nothing_in(std::int64_t first, std::int64_t end) const {
    return luma_.nothing_in(first, end);
  }

  enum class State : std::uint8_t {
    compared,  // with the frame before it
    first,     // of the stream, or of another form: there is nothing that it could repeat
    unknown    // it or the frame before it is damaged, missing or not measured
  };
  [[nodiscard]] State state(std::int64_t frame) const { return states_[at(frame)]; }

  struct Change {
    bool identical = false;
    std::int64_t luma = 0, chroma = 0;  // means of |difference|
    bool chroma_known = false;          // else luma differs by more than kChromaLimit8
    std::int64_t cell_max = 0;          // largest mean |difference| of an 8x8 cell
    std::int64_t motion = 0;            // mean of how far the means of the cells moved
  };
  // Of a compared frame.
  [[nodiscard]] const Change& change(std::int64_t frame) const { return changes_[at(frame)]; }
  // Cells, in millionths of all, whose mean moved by more than cell_change_rung(rung).
  [[nodiscard]] std::int64_t cells_above(std::int64_t frame, std::size_t rung) const {
    return cells_above_[rung][at(frame)];
  }
  // A share of the nominal range of luma as such a level. Of a measured frame.
  [[nodiscard]] std::int64_t level(std::int64_t frame, const Rational& percent) const;
  // The means of the frame's cells lie no further apart than that: there is no picture to freeze.
  [[nodiscard]] bool flat(std::int64_t frame, const Rational& percent) const;

 private:
  ChangeFrames(LumaFrames luma, PictureRows rows)
      : luma_(std::move(luma)), rows_(std::move(rows)) {}
  static std::size_t at(std::int64_t frame) { return static_cast<std::size_t>(frame); }
  [[nodiscard]] std::optional<Absent> load();
  [[nodiscard]] std::optional<Absent> load_cells();

  LumaFrames luma_;
  PictureRows rows_;
  std::vector<State> states_;  // per presented frame, as the others
  std::vector<Change> changes_;
  std::array<std::vector<std::int64_t>, probes::kCellChangeRungs> cells_above_;
  std::vector<std::int64_t> contrast_;  // of the cells' means, left-justified in 16 bits
};

}  // namespace cleangate::specs
