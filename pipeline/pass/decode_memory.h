// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/error.h"

namespace cleangate::pass {

// A run of packets of one video stream whose decoding has been remembered.
struct PieceHead {
  int stream = 0;
  std::int64_t first = 0, end = 0;  // ordinals of packets, half-open; both random-access points
  std::int64_t frame = 0;           // rows of the stream before the first of this piece
  double seconds = 0;               // when its first packet is presented
  friend bool operator==(const PieceHead&, const PieceHead&) = default;
};

// What decoding gave, kept so that another pass over the same file need not decode it again: the
// pass hands out pieces as they are complete, and takes back those that an earlier pass handed out.
// A piece contradicts what was kept of its packets before: it stands for all from its first on.
class DecodeMemory {
 public:
  virtual ~DecodeMemory() = default;
  // Of the earlier pass, in the order they were kept. Untrusted.
  [[nodiscard]] virtual const std::vector<PieceHead>& pieces() const = 0;
  [[nodiscard]] virtual Expected<std::vector<std::byte>> payload(std::size_t piece) = 0;
  // A stream is decoded from here on only, as `head` has it.
  virtual void goes_on(const PieceHead& head) = 0;
  // Any thread, several at a time.
  virtual void keep(const PieceHead& head, std::span<const std::byte> payload) = 0;
};

}  // namespace cleangate::pass
