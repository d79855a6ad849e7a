// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/pcm_scanner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

namespace cleangate::probes {
namespace {

// Two channels of words with a burst of Dolby E every 1,920 samples: Pa, Pb of the 16-bit mode, Pc.
std::vector<std::array<std::uint32_t, 2>> dolby_e(int bits) {
  std::mt19937 random(3);
  std::vector<std::array<std::uint32_t, 2>> samples(9'600);
  for (auto& s : samples)
    for (std::uint32_t& v : s) v = static_cast<std::uint32_t>(random()) >> (32 - bits);
  for (std::size_t at = 5; at + 1 < samples.size(); at += 1'920) {
    samples[at] = {0xf872u << (bits - 16), 0x4e1fu << (bits - 16)};
    samples[at + 1] = {28u << (bits - 16), 0x1000u << (bits - 16)};
  }
  return samples;
}

template <class Word>
std::optional<std::string> found_in(const std::vector<std::array<std::uint32_t, 2>>& samples,
                                    int bits, SampleArrangement arrangement, SampleType type) {
  const int shift = static_cast<int>(sizeof(Word)) * 8 - bits;
  std::array<std::vector<Word>, 2> planar;
  std::vector<Word> interleaved;
  for (const auto& s : samples)
    for (std::size_t channel = 0; channel < 2; ++channel) {
      planar[channel].push_back(static_cast<Word>(s[channel] << shift));
      interleaved.push_back(static_cast<Word>(s[channel] << shift));
    }
  const std::array<const void*, 2> planes{
      arrangement == SampleArrangement::planar ? planar[0].data() : interleaved.data(),
      planar[1].data()};
  AudioBlock block;
  block.type = type;
  block.arrangement = arrangement;
  block.channels = 2;
  block.samples = static_cast<std::int64_t>(samples.size());
  block.planes = planes.data();
  PcmScanner scanner(2);
  scanner.add(block);
  return scanner.found();
}

TEST(PcmScanner, DecodedWordsOfEveryForm) {
  for (const auto arrangement : {SampleArrangement::planar, SampleArrangement::interleaved}) {
    EXPECT_EQ(found_in<std::int16_t>(dolby_e(16), 16, arrangement, SampleType::s16), "dolby_e");
    EXPECT_EQ(found_in<std::int32_t>(dolby_e(16), 16, arrangement, SampleType::s32), "dolby_e");
    EXPECT_EQ(found_in<std::int32_t>(dolby_e(24), 24, arrangement, SampleType::s32), "dolby_e");
    EXPECT_EQ(found_in<std::int32_t>(dolby_e(16), 24, arrangement, SampleType::s32), std::nullopt)
        << "at the bottom of its words";
  }
}

TEST(PcmScanner, PassesOverWhatItDoesNotKnow) {
  PcmScanner scanner(2);
  const std::array<float, 4> zeros{};
  const std::array<const void*, 2> planes{zeros.data(), zeros.data()};
  AudioBlock block;
  block.type = SampleType::f32;
  block.channels = 2;
  block.samples = 4;
  block.planes = planes.data();
  scanner.add(block);
  block.type = SampleType::s32;
  block.channels = 1;
  scanner.add(block);
  EXPECT_EQ(scanner.found(), std::nullopt);
  EXPECT_FALSE(PcmScanner(0).looks());
  EXPECT_FALSE(PcmScanner(65).looks());
}

}  // namespace
}  // namespace cleangate::probes
