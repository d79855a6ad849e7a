// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace cleangate::probes {

// Index of the first 00 00 01 at or after `from`, or bytes.size(). Looks at every third byte only.
[[nodiscard]] inline std::size_t find_start_code(std::span<const std::byte> bytes,
                                                 std::size_t from) {
  const std::size_t size = bytes.size();
  const std::byte* const data = bytes.data();
  std::size_t i = from;
  while (i + 2 < size) {
    const auto third = std::to_integer<unsigned>(data[i + 2]);
    if (third > 1) {
      i += 3;
    } else if (third == 1) {
      if (data[i] == std::byte{0} && data[i + 1] == std::byte{0}) return i;
      i += 3;
    } else {
      ++i;
    }
  }
  return size;
}

// Calls each(code, bytes after the code up to the next start code).
template <class Each>
void each_start_code(std::span<const std::byte> bytes, Each&& each) {
  std::size_t at = find_start_code(bytes, 0);
  while (at + 3 < bytes.size()) {
    const std::size_t next = find_start_code(bytes, at + 3);
    each(std::to_integer<unsigned>(bytes[at + 3]),
         bytes.subspan(at + 4, next > at + 4 ? next - at - 4 : 0));
    at = next;
  }
}

}  // namespace cleangate::probes
