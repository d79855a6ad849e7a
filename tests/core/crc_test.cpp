// SPDX-License-Identifier: Apache-2.0
#include "core/crc.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace cleangate {
namespace {

std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

// Check values over "123456789": CRC-8/SMBUS, CRC-16/UMTS, and CRC-32 0x04C11DB7 from zero without
// inversion (that of CRC-32/POSIX without length and inversion, computed bit by bit).
TEST(Crc, PublishedCheckValues) {
  EXPECT_EQ(Crc8::of(bytes("123456789")), 0xf4);
  EXPECT_EQ(Crc16::of(bytes("123456789")), 0xfee8);
  EXPECT_EQ(Crc32::of(bytes("123456789")), 0x89a1897fU);
}

// CRC-32/MPEG-2 (ISO/IEC 13818-1) and that of IEEE 802.3, in one piece and in two.
TEST(Crc, OfTransportStreamsAndOfZlib) {
  EXPECT_EQ(Crc32::of(bytes("123456789"), ~0U), 0x0376e6e7U);
  EXPECT_EQ(crc32(bytes("123456789")), 0xcbf43926U);
  EXPECT_EQ(crc32(bytes("56789"), crc32(bytes("1234"))), 0xcbf43926U);
  EXPECT_EQ(crc32({}), 0U);
}

TEST(Crc, DataWithItsCheckGivesZero) {
  std::vector<std::byte> data(bytes("a frame").begin(), bytes("a frame").end());
  const std::uint32_t crc = Crc32::of(data);
  for (int shift = 24; shift >= 0; shift -= 8) data.push_back(static_cast<std::byte>(crc >> shift));
  EXPECT_EQ(Crc32::of(data), 0U);
  data[2] ^= std::byte{4};
  EXPECT_NE(Crc32::of(data), 0U);
}

}  // namespace
}  // namespace cleangate
