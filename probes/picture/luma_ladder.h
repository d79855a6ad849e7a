// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/color.h"
#include "core/video_frame.h"

// How luma rows store shares of a frame: which code values they count above, and how they write a
// count in 16 bits.
namespace cleangate::probes {

// Share codes: counts up to 2047 stand as they are; larger ones keep their 11 leading bits, rounded
// down (a step of at most 1 in 1024). Codes are in the order of the counts.
inline constexpr std::uint32_t kExactShares = 2048;  // counts below are exact; a power of two
[[nodiscard]] constexpr std::uint16_t share_code(std::uint32_t count) {
  if (count < kExactShares) return static_cast<std::uint16_t>(count);
  const auto exponent = static_cast<std::uint32_t>(std::bit_width(count / kExactShares));
  return static_cast<std::uint16_t>(exponent * (kExactShares / 2) + (count >> exponent));
}
// The smallest and the largest count with this code.
[[nodiscard]] constexpr std::uint64_t share_low(std::uint16_t code) {
  if (code < kExactShares) return code;
  const std::uint32_t exponent = code / (kExactShares / 2) - 1;
  return static_cast<std::uint64_t>(code - exponent * (kExactShares / 2)) << exponent;
}
[[nodiscard]] constexpr std::uint64_t share_high(std::uint16_t code) {
  if (code < kExactShares) return code;
  return share_low(code) + (1ull << (code / (kExactShares / 2) - 1)) - 1;
}

// Code values of nominal black and nominal white. Narrow: 16 and 235 times 2^(bits-8) (ITU-R BT.709
// table 5, BT.2020 table 5, BT.2100 table 9); full: 0 and 2^bits - 1.
struct NominalLuma {
  std::int64_t black = 0, white = 0;
  friend bool operator==(const NominalLuma&, const NominalLuma&) = default;
};
[[nodiscard]] constexpr NominalLuma nominal_luma(int bits, SignalRange range) {
  if (range == SignalRange::full || bits < 8) return {0, (std::int64_t{1} << bits) - 1};
  return {std::int64_t{16} << (bits - 8), std::int64_t{235} << (bits - 8)};
}

// The range to read levels by: as signalled; unspecified is narrow for Y'CbCr and gray (H.273:
// VideoFullRangeFlag is inferred to be 0), full for R'G'B' and palettes. Under 8 bits there is no
// narrow range.
[[nodiscard]] constexpr SignalRange nominal_range(ColorModel model, SignalRange signalled,
                                                  int bits) {
  if (bits < 8) return SignalRange::full;
  if (signalled != SignalRange::unspecified) return signalled;
  return model == ColorModel::rgb || model == ColorModel::palette ? SignalRange::full
                                                                  : SignalRange::narrow;
}

inline constexpr std::size_t kLumaRungs = 77, kActiveLumaRungs = 33;

// Rungs are native code values, ascending, some equal; a row counts the samples above each.
//
// Raster: 56 near black: at 8 bits every code value from -5 % to 20 % of the nominal range (narrow
// 4..59; full 0..55); deeper every half percent from -5 % to 20 % and, narrow, five more: 0, the
// last code under the legal ones (3 at 10 bits), under EBU R 103's -5 % (19), under black (63) and
// -6 %; full: every half percent from 0 to 27.5 %. Then 25, 30, 40 ... 90, 95 %, and 12 about white
// and above it (narrow: 100 to 109 %, EBU R 103's 246 or 984 among them; full: 96 to 100 %).
// Active rectangle: 12 near black (about -5, 0, 1, 2, 3, 4, 5, 7.5, 10, 15, 20 %), then the same.
// A percentage stands for floor(black + percentage * (white - black)).
struct LumaLadder {
  std::array<std::uint16_t, kLumaRungs> raster{};
  std::array<std::uint16_t, kActiveLumaRungs> active{};
};
// bits 1..16; range narrow or full. Made once per pair; the reference stays.
[[nodiscard]] const LumaLadder& luma_ladder(int bits, SignalRange range);

}  // namespace cleangate::probes
