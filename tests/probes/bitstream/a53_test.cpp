// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/a53.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

#include "tests/probes/bitstream/bit_writer.h"

namespace cleangate::probes {
namespace {

using ::testing::ElementsAre;

unsigned with_parity(unsigned c) { return std::popcount(c) % 2 ? c : c | 0x80; }

std::vector<std::byte> cc608(int field, unsigned a, unsigned b) {
  return test::bytes_of(0xfc | field, with_parity(a), with_parity(b));
}

std::vector<std::string> names(const CaptionServices& services) {
  std::vector<std::string> out;
  for (const CaptionFacts& facts : services.facts())
    for (const CaptionService& service : facts.services) out.push_back(service.name);
  return out;
}

std::vector<std::string> services_of(const std::vector<std::vector<std::byte>>& pictures) {
  CaptionServices services;
  std::int64_t pts = 0;
  for (const auto& picture : pictures) services.add(pts++, picture);
  services.finish();
  return names(services);
}

// CTA-608-E 8.4: RCL is 14 20 on channel 1, 1C 20 on channel 2; field 2 uses 15 and 1D.
TEST(CaptionServices, TellsTheFourCaptionChannels) {
  EXPECT_THAT(services_of({cc608(0, 0x14, 0x20), cc608(0, 'H', 'I')}), ElementsAre("CC1"));
  EXPECT_THAT(services_of({cc608(0, 0x1c, 0x25), cc608(0, 'H', 'I')}), ElementsAre("CC2"));
  EXPECT_THAT(services_of({cc608(1, 0x15, 0x29), cc608(1, 'H', 'I')}), ElementsAre("CC3"));
  EXPECT_THAT(services_of({cc608(1, 0x1d, 0x20), cc608(1, 'H', 'I')}), ElementsAre("CC4"));
  EXPECT_THAT(services_of({cc608(0, 0x14, 0x20), cc608(1, 0x15, 0x20), cc608(0, 'H', 'I'),
                           cc608(1, 'H', 'O')}),
              ElementsAre("CC1", "CC3"));
}

TEST(CaptionServices, WhatIsNoCaption) {
  EXPECT_THAT(services_of({cc608(0, 0, 0), cc608(1, 0, 0)}), ElementsAre()) << "padding";
  EXPECT_THAT(services_of({cc608(0, 0x14, 0x2c)}), ElementsAre()) << "erase only";
  EXPECT_THAT(services_of({cc608(0, 0x14, 0x20)}), ElementsAre()) << "a mode without text";
  EXPECT_THAT(services_of({cc608(0, 0x14, 0x2b), cc608(0, 'H', 'I')}), ElementsAre())
      << "text mode";
  EXPECT_THAT(services_of({cc608(1, 0x15, 0x20), cc608(1, 0x01, 0x03), cc608(1, 'X', 'D')}),
              ElementsAre())
      << "XDS in field 2";
  EXPECT_THAT(services_of({test::bytes_of(0xfc, 0x14, 0x20), test::bytes_of(0xfc, 'H', 'I')}),
              ElementsAre())
      << "parity fails";
  EXPECT_THAT(services_of({test::bytes_of(0xf8, 0x94, 0x20), test::bytes_of(0xf8, 0xc8, 0x49)}),
              ElementsAre())
      << "cc_valid is 0";
}

TEST(CaptionServices, PutsPicturesIntoPresentationOrder) {
  CaptionServices services;  // the text comes first in the file
  services.add(10, cc608(0, 'H', 'I'));
  services.add(9, cc608(0, 0x14, 0x20));
  services.finish();
  EXPECT_THAT(names(services), ElementsAre("CC1"));
}

// CTA-708-E 5: a DTVCC packet of 8 bytes: service 1 with two bytes, service 9 (extended) with one.
TEST(CaptionServices, FindsServicesIn708Packets) {
  std::vector<std::byte> triplets;
  test::append(triplets, test::bytes_of(0xff, 0x04, 0x22));  // size code 4, S1: two bytes
  test::append(triplets, test::bytes_of(0xfe, 'A', 'B'));
  test::append(triplets, test::bytes_of(0xfe, 0xe1, 0x09));  // extended service 9: one byte
  test::append(triplets, test::bytes_of(0xfe, 'C', 0x00));
  EXPECT_THAT(services_of({triplets}), ElementsAre("S1", "S9"));
  triplets.resize(9);
  EXPECT_THAT(services_of({triplets}), ElementsAre()) << "the packet never becomes complete";
  EXPECT_THAT(services_of({test::bytes_of(0xff, 0x01, 0x00)}), ElementsAre()) << "null block";
}

TEST(CaptionServices, OneEntryPerStream) {
  CaptionServices services;
  services.add(std::nullopt, cc608(0, 0x14, 0x20));
  services.add(std::nullopt, cc608(0, 'H', 'I'));
  services.finish();
  const auto facts = services.facts();
  ASSERT_EQ(facts.size(), 1U);
  EXPECT_EQ(facts[0].carriage, "a53");
  EXPECT_THAT(facts[0].standards, ElementsAre("cea608"));
  EXPECT_TRUE(facts[0].services[0].cues.is_unknown());
}

TEST(A53Triplets, TakesWhatIsThere) {
  EXPECT_EQ(a53_triplets(test::bytes_of(3, 0x42, 0xff, 0xfc, 1, 2, 0xfc, 3, 4, 0xff)).size(), 6U);
  EXPECT_EQ(a53_triplets(test::bytes_of(3, 0x5f, 0xff, 0xfc, 1, 2, 0xfc)).size(), 3U) << "cut";
  EXPECT_TRUE(a53_triplets(test::bytes_of(3, 0x02, 0xff, 0xfc, 1, 2)).empty()) << "flag says no";
  EXPECT_TRUE(a53_triplets(test::bytes_of(6, 0x42, 0xff, 0xfc, 1, 2)).empty()) << "bar data";
}

}  // namespace
}  // namespace cleangate::probes
