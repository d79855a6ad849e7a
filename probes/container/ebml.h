// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "probes/container/byte_cursor.h"
#include "probes/container/table_reader.h"

// Elements of EBML (RFC 8794). Internal to the reader of Matroska.
namespace cleangate::probes {

struct EbmlElement {
  std::uint32_t id = 0;  // with its length marker, as documents write it: 0x1A45DFA3
  std::uint64_t start = 0, content = 0, size = 0;
  bool unknown_size = false;  // reaches to the next element of its level
  [[nodiscard]] std::uint64_t end() const { return content + size; }
};

// Nothing where no whole element header is left before `limit`.
[[nodiscard]] std::optional<EbmlElement> read_element(TableReader& reader, std::uint64_t at,
                                                      std::uint64_t limit);
[[nodiscard]] std::optional<EbmlElement> element_in(std::span<const std::byte> bytes,
                                                    std::uint64_t at);

// Calls each(id, content) for the children in memory.
template <class Each>
void for_each_element(std::span<const std::byte> bytes, Each&& each) {
  for (std::uint64_t at = 0; at < bytes.size();) {
    const auto element = element_in(bytes, at);
    if (!element || element->unknown_size || element->size > bytes.size() - element->content)
      return;
    each(element->id, bytes.subspan(static_cast<std::size_t>(element->content),
                                    static_cast<std::size_t>(element->size)));
    at = element->end();
  }
}

[[nodiscard]] std::uint64_t ebml_unsigned(std::span<const std::byte> content);  // 0 to 8 bytes
[[nodiscard]] double ebml_float(std::span<const std::byte> content);            // 0, 4 or 8 bytes
[[nodiscard]] std::string ebml_text(std::span<const std::byte> content);

}  // namespace cleangate::probes
