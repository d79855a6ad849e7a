// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

// The packets of an MPEG transport stream (ISO/IEC 13818-1, 2.4.3).
namespace cleangate::probes {

// Size of a packet and where in it the sync byte is: 188, 192 (time stamp in front), 204 (parity
// behind).
struct TransportFraming {
  std::uint64_t size = 0, sync = 0;
};

// From the first bytes of a file, 1 KiB or less; nothing where it is no transport stream.
[[nodiscard]] std::optional<TransportFraming> transport_framing(std::span<const std::byte> head);

// Counts the packets whose payload is scrambled (transport_scrambling_control is not 0), by PID. A
// demuxer drops them without a word: that nothing came of them is told by nobody else.
class ScrambledPackets {
 public:
  struct Count {
    std::uint64_t packets = 0, scrambled = 0;
  };
  // Bytes of the file as they are read: in order, though some may come again and some be left out.
  // What is no transport stream is ignored.
  void saw(std::uint64_t offset, std::span<const std::byte> bytes);
  void finish();  // no more bytes
  // Of the PIDs that have a scrambled packet.
  [[nodiscard]] std::map<int, Count> scrambled() const;

 private:
  void read(std::span<const std::byte> packets);
  void header(std::span<const std::byte> packet);

  std::optional<TransportFraming> framing_;
  bool no_transport_ = false;
  std::uint64_t next_ = 0;          // first byte not seen
  std::vector<std::byte> pending_;  // the beginning of what the next bytes continue
  std::vector<Count> counts_;       // by PID, once framing_ is known
};

}  // namespace cleangate::probes
