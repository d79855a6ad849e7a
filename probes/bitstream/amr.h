// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace cleangate::probes {

// A frame that says that nothing was sent: frame type 15, NO_DATA (3GPP TS 26.101 and 26.201, table
// 1a; RFC 4867, 5.3). It belongs to discontinuous transmission and is no damage, though libav's
// decoder takes it for a corrupt one.
[[nodiscard]] inline bool is_amr_pause(std::string_view codec, std::span<const std::byte> packet) {
  const bool amr = codec == "amr_nb" || codec == "amr_wb";
  return amr && packet.size() == 1 && (std::to_integer<unsigned>(packet[0]) >> 3 & 15) == 15;
}

}  // namespace cleangate::probes
