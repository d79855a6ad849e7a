// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "core/text.h"
#include "specs/pattern.h"

// Text as patterns see it: code points, and loose bytes where it is not UTF-8.
namespace cleangate::specs {

inline constexpr std::uint32_t kLooseByte =
    0x110000;  // a byte that is not UTF-8 stands above every code point

// The code point at `at`, which moves past it; a byte that is not UTF-8 is one symbol of its own.
[[nodiscard]] inline std::uint32_t next_symbol(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const std::uint32_t lead = byte(at);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (lead >= 0x80 && (at + length > text.size() || !is_utf8(text.substr(at, length)))) {
    ++at;
    return kLooseByte + lead;
  }
  std::uint32_t symbol = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) symbol = symbol << 6 | (byte(at + i) & 0x3F);
  at += length;
  return symbol;
}

[[nodiscard]] inline bool contains(const Pattern::Ranges& ranges, std::uint32_t symbol) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const auto& range) {
    return symbol >= range.first && symbol <= range.second;
  });
}

}  // namespace cleangate::specs
