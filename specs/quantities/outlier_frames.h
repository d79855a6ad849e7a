// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "specs/quantities/picture_rows.h"

namespace cleangate::specs {

// The picture.outliers rows of a stream by presented frame. Levels are code values of 8 bits.
class OutlierFrames {
 public:
  [[nodiscard]] static tl::expected<OutlierFrames, Absent> of(const Evidence& evidence, int stream);

  using Around = std::array<std::int64_t, 4>;
  struct Dot {  // probes::OutlierDot
    std::int64_t frame = 0, x = 0, y = 0, step = 0, alone = 0;
    Around around{};
  };
  struct Band {  // probes::OutlierBand
    std::int64_t frame = 0, at = 0, count = 0, apart = 0, level = 0;
    std::array<Around, 2> around{};
  };
  enum class Axis : std::uint8_t { line, column };

  // Of frames [first, end), in order; nothing when the rows cannot be read.
  [[nodiscard]] std::optional<std::vector<Dot>> dots(std::int64_t first, std::int64_t end) const;
  // `level` is what the share-th of probes::kBandShares tells.
  [[nodiscard]] std::optional<std::vector<Band>> bands(Axis axis, std::uint32_t share,
                                                       std::int64_t first, std::int64_t end) const;

  [[nodiscard]] const FrameMap& map() const { return rows_.map(); }
  enum class State : std::uint8_t { measured, damaged, unmeasured };
  [[nodiscard]] State state(std::int64_t frame) const;
  // Why nothing can be said of frames [first, end): none, all damaged, all unmeasured.
  [[nodiscard]] std::optional<Absent> nothing_in(std::int64_t first, std::int64_t end) const;
  // Why something may be missing from what was found in them, for Reading::tainted_because.
  [[nodiscard]] std::optional<std::string> taint(std::int64_t first, std::int64_t end) const;

  // Whether what surrounds an outlier shows another picture than before: another pattern, not the
  // same one brighter or darker.
  [[nodiscard]] static bool another_picture(const Around& now, const Around& before);

 private:
  explicit OutlierFrames(PictureRows rows) : rows_(std::move(rows)) {}

  PictureRows rows_;
  std::vector<std::int64_t> flags_;  // per row
};

}  // namespace cleangate::specs
