// SPDX-License-Identifier: Apache-2.0
#include "probes/container/byte_cursor.h"
#include "probes/container/readers.h"

// Ogg: recognized, and checked for a cut. Its tables are libav's.
namespace cleangate::probes {
namespace {

constexpr std::uint64_t kTail = 1u << 16;  // an Ogg page is at most 65,307 bytes

// Whole size of the Ogg page at the start of `bytes` (RFC 3533, 6); 0 when it is no page.
std::size_t ogg_page_size(std::span<const std::byte> bytes) {
  ByteCursor cursor(bytes);
  if (cursor.u32() != fourcc("OggS") || cursor.u8() != 0) return 0;
  cursor.skip(21);
  const std::size_t segments = cursor.u8();
  std::size_t size = 27 + segments;
  for (std::size_t i = 0; i < segments; ++i) size += cursor.u8();
  return cursor.ok() ? size : 0;
}

}  // namespace

void read_ogg(TableReader& reader, ContainerFindings& found) {
  found.format = "ogg";
  const std::uint64_t start = reader.size() > kTail ? reader.size() - kTail : 0;
  const auto tail = reader.read(start, kTail);
  const std::span<const std::byte> bytes(tail);
  for (std::size_t at = bytes.size(); at-- > 0;) {
    const std::size_t size = ogg_page_size(bytes.subspan(at));
    if (size == 0) continue;
    if (at + size > bytes.size())
      found.damage.push_back(container_damage("The file ends " +
                                              bytes_text(at + size - bytes.size()) +
                                              " before its last Ogg page does."));
    return;
  }
}

}  // namespace cleangate::probes
