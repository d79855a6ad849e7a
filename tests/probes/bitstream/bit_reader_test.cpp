// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/bit_reader.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/probes/bitstream/bit_writer.h"

namespace cleangate::probes {
namespace {

TEST(BitReader, ReadsBackEveryWidth) {
  std::mt19937 random(1);
  test::BitWriter writer;
  std::vector<std::pair<int, std::uint32_t>> written;
  for (int i = 0; i < 2000; ++i) {
    const int bits = 1 + static_cast<int>(random() % 32);
    const auto value = static_cast<std::uint32_t>(random() & ((std::uint64_t{1} << bits) - 1));
    writer.u(bits, value);
    written.emplace_back(bits, value);
  }
  BitReader reader(writer.bytes());
  for (const auto& [bits, value] : written) ASSERT_EQ(reader.u(bits), value);
  EXPECT_TRUE(reader.ok());
}

// H.264 table 9-2 and 9-3.
TEST(BitReader, ExpGolomb) {
  const auto table = test::BitWriter().u(1, 1).u(3, 2).u(3, 3).u(5, 4).u(5, 7).trail().bytes();
  BitReader reader(table);
  for (const unsigned expected : {0U, 1U, 2U, 3U, 6U}) EXPECT_EQ(reader.ue(), expected);
  test::BitWriter writer;
  for (int value = -300; value <= 300; ++value) writer.se(value);
  BitReader read(writer.bytes());
  for (int value = -300; value <= 300; ++value) ASSERT_EQ(read.se(), value);
  const auto long_codes = test::BitWriter().ue(0xfffffffeU).ue(0xffffffffU).bytes();
  BitReader longest(long_codes);
  EXPECT_EQ(longest.ue(), 0xfffffffeU);
  EXPECT_EQ(longest.ue(), 0U);
  EXPECT_FALSE(longest.ok()) << "32 leading zeros are refused";
}

TEST(BitReader, TheEndIsSticky) {
  const auto bytes = test::bytes_of(0xff, 0x80);
  BitReader reader(bytes);
  EXPECT_EQ(reader.u(15), 0x7fc0U);
  EXPECT_EQ(reader.u(2), 0U);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.left(), 0U);
  EXPECT_EQ(reader.ue(), 0U);
  reader.skip(SIZE_MAX);
  EXPECT_TRUE(reader.rest().empty());
}

TEST(Unescape, UndoesEmulationPrevention) {
  std::mt19937 random(2);
  for (int run = 0; run < 500; ++run) {
    std::vector<std::byte> rbsp(random() % 64);
    for (std::byte& b : rbsp) b = static_cast<std::byte>(random() % 5);
    std::vector<std::byte> unit = test::bytes_of(0x67);
    test::append(unit, test::escaped(rbsp));
    ASSERT_EQ(unescape(unit, 1), rbsp);
    const auto part = unescape(unit, 1, 7);
    ASSERT_EQ(part, std::vector<std::byte>(
                        rbsp.begin(), rbsp.begin() + static_cast<std::ptrdiff_t>(
                                                         std::min<std::size_t>(7, rbsp.size()))));
  }
}

}  // namespace
}  // namespace cleangate::probes
