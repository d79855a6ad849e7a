// SPDX-License-Identifier: Apache-2.0
#include "probes/container/tail.h"

#include <algorithm>

#include "probes/container/byte_cursor.h"

namespace cleangate::probes {
namespace {

constexpr std::uint64_t kId3v1 = 128, kApeFooter = 32;
constexpr std::uint64_t kPiece = 1u << 16, kMostPadding = 16u << 20;

bool is_id3v1(TableReader& reader, std::uint64_t end) {
  if (end < kId3v1) return false;
  const auto bytes = reader.read(end - kId3v1, 3);
  ByteCursor cursor(bytes);
  return cursor.u8() == 'T' && cursor.u8() == 'A' && cursor.u8() == 'G';
}

// Bytes of the APEv2 tag that ends there; 0 = none.
std::uint64_t ape_size(TableReader& reader, std::uint64_t end) {
  if (end < kApeFooter) return 0;
  const auto bytes = reader.read(end - kApeFooter, kApeFooter);
  ByteCursor cursor(bytes);
  if (cursor.u32() != fourcc("APET") || cursor.u32() != fourcc("AGEX")) return 0;
  cursor.skip(4);
  const std::uint64_t items = cursor.le32();  // with the footer
  cursor.skip(4);
  const bool header = (cursor.le32() & 0x80000000) != 0;
  const std::uint64_t size = items + (header ? kApeFooter : 0);
  return cursor.ok() && items >= kApeFooter && size <= end ? size : 0;
}

bool only_zeros(TableReader& reader, std::uint64_t from, std::uint64_t end) {
  if (end - from > kMostPadding) return false;
  while (from < end) {
    const auto bytes = reader.read(from, std::min(kPiece, end - from));
    if (bytes.empty() ||
        std::any_of(bytes.begin(), bytes.end(), [](std::byte b) { return b != std::byte{0}; }))
      return false;
    from += bytes.size();
  }
  return true;
}

}  // namespace

std::uint64_t end_before_tags(TableReader& reader) {
  std::uint64_t end = reader.size();
  for (int tags = 0; tags < 4; ++tags) {
    const std::uint64_t size = is_id3v1(reader, end) ? kId3v1 : ape_size(reader, end);
    if (size == 0) break;
    end -= size;
  }
  return end;
}

bool only_tags_or_padding(TableReader& reader, std::uint64_t from) {
  const std::uint64_t end = end_before_tags(reader);
  return from >= end || only_zeros(reader, from, end);
}

}  // namespace cleangate::probes
