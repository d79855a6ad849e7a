// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/dts_sync.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace cleangate::probes {
namespace {

using Words = std::vector<std::uint16_t>;

Words noise(std::size_t count) {
  std::mt19937 random(7);
  Words words(count);
  for (std::uint16_t& word : words) word = static_cast<std::uint16_t>(random());
  return words;
}

std::uint16_t swapped(std::uint16_t word) {
  return static_cast<std::uint16_t>(word << 8 | word >> 8);
}

// ETSI TS 102 114, 5.3: SYNC, then FTYPE 1, SHORT 31, CPF 0, NBLKS 15 (16 blocks of 32 samples),
// FSIZE 1005 (a frame of 1,006 bytes), as the first words of `bits` bits each.
Words header(int bits, bool swap) {
  const std::uint64_t value =
      std::uint64_t{0x7FFE8001} << 32 |
      std::uint64_t{1u << 27 | 31u << 22 | 0u << 21 | 15u << 14 | 1005u} << 4 | 0x9;
  Words words;
  for (int at = 64; at > 0; at -= bits) {
    const auto mask = (std::uint64_t{1} << bits) - 1;
    auto word = at >= bits ? value >> (at - bits) & mask : value << (bits - at) & mask;
    if (bits == 14 && word & 0x2000) word |= 0xC000;
    words.push_back(
        static_cast<std::uint16_t>(swap ? swapped(static_cast<std::uint16_t>(word)) : word));
  }
  return words;
}

bool found_in(const Words& words) {
  DtsDetector detector;
  for (const std::uint16_t word : words) detector.add(word);
  return detector.found();
}

Words with_frames(const Words& begin, std::size_t distance, std::size_t frames) {
  Words words = noise(distance * frames + 100);
  for (std::size_t i = 0; i < frames; ++i)
    std::copy(begin.begin(), begin.end(),
              words.begin() + static_cast<std::ptrdiff_t>(30 + i * distance));
  return words;
}

TEST(DtsDetector, EveryFormOfTheSyncWord) {
  EXPECT_EQ(header(14, false)[2] & 0xFFF0, 0x07F0);  // as on every DTS CD
  for (const int bits : {16, 14})
    for (const bool swap : {false, true}) {
      EXPECT_TRUE(found_in(with_frames(header(bits, swap), 1024, 6))) << bits << swap;  // real time
      EXPECT_FALSE(found_in(with_frames(header(bits, swap), 1000, 6))) << bits << swap;
      EXPECT_FALSE(found_in(with_frames(header(bits, swap), 1024, 3))) << "not often enough";
    }
  EXPECT_TRUE(found_in(with_frames(header(16, false), 503, 6))) << "one behind the other";
}

// Clipping sound has the sync word in it, thousands of times and at steady distances.
TEST(DtsDetector, NeverFromSound) {
  EXPECT_FALSE(found_in(noise(200'000)));
  for (const std::size_t period : {2u, 4u, 32u, 94u, 512u, 1024u, 2048u, 4096u, 8192u}) {
    Words square(100'000);
    for (std::size_t i = 0; i < square.size(); ++i)
      square[i] = (i / (period / 2)) % 2 ? 0x8001 : 0x7FFE;
    EXPECT_FALSE(found_in(square)) << period;
  }
  std::mt19937 random(3);
  Words limited = noise(200'000);
  for (std::uint16_t& word : limited)
    if (random() % 2) word = random() % 2 ? 0x7FFE : 0x8001;
  EXPECT_FALSE(found_in(limited));
  for (const auto& begin : {header(16, false), header(14, false)})
    for (const std::size_t kept : {2u, 3u}) {
      Words decoy(begin.begin(), begin.begin() + static_cast<std::ptrdiff_t>(kept));
      EXPECT_FALSE(found_in(with_frames(decoy, 1024, 40))) << "nothing but the sync word";
    }
}

}  // namespace
}  // namespace cleangate::probes
