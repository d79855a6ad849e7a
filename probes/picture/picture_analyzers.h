// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "probes/picture/frame_sweep.h"
#include "probes/rows.h"

namespace cleangate::probes {

// A measurement of pictures: a pure function from a swept frame to one row. For every decoded
// frame: sweep.run(frame, previous), then each wanted analyzer's `measure`; for a frame that is
// missing, concealed or damaged, its `damaged` instead.
struct PictureAnalyzer {
  // `pair`: some of the row tells how the frame differs from the one presented before it.
  enum class Reads : unsigned char { frame, pair };

  const RowType* type = nullptr;
  Reads reads = Reads::frame;
  // Each writes exactly type->size bytes.
  void (*measure)(const FrameSweep& sweep, std::span<std::byte> row) = nullptr;
  void (*damaged)(std::span<std::byte> row) = nullptr;
  // Of a pair only. The row stands; FrameSweep::compare then gave what it tells of the two frames.
  void (*join)(const FrameSweep& sweep, std::span<std::byte> row) = nullptr;
  // The row stands, but the frame before it is missing or damaged: nothing is told of the two.
  void (*alone)(std::span<std::byte> row) = nullptr;
};

// Every picture analyzer (probes/picture/analyzers.def).
[[nodiscard]] std::span<const PictureAnalyzer> picture_analyzers();

}  // namespace cleangate::probes
