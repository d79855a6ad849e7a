// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "probes/picture/frame_sweep.h"
#include "probes/rows.h"

namespace cleangate::probes {

// A measurement of pictures: a pure function from the swept frame (and the one presented before
// it, nullptr at a stream's first frame) to one row. For every decoded frame: sweep.run(frame),
// then each wanted analyzer's `measure`; for a frame that is missing, concealed or damaged, its
// `damaged` instead.
struct PictureAnalyzer {
  enum class Reads : unsigned char { frame, frame_and_previous };

  const RowType* type = nullptr;
  Reads reads = Reads::frame;  // `frame`: `previous` may be nullptr always
  // Writes exactly type->size bytes.
  void (*measure)(const FrameSweep& sweep, const FrameSweep* previous,
                  std::span<std::byte> row) = nullptr;
  void (*damaged)(std::span<std::byte> row) = nullptr;
};

// Every picture analyzer (probes/picture/analyzers.def).
[[nodiscard]] std::span<const PictureAnalyzer> picture_analyzers();

}  // namespace cleangate::probes
