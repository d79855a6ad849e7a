// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/video_frame.h"
#include "probes/picture/change_kernels.h"
#include "probes/picture/luma_lines.h"

namespace cleangate::probes {

inline constexpr int kChromaLimit8 = 4;  // code values of 8 bits, times 2^(bits-8)

// How a frame differs from the one before it. Sums and levels are in native code values of luma Y'
// (LumaLines says what that is for R'G'B'), means of cells left-justified in 16 bits.
struct FrameChange {
  enum class Pairing : std::uint8_t {
    alone,       // there is no frame before, or it was not asked for
    other_form,  // the one before has another size or sample layout
    paired
  };
  Pairing pairing = Pairing::alone;  // everything else is 0 unless paired
  bool identical = false;            // every component of every sample, alpha and padding included
  std::uint64_t luma_samples = 0;
  std::uint64_t luma_difference = 0;  // sum of |difference| over the raster
  std::uint16_t luma_difference_max = 0;
  // Samples with a |difference| over difference_rungs(bits).
  std::array<std::uint32_t, kDifferenceRungs> luma_above{};
  // C'b and C'r together (R'G'B': R' and B'): sum of |difference|, and how many samples, of the
  // depth of luma. Compared only where luma differs by at most kChromaLimit8 in the mean, so that
  // the picture may be the same; never where the components are a palette's or of another depth.
  bool chroma_compared = false;
  std::uint64_t chroma_difference = 0, chroma_samples = 0;
  // Over cells of 8x8 luma samples, as CellGrid cuts them. `cell_difference_max`: the largest mean
  // of |difference|. `cell_change`: how far the cell's mean has moved; grain and noise average out
  // of it, motion does not.
  std::uint32_t cells = 0;
  std::uint16_t cell_difference_max = 0, cell_change_max = 0;
  std::uint64_t cell_change = 0;  // sum over the cells
  // Cells whose mean moved by more than cell_change_rung(i).
  std::array<std::uint32_t, kCellChangeRungs> cells_above{};
};

// 0, 1, 4 and 16 at 8 bits, times 2^(bits-8); under 8 bits 0 and divided, rounded down.
[[nodiscard]] std::array<std::uint16_t, kDifferenceRungs> difference_rungs(int bits);
// 1/16, 1/8 ... 8, 16 code values of 8 bits, left-justified in 16 bits: 16 << i.
[[nodiscard]] constexpr std::uint16_t cell_change_rung(std::size_t i) {
  return static_cast<std::uint16_t>(16u << i);
}

// Compares two frames line by line, in step with FrameSweep.
class ChangeSweep {
 public:
  explicit ChangeSweep(CpuLevel cpu) : kernels_(&change_kernels(cpu)) {}

  void forget() { change_ = {}; }
  // Both frames' bytes are needed until `finish`. False: they cannot be compared.
  bool begin(const VideoFrame& frame, const VideoFrame& before);
  // Line y of the frame's luma, as LumaLines hands it out; lines in order.
  void line(int y, const void* luma);
  // What `line` will read of the frame before, for ReadSoon.
  [[nodiscard]] const void* reads(int y) const {
    return before_.in_place() ? before_.in_memory(0, y) : nullptr;
  }
  [[nodiscard]] const LumaLines& before() const { return before_; }
  void finish();
  [[nodiscard]] const FrameChange& change() const { return change_; }

 private:
  [[nodiscard]] bool may_be_same() const;
  void compare_luma(int y, const void* luma);
  void compare_chroma(int y);
  [[nodiscard]] bool same_bytes(int y) const;
  template <class Sum>
  void close_cells(int y, std::vector<Sum>& differences, std::vector<Sum>& gains);
  void add_cells(int count);  // whole ones, from the left
  void add_cell(std::uint32_t difference, std::uint32_t gain, std::uint32_t samples);

  const ChangeKernels* kernels_;
  FrameChange change_;
  VideoFrame frame_;
  LumaLines now_, before_;  // `now_` for its components only
  VideoFrame previous_;
  int bits_ = 0, cell_columns_ = 0, cell_rows_ = 0, cell_first_line_ = 0;
  std::array<std::uint16_t, kDifferenceRungs> rungs_{};
  std::vector<std::uint16_t> short_differences_, short_gains_;
  std::vector<std::uint32_t> long_differences_, long_gains_;
  std::vector<std::uint16_t> scratch_;  // two lines
};

}  // namespace cleangate::probes
