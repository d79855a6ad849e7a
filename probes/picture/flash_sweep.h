// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/video_frame.h"
#include "probes/picture/flash_kernels.h"
#include "probes/picture/flash_row.h"
#include "probes/picture/luma_lines.h"
#include "probes/picture/rgb_matrix.h"

namespace cleangate::probes {

// From the components of a frame to the light of its cells, line by line, in step with FrameSweep.
class FlashSweep {
 public:
  explicit FlashSweep(CpuLevel cpu) : kernels_(&flash_kernels(cpu)) {}

  void forget();
  // The frame's bytes are needed until `finish`.
  void begin(const VideoFrame& frame);
  // Behind line y of the frame's luma; lines in order.
  void line(int y);
  // `luma`: the means of the squares, as CellGrid has them.
  void finish(std::span<const std::uint16_t> luma, int luma_bits);

  // Everything but kDamaged.
  [[nodiscard]] const FlashRow& row() const { return row_; }

 private:
  // The means of one component over the squares.
  struct Part {
    int index = 0, bits = 0, across = 0, down = 0;  // log2 of the subsampling
    int lines = 0;  // added since the last row of squares was closed
    std::vector<std::uint16_t> short_sums;
    std::vector<std::uint32_t> long_sums;
    std::vector<std::uint16_t> means;  // left-justified in 16 bits
  };
  [[nodiscard]] bool set_colors();
  void set_matrices(int luma_bits);
  void prepare(Part& part);
  [[nodiscard]] bool is_read(const Part& part, int line) const;
  void add(Part& part, int y);
  void fold(const std::uint16_t* sums, int count, int step, int left, int shift,
            std::uint16_t* means) const;
  void fold(const std::uint32_t* sums, int count, int step, int left, int shift,
            std::uint16_t* means) const;
  template <class Sum>
  void close(Part& part, int row, std::vector<Sum>& sums);
  void index_row(std::size_t first, std::span<const std::uint16_t> luma);
  void light_row();
  void fold_wide(std::size_t cell, int first, int end);
  void fold(std::span<const std::uint16_t> luma);
  void fold_row(int y, std::span<const std::uint16_t> luma);
  void store();

  const FlashKernels* kernels_;
  FlashRow row_;
  VideoFrame frame_;
  LumaLines lines_;  // for its components only
  LightCurve curve_ = LightCurve::none;
  FlashCut across_, down_;
  int square_row_ = 0, part_count_ = 0;
  std::array<Part, 3> parts_;
  std::array<RgbMatrix, 3> matrices_{};     // of means left-justified in 16 bits
  std::array<std::uint32_t, 3> weights_{};  // of R, G, B in luminance, sum 65536
  std::array<float, 9> xyz_{};              // to X, Y, Z
  std::vector<std::uint16_t> scratch_;
  // A row of squares: linear light of kLightOne, luminance, chromaticity.
  std::vector<std::int32_t> row_red_, row_green_, row_blue_, row_u_, row_v_;
  std::vector<std::uint32_t> row_light_;

  std::array<std::uint64_t, kLightCells> light_sums_{};
  std::array<std::uint32_t, kLightCells> light_counts_{};
  std::array<std::uint32_t, kWideCells> darkest_{}, brightest_{}, red_counts_{}, wide_counts_{};
  std::array<std::uint64_t, kWideCells> u_sums_{}, v_sums_{};
};

}  // namespace cleangate::probes
