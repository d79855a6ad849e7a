// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "probes/picture/flash_row.h"
#include "specs/quantities/picture_rows.h"

namespace cleangate::specs {

// What of a picture.flash row is asked for.
enum class FlashPart : std::uint8_t { luminance, red };

// The cells of one frame, as FlashRow has them: luminance in cd/m2, or red.
struct FlashPicture {
  std::array<float, probes::kLightCells> light;
  std::array<float, probes::kWideCells> darkest, brightest;
  std::array<float, probes::kWideCells> red, u, v;  // share 0..1, u' and v'
};

// The picture.flash rows of a stream, by presented frame, read in blocks.
class FlashFrames {
 public:
  // `white`: cd/m2 of reference white of a screen; PQ is absolute, HLG has a screen of 1,000 cd/m2.
  [[nodiscard]] static tl::expected<FlashFrames, Absent> of(const Evidence& evidence, int stream,
                                                            FlashPart part, double white);

  [[nodiscard]] const FrameMap& map() const { return rows_.map(); }
  [[nodiscard]] bool measured(std::int64_t frame) const { return form_[at(frame)] != 0; }
  // Why nothing can be said of frames [first, end): none, all damaged, all unmeasured.
  [[nodiscard]] std::optional<Absent> nothing_in(std::int64_t first, std::int64_t end) const;
  // Both are measured, and of one size and curve.
  [[nodiscard]] bool comparable(std::int64_t a, std::int64_t b) const {
    return measured(a) && form_[at(a)] == form_[at(b)];
  }
  [[nodiscard]] probes::LightCurve curve(std::int64_t frame) const;
  [[nodiscard]] int width(std::int64_t frame) const;
  [[nodiscard]] int height(std::int64_t frame) const;
  // A frame of the stream has no color: red was not measured.
  [[nodiscard]] bool colorless() const { return colorless_; }

  // Of a measured frame; the reference stands until one is asked for that is more than half a block
  // ahead. Frames are asked for in order, and at most `kReach` back. Null: rows cannot be read.
  static constexpr std::int64_t kReach = 64;
  [[nodiscard]] const FlashPicture* picture(std::int64_t frame);
  // Nothing but black, or nothing red, from this frame to the end of its block: the first frame
  // behind that.
  [[nodiscard]] std::int64_t no_red_until(std::int64_t frame) const;

 private:
  FlashFrames(PictureRows rows, FlashPart part, double white)
      : rows_(std::move(rows)), part_(part), white_(white) {}
  static std::size_t at(std::int64_t frame) { return static_cast<std::size_t>(frame); }
  [[nodiscard]] std::optional<Absent> load_forms();
  [[nodiscard]] bool load(std::int64_t first);
  template <std::size_t kCells>
  [[nodiscard]] bool read(std::string_view column, std::array<float, kCells> FlashPicture::*into,
                          bool light, float scale);

  PictureRows rows_;
  FlashPart part_;
  double white_;
  bool colorless_ = false;
  std::vector<std::uint64_t>
      form_;  // per presented frame: width, height and curve; 0: not measured
  std::int64_t block_first_ = 0, block_end_ = 0;
  std::vector<FlashPicture> block_;
};

}  // namespace cleangate::specs
