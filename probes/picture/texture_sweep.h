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
inline constexpr std::size_t kContourRungs = 4;  // 1, 2, 4, 8 code values of 8 bits
inline constexpr std::size_t kSharpShares = 2;   // 50 and 90 %

// Lines from a row of cells that is measured to the next, the first beginning with line 8. No
// multiple of 16: of the fields too, which have a grid of their own, every line of it is seen.
[[nodiscard]] constexpr int texture_period(int height) { return height < 720 ? 24 : 40; }

// What coding, scaling and noise leave behind in the small: cells of 8x8 luma samples, those of
// every third row of cells (every fifth from 720 lines on), but for the first and last of a row.
// Deeper samples are brought to 10 bits, rounded down. Lines of an interlaced frame have their
// neighbors in the same field.
struct TextureMeasure {
  bool measured = false;  // at least 3 cells across and 3 down, of at least 8 bits
  bool fields = false;    // neighbors were those of the same field
  int bits = 0;           // 8..10, of `rough`
  std::uint32_t cells = 0;
  std::uint32_t flat = 0;  // cells of one value
  // Of the other cells: sum of |L| that so many stay below (a step of at most 1 in 32).
  std::array<std::uint32_t, kRoughShares> rough{};
  // Cells of two even parts with a contour between them: no values further apart than the largest
  // step, at least half of the samples with L = 0, seven steps or more, none larger than the rung.
  // Each counts what the one before counts.
  std::array<std::uint32_t, kContourRungs> contours{};
  // Cells with an edge down through them: a column whose differences to the left are twice those of
  // every other column, and 2 to 12 code values of 8 bits in the mean. By column: where a codec
  // shows its blocks, the first one has more than its share.
  std::array<std::uint32_t, kTextureCell> edges{};
  // Cells along whose lines the differences come to 32 code values of 8 bits or more on average
  // (the edges of a letterbox are differences down), and what part of the range of their samples
  // the largest of them is, in 64ths: so many of them stay below.
  std::uint32_t contrasty = 0;
  std::array<std::uint32_t, kSharpShares> sharp{};
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
  void add_edge(const TextureCell& cell, int one);

  const TextureKernels* kernels_;
  TextureMeasure measure_;
  bool in_place_ = true, bytes_ = true;
  int width_ = 0, height_ = 0, depth_ = 0;
  std::array<const void*, kHeld> held_{};                 // line y at y mod kHeld
  std::array<std::vector<std::uint16_t>, kHeld> copies_;  // where lines do not stay in place
  std::vector<TextureCell> row_;
  std::array<std::uint32_t, kBins> bins_{};
  std::array<std::uint32_t, 65> sharp_bins_{};
};

}  // namespace cleangate::probes
