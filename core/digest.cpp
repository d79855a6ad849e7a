// SPDX-License-Identifier: Apache-2.0
#include "core/digest.h"

#include <fmt/format.h>

namespace cleangate {
namespace {

constexpr std::string_view kPrefix = "sha256:";

int nibble(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

}  // namespace

std::string to_hex(const Sha256& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(64);
  for (const std::uint8_t byte : digest.bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string to_content_id(const Sha256& digest) { return std::string(kPrefix) + to_hex(digest); }

Expected<Sha256> parse_content_id(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with(kPrefix)) digits.remove_prefix(kPrefix.size());
  const auto wrong = [&] {
    return fail(ErrorCode::usage,
                fmt::format("\"{}\" is not a content id: 64 hexadecimal digits are.", text));
  };
  if (digits.size() != 64) return wrong();
  Sha256 digest;
  for (std::size_t i = 0; i < 32; ++i) {
    const int high = nibble(digits[2 * i]), low = nibble(digits[2 * i + 1]);
    if (high < 0 || low < 0) return wrong();
    digest.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return digest;
}

}  // namespace cleangate
