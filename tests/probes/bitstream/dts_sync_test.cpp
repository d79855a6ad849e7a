// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/dts_sync.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace cleangate::probes {
namespace {

using Words = std::vector<std::uint16_t>;

// Noise, with the two words of a sync every `distance` of them.
Words noise_with(std::uint16_t first, std::uint16_t second, int count, int distance, int jitter) {
  std::mt19937 random(7);
  Words words(static_cast<std::size_t>(count));
  for (std::uint16_t& word : words) word = static_cast<std::uint16_t>(random());
  int turn = 0;
  for (int at = 12; at + 1 < count; at += distance + (++turn % 2 ? jitter : 0)) {
    words[static_cast<std::size_t>(at)] = first;
    words[static_cast<std::size_t>(at) + 1] = second;
  }
  return words;
}

bool found_in(const Words& words) {
  DtsDetector detector;
  for (const std::uint16_t word : words) detector.add(word);
  return detector.found();
}

// ETSI TS 102 114, 5.3: the sync word 0x7FFE8001; on CDs in 14-bit words.
TEST(DtsDetector, EveryFormOfTheSyncWord) {
  EXPECT_TRUE(found_in(noise_with(0x7FFE, 0x8001, 9000, 1024, 0)));
  EXPECT_TRUE(found_in(noise_with(0xFE7F, 0x0180, 9000, 1024, 0)));
  EXPECT_TRUE(found_in(noise_with(0x1FFF, 0xE800, 9000, 2048, 0)));
  EXPECT_TRUE(found_in(noise_with(0xFF1F, 0x00E8, 9000, 2048, 0)));
}

TEST(DtsDetector, NeverFromChance) {
  EXPECT_FALSE(found_in(noise_with(0x7FFE, 0x8002, 9000, 1024, 0)));
  EXPECT_FALSE(found_in(noise_with(0x7FFE, 0x8001, 9000, 1024, 6))) << "unsteady";
  EXPECT_FALSE(found_in(noise_with(0x7FFE, 0x8001, 4000, 1024, 0))) << "not often enough";
  EXPECT_FALSE(found_in(noise_with(0, 0, 100'000, 1024, 0)));
}

}  // namespace
}  // namespace cleangate::probes
