// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/sound_length.h"

#include <array>
#include <cstdint>

#include "probes/bitstream/bit_reader.h"
#include "probes/bitstream/mpeg_audio.h"

namespace cleangate::probes {

std::optional<Rational> ac3_length(std::span<const std::byte> packet) {
  constexpr std::array<int, 3> kRates{48000, 44100, 32000};
  if (byte_at(packet, 0) != 0x0b || byte_at(packet, 1) != 0x77) return std::nullopt;
  const unsigned rate = byte_at(packet, 4) >> 6, id = byte_at(packet, 5) >> 3;
  if (rate == 3 || id > 8 || packet.size() < 6) return std::nullopt;  // 9, 10: no standard's
  return Rational(1536, kRates[rate]);
}

std::optional<Rational> adts_length(std::span<const std::byte> packet) {
  const auto header = adts_header(packet);
  if (!header) return std::nullopt;
  return Rational(header->samples, header->sample_rate);
}

std::optional<Rational> mpeg_audio_length(std::span<const std::byte> packet) {
  const auto header = mpeg_audio_header(packet);
  if (!header) return std::nullopt;
  return Rational(header->samples, header->sample_rate);
}

std::optional<Rational> opus_length(std::span<const std::byte> packet) {
  // Of a frame, in steps of 2.5 ms, by the two lowest bits of `config`.
  constexpr std::array<int, 4> kSilk{4, 8, 16, 24}, kCelt{1, 2, 4, 8};
  constexpr int kLongest = 48;  // 120 ms: no packet is longer
  if (packet.empty()) return std::nullopt;
  const unsigned head = byte_at(packet, 0), config = head >> 3, code = head & 3;
  if (code == 3 && packet.size() < 2) return std::nullopt;
  const unsigned frames = code == 0 ? 1 : code < 3 ? 2 : byte_at(packet, 1) & 63;
  const int frame = config < 12   ? kSilk[config & 3]
                    : config < 16 ? kSilk[config & 1]
                                  : kCelt[config & 3];
  const int length = frame * static_cast<int>(frames);
  if (length == 0 || length > kLongest) return std::nullopt;
  return Rational(length, 400);
}

}  // namespace cleangate::probes
