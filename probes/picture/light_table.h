// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/color.h"

// Light from code values, as tables: pow and exp differ in their last bits from machine to machine.
namespace cleangate::probes {

enum class LightScale : std::uint8_t {
  pq,       // cd/m2 of the display, in 0.0001 cd/m2 (ITU-R BT.2100-2 table 4)
  hlg,      // light of the scene; 100,000,000 is that of nominal white (BT.2100-2 table 5)
  relative  // light of the display by ITU-R BT.1886; 100,000,000 is nominal white
};
// Unspecified and all others are read as BT.1886 reads them.
[[nodiscard]] constexpr LightScale light_scale(TransferCharacteristics transfer) {
  if (transfer == TransferCharacteristics::smpte2084) return LightScale::pq;
  if (transfer == TransferCharacteristics::arib_std_b67) return LightScale::hlg;
  return LightScale::relative;
}
// `code`: of a narrow 10-bit signal. Below nominal black is no light, over 1023 as 1023.
[[nodiscard]] std::uint32_t light_of(LightScale scale, int code);

}  // namespace cleangate::probes
