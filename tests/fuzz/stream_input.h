// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "core/packet_view.h"
#include "probes/bitstream/packet_index.h"
#include "probes/bitstream/stream_probe.h"

namespace cleangate::fuzz {

// Input of a probe: two bytes (big-endian) for the size of the configuration, the configuration,
// then packets of two bytes size, one byte of time and flags, payload.
inline void run_probe(const std::string& codec, probes::StreamKind kind,
                      std::span<const std::byte> input) {
  const auto take = [&](std::size_t count) {
    const auto part = input.first(count < input.size() ? count : input.size());
    input = input.subspan(part.size());
    return part;
  };
  const auto size = [&] {
    const auto bytes = take(2);
    std::size_t value = 0;
    for (const std::byte b : bytes) value = value << 8 | std::to_integer<std::size_t>(b);
    return value;
  };
  probes::StreamDescription description;
  description.kind = kind;
  description.codec = codec;
  description.channels = 2;
  description.configuration = take(size());
  const auto probe = probes::make_stream_probe(description);
  probes::PacketIndex index(kind, Rational(1, 25));
  std::int64_t time = 0;
  while (!input.empty()) {
    const std::size_t length = size();
    const auto flags = take(1);
    const auto bits = flags.empty() ? 0U : std::to_integer<unsigned>(flags[0]);
    PacketView packet;
    if ((bits & 1) == 0) packet.pts = time + static_cast<std::int8_t>(bits & 0xf0);
    if ((bits & 2) == 0) packet.dts = time;
    packet.discard = (bits & 4) != 0;
    packet.bytes = take(length);
    if ((bits & 8) != 0) packet.a53 = packet.bytes;
    time += 1;
    index.add(packet, probe->observe(packet));
  }
  probe->finish();
  (void)probe->audio();
  (void)probe->timecodes();
  (void)probe->captions();
  (void)probe->damage();
  (void)probe->embedded_audio();
  (void)index.timing(probes::PacketIndex::Window{1, 40}, probe->video().frame_rate);
  (void)index.gop();
  (void)index.bit_rate();
}

}  // namespace cleangate::fuzz
