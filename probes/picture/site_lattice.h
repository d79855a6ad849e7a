// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>

namespace cleangate::probes {

// The luma samples of a frame that R'G'B' is made of.
//
// Lines: every line up to 608 lines, else lines 0 and 5 of each eight, so that both fields are seen
// alike. Across: one sample in `step`, a power of two: 2 up to 1023 samples, 4 up to 2047, 8 up to
// 4095 and so on, which leaves 256 to 512 sites on a line of 512 samples and more (HD and UHD:
// 480); at least one chroma sample. The lines with sites start in turn at 0 and at half a step,
// rounded down to a whole chroma sample, so that a structure as wide as a step is not always met at
// the same place (a quincunx).
class SiteLattice {
 public:
  SiteLattice() = default;
  constexpr SiteLattice(int width, int height, int log2_chroma_w)
      : width_(width),
        step_(std::max({2, 1 << log2_chroma_w, 2 * floor_of(width / kGrowth)})),
        shifted_((step_ / 2) >> log2_chroma_w << log2_chroma_w),
        every_line_(height <= kMostLinesOfAll) {}

  [[nodiscard]] constexpr int step() const { return step_; }
  [[nodiscard]] constexpr bool has(int y) const {
    return every_line_ || (y & 7) == 0 || (y & 7) == 5;
  }
  // Of a line that has sites.
  [[nodiscard]] constexpr int first(int y) const { return (y & 1) != 0 ? shifted_ : 0; }
  [[nodiscard]] constexpr int count(int y) const {  // none where a line ends before `first`
    return std::max(0, (width_ - first(y) + step_ - 1) / step_);
  }

 private:
  static constexpr int kMostLinesOfAll = 608, kGrowth = 512;
  static constexpr int floor_of(int value) {
    return static_cast<int>(std::bit_floor(static_cast<unsigned>(value)));
  }

  int width_ = 0, step_ = 2, shifted_ = 0;
  bool every_line_ = false;
};

}  // namespace cleangate::probes
