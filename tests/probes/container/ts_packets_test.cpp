// SPDX-License-Identifier: Apache-2.0
#include "probes/container/ts_packets.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/probes/container/bytes.h"

namespace cleangate::test {
namespace {

// `control`: 0x10 payload, 0x20 adaptation field, 0x80 and 0x40 scrambling.
Bytes packet(int pid, unsigned control, bool broken = false, unsigned fill = 0xff) {
  Bytes out =
      Bytes().u8(0x47).u16((broken ? 0x8000u : 0u) | static_cast<unsigned>(pid)).u8(control);
  while (out.size() < 188) out.u8(fill);
  return out;
}

std::map<int, probes::ScrambledPackets::Count> scrambled(const Bytes& file, std::size_t piece) {
  probes::ScrambledPackets watch;
  const auto& all = file.all();
  for (std::size_t at = 0; at < all.size(); at += piece)
    watch.saw(at, std::span(all).subspan(at, std::min(piece, all.size() - at)));
  watch.finish();
  return watch.scrambled();
}

Bytes stream(std::initializer_list<Bytes> packets) {
  Bytes file;
  for (int i = 0; i < 6; ++i) file.add(packet(0x20, 0x10));
  for (const Bytes& one : packets) file.add(one);
  return file.add(packet(0x20, 0x10)).add(packet(0x20, 0x10));
}

TEST(ScrambledPackets, AreCountedByPidHoweverTheBytesCome) {
  const Bytes file =
      stream({packet(0x100, 0x90), packet(0x100, 0xd0), packet(0x100, 0x10), packet(0x101, 0x10)});
  for (const std::size_t piece : {1u, 7u, 188u, 1000u, 100'000u}) {
    const auto found = scrambled(file, piece);
    ASSERT_EQ(found.size(), 1u) << piece;
    EXPECT_EQ(found.at(0x100).scrambled, 2u) << piece;
    EXPECT_EQ(found.at(0x100).packets, 3u) << piece;
  }
}

TEST(ScrambledPackets, TheLastPacketCountsToo) {
  Bytes file = stream({});
  EXPECT_EQ(scrambled(file.add(packet(0x100, 0x90)), 1000).size(), 1u);
}

TEST(ScrambledPackets, StuffingBrokenPacketsAndThoseWithoutPayloadDoNotCount) {
  EXPECT_TRUE(scrambled(stream({packet(0x1fff, 0x90), packet(0x100, 0x90, true),
                                packet(0x100, 0xa0), packet(0x100, 0x10)}),
                        4096)
                  .empty());
}

TEST(ScrambledPackets, BytesThatComeTwiceCountOnce) {
  const Bytes file = stream({packet(0x100, 0x90)});
  probes::ScrambledPackets watch;
  const std::span<const std::byte> all(file.all());
  watch.saw(0, all.first(1500));
  watch.saw(0, all.first(1200));
  watch.saw(1000, all.subspan(1000));
  EXPECT_EQ(watch.scrambled().at(0x100).scrambled, 1u);
}

TEST(ScrambledPackets, ThePacketsAreFoundAgainBehindGarbage) {
  Bytes file = stream({packet(0x100, 0x10)});
  file.add(Bytes().zeros(77)).add(stream({packet(0x100, 0x90)}));
  EXPECT_EQ(scrambled(file, 1000).at(0x100).scrambled, 1u);
}

TEST(ScrambledPackets, WhatIsNoTransportStreamIsIgnored) {
  EXPECT_TRUE(scrambled(Bytes().zeros(5000), 100).empty());
  EXPECT_TRUE(scrambled(Bytes("G"), 100).empty());
}

}  // namespace
}  // namespace cleangate::test
