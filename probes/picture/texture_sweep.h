// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/video_frame.h"
#include "probes/picture/luma_lines.h"
#include "probes/picture/texture_kernels.h"

namespace cleangate::probes {

inline constexpr std::size_t kRoughShares = 4;   // 10, 25, 50 and 75 % of the cells
inline constexpr std::size_t kContourRungs = 3;  // 1/2, 1, 2 code values of 8 bits

// Lines from a row of cells that is measured to the next, the first beginning with line 8. No
// multiple of 16: of the fields too, which have a grid of their own, every line of it is seen.
[[nodiscard]] constexpr int texture_period(int height) { return height < 720 ? 24 : 40; }

// What coding, scaling and noise leave behind in the small: cells of 8x8 luma samples, those of
// every third row of cells (every fifth from 720 lines on), but for the first and last of a row.
// Deeper samples are brought to 10 bits, rounded down. Lines of an interlaced frame have their
// neighbors in the same field.
struct TextureMeasure {
  bool measured = false;  // at least 3 cells across and 3 down
  bool fields = false;    // neighbors were those of the same field
  int bits = 0;           // 8..10, of what is below
  std::uint32_t cells = 0;
  TextureSums sums;
  // Lines measured of each line of a cell. Down, an interlaced frame has its grid in the field: its
  // lines are told by (line / 2) mod 8.
  std::array<std::uint32_t, kTextureCell> lines{};
  std::uint32_t samples_across = 0;  // of a line that are measured
  std::uint32_t flat = 0;            // cells of one value
  // Of the other cells: sum of |L| that so many stay below (a step of at most 1 in 32).
  std::array<std::uint32_t, kRoughShares> rough{};
  // Cells of two even parts with a contour between them: at least half of the samples with L = 0,
  // seven steps or more, and values no further apart than the rung. Each counts what the one before
  // counts.
  std::array<std::uint32_t, kContourRungs> contours{};
};

class TextureSweep {
 public:
  explicit TextureSweep(CpuLevel level) : kernels_(&texture_kernels(level)) {}
  void forget() { measure_ = {}; }
  // `luma` hands out the frame's lines; its bytes are needed until `finish`.
  void begin(const VideoFrame& frame, const LumaLines& luma);
  void line(int y, const void* luma);  // every luma line, in order
  void finish();
  [[nodiscard]] const TextureMeasure& measure() const { return measure_; }

 private:
  static constexpr std::size_t kHeld = kTextureCell + 2 * kTextureReach;
  static constexpr std::size_t kBins = 16 * 32;  // of sums up to 64 * 8184
  void measure_row(int top);
  void add_cell(const TextureCell& cell);

  const TextureKernels* kernels_;
  TextureMeasure measure_;
  bool in_place_ = true, bytes_ = true;
  int width_ = 0, height_ = 0, depth_ = 0;
  std::array<const void*, kHeld> held_{};                 // line y at y mod kHeld
  std::array<std::vector<std::uint16_t>, kHeld> copies_;  // where lines do not stay in place
  std::vector<TextureCell> row_;
  std::array<std::uint32_t, kBins> bins_{};
};

}  // namespace cleangate::probes
