// SPDX-License-Identifier: Apache-2.0
#include "probes/container/mov_boxes.h"

#include <algorithm>
#include <limits>

namespace cleangate::probes {
namespace {

// `header` holds what there is of the first 16 bytes of the box; `room` is what is left for it.
std::optional<MovBox> parse_header(std::span<const std::byte> header, std::uint64_t at,
                                   std::uint64_t room) {
  ByteCursor cursor(header);
  std::uint64_t size = cursor.u32();
  MovBox box;
  box.type = cursor.u32();
  if (!cursor.ok()) return std::nullopt;
  std::uint64_t header_size = 8;
  if (size == 1) {
    size = cursor.u64();
    header_size = 16;
    if (!cursor.ok()) return std::nullopt;
  } else if (size == 0) {
    size = room;
  }
  if (size < header_size || size > std::numeric_limits<std::uint64_t>::max() - at)
    return std::nullopt;
  box.start = at;
  box.content = at + header_size;
  box.end = at + size;
  return box;
}

}  // namespace

std::optional<MovBox> read_box(TableReader& reader, std::uint64_t at, std::uint64_t limit) {
  if (at >= limit) return std::nullopt;
  const auto header = reader.read(at, std::min<std::uint64_t>(16, limit - at));
  return parse_header(header, at, limit - at);
}

std::optional<MovBox> box_in(std::span<const std::byte> bytes, std::uint64_t at) {
  if (at >= bytes.size()) return std::nullopt;
  const auto rest = bytes.subspan(static_cast<std::size_t>(at));
  return parse_header(rest.first(std::min<std::size_t>(16, rest.size())), at, rest.size());
}

}  // namespace cleangate::probes
