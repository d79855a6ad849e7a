// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/st337.h"

#include <gtest/gtest.h>

#include <random>

#include "probes/bitstream/stream_probe.h"

namespace cleangate::probes {
namespace {

struct Mode {
  int number, bits;  // data mode of Pc; width of the words
  std::uint32_t pa, pb;
};
constexpr Mode kModes[] = {
    {0, 16, 0xf872, 0x4e1f}, {1, 20, 0x6f872, 0x54e1f}, {2, 24, 0x96f872, 0xa54e1f}};

// `frames` samples of a pair of channels with a burst every `distance` samples, random between.
std::vector<std::array<std::uint32_t, 2>> pair_with(const Mode& mode, int type, int frames,
                                                    int distance, int jitter = 0) {
  std::mt19937 random(7);
  std::vector<std::array<std::uint32_t, 2>> samples(static_cast<std::size_t>(frames));
  for (auto& s : samples)
    for (std::uint32_t& v : s) v = static_cast<std::uint32_t>(random() & 0xffffff);
  int at = 11;
  for (int n = 0; at + 1 < frames; at += distance + (++n % 2 ? jitter : 0)) {
    const auto word = [&](std::uint32_t w) { return w << (24 - mode.bits); };
    samples[static_cast<std::size_t>(at)] = {word(mode.pa), word(mode.pb)};
    samples[static_cast<std::size_t>(at) + 1] = {
        static_cast<std::uint32_t>(type | mode.number << 5) << 8, 0x100000};
  }
  return samples;
}

std::optional<std::string> found_in(const std::vector<std::array<std::uint32_t, 2>>& samples) {
  St337Detector detector(2);
  for (const auto& s : samples) detector.add(s);
  return detector.found();
}

TEST(St337, EveryModeAndType) {
  for (const Mode& mode : kModes) {
    EXPECT_EQ(found_in(pair_with(mode, 28, 9600, 1920)), "dolby_e") << mode.bits;
    EXPECT_EQ(found_in(pair_with(mode, 1, 9600, 1536)), "ac3") << mode.bits;
    EXPECT_EQ(found_in(pair_with(mode, 21, 30000, 6144)), "eac3") << mode.bits;
  }
  EXPECT_EQ(found_in(pair_with(kModes[1], 28, 16000, 1601, 1)), "dolby_e") << "29.97 frames/s";
}

TEST(St337, NeverFromChance) {
  EXPECT_EQ(found_in(pair_with(kModes[0], 28, 1900, 1920)), std::nullopt) << "one burst";
  EXPECT_EQ(found_in(pair_with(kModes[0], 28, 3800, 1920)), std::nullopt) << "two bursts";
  EXPECT_EQ(found_in(pair_with(kModes[0], 28, 9600, 1920, 100)), std::nullopt) << "unsteady";
  auto wrong_mode = pair_with(kModes[2], 28, 9600, 1920);
  for (auto& s : wrong_mode)
    if (s[1] == 0x100000) s[0] &= ~0x6000U;
  EXPECT_EQ(found_in(wrong_mode), std::nullopt) << "Pc states another data mode";
  EXPECT_EQ(found_in(pair_with(kModes[0], 3, 9600, 1920)), std::nullopt) << "pause bursts";
  std::mt19937 random(8);
  St337Detector detector(8);
  std::array<std::uint32_t, 8> frame{};
  for (int i = 0; i < 500000; ++i) {
    for (auto& s : frame) s = static_cast<std::uint32_t>(random() & 0xffff) << 8;
    detector.add(frame);
  }
  EXPECT_EQ(detector.found(), std::nullopt) << "noise of 16 bits on eight channels";
}

TEST(St337, OneStreamOfASharedPair) {
  // Eight mono tracks: the first of the pair holds Pa and Pc, the second Pb and Pd.
  const auto pair = pair_with(kModes[1], 28, 12000, 1920);
  for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
    St337Detector detector(1);
    for (const auto& s : pair) detector.add(std::span(&s[side], 1));
    EXPECT_EQ(detector.found(), side == 0 ? "dolby_e" : "st337");
  }
}

// The same bursts through the probe, as bytes of every PCM format that can hold them.
TEST(St337, ThroughPcmPackets) {
  const auto samples = pair_with(kModes[0], 28, 9600, 1920);
  for (const auto& [codec, width, big] :
       {std::tuple{"pcm_s16le", 2, false}, std::tuple{"pcm_s16be", 2, true},
        std::tuple{"pcm_s24le", 3, false}, std::tuple{"pcm_s24be", 3, true},
        std::tuple{"pcm_s32le", 4, false}, std::tuple{"pcm_s32be", 4, true}}) {
    std::vector<std::byte> bytes;
    for (const auto& frame : samples)
      for (const std::uint32_t s : frame)
        for (int i = 0; i < width; ++i) {
          const int place = big ? i : width - 1 - i;  // 0 = most significant
          bytes.push_back(static_cast<std::byte>(place < 3 ? s >> (16 - 8 * place) : 0));
        }
    StreamDescription description;
    description.kind = StreamKind::audio;
    description.codec = codec;
    description.channels = 2;
    const auto probe = make_stream_probe(description);
    const std::size_t step = static_cast<std::size_t>(width) * 2 * 1000;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      PacketView packet;
      packet.bytes = std::span(bytes).subspan(at, std::min(step, bytes.size() - at));
      probe->observe(packet);
    }
    EXPECT_EQ(probe->embedded_audio(), "dolby_e") << codec;
    EXPECT_EQ(probe->audio().bit_depth, width * 8) << codec;
  }
}

}  // namespace
}  // namespace cleangate::probes
