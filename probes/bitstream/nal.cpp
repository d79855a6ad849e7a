// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "probes/bitstream/start_codes.h"
#include "probes/bitstream/stream_probe.h"

namespace cleangate::probes {
namespace {

using Bytes = std::span<const std::byte>;

unsigned at(Bytes bytes, std::size_t i) { return std::to_integer<unsigned>(bytes[i]); }

bool each_annex_b(Bytes packet, NalUnitSink& each) {
  std::size_t start = find_start_code(packet, 0);
  const auto zero = [](std::byte b) { return b == std::byte{0}; };
  bool sound =
      start < packet.size() &&
      std::all_of(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(start), zero);
  while (start < packet.size()) {
    const std::size_t first = start + 3;
    const std::size_t next = find_start_code(packet, first);
    std::size_t end = next;
    while (end > first && packet[end - 1] == std::byte{0}) --end;
    if (end > first)
      each.nal(packet.subspan(first, end - first));
    else
      sound = false;
    start = next;
  }
  return sound;
}

bool each_length_prefixed(Bytes packet, std::size_t length_size, NalUnitSink& each) {
  std::size_t i = 0;
  while (i < packet.size()) {
    if (packet.size() - i < length_size) return false;
    std::uint64_t length = 0;
    for (std::size_t k = 0; k < length_size; ++k) length = length << 8 | at(packet, i + k);
    i += length_size;
    if (length == 0 || length > packet.size() - i) return false;
    each.nal(packet.subspan(i, static_cast<std::size_t>(length)));
    i += static_cast<std::size_t>(length);
  }
  return true;
}

}  // namespace

bool for_each_nal(std::span<const std::byte> packet, NalFraming framing, int length_size,
                  NalUnitSink& each) {
  if (packet.empty()) return true;
  if (framing == NalFraming::annex_b) return each_annex_b(packet, each);
  if (length_size < 1 || length_size > 4) return false;
  return each_length_prefixed(packet, static_cast<std::size_t>(length_size), each);
}

NalLayout nal_layout(std::string_view codec, std::span<const std::byte> configuration) {
  // avcC: ISO/IEC 14496-15 5.3.3.1; hvcC: 8.3.3.1. A parameter-set stream begins with a start code.
  if (codec == "h264" && configuration.size() >= 7 && at(configuration, 0) == 1)
    return {NalFraming::length_prefixed, static_cast<int>(at(configuration, 4) & 3) + 1};
  if (codec == "hevc" && configuration.size() >= 23 &&
      (at(configuration, 0) != 0 || at(configuration, 1) != 0 || at(configuration, 2) > 1))
    return {NalFraming::length_prefixed, static_cast<int>(at(configuration, 21) & 3) + 1};
  return {};
}

}  // namespace cleangate::probes
