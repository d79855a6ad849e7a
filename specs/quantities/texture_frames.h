// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "probes/picture/texture_row.h"
#include "specs/quantities/luma_frames.h"
#include "specs/quantities/picture_rows.h"

namespace cleangate::specs {

// The picture.texture rows of a stream by presented frame, with its picture.luma rows beside them.
class TextureFrames {
 public:
  [[nodiscard]] static tl::expected<TextureFrames, Absent> of(const Evidence& evidence, int stream);

  struct Frame {
    bool measured = false;
    // Cells, in millionths of all.
    std::int64_t flat = 0, contrasty = 0;
    std::array<std::int64_t, probes::kContourRungs> contours{};
    std::int64_t grid = 0;   // with an edge on the column where most have one, beyond what the
                             // other columns have on average
    std::int64_t rough = 0;  // a tenth of the cells: mean |L|, 1/64 of a code value of 10 bits
    std::int64_t sharp = 0;  // a tenth of the contrasty cells reach this: 64ths
  };
  [[nodiscard]] const FrameMap& map() const { return luma_.map(); }
  [[nodiscard]] const LumaFrames& luma() const { return luma_; }
  [[nodiscard]] const Frame& frame(std::int64_t i) const {
    return frames_[static_cast<std::size_t>(i)];
  }
  // Why nothing can be said of frames [first, end): none, all damaged, all unmeasured.
  [[nodiscard]] std::optional<Absent> nothing_in(std::int64_t first, std::int64_t end) const;

 private:
  TextureFrames(LumaFrames luma, PictureRows rows)
      : luma_(std::move(luma)), rows_(std::move(rows)) {}
  [[nodiscard]] std::optional<Absent> load();

  LumaFrames luma_;
  PictureRows rows_;
  std::vector<Frame> frames_;
};

}  // namespace cleangate::specs
