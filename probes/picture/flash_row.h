// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "probes/picture/light_curve.h"
#include "probes/rows.h"

namespace cleangate::probes {

inline constexpr int kLightColumns = 32, kLightRows = 18;  // cells of `light`
inline constexpr int kWideColumns = 16, kWideRows = 9;     // wide cells, of everything else
inline constexpr std::size_t kLightCells = kLightColumns * kLightRows;
inline constexpr std::size_t kWideCells = kWideColumns * kWideRows;
inline constexpr int kChromaticityOne = 4096;  // u' = v' = 1
inline constexpr int kShareOne = 255;

// How a raster is cut. Both kinds of cells are rectangles of whole squares of 8x8 samples (what is
// left over at the right and at the bottom belongs to the last square of its line or column): cell
// i of n holds squares floor(i*s/n) to floor((i+1)*s/n) of s. A raster with fewer squares across or
// down than cells has as many cells as squares. Cells stand in rows from the top left,
// kLightColumns and kWideColumns apart.
struct FlashCut {
  int squares = 0;  // across, or down
  int light = 0, wide = 0;
  int samples = 0;

  [[nodiscard]] static constexpr FlashCut of(int samples, int most_light, int most_wide) {
    const int squares = std::max(1, samples / 8);
    return {squares, std::min(squares, most_light), std::min(squares, most_wide), samples};
  }
  [[nodiscard]] static constexpr FlashCut across(int width) {
    return of(width, kLightColumns, kWideColumns);
  }
  [[nodiscard]] static constexpr FlashCut down(int height) {
    return of(height, kLightRows, kWideRows);
  }
  // The first square of cell i of n; of n: one past the last.
  [[nodiscard]] constexpr int square(int i, int n) const { return i * squares / n; }
  // The first sample of cell i of n; of n: one past the last.
  [[nodiscard]] constexpr int sample(int i, int n) const {
    return i == n ? samples : 8 * square(i, n);
  }
  // The wide cell in which light cell i begins.
  [[nodiscard]] constexpr int wide_of(int i) const {
    int found = 0;
    while (found + 1 < wide && square(found + 1, wide) <= square(i, light)) ++found;
    return found;
  }
};

// The light of one decoded frame, cell by cell: what photosensitivity is judged from. Luminance is
// that of a screen relative to its reference white (absolute for PQ and HLG: LightCurve), worked
// out from the mean Y', C'b and C'r (R', G', B') of squares of 8x8 samples; code values outside the
// nominal range are taken as its ends. A frame with kDamaged or kNotMeasured tells nothing else.
struct FlashRow {
  enum Flag : std::uint16_t {
    kDamaged = 1,        // missing, concealed or damaged
    kNotMeasured = 2,    // these samples cannot be measured, or nobody knows what light they mean
    kCurveAssumed = 4,   // the frame does not say its transfer characteristics
    kMatrixAssumed = 8,  // nor its matrix coefficients: those of BT.709 were taken
    kNoColor = 16        // colors that are not read (palettes): everything counts as neutral
  };
  std::uint16_t width = 0, height = 0;  // of the raster, luma samples
  std::uint16_t flags = 0;
  std::uint16_t curve = 0;  // LightCurve
  // CIE 1976 u' and v' of the squares, their mean over a wide cell, of kChromaticityOne. Squares
  // too dark to have a color (R + G + B under 1 % of white) count as white.
  std::array<std::uint16_t, kWideCells> u{}, v{};
  std::array<std::uint8_t, kLightCells> light{};                // light codes of the mean luminance
  std::array<std::uint8_t, kWideCells> darkest{}, brightest{};  // light codes of one square
  // Share of a wide cell's squares that are saturated red: R / (R + G + B) at least 0.8 in linear
  // light (ISO 9241-391, WCAG 2.2), of kShareOne; rounded down, but never to none.
  std::array<std::uint8_t, kWideCells> red{};

  static constexpr FlashRow damaged() {
    FlashRow row;
    row.flags = kDamaged;
    return row;
  }

  static constexpr std::array<Column, 10> kColumns{
      {{"width", ColumnType::u16, 0, 1},
       {"height", ColumnType::u16, 2, 1},
       {"flags", ColumnType::u16, 4, 1},
       {"curve", ColumnType::u16, 6, 1},
       {"u", ColumnType::u16, 8, kWideCells},
       {"v", ColumnType::u16, 8 + 2 * kWideCells, kWideCells},
       {"light", ColumnType::u8, 8 + 4 * kWideCells, kLightCells},
       {"darkest", ColumnType::u8, 8 + 4 * kWideCells + kLightCells, kWideCells},
       {"brightest", ColumnType::u8, 8 + 5 * kWideCells + kLightCells, kWideCells},
       {"red", ColumnType::u8, 8 + 6 * kWideCells + kLightCells, kWideCells}}};
  static constexpr RowType kType{"picture.flash", 1, RowClock::frame,
                                 8 + 7 * kWideCells + kLightCells, kColumns};
};
static_assert(MeasurementRow<FlashRow> && sizeof(FlashRow) == FlashRow::kType.size);

}  // namespace cleangate::probes
