// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.h"

namespace cleangate {

// A SHA-256 value: the identity of an asset, or of an essence. Computing it is elsewhere (OpenSSL);
// this is only its name.
struct Sha256 {
  std::array<std::uint8_t, 32> bytes{};
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the comparison with 0 inside for one
  friend auto operator<=>(const Sha256&, const Sha256&) = default;
};

[[nodiscard]] std::string to_hex(const Sha256& digest);         // 64 lower-case digits
[[nodiscard]] std::string to_content_id(const Sha256& digest);  // "sha256:<hex>"
[[nodiscard]] Expected<Sha256> parse_content_id(
    std::string_view text);  // with or without "sha256:"

}  // namespace cleangate
