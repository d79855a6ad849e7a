// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "probes/container/byte_cursor.h"
#include "probes/container/table_reader.h"

namespace cleangate::probes {

// A box (atom) of ISO/IEC 14496-12, 4.2, and QuickTime. Offsets are in the file (or in the bytes it
// was found in); `end` is what the box says, which may lie beyond the end of both.
struct MovBox {
  std::uint32_t type = 0;
  std::uint64_t start = 0, content = 0, end = 0;
  [[nodiscard]] std::uint64_t content_size() const { return end - content; }
};

// The box whose header begins at `at`; nothing when the header does not fit before `limit`, or says
// a size smaller than itself. A size of 0 means "to `limit`".
[[nodiscard]] std::optional<MovBox> read_box(TableReader& reader, std::uint64_t at,
                                             std::uint64_t limit);
[[nodiscard]] std::optional<MovBox> box_in(std::span<const std::byte> bytes, std::uint64_t at);

// A container never has more children than this worth reading.
inline constexpr int kMaxChildren = 20'000;

// Calls each(box) for the children of [begin, end); children that claim more are cut at `end`.
template <class Each>
void for_each_child(TableReader& reader, std::uint64_t begin, std::uint64_t end, Each&& each) {
  for (int count = 0; begin < end && count < kMaxChildren; ++count) {
    auto box = read_box(reader, begin, end);
    if (!box) return;
    begin = box->end;
    if (box->end > end) box->end = end;
    each(*box);
  }
}

// The same over bytes in memory: calls each(type, content).
template <class Each>
void for_each_child(std::span<const std::byte> bytes, Each&& each) {
  for (std::uint64_t at = 0; at < bytes.size();) {
    const auto box = box_in(bytes, at);
    if (!box || box->end > bytes.size()) return;
    each(box->type, bytes.subspan(static_cast<std::size_t>(box->content),
                                  static_cast<std::size_t>(box->content_size())));
    at = box->end;
  }
}

}  // namespace cleangate::probes
