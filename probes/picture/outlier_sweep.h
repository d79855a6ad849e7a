// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/video_frame.h"
#include "probes/picture/change_kernels.h"
#include "probes/picture/luma_lines.h"
#include "probes/picture/outlier_bands.h"
#include "probes/picture/outlier_kernels.h"

namespace cleangate::probes {

inline constexpr std::size_t kMostDots = 16;
inline constexpr int kLeastOutlierSide = 16;  // samples, lines
inline constexpr int kDotFloor = 12;          // least step of a dot, code values of 8 bits

// A sample that stands out of the ring of 16 samples two away from it. Code values of 8 bits.
struct OutlierDot {
  std::uint16_t x = 0, y = 0;
  std::int16_t step = 0;   // above the ring's largest; negative: below its smallest
  std::uint8_t alone = 0;  // likewise of the 17x17 samples around without the inner 5x5; 0: not
  // Means of the 9x9 samples around without the inner 5x5 and the sample's own line and column:
  // above left, above right, below left, below right.
  std::array<std::uint8_t, 4> around{};
};

// Single samples, lines and columns of luma Y' (LumaLines) that stand out of what surrounds them.
struct FrameOutliers {
  bool measured = false;  // no side under 16
  bool fields = false;    // lines were compared with those of their own field
  // The dots with the largest |step|, from top left; of equal ones those met first. Of those that
  // lie within two of one another only the largest.
  std::array<OutlierDot, kMostDots> dots{};
  std::size_t dot_count = 0;
  Bands lines, columns;
};

// Finds them line by line, in step with FrameSweep.
class OutlierSweep {
 public:
  explicit OutlierSweep(CpuLevel cpu)
      : kernels_(&outlier_kernels(cpu)), changes_(&change_kernels(cpu)) {}

  void forget() { found_ = {}; }
  // `luma` hands out the frame's lines and stays open until `finish`.
  void begin(const VideoFrame& frame, LumaLines& luma);
  // Line y of the frame's luma; lines in order.
  void line(int y, const void* luma);
  void finish();
  [[nodiscard]] const FrameOutliers& outliers() const { return found_; }

 private:
  static constexpr std::size_t kHeld = 5;
  void find_dots(int y);
  [[nodiscard]] int code8(const void* line, int x) const;
  [[nodiscard]] int step_of(int x) const;
  void keep(const OutlierDot& dot);
  void look_around(OutlierDot& dot);
  void find_lines();
  void find_columns();
  [[nodiscard]] const void* held(int y) const { return held_[static_cast<std::size_t>(y) % kHeld]; }

  const OutlierKernels* kernels_;
  const ChangeKernels* changes_;
  FrameOutliers found_;
  LumaLines* luma_ = nullptr;
  bool in_place_ = true, bytes_ = true;
  int width_ = 0, height_ = 0, bits_ = 0, apart_ = 1;
  DotLine task_;
  std::array<const void*, kHeld> held_{};  // line y at y mod kHeld
  std::array<std::vector<std::uint16_t>, kHeld> copies_;
  std::vector<std::uint32_t> line_edges_, column_edges_;
  std::uint32_t column_lines_ = 0;
  bool all_largest_ = false;  // no dot can displace another
  BandFinder bands_;
  std::vector<std::uint16_t> scratch_;
};

}  // namespace cleangate::probes
