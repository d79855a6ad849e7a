// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/video_frame.h"
#include "probes/picture/luma_lines.h"
#include "probes/picture/signal_kernels.h"
#include "probes/picture/site_lattice.h"
#include "probes/picture/sweep_kernels.h"

namespace cleangate::probes {

// What FrameSweep measures of color: C'b and C'r of every sample, R'G'B' on a lattice of sites.
//
// Sites: those of SiteLattice. C'b and C'r of a site are the samples there, or the nearest of the
// same field where chroma has fewer lines.
//
// `filtered` is the low-pass filter that EBU R 103 v3.0 (annex 1, video signal filtering)
// recommends before levels are judged, so that short overshoots do not count: 1, 2, 3, 4, 3, 2, 1
// sixteenths across and 1, 2, 1 quarters down, down within one field where the frame is interlaced.
// It acts on the samples, chroma in between being interpolated, and R'G'B' is made of its outcome:
// both are linear. Outside the picture the outermost sample goes on.
struct SignalMeasure {
  bool chroma = false;  // C'b and C'r are counted
  bool rgb = false;     // R'G'B' is; false where the matrix has no R'G'B' of its own
  bool fields = false;  // the filter stayed within fields
  int bits = 0;         // 0: nothing is told
  int site_step = 0;    // luma samples from one site of a line to the next
  std::uint32_t sites = 0;
  // Counts of code values of C'b and C'r, 2^bits each; of bins of R', G', B' and the largest of the
  // three, kRgbBins each.
  std::array<std::span<const std::uint32_t>, 2> chroma_counts;
  std::array<std::span<const std::uint32_t>, 4> rgb_counts;
  // Sites with any of R', G', B' farther outside than kOutside.
  std::array<std::uint32_t, kOutsideRungs> outside{}, filtered{};
  SaturationCounts saturation;  // distance of C'b, C'r from neutral, at the sites
};

class SignalSweep {
 public:
  explicit SignalSweep(CpuLevel level);
  // The lines are of this frame and stay open until `finish`. False: nothing can be told.
  bool begin(const VideoFrame& frame, const LumaLines& lines);
  // The frame before is of the same form, and its chroma will be read in step with this one's.
  void fetch_along(const LumaLines& before) { before_ = &before; }
  void line(int y);  // every luma line, in order
  void finish();
  void forget();
  [[nodiscard]] const SignalMeasure& measure() const { return measure_; }

 private:
  enum class Model : std::uint8_t { ycbcr, rgb, gray };
  struct Sites {
    int first, step, count;
    int across;  // log2 of the luma samples that one of these stands for
  };

  bool choose_model();
  void count_chroma(int y);
  void visit_sites(int y);
  void measure_sites(const RgbMatrix& matrix, int count, bool binned);
  [[nodiscard]] Sites sites_of(int component, int y) const;
  void read_sites(int component, int y);
  void filter_sites(int component, int y);
  [[nodiscard]] bool is_chroma(int component) const {
    return model_ == Model::ycbcr && component > 0;
  }
  [[nodiscard]] int component_line(int component, int y) const;
  [[nodiscard]] int components() const { return model_ == Model::gray ? 1 : 3; }

  const SignalKernels* kernels_;
  LumaHistogram cb_, cr_;
  VideoFrame frame_;
  const LumaLines* lines_ = nullptr;
  const LumaLines* before_ = nullptr;
  Model model_ = Model::ycbcr;
  SignalMeasure measure_;
  int fraction_ = 0;  // of filtered samples
  RgbMatrix matrix_, filtered_matrix_;
  SiteLattice lattice_;
  int across_ = 0, down_ = 0;  // log2 of chroma's subsampling
  std::array<std::vector<std::uint32_t>, 4> rgb_counts_;
  std::array<std::vector<std::int32_t>, 3> sites_;
  std::array<std::vector<std::uint16_t>, 4> bins_;
  std::vector<std::int32_t> blended_;  // a line between its margins
  std::array<std::vector<std::uint16_t>, 3> scratch_;
};

}  // namespace cleangate::probes
