// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace cleangate {

// Cyclic redundancy checks, most significant bit first, nothing inverted: FLAC (CRC-8 0x07, CRC-16
// 0x8005), FFV1 (CRC-32 0x04C11DB7) and, from an initial value of all ones, the tables of transport
// streams (ISO/IEC 13818-1, annex A). Over data and its stored check: 0.
template <class Word, Word Polynomial>
class Crc {
 public:
  [[nodiscard]] static Word of(std::span<const std::byte> bytes, Word initial = 0) {
    Word crc = initial;
    for (const std::byte b : bytes) {
      const auto index =
          static_cast<std::uint8_t>(crc >> (kBits - 8)) ^ std::to_integer<std::uint8_t>(b);
      const Word kept = kBits > 8 ? static_cast<Word>(std::uint64_t{crc} << 8) : Word{0};
      crc = static_cast<Word>(kept ^ kTable[static_cast<std::size_t>(index)]);
    }
    return crc;
  }

 private:
  static constexpr int kBits = static_cast<int>(sizeof(Word) * 8);
  static constexpr std::array<Word, 256> make_table() {
    std::array<Word, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
      Word crc = static_cast<Word>(static_cast<Word>(i) << (kBits - 8));
      for (int bit = 0; bit < 8; ++bit) {
        const bool carry = (crc >> (kBits - 1) & 1) != 0;
        crc = static_cast<Word>(static_cast<Word>(crc << 1) ^ (carry ? Polynomial : Word{0}));
      }
      table[i] = crc;
    }
    return table;
  }
  static constexpr std::array<Word, 256> kTable = make_table();
};

using Crc8 = Crc<std::uint8_t, 0x07>;
using Crc16 = Crc<std::uint16_t, 0x8005>;
using Crc32 = Crc<std::uint32_t, 0x04C11DB7U>;

// CRC-32 of ISO 3309 (IEEE 802.3, zlib): least significant bit first, inverted; of bytes behind
// those whose check is `before`.
[[nodiscard]] std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before = 0);

}  // namespace cleangate
