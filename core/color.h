// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.h"

namespace cleangate {

// ITU-T H.273 code points: the standard's own numbers as enumerators; numbers it does not know yet
// survive as they are.
enum class ColorPrimaries : std::uint8_t {
  bt709 = 1,
  unspecified = 2,
  bt470m = 4,
  bt470bg = 5,
  smpte170m = 6,
  smpte240m = 7,
  film = 8,
  bt2020 = 9,
  smpte428 = 10,
  smpte431 = 11,
  smpte432 = 12,
  ebu3213 = 22
};
enum class TransferCharacteristics : std::uint8_t {
  bt709 = 1,
  unspecified = 2,
  gamma22 = 4,
  gamma28 = 5,
  smpte170m = 6,
  smpte240m = 7,
  linear = 8,
  log100 = 9,
  log316 = 10,
  iec61966_2_4 = 11,
  bt1361e = 12,
  iec61966_2_1 = 13,
  bt2020_10 = 14,
  bt2020_12 = 15,
  smpte2084 = 16,
  smpte428 = 17,
  arib_std_b67 = 18
};
enum class MatrixCoefficients : std::uint8_t {
  gbr = 0,
  bt709 = 1,
  unspecified = 2,
  fcc = 4,
  bt470bg = 5,
  smpte170m = 6,
  smpte240m = 7,
  ycgco = 8,
  bt2020nc = 9,
  bt2020c = 10,
  smpte2085 = 11,
  chroma_derived_nc = 12,
  chroma_derived_c = 13,
  ictcp = 14
};
// Three, not a bool.
enum class SignalRange : std::uint8_t { unspecified, narrow, full };

// What a stream *says*. What pixels *are* is measured.
struct ColorDescription {
  ColorPrimaries primaries = ColorPrimaries::unspecified;
  TransferCharacteristics transfer = TransferCharacteristics::unspecified;
  MatrixCoefficients matrix = MatrixCoefficients::unspecified;
  SignalRange range = SignalRange::unspecified;
  friend bool operator==(const ColorDescription&, const ColorDescription&) = default;
};

// Names as libav spells H.273 ("bt709", "bt2020nc", "smpte2084", "arib-std-b67", "iec61966-2-1",
// "bt2020-10", "gbr"); a number without a name prints as "h273-<n>". `unspecified`
// prints "unspecified".
[[nodiscard]] std::string to_string(ColorPrimaries value);
[[nodiscard]] std::string to_string(TransferCharacteristics value);
[[nodiscard]] std::string to_string(MatrixCoefficients value);
[[nodiscard]] std::string_view to_string(SignalRange value);
[[nodiscard]] Expected<ColorPrimaries> parse_primaries(std::string_view text);
[[nodiscard]] Expected<TransferCharacteristics> parse_transfer(std::string_view text);
[[nodiscard]] Expected<MatrixCoefficients> parse_matrix(std::string_view text);
[[nodiscard]] Expected<SignalRange> parse_range(std::string_view text);

}  // namespace cleangate
