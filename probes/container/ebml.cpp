// SPDX-License-Identifier: Apache-2.0
#include "probes/container/ebml.h"

#include <algorithm>
#include <array>
#include <bit>

namespace cleangate::probes {
namespace {

// Length of a variable-size integer from its first byte; 0 when it has none.
unsigned vint_length(std::uint8_t first) {
  return first == 0 ? 0 : static_cast<unsigned>(std::countl_zero(first)) + 1;
}

}  // namespace

std::optional<EbmlElement> element_in(std::span<const std::byte> bytes, std::uint64_t at) {
  if (at >= bytes.size()) return std::nullopt;
  ByteCursor cursor(bytes.subspan(static_cast<std::size_t>(at)));
  const std::uint8_t id_first = cursor.u8();
  const unsigned id_length = vint_length(id_first);
  if (id_length == 0 || id_length > 4) return std::nullopt;
  EbmlElement element;
  element.id = static_cast<std::uint32_t>(std::uint64_t{id_first} << (8 * (id_length - 1)) |
                                          cursor.big(id_length - 1));
  const std::uint8_t size_first = cursor.u8();
  const unsigned size_length = vint_length(size_first);
  if (size_length == 0) return std::nullopt;
  const std::uint64_t marker = std::uint64_t{1} << (7 * size_length);
  const std::uint64_t stored =
      std::uint64_t{size_first} << (8 * (size_length - 1)) | cursor.big(size_length - 1);
  if (!cursor.ok()) return std::nullopt;
  element.size = stored & (marker - 1);
  element.unknown_size = element.size == marker - 1;
  element.start = at;
  element.content = at + cursor.at();
  return element;
}

std::optional<EbmlElement> read_element(TableReader& reader, std::uint64_t at,
                                        std::uint64_t limit) {
  if (at >= limit) return std::nullopt;
  const auto bytes = reader.read(at, std::min<std::uint64_t>(12, limit - at));
  auto element = element_in(bytes, 0);
  if (!element) return std::nullopt;
  element->start += at;
  element->content += at;
  return element;
}

std::uint64_t ebml_unsigned(std::span<const std::byte> content) {
  if (content.size() > 8) return 0;
  return ByteCursor(content).big(content.size());
}

double ebml_float(std::span<const std::byte> content) {
  ByteCursor cursor(content);
  if (content.size() == 4) return std::bit_cast<float>(cursor.u32());
  if (content.size() == 8) return std::bit_cast<double>(cursor.u64());
  return 0;
}

std::string ebml_text(std::span<const std::byte> content) {
  return ByteCursor(content).text(content.size());
}

}  // namespace cleangate::probes
