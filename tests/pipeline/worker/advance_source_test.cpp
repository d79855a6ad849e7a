// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/advance_source.h"

#include <gtest/gtest.h>

namespace cleangate::worker {
namespace {

std::vector<std::byte> numbered(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = std::byte(i % 251);
  return bytes;
}

TEST(AdvanceSource, HandsReadsThrough) {
  const auto bytes = numbered(10'000);
  AdvanceSource source(memory_source(bytes));
  std::vector<std::byte> read(10'000);
  EXPECT_EQ(source.size(), 10'000u);
  EXPECT_EQ(source.read_at(0, read).value(), 10'000u);
  EXPECT_EQ(read, bytes);
  EXPECT_EQ(source.bytes_read(), 10'000u);
}

TEST(AdvanceSource, ReadingTheSameAgainIsNoAdvance) {
  AdvanceSource source(memory_source(numbered(10'000)));
  std::byte read[100];
  ASSERT_TRUE(source.read_at(0, read));
  const auto once = source.advances();
  EXPECT_EQ(once, 1u);
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(source.read_at(0, read));
  EXPECT_EQ(source.advances(), once);
  ASSERT_TRUE(source.read_at(8192, read));
  EXPECT_EQ(source.advances(), once + 1);
}

TEST(AdvanceSource, TheWholeFileIsAllItsParts) {
  AdvanceSource source(memory_source(numbered(4096 * 10)));
  std::vector<std::byte> read(4096 * 10);
  ASSERT_TRUE(source.read_at(0, read));
  EXPECT_EQ(source.advances(), 10u);
}

TEST(AdvanceSource, NothingAtTheEnd) {
  AdvanceSource source(memory_source(numbered(10)));
  std::byte read[10];
  EXPECT_EQ(source.read_at(10, read).value(), 0u);
  EXPECT_EQ(source.read_at(~std::uint64_t{0}, read).value(), 0u);
  EXPECT_EQ(source.advances(), 0u);
}

}  // namespace
}  // namespace cleangate::worker
