// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "specs/quantities/picture_rows.h"

namespace cleangate::specs {

// The picture.fields rows of a stream by presented frame. Levels are in 1/65536 of a code value of
// 8 bits, whatever the depth. Index 0 is the top field, 1 the bottom field.
class FieldFrames {
 public:
  [[nodiscard]] static tl::expected<FieldFrames, Absent> of(const Evidence& evidence, int stream);

  enum class State : std::uint8_t {
    compared,  // with the frame before it
    alone,     // measured, but there is nothing before it to compare it with
    damaged,
    unmeasured
  };
  struct Frame {
    State state = State::unmeasured;
    std::array<std::int64_t, 2> worse{};  // by how much the field of the frame before fits worse in
                                          // its place; negative: better
    std::array<std::int64_t, 2> moved{};  // mean |difference| of the field to the frame before
    // What chance alone can make of `worse`.
    std::int64_t noise = 0;
    // Blocks whose own evidence is clear of the noise: of all, and by what they show.
    std::int64_t blocks = 0, top_first = 0, bottom_first = 0;
  };
  [[nodiscard]] const FrameMap& map() const { return rows_.map(); }
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(frames_.size()); }
  [[nodiscard]] const Frame& frame(std::int64_t i) const {
    return frames_[static_cast<std::size_t>(i)];
  }
  // Why nothing can be said of frames [first, end): none, all damaged, all unmeasured.
  [[nodiscard]] std::optional<Absent> nothing_in(std::int64_t first, std::int64_t end) const;
  // Why something may be missing from what was found in them, for Reading::tainted_because.
  [[nodiscard]] std::optional<std::string> taint(std::int64_t first, std::int64_t end) const;

 private:
  explicit FieldFrames(PictureRows rows) : rows_(std::move(rows)) {}
  [[nodiscard]] std::optional<Absent> load();

  PictureRows rows_;
  std::vector<Frame> frames_;
};

}  // namespace cleangate::specs
