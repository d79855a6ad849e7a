// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/video_frame.h"
#include "probes/picture/field_kernels.h"
#include "probes/picture/luma_lines.h"

namespace cleangate::probes {

inline constexpr std::size_t kFieldRungs = 6;

// How well the two fields of a frame fit together, and how well a field of the frame before would
// fit in the place of its own. The top field is the even lines, counted from 0; index 0 is the top
// field, 1 the bottom field. Luma Y' in native code values (LumaLines). Lines with a neighbor on
// both sides are measured: all but the first and the last.
//
// `weave`: |above + below - 2 line|, which is twice how far a sample lies from the mean of the
// samples above and below it, which are of the other field. Vertical detail weighs on it, and so
// does motion between the fields. `weave_before` takes the sample of the frame before instead:
// vertical detail and noise weigh the same, so the difference of the two tells of time alone.
//   progressive: both fields of the frame before fit worse.
//   top field first: the bottom field of the frame before lies between the two top fields, and fits
//     as well as the own one; the top field of the frame before is farther away and fits worse.
//   fields of two pictures (2:3 pulldown): one field of the frame before fits better than the own.
//   nothing moves: all fit alike.
struct FrameFields {
  bool measured = false;  // at least three lines
  bool paired = false;    // else all that tells of the frame before is 0
  std::array<std::uint64_t, 2> samples{};
  std::array<std::uint64_t, 2> weave{}, weave_before{};
  std::array<std::uint64_t, 2> difference{};  // |line - line before|
  std::uint64_t vertical = 0;                 // |above - below|, of all samples
  // Over blocks of 64x16 samples (what is left over at the right belongs to the last one; what is
  // left over below is a block where it has 8 lines). e0, e1: by how much the field of the frame
  // before fits worse than the own one, in code values of a mean sample, left-justified in 16 bits;
  // negative: better. How many blocks have more than field_rung(i) of
  std::uint32_t blocks = 0;
  using Ladder = std::array<std::uint32_t, kFieldRungs>;
  Ladder progressive{};            // min(e0, e1)
  Ladder top_first{};              // e0 - 2 max(e1, 0)
  Ladder bottom_first{};           // e1 - 2 max(e0, 0)
  std::array<Ladder, 2> better{};  // -e0, -e1
  Ladder combed{};  // weave / 2 - vertical, in means of a block; needs no frame before
  // Largest mean |difference| of the top, and of the bottom lines of a block; left-justified.
  std::array<std::uint16_t, 2> difference_max{};
};

// 1/4, 1/2, 1, 2, 4, 8 code values of 8 bits, left-justified in 16 bits.
[[nodiscard]] constexpr std::int64_t field_rung(std::size_t i) { return std::int64_t{64} << i; }

// Compares the fields of a frame and of the one before, line by line, in step with FrameSweep.
class FieldSweep {
 public:
  explicit FieldSweep(CpuLevel cpu) : kernels_(&field_kernels(cpu)) {}

  void forget() { fields_ = {}; }
  // Both frames' bytes are needed until `finish`. `luma` hands out the frame's lines.
  void begin(const VideoFrame& frame, const VideoFrame* before, const LumaLines& luma);
  // Line y of the frame's luma; lines in order.
  void line(int y, const void* luma);
  void finish();
  [[nodiscard]] const FrameFields& fields() const { return fields_; }

 private:
  // The lines of a row of blocks, the one above and the one below.
  static constexpr std::size_t kHeld = kFieldBlockLines + 2;
  void close_blocks(int end);
  void add_block(const FieldSums& sums, std::array<std::uint64_t, 2> samples, bool counts);

  const FieldKernels* kernels_;
  FrameFields fields_;
  LumaLines before_;
  bool in_place_ = true, bytes_ = true;
  int width_ = 0, height_ = 0, bits_ = 0, first_line_ = 0;
  std::array<const void*, kHeld> held_{};  // line y at y mod kHeld
  // Where lines do not stay in place.
  std::array<std::vector<std::uint16_t>, kHeld> copies_;
  std::array<std::vector<std::uint16_t>, kFieldBlockLines> before_copies_;
};

}  // namespace cleangate::probes
