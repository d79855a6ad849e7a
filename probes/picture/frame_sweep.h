// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "core/video_frame.h"
#include "probes/picture/bars_finder.h"
#include "probes/picture/field_sweep.h"
#include "probes/picture/flash_row.h"
#include "probes/picture/frame_change.h"
#include "probes/picture/luma_lines.h"
#include "probes/picture/outlier_sweep.h"
#include "probes/picture/signal_sweep.h"
#include "probes/picture/sweep_kernels.h"
#include "probes/picture/texture_sweep.h"

namespace cleangate::probes {

// A part of a picture, in luma samples and lines of the raster.
struct PictureRect {
  std::uint16_t x = 0, y = 0, width = 0, height = 0;
  [[nodiscard]] bool empty() const { return width == 0 || height == 0; }
  friend bool operator==(const PictureRect&, const PictureRect&) = default;
};

// Means of the frame's luma over cells of 8x8 samples, row by row from the top left. Samples left
// over at the right and at the bottom belong to the last cell of their row or column (a frame under
// 8 samples has one cell). Means are left-justified in 16 bits (8-bit 16.5 is 4224), rounded down.
struct CellGrid {
  int columns = 0, rows = 0;
  std::span<const std::uint16_t> means;
  [[nodiscard]] std::uint16_t at(int column, int row) const {
    return means[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                 static_cast<std::size_t>(column)];
  }
};

// One pass over a frame fills the primitives that picture analyzers read. Reusable: once it has
// met a size, the next frame of that size allocates nothing. The lines of a strip are unpacked
// once (or not at all, where they lie in memory as they are needed) and stay in the cache while
// every primitive visits them. All primitives are integers in native code values and the same on
// every machine and for every strip height.
//
// Analyzers are pure functions (sweep) -> row. A primitive that a new analyzer needs (chroma,
// fields) is added here, never measured in a second pass over the frame.
class FrameSweep {
 public:
  struct Options {
    int strip_lines = 16;  // lines visited together, at least 1
    CpuLevel cpu = best_cpu_level();
    enum class Changes : std::uint8_t { skipped, measured } changes = Changes::measured;
  };
  FrameSweep();
  explicit FrameSweep(Options options);
  ~FrameSweep();
  FrameSweep(FrameSweep&&) noexcept;
  FrameSweep& operator=(FrameSweep&&) noexcept;

  // The frames' bytes are not needed after the call. A frame that cannot be measured leaves every
  // primitive empty and says why. `previous` is the frame presented before it, if it is at hand.
  void run(const VideoFrame& frame, const VideoFrame* previous = nullptr);
  // Only change() and fields(), for a frame that was run when the one before it was not at hand.
  void compare(const VideoFrame& frame, const VideoFrame& previous);

  [[nodiscard]] Unmeasured unmeasured() const;
  [[nodiscard]] int width() const;
  [[nodiscard]] int height() const;
  [[nodiscard]] int bits() const;  // depth of the luma measured; 0 when unmeasured
  [[nodiscard]] ColorModel model() const;
  [[nodiscard]] const ColorDescription& color() const;  // as the frame carried it

  // Exact counts of luma code values, 2^bits of them.
  [[nodiscard]] std::span<const std::uint32_t> histogram() const;
  // Samples over black_threshold() per line and per column.
  [[nodiscard]] std::uint16_t black_threshold() const;
  [[nodiscard]] std::span<const std::uint16_t> line_above() const;
  [[nodiscard]] std::span<const std::uint16_t> column_above() const;

  // The smallest rectangle that holds every line and every column with picture in it. A line has
  // picture when more than width/128 of its samples, and a column when more than height/128, are
  // over the threshold of 24 (8-bit; 96 at 10 bits): isolated noise does not open it, nor does
  // black at 0 or at 16, whatever range is signalled. Empty when there is no picture: then the
  // frame is black, or as good as. A dark edge of a picture is taken for black: over time, take the
  // largest extent (the quantities picture.active_* do).
  [[nodiscard]] PictureRect active() const;
  // Luma counts inside active(); of the whole raster when that is empty.
  [[nodiscard]] std::span<const std::uint32_t> active_histogram() const;

  // Local contrast of a sample: the larger of its absolute differences to the sample on its right
  // and to the one below it (a missing neighbor counts as equal).
  [[nodiscard]] std::uint16_t contrast_max() const;
  // Samples with a local contrast over contrast_rungs(): 2, 4, 8, 16, 32, 64 (8-bit), scaled by
  // 2^(bits-8), rounded down.
  [[nodiscard]] const std::array<std::uint32_t, kContrastRungs>& contrast_above() const;
  [[nodiscard]] const std::array<std::uint16_t, kContrastRungs>& contrast_rungs() const;

  [[nodiscard]] CellGrid cells() const;
  [[nodiscard]] const FlashRow& flash() const;  // kNotMeasured after compare()

  // XXH3-64 over every component's lines, plane by plane, as decoded: equal pictures of one stream
  // have equal digests. 0 when changes are skipped.
  [[nodiscard]] std::uint64_t digest() const;
  [[nodiscard]] const FrameChange& change() const;
  [[nodiscard]] const SignalMeasure& signal() const;
  [[nodiscard]] const BarsMeasure& bars() const;
  [[nodiscard]] const TextureMeasure& texture() const;
  [[nodiscard]] const FrameOutliers& outliers() const;
  // Not measured when changes are skipped.
  [[nodiscard]] const FrameFields& fields() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cleangate::probes
