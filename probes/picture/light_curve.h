// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "core/video_frame.h"
#include "probes/picture/rgb_matrix.h"

// From code values to the light of a screen, in integers alone: the same numbers on every machine.
namespace cleangate::probes {

// How a screen turns a component into light. Numbers are kept in rows and never change.
enum class LightCurve : std::uint16_t {
  none = 0,     // not known how (log100, log316, numbers that H.273 does not know)
  bt1886 = 1,   // ITU-R BT.1886 with black at zero: E'^2.4
  srgb = 2,     // IEC 61966-2-1
  pq = 3,       // SMPTE ST 2084, 1 is 10,000 cd/m2
  hlg = 4,      // ARIB STD-B67 with the OOTF of ITU-R BT.2100 (gamma 1.2), 1 is 1,000 cd/m2
  gamma22 = 5,  // H.273 value 4
  gamma28 = 6,  // H.273 value 5
  linear = 7,
  st428 = 8  // SMPTE ST 428-1: E'^2.6
};

struct LightReading {
  LightCurve curve = LightCurve::none;
  bool assumed = false;  // the frame does not say
};
// Unspecified is BT.1886 for Y'CbCr and gray, sRGB for R'G'B' and palettes.
[[nodiscard]] LightReading light_curve(TransferCharacteristics transfer, ColorModel model);

inline constexpr std::uint32_t kLightOne = 65535;
inline constexpr int kLightSteps = kRgbWhite - kRgbBlack + 1;

// Light of a component by its steps above black (RgbMatrix), of kLightOne. Of HLG this is the light
// of the scene, before the OOTF. LightTable is finer than light_table.h and knows more curves;
// where both tell a light they agree (light_curve_test.cpp).
using LightTable = std::array<std::uint16_t, kLightSteps>;
[[nodiscard]] const LightTable& light_table(LightCurve curve);
// The OOTF of HLG on luminance: of the scene i / 4095 to that of the screen, both of kLightOne.
[[nodiscard]] const std::array<std::uint16_t, 4096>& hlg_screen();

// Light codes: luminance in 8 bits, code / 255 as a component of the curve (HLG: of BT.1886).
[[nodiscard]] const std::array<std::uint16_t, 256>& light_codes(LightCurve curve);
[[nodiscard]] std::uint8_t light_code(LightCurve curve, std::uint32_t light);  // the nearest

}  // namespace cleangate::probes
