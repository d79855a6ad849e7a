// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>

#include "probes/bitstream/stream_probe.h"
#include "tests/probes/bitstream/bit_writer.h"

namespace cleangate::probes {
namespace {

using Units = std::vector<std::vector<std::byte>>;

struct Collect final : NalUnitSink {
  Units units;
  void nal(std::span<const std::byte> unit) override {
    units.emplace_back(unit.begin(), unit.end());
  }
};

Units units_of(const std::vector<std::byte>& packet, NalFraming framing, int length_size,
               bool& sound) {
  Collect collect;
  sound = for_each_nal(packet, framing, length_size, collect);
  return collect.units;
}

TEST(ForEachNal, AnnexB) {
  bool sound = false;
  const auto packet = test::bytes_of(0, 0, 0, 1, 0x67, 1, 2, 0, 0, 1, 0x68, 3, 0, 0, 0, 1, 0x65, 4,
                                     0, 0, 3, 1, 0, 0);
  const Units units = units_of(packet, NalFraming::annex_b, 4, sound);
  EXPECT_TRUE(sound);
  EXPECT_EQ(units, (Units{test::bytes_of(0x67, 1, 2), test::bytes_of(0x68, 3),
                          test::bytes_of(0x65, 4, 0, 0, 3, 1)}));
  units_of(test::bytes_of(9, 0, 0, 1, 0x65), NalFraming::annex_b, 4, sound);
  EXPECT_FALSE(sound) << "bytes before the first start code";
  units_of(test::bytes_of(1, 2, 3), NalFraming::annex_b, 4, sound);
  EXPECT_FALSE(sound) << "no start code at all";
}

TEST(ForEachNal, LengthPrefixed) {
  bool sound = false;
  const Units expected{test::bytes_of(0x65, 0, 0, 1), test::bytes_of(0x41)};
  EXPECT_EQ(units_of(test::bytes_of(0, 4, 0x65, 0, 0, 1, 0, 1, 0x41), NalFraming::length_prefixed,
                     2, sound),
            expected);
  EXPECT_TRUE(sound);
  EXPECT_EQ(
      units_of(test::bytes_of(4, 0x65, 0, 0, 1, 9, 0x41), NalFraming::length_prefixed, 1, sound),
      Units{expected[0]});
  EXPECT_FALSE(sound) << "a length beyond the packet";
  units_of(test::bytes_of(0xff, 0xff, 0xff, 0xff, 1), NalFraming::length_prefixed, 4, sound);
  EXPECT_FALSE(sound);
  units_of(test::bytes_of(0, 0), NalFraming::length_prefixed, 4, sound);
  EXPECT_FALSE(sound) << "half a length";
}

TEST(ForEachNal, BothFramingsCarryTheSameUnits) {
  std::mt19937 random(3);
  for (int run = 0; run < 200; ++run) {
    Units made;
    std::vector<std::byte> annex_b, prefixed;
    for (std::size_t n = 1 + random() % 5; n > 0; --n) {
      std::vector<std::byte> rbsp(1 + random() % 40);
      for (std::byte& b : rbsp) b = static_cast<std::byte>(random() % 4);
      rbsp.push_back(std::byte{0x80});
      std::vector<std::byte> unit = test::bytes_of(0x61);
      test::append(unit, test::escaped(rbsp));
      test::append(annex_b, random() % 2 ? test::bytes_of(0, 0, 1) : test::bytes_of(0, 0, 0, 1));
      test::append(annex_b, unit);
      test::append(prefixed, test::bytes_of(0, 0, unit.size() >> 8, unit.size() & 255));
      test::append(prefixed, unit);
      made.push_back(unit);
    }
    bool sound = false;
    ASSERT_EQ(units_of(annex_b, NalFraming::annex_b, 4, sound), made);
    ASSERT_TRUE(sound);
    ASSERT_EQ(units_of(prefixed, NalFraming::length_prefixed, 4, sound), made);
    ASSERT_TRUE(sound);
  }
}

TEST(NalLayout, FromTheConfigurationRecord) {
  const auto avcc = test::bytes_of(1, 0x64, 0, 0x28, 0xfd, 0xe1, 0, 0);
  EXPECT_EQ(nal_layout("h264", avcc).framing, NalFraming::length_prefixed);
  EXPECT_EQ(nal_layout("h264", avcc).length_size, 2);
  EXPECT_EQ(nal_layout("h264", {}).framing, NalFraming::annex_b);
  EXPECT_EQ(nal_layout("h264", test::bytes_of(0, 0, 0, 1, 0x67, 1, 2, 3)).framing,
            NalFraming::annex_b);
  std::vector<std::byte> hvcc(23, std::byte{0});
  hvcc[0] = std::byte{1};
  hvcc[21] = std::byte{3};
  EXPECT_EQ(nal_layout("hevc", hvcc).framing, NalFraming::length_prefixed);
  EXPECT_EQ(nal_layout("hevc", hvcc).length_size, 4);
}

}  // namespace
}  // namespace cleangate::probes
