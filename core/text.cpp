// SPDX-License-Identifier: Apache-2.0
#include "core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace cleangate {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// Length of the well-formed UTF-8 sequence at `at` (Unicode 15, table 3-7), 0 when there is none.
std::size_t sequence(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(at);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  std::uint8_t low = 0x80, high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  }
  if (length == 0 || at + length > text.size() || byte(at + 1) < low || byte(at + 1) > high)
    return 0;
  for (std::size_t i = 2; i < length; ++i)
    if (byte(at + i) < 0x80 || byte(at + i) > 0xBF) return 0;
  return length;
}

// C0, DEL and the two-byte C1 controls, and the bidirectional overrides that make a name read as
// another.
bool steers_a_terminal(std::string_view sequence_bytes) {
  const auto lead = static_cast<std::uint8_t>(sequence_bytes[0]);
  if (sequence_bytes.size() == 1) return lead < 0x20 || lead == 0x7F;
  if (sequence_bytes.size() == 2 && lead == 0xC2)
    return static_cast<std::uint8_t>(sequence_bytes[1]) < 0xA0;
  if (sequence_bytes.size() == 3 && lead == 0xE2) {
    const auto second = static_cast<std::uint8_t>(sequence_bytes[1]);
    const auto third = static_cast<std::uint8_t>(sequence_bytes[2]);
    return (second == 0x80 &&
            (third == 0xA8 || third == 0xA9 || (third >= 0xAA && third <= 0xAE))) ||
           (second == 0x81 && third >= 0xA6 && third <= 0xA9);
  }
  return false;
}

std::string escaped(std::string_view sequence_bytes) {
  if (sequence_bytes == "\n") return "\\n";
  if (sequence_bytes == "\r") return "\\r";
  if (sequence_bytes == "\t") return "\\t";
  std::string text;
  for (const char byte : sequence_bytes)
    text += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(byte));
  return text;
}

template <class Keep>
std::string rewritten(std::string_view bytes, Keep keep) {
  std::string text;
  text.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = sequence(bytes, at);
    if (length == 0) {
      text += kReplacement;
      ++at;
      continue;
    }
    text += keep(bytes.substr(at, length));
    at += length;
  }
  return text;
}

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

bool is_utf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = sequence(bytes, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string readable(std::string_view bytes) {
  return rewritten(
      bytes, [](std::string_view s) { return steers_a_terminal(s) ? escaped(s) : std::string(s); });
}

std::string to_valid_utf8(std::string_view bytes) {
  return rewritten(bytes, [](std::string_view s) { return std::string(s); });
}

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (i < count ? static_cast<std::uint8_t>(bytes[at + i]) : 0u);
    for (std::size_t i = 0; i < 4; ++i)
      text += i <= count ? kBase64[group >> (18 - 6 * i) & 63] : '=';
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); at += 4) {
    std::uint32_t group = 0;
    int padding = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const char digit = text[at + i];
      const bool last = at + 4 == text.size();
      std::size_t value = 0;
      if (digit == '=' && last && i >= 2) {
        ++padding;
      } else if (value = kBase64.find(digit); value == std::string_view::npos || padding > 0) {
        return std::nullopt;
      }
      group = group << 6 | static_cast<std::uint32_t>(value);
    }
    for (int i = 0; i < 3 - padding; ++i) bytes += static_cast<char>(group >> (16 - 8 * i) & 255);
  }
  return bytes;
}

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  const auto distance = [](std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
    for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i)
      for (std::size_t j = 1; j <= b.size(); ++j) {
        const std::size_t change = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, change});
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
          d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    return d[a.size()][b.size()];
  };
  if (word.empty() || word.size() > 200) return std::nullopt;
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > 200) continue;
    if (const std::size_t found = distance(word, candidate); found < best_distance) {
      best = candidate;
      best_distance = found;
    }
  }
  return best;
}

}  // namespace cleangate
