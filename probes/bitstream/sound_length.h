// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "core/rational.h"

// How long the sound of a packet is by its own header, in seconds: whatever a muxer, which may have
// stretched the packet before a hole, says of it. Nothing where the header is none.
namespace cleangate::probes {

// AC-3 (ETSI TS 102 366, 4.3): six blocks of 256 samples. Not E-AC-3.
[[nodiscard]] std::optional<Rational> ac3_length(std::span<const std::byte> packet);
// ADTS (ISO/IEC 14496-3, 1.A.2): 1,024 samples a raw data block.
[[nodiscard]] std::optional<Rational> adts_length(std::span<const std::byte> packet);
// The first frame of MPEG audio (ISO/IEC 11172-3, 2.4.2.1; 13818-3, 2.4.2.3).
[[nodiscard]] std::optional<Rational> mpeg_audio_length(std::span<const std::byte> packet);
// RFC 6716, 3.1 and 3.2.
[[nodiscard]] std::optional<Rational> opus_length(std::span<const std::byte> packet);

}  // namespace cleangate::probes
