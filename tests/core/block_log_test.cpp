// SPDX-License-Identifier: Apache-2.0
#include "core/block_log.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace cleangate::test {
namespace {

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

std::vector<std::string> blocks_of(std::span<const std::byte> log, std::uint64_t* trusted = {}) {
  const auto source = memory_source(log);
  BlockReader reader(*source);
  std::vector<std::string> blocks;
  for (;;) {
    const auto block = reader.next();
    EXPECT_TRUE(block);
    if (!block || !*block) break;
    blocks.emplace_back(reinterpret_cast<const char*>((*block)->data()), (*block)->size());
    std::vector<std::byte> again((*block)->size());
    EXPECT_EQ(source->read_at(reader.place().offset, again).value_or(0), again.size());
    EXPECT_TRUE(std::equal(again.begin(), again.end(), (*block)->begin()));
  }
  if (trusted) *trusted = reader.trusted();
  return blocks;
}

const std::vector<std::string> kBlocks{"first", "", std::string(100'000, 'x'), "last"};

std::vector<std::byte> log_of_blocks() {
  std::vector<std::byte> log;
  for (const std::string& block : kBlocks) append_block(log, bytes_of(block));
  return log;
}

TEST(BlockLog, ReadsWhatWasAppended) {
  std::uint64_t trusted = 0;
  const auto log = log_of_blocks();
  EXPECT_EQ(blocks_of(log, &trusted), kBlocks);
  EXPECT_EQ(trusted, log.size());
}

// The check value of CRC-32 (ISO 3309) over "123456789" is CBF43926; a block's covers its length
// as well: zlib's crc32(b"\x05\0\0\0first").
TEST(BlockLog, HasTheChecksumOthersCompute) {
  std::vector<std::byte> log;
  append_block(log, bytes_of("first"));
  ASSERT_EQ(log.size(), 13u);
  std::uint32_t check = 0;
  for (std::size_t i = 0; i < 4; ++i) check |= std::to_integer<std::uint32_t>(log[4 + i]) << 8 * i;
  EXPECT_EQ(check, 0xF8CD48ABu);
}

TEST(BlockLog, ATornTailIsNothing) {
  const auto log = log_of_blocks();
  for (std::size_t size = 0; size < log.size(); size += size < 100 ? 1 : 997) {
    const auto blocks = blocks_of(std::span(log).first(size));
    ASSERT_LT(blocks.size(), kBlocks.size());
    for (std::size_t i = 0; i < blocks.size(); ++i) EXPECT_EQ(blocks[i], kBlocks[i]);
  }
}

TEST(BlockLog, NothingIsBelievedFromTheFirstChangedByteOn) {
  const auto log = log_of_blocks();
  for (std::size_t at = 0; at < 60; ++at) {
    auto changed = log;
    changed[at] ^= std::byte{0x40};
    EXPECT_LT(blocks_of(changed).size(), 3u) << at;
  }
}

TEST(BlockLog, ALengthThatLiesAllocatesNothing) {
  std::vector<std::byte> log(64, std::byte{0xFF});
  EXPECT_TRUE(blocks_of(log).empty());
}

}  // namespace
}  // namespace cleangate::test
