// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/probes/container/bytes.h"

namespace cleangate::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Bytes with_mpeg_crc(const Bytes& section) {  // ISO/IEC 13818-1, annex A
  std::uint32_t crc = 0xffffffff;
  for (const std::byte b : section.all())
    for (int bit = 7; bit >= 0; --bit) {
      const bool one = (std::to_integer<unsigned>(b) >> bit & 1) != crc >> 31;
      crc = crc << 1 ^ (one ? 0x04c11db7u : 0u);
    }
  return Bytes(section).u32(crc);
}

Bytes section(int table, int number, const Bytes& body) {
  return with_mpeg_crc(Bytes()
                           .u8(static_cast<std::uint64_t>(table))
                           .u16(0xb000 | (5 + body.size() + 4))
                           .u16(static_cast<std::uint64_t>(number))
                           .u8(0xc1)
                           .u8(0)
                           .u8(0)
                           .add(body));
}

Bytes packet(int pid, const Bytes& payload) {
  Bytes out =
      Bytes().u8(0x47).u16(0x4000u | static_cast<unsigned>(pid)).u8(0x10).u8(0).add(payload);
  while (out.size() < 188) out.u8(0xff);
  return out;
}

Bytes stream(int type, int pid, const Bytes& descriptors) {
  return Bytes()
      .u8(static_cast<std::uint64_t>(type))
      .u16(0xe000u | static_cast<unsigned>(pid))
      .u16(0xf000u | descriptors.size())
      .add(descriptors);
}

Bytes descriptor(int tag, const Bytes& content) {
  return Bytes().u8(static_cast<std::uint64_t>(tag)).u8(content.size()).add(content);
}

Bytes transport(const Bytes& streams) {
  Bytes file = packet(0, section(0, 1, Bytes().u16(5).u16(0xe100)));
  file.add(packet(0x100, section(2, 5, Bytes().u16(0xe101).u16(0xf000).add(streams))));
  for (int i = 0; i < 8; ++i) file.add(packet(0x1fff, Bytes()));
  return file;
}

TEST(TransportStream, ProgramMap) {
  const Bytes streams =
      stream(0x1b, 0x101, {})
          .add(stream(0x06, 0x102,
                      descriptor(0x6a, Bytes().u8(0)).add(descriptor(0x0a, Bytes("fra").u8(0)))))
          .add(stream(0x06, 0x103, descriptor(0x56, Bytes("ger").u8(2 << 3).u8(0x88))))
          .add(stream(0x06, 0x104, descriptor(0x59, Bytes("nor").u8(0x10).u16(1).u16(1))));
  const auto found = read(transport(streams));
  EXPECT_EQ(found.format, "mpegts");
  EXPECT_THAT(found.damage, IsEmpty());
  ASSERT_EQ(found.tracks.size(), 4u);
  EXPECT_EQ(found.tracks[0].native_id, 0x101);
  EXPECT_EQ(found.tracks[0].program_id, 5);
  EXPECT_EQ(found.tracks[0].kind, probes::StreamKind::video);
  EXPECT_EQ(found.tracks[1].kind, probes::StreamKind::audio);
  EXPECT_EQ(found.tracks[1].language, "fr");
  EXPECT_EQ(found.tracks[2].kind, probes::StreamKind::captions);
  ASSERT_EQ(found.captions.size(), 2u);
  EXPECT_THAT(found.captions[0].standards, ElementsAre("teletext"));
  EXPECT_EQ(found.captions[0].services.at(0).name, "888");
  EXPECT_EQ(found.captions[0].services.at(0).language, "de");
  EXPECT_THAT(found.captions[1].standards, ElementsAre("dvb_subtitle"));
}

TEST(TransportStream, CaptionServiceDescriptor) {
  const Bytes services =
      Bytes().u8(0xc2).add("eng").u8(0x7e).u16(0x3fff).add("spa").u8(0xc1).u16(0x3fff);
  const auto found = read(transport(stream(0x02, 0x101, descriptor(0x86, services))));
  ASSERT_EQ(found.captions.size(), 1u);
  EXPECT_EQ(found.captions[0].carriage, "a53");
  EXPECT_THAT(found.captions[0].standards, ElementsAre("cea608", "cea708"));
  EXPECT_EQ(found.captions[0].services.at(0).name, "CC1");
  EXPECT_EQ(found.captions[0].services.at(1).name, "S1");
  EXPECT_EQ(found.captions[0].services.at(1).language, "es");
}

TEST(TransportStream, SectionWithAWrongChecksumIsNotBelieved) {
  Bytes file = transport(stream(0x1b, 0x101, {}));
  file[188 + 5 + 13] = std::byte{0x02};
  EXPECT_THAT(read(file).tracks, IsEmpty());
}

TEST(TransportStream, CutPacket) {
  const Bytes whole = transport(stream(0x1b, 0x101, {}));
  EXPECT_THAT(messages(read(whole.first(whole.size() - 100))),
              ElementsAre("The file ends inside a transport packet: its last 188 bytes are only "
                          "88."));
}

TEST(TransportStream, WhatStandsBehindTheLastPacket) {
  const Bytes whole = transport(stream(0x1b, 0x101, {}));
  EXPECT_THAT(messages(read(Bytes(whole).add("TAG").zeros(125))), IsEmpty());
  EXPECT_THAT(messages(read(Bytes(whole).zeros(512))), IsEmpty());
  EXPECT_THAT(messages(read(Bytes(whole).add("something else"))),
              ElementsAre("The last 14 bytes of the file are no part of a transport packet."));
}

TEST(TransportStream, PrivateTypesAreNotGuessed) {
  const auto found = read(transport(stream(0x86, 0x101, {})));
  EXPECT_EQ(found.tracks.at(0).kind, std::nullopt);
}

TEST(ProgramStream, Streams) {
  Bytes file = Bytes().u32(0x1ba).add({0x44, 0, 4, 0, 4, 1, 0, 0, 3, 0xf8});
  file.u32(0x1e0).u16(10).zeros(10).u32(0x1c0).u16(4).zeros(4);
  file.u32(0x1bd).u16(8).add({0x80, 0, 0, 0x80, 0, 0, 0, 0});
  const auto found = read(file);
  EXPECT_EQ(found.format, "mpegps");
  ASSERT_EQ(found.tracks.size(), 3u);
  EXPECT_EQ(found.tracks[0].native_id, 0x1e0);
  EXPECT_EQ(found.tracks[1].native_id, 0x1c0);
  EXPECT_EQ(found.tracks[2].native_id, 0x80);
  EXPECT_EQ(found.tracks[2].kind, probes::StreamKind::audio);
}

TEST(Elementary, RecognizedByTheirFirstBytes) {
  EXPECT_EQ(read(Bytes("fLaC").zeros(60)).format, "flac");
  EXPECT_EQ(read(Bytes("ID3").zeros(60)).format, "");  // a tag alone is no sound
  EXPECT_EQ(read(Bytes("ID3").add({4, 0, 0, 0, 0, 0, 2, 0, 0}).add("fLaC").zeros(9)).format,
            "flac");
  EXPECT_EQ(read(Bytes().add({0xff, 0xfb, 0x90, 0x64}).zeros(60)).format, "mp3");
  EXPECT_EQ(read(Bytes("just text, no media")).format, "");
  EXPECT_EQ(read(Bytes()).format, "");
}

TEST(Ogg, CutPage) {
  const Bytes page = Bytes("OggS").zeros(22).u8(2).add({200, 100}).zeros(300);
  EXPECT_EQ(read(page).format, "ogg");
  EXPECT_THAT(read(page).damage, IsEmpty());
  EXPECT_THAT(messages(read(page.first(page.size() - 10))),
              ElementsAre("The file ends 10 bytes before its last Ogg page does."));
}

}  // namespace
}  // namespace cleangate::test
