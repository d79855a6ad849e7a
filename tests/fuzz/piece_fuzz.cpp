// SPDX-License-Identifier: Apache-2.0
// What is remembered of decoding comes from a file: whatever its bytes are, a log of blocks gives
// only whole ones, and a piece that is taken is one that says the same when it is written again.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "core/block_log.h"
#include "pipeline/pass/decoded_piece.h"

namespace {

using namespace cleangate;

constexpr std::size_t kRowBytes = 8;

void read_piece(std::span<const std::byte> payload) {
  const pass::PieceHead head{0, 10, 40, 5, 0.5};
  Sha256 basis;  // a payload has it behind its magic and version
  if (payload.size() >= 8 + basis.bytes.size())
    for (std::size_t i = 0; i < basis.bytes.size(); ++i)
      basis.bytes[i] = std::to_integer<std::uint8_t>(payload[8 + i]);
  const auto piece = pass::decode_piece(payload, head, basis, kRowBytes);
  if (!piece) return;
  for (const pass::FrameRecord& frame : piece->frames)
    if (!piece->owns(frame.packet) || (!frame.rows.empty() && frame.rows.size() != kRowBytes))
      std::abort();
  const auto again = pass::encode(*piece, basis);
  if (again.size() != payload.size()) std::abort();
  if (!pass::decode_piece(again, head, basis, kRowBytes)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto input = std::as_bytes(std::span(bytes, size));
  read_piece(input);
  const auto source = memory_source(input);
  BlockReader reader(*source);
  for (auto block = reader.next(); block && *block; block = reader.next()) read_piece(**block);
  if (reader.trusted() > size) std::abort();
  return 0;
}
