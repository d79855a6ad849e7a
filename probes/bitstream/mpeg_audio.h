// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "probes/bitstream/bit_reader.h"

namespace cleangate::probes {

// Header of a frame of MPEG audio, layer III (ISO/IEC 11172-3, 2.4.2.3; 13818-3, 2.4.2.3).
struct Mp3Header {
  bool mpeg1 = false, mono = false;
  std::uint64_t size = 0;  // of the frame, bytes
};

[[nodiscard]] inline std::optional<Mp3Header> mp3_header(std::span<const std::byte> bytes) {
  constexpr std::array<int, 15> kRates1{0,   32,  40,  48,  56,  64,  80, 96,
                                        112, 128, 160, 192, 224, 256, 320};
  constexpr std::array<int, 15> kRates2{0,  8,  16, 24,  32,  40,  48, 56,
                                        64, 80, 96, 112, 128, 144, 160};
  constexpr std::array<int, 3> kSampling{44100, 48000, 32000};
  BitReader bits(bytes);
  const auto sync = bits.u(11), version = bits.u(2), layer = bits.u(2);
  bits.skip(1);
  const auto rate = bits.u(4), sampling = bits.u(2), padding = bits.u(1);
  bits.skip(1);
  const auto mode = bits.u(2);
  if (!bits.ok() || sync != 0x7ff || version == 1 || layer != 1 || rate == 0 || rate == 15 ||
      sampling == 3)
    return std::nullopt;
  const int hertz = kSampling[sampling] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
  const int rate_bits = (version == 3 ? kRates1 : kRates2)[rate] * 1000;
  return Mp3Header{
      version == 3, mode == 3,
      static_cast<std::uint64_t>((version == 3 ? 144 : 72) * rate_bits / hertz) + padding};
}

// What the first frame of a stream tells, where it holds no sound but a table: Xing's ("Xing", or
// "Info" for a constant rate) or Fraunhofer's ("VBRI"). Neither has a standard: LAME's source and
// Fraunhofer's VBR header SDK are what everybody follows.
struct Mp3Table {
  std::string_view by;
  std::uint64_t bytes = 0;  // from this frame's first to the last of the sound; 0 = not told
};

[[nodiscard]] inline std::optional<Mp3Table> mp3_table(std::span<const std::byte> frame) {
  const auto header = mp3_header(frame);
  if (!header) return std::nullopt;
  const auto word = [&](std::size_t at) {
    return byte_at(frame, at) << 24 | byte_at(frame, at + 1) << 16 | byte_at(frame, at + 2) << 8 |
           byte_at(frame, at + 3);
  };
  const std::size_t xing =
      4 + (header->mpeg1 ? (header->mono ? 17u : 32u) : (header->mono ? 9u : 17u));
  constexpr std::size_t kVbri = 4 + 32;
  if (const unsigned magic = word(xing); magic == 0x58696e67 || magic == 0x496e666f) {
    const unsigned flags = word(xing + 4);
    const std::size_t at = xing + 8 + (flags & 1 ? 4 : 0);  // behind the number of frames
    return Mp3Table{magic == 0x58696e67 ? "Xing" : "Info", flags & 2 ? word(at) : 0};
  }
  if (word(kVbri) == 0x56425249) return Mp3Table{"VBRI", word(kVbri + 10)};
  return std::nullopt;
}

}  // namespace cleangate::probes
