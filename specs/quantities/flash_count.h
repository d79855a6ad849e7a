// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "probes/picture/flash_row.h"
#include "specs/quantities/flash_frames.h"

namespace cleangate::specs {

// What counts as a harmful sequence (ITU-R BT.1702-3, guideline 1; the same in Ofcom's guidance).
struct FlashLimits {
  double change = 20, dark = 160;  // cd/m2
  double red_difference = 0.2;     // of u' and v'
  double area = 0.25;              // share of the screen, to be exceeded
  std::int64_t flashes = 3;        // in `window`, to be exceeded: 2 * flashes + 1 changes
  std::int64_t window_ns = 1'000'000'000;
};

// How much of each cell changes between two frames, 0..1, with the sign of the change.
using CellChanges = std::array<float, probes::kLightCells>;
using LightCells = std::array<float, probes::kLightCells>;  // cd/m2
// Shares of the raster, cell by cell.
using CellAreas = std::array<double, probes::kLightCells>;

// Whether, however the shares of the cells fall, changes from frames within [least, most] to `now`
// can cover more than the area. Far cheaper than luminance_changes.
[[nodiscard]] bool may_flash(const LightCells& least, const LightCells& most, const LightCells& now,
                             const CellAreas& areas, const FlashLimits& limits);
// Luminance: cells of `light`. `hdr`: above `dark` a Michelson contrast of 1/17 is a change too.
void luminance_changes(const FlashPicture& before, const FlashPicture& now, int width, int height,
                       const FlashLimits& limits, bool hdr, CellChanges& changes);
// Saturated red: wide cells, the first kWideCells; + into red, - out of it.
void red_changes(const FlashPicture& before, const FlashPicture& now, const FlashLimits& limits,
                 CellChanges& changes);
[[nodiscard]] CellAreas cell_areas(int width, int height, FlashPart part);

// Counts opposing changes cell by cell.
class FlashCount {
 public:
  explicit FlashCount(const FlashLimits& limits) : limits_(limits) {}

  struct Harm {
    std::int64_t first = 0;  // frame of the first change
    double area = 0;
  };
  // What changes from any of the frames [since, frame) to this one; frames in order. A cell counts
  // where it begins to change, and is concurrent with those that began since. Harm: with this
  // frame's changes the sequence is a harmful one.
  std::optional<Harm> add(std::int64_t frame, std::int64_t since, std::int64_t start_ns,
                          const CellChanges& changes, const CellAreas& areas);
  void forget();

 private:
  struct Change {
    std::int64_t frame, start_ns;
    float share;
  };
  struct Cell {
    int direction = 0;
    std::vector<Change> changes;  // the latest, opposing
  };
  [[nodiscard]] bool harmful(const Cell& cell) const;
  [[nodiscard]] bool record(Cell& cell, const Change& change, int direction) const;

  FlashLimits limits_;
  std::array<Cell, probes::kLightCells> cells_;
};

}  // namespace cleangate::specs
