// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/digest.h"
#include "pipeline/media/av/stream_info.h"
#include "pipeline/pass/decode_memory.h"
#include "pipeline/pass/presenter.h"
#include "probes/claims.h"

namespace cleangate::pass {

inline constexpr std::size_t kLongestText = 4096;  // bytes of an error

// Where decoding can begin anew, knowing nothing of what was before.
struct Cut {
  std::int64_t packet = 0;  // the random-access point
  // Packets behind an open one that are presented before it: they belong to what was before.
  std::vector<std::int64_t> leading;
  double seconds = 0;
};

// What decoding gave for the packets from one cut to the next.
struct DecodedPiece {
  Cut begin, end;
  std::int64_t frame = 0;  // as PieceHead
  // In the decoder's order, without pictures. Rows are complete, also those that tell of two
  // frames.
  std::vector<FrameRecord> frames;
  std::vector<av::DecodeError> errors;
  probes::VideoClaims claims;  // the decoder's, of the stream

  [[nodiscard]] PieceHead head(int stream) const {
    return {stream, begin.packet, end.packet, frame, begin.seconds};
  }
  // Whether a packet's frame and errors are this piece's.
  [[nodiscard]] bool owns(std::int64_t packet) const;
};

// What the rows of a stream depend on besides its packets: decoder, codec configuration, analyzers.
// Nothing is taken from a memory with another basis.
[[nodiscard]] Sha256 basis_of(const av::StreamInfo& stream,
                              const std::vector<const probes::PictureAnalyzer*>& analyzers);
[[nodiscard]] std::size_t row_bytes_of(
    const std::vector<const probes::PictureAnalyzer*>& analyzers);

// The payload of a piece, and back; nothing where it is not exactly one valid piece with this head
// on this basis. Integers little-endian of fixed width, texts and lists behind their 32-bit length.
[[nodiscard]] std::vector<std::byte> encode(const DecodedPiece& piece, const Sha256& basis);
[[nodiscard]] std::optional<DecodedPiece> decode_piece(std::span<const std::byte> payload,
                                                       const PieceHead& head, const Sha256& basis,
                                                       std::size_t row_bytes);

}  // namespace cleangate::pass
