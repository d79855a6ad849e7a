// SPDX-License-Identifier: Apache-2.0
#include "probes/container/file_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "probes/container/table_reader.h"
#include "tests/probes/container/bytes.h"

namespace cleangate::test {
namespace {

using probes::FileWalk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> walked(const Bytes& file, std::size_t piece, std::uint64_t begins = 0) {
  FileWalk walk(begins);
  const std::span<const std::byte> all(file.all());
  for (std::size_t at = 0; at < all.size(); at += piece)
    walk.saw(all.subspan(at, std::min(piece, all.size() - at)));
  std::vector<std::string> messages;
  for (const probes::Damage& damage : walk.finish()) messages.push_back(damage.message);
  return messages;
}

// The same however the bytes come.
std::vector<std::string> told(const Bytes& file, std::uint64_t begins = 0) {
  const auto whole = walked(file, file.size() + 1, begins);
  for (const std::size_t piece : {1u, 7u, 1'000u}) EXPECT_EQ(walked(file, piece, begins), whole);
  return whole;
}

Bytes without(const Bytes& file, std::size_t from, std::size_t count) {
  Bytes out;
  for (std::size_t i = 0; i < file.size(); ++i)
    if (i < from || i >= from + count) out.u8(std::to_integer<unsigned>(file.all()[i]));
  return out;
}

Bytes zeroed(Bytes file, std::size_t from, std::size_t count) {
  for (std::size_t i = from; i < from + count; ++i) file[i] = std::byte{0};
  return file;
}

TEST(FileWalk, WhatItDoesNotKnowIsLeftAlone) {
  EXPECT_THAT(told(Bytes("RIFF").zeros(1'000)), IsEmpty());
  EXPECT_THAT(told(Bytes("x")), IsEmpty());
  EXPECT_THAT(told(Bytes()), IsEmpty());
}

// ---- MXF ----------------------------------------------------------------------------------------

Bytes klv(std::initializer_list<int> tail, std::size_t size) {
  return Bytes().add({0x06, 0x0e, 0x2b, 0x34}).add(tail).u8(0x83).big(size, 3).zeros(size);
}
Bytes partition(int kind) {
  return klv({0x02, 0x05, 0x01, 0x01, 0x0d, 0x01, 0x02, 0x01, 0x01, kind, 0x04, 0x00}, 88);
}
Bytes element(int type) {
  return klv({0x01, 0x02, 0x01, 0x01, 0x0d, 0x01, 0x03, 0x01, type, 0x01, 0x05, 0x01}, 300);
}
Bytes system_item() {
  return klv({0x02, 0x05, 0x01, 0x01, 0x0d, 0x01, 0x03, 0x01, 0x04, 0x01, 0x01, 0x00}, 57);
}
Bytes fill() {
  return klv({0x01, 0x01, 0x01, 0x02, 0x03, 0x01, 0x02, 0x10, 0x01, 0x00, 0x00, 0x00}, 20);
}
Bytes dark() {
  return klv({0x01, 0x02, 0x01, 0x01, 0x0e, 0x99, 0x03, 0x01, 0x15, 0x01, 0x05, 0x01}, 30);
}
constexpr int kPicture = 0x15, kSound = 0x16;
constexpr std::size_t kElement = 20 + 300, kSystem = 20 + 57, kFill = 20 + 20,
                      kPackage = kSystem + kElement + kFill + kElement, kHead = 20 + 88;

Bytes mxf(bool with_dark = false) {
  Bytes file = partition(2);
  for (int i = 0; i < 6; ++i) {
    file.add(system_item()).add(element(kPicture)).add(fill()).add(element(kSound));
    if (with_dark) file.add(dark());
  }
  return file.add(partition(4)).add("whatever is behind");
}
constexpr std::size_t picture_at(std::size_t package) {
  return kHead + package * kPackage + kSystem;
}

TEST(MxfWalk, WholeFilesAreWhole) {
  EXPECT_THAT(told(mxf()), IsEmpty());
  EXPECT_THAT(told(mxf(true)), IsEmpty());  // dark packets are allowed
  EXPECT_THAT(told(Bytes("run-in").add(mxf()), 6), IsEmpty());
}

TEST(MxfWalk, AnOverwrittenKey) {
  EXPECT_THAT(told(zeroed(mxf(), picture_at(3), 16)),
              ElementsAre("There is no KLV packet at byte " + probes::with_commas(picture_at(3)) +
                          ", where one should begin."));
}

TEST(MxfWalk, AKeyThatIsAnother) {
  for (const std::size_t byte : {8u, 9u, 12u, 15u}) {
    Bytes file = mxf();
    file[picture_at(3) + byte] ^= std::byte{0x40};
    EXPECT_THAT(told(file), ElementsAre(HasSubstr("has an unknown key where an element of the "
                                                  "essence is missing.")))
        << byte;
  }
  // Nothing is missing where a dark packet is one more.
  Bytes more = partition(2);
  for (int i = 0; i < 6; ++i) {
    more.add(system_item()).add(element(kPicture));
    if (i == 3) more.add(dark());
    more.add(element(kSound));
  }
  EXPECT_THAT(told(more.add(partition(4))), IsEmpty());
}

TEST(MxfWalk, ACutFile) {
  EXPECT_THAT(told(mxf().first(picture_at(3) + 100)),
              ElementsAre(HasSubstr("before the KLV packet that begins at byte")));
}

// ---- ASF ----------------------------------------------------------------------------------------

Bytes guid(int first) {
  return Bytes().add({first, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0x00, 0xaa, 0x00,
                      0x62, 0xce, 0x6c});
}
constexpr std::size_t kPacket = 200, kAsfHead = 30 + 104 + 50;

// A data packet with one object of a stream, or a part of it.
Bytes asf_packet(int stream, int number, std::uint32_t size, std::uint32_t offset = 0) {
  const std::size_t head = 3 + 1 + 1 + 1 + 2 + 6 + 1 + 1 + 4 + 1 + 8;
  const std::size_t bytes = std::min<std::size_t>(size - offset, kPacket - head);
  Bytes packet = Bytes().add({0x82, 0, 0, 0x10, 0x5d});
  packet.le16(kPacket - head - bytes).le32(0).le16(0).u8(stream).u8(number).le32(offset);
  packet.u8(8).le32(size).le32(0).zeros(bytes);
  return packet.zeros(kPacket - packet.size());
}

Bytes asf(const std::vector<Bytes>& packets) {
  Bytes file = guid(0x30).little(30 + 104, 8).le32(1).add({1, 2});
  file.add({0xa1, 0xdc, 0xab, 0x8c, 0x47, 0xa9, 0xcf, 0x11, 0x8e, 0xe4, 0x00, 0xc0, 0x0c, 0x20,
            0x53, 0x65});
  file.little(104, 8).zeros(16 + 6 * 8).le32(2).le32(kPacket).le32(kPacket).le32(0);
  file.add(guid(0x36)).little(50 + packets.size() * kPacket, 8).zeros(16);
  file.little(packets.size(), 8).le16(0x101);
  for (const Bytes& packet : packets) file.add(packet);
  return file;
}

TEST(AsfWalk, ObjectsAreCounted) {
  std::vector<Bytes> packets;
  for (int i = 0; i < 600; ++i) {
    packets.push_back(asf_packet(1, i & 0xff, 250, 0));
    packets.push_back(asf_packet(2, (i + 9) & 0xff, 50));
    packets.push_back(asf_packet(1, i & 0xff, 250, 172));
  }
  EXPECT_THAT(told(asf(packets)), IsEmpty());
  auto lost = packets;
  lost.erase(lost.begin() + 900, lost.begin() + 906);
  EXPECT_THAT(told(asf(lost)),
              ElementsAre(HasSubstr("Of the media objects of ASF stream 1, 2 are missing"),
                          HasSubstr("Of the media objects of ASF stream 2, 2 are missing")));
  auto part = packets;
  part.erase(part.begin() + 902);
  EXPECT_THAT(told(asf(part)),
              ElementsAre(HasSubstr("Of the media objects of ASF stream 1, 1 are not whole")));
}

TEST(AsfWalk, PacketsThatHoldNothing) {
  std::vector<Bytes> packets;
  for (int i = 0; i < 20; ++i) packets.push_back(asf_packet(1, i, 100));
  EXPECT_THAT(told(zeroed(asf(packets), kAsfHead + 5 * kPacket, 2 * kPacket)),
              ElementsAre(HasSubstr("Of the data packets, 2 hold nothing"),
                          HasSubstr("Of the media objects of ASF stream 1, 2 are missing")));
  EXPECT_THAT(told(asf(packets).first(kAsfHead + 5 * kPacket)),
              ElementsAre("The file ends 15 data packets before its data object does."));
}

TEST(AsfWalk, NumbersThatBeginAnewAreNoLoss) {
  std::vector<Bytes> packets;
  for (const int number : {200, 201, 202, 0, 1, 2}) packets.push_back(asf_packet(1, number, 100));
  packets.push_back(asf_packet(1, 200, 100));  // as far back as ahead
  EXPECT_THAT(told(asf(packets)),
              ElementsAre(HasSubstr("Of the media objects of ASF stream 1, 53 are missing")));
  packets = {asf_packet(1, 202, 100), asf_packet(1, 100, 100), asf_packet(1, 101, 100)};
  EXPECT_THAT(told(asf(packets)), IsEmpty());
}

// ---- pictures -----------------------------------------------------------------------------------

TEST(Y4mWalk, FramesAreWhole) {
  // 11 by 9 samples of luma, halved or quartered upwards for chroma.
  struct Format {
    std::string_view words;
    std::size_t bytes;
  };
  for (const auto& [words, bytes] :
       {Format{"", 99 + 2 * 6 * 5}, Format{" C420jpeg XYSCSS=420JPEG", 99 + 2 * 6 * 5},
        Format{" XYSCSS=422", 99 + 2 * 6 * 9}, Format{" C422p10", 2 * (99 + 2 * 6 * 9)},
        Format{" C444alpha", 4 * 99}, Format{" C411", 99 + 2 * 3 * 9}, Format{" Cmono", 99},
        Format{" Cmono16", 2 * 99}}) {
    Bytes file = Bytes("YUV4MPEG2 W11 H9 F25:1 Ip").add(words).add("\n");
    for (int i = 0; i < 3; ++i) file.add(i == 1 ? "FRAME Ip\n" : "FRAME\n").zeros(bytes);
    const std::size_t last = file.size();
    file.add("FRAME\n").zeros(bytes);
    EXPECT_THAT(told(file), IsEmpty()) << words;
    EXPECT_THAT(told(file.first(file.size() - 1)),
                ElementsAre("The file ends 1 byte before the frame that begins at byte " +
                            probes::with_commas(last) + " does."))
        << words;
    EXPECT_THAT(told(file.first(last + 3)), ElementsAre(HasSubstr("before the frame that begins")));
  }
  EXPECT_THAT(told(Bytes("YUV4MPEG2 W11 H9 Cunheard\nFRAME\nx")), IsEmpty());
}

Bytes dv_frame(bool lines_625, int source) {
  Bytes frame = Bytes()
                    .add({0x1f, 0x07, 0x00, lines_625 ? 0xbf : 0x3f})
                    .zeros(444)
                    .add({0x60, 0, 0})
                    .u8(source);
  const std::size_t channels = source == 0x14 ? 4 : source == 0 ? 1 : 2;
  return frame.zeros(12'000 * (lines_625 ? 12 : 10) * channels - frame.size());
}

TEST(DvWalk, FramesAreWhole) {
  for (const bool lines_625 : {false, true})
    for (const int source : {0x00, 0x04, 0x14, 0x18}) {
      const Bytes frame = dv_frame(lines_625, source), file = Bytes().add(frame).add(frame);
      EXPECT_THAT(walked(file, 4'096), IsEmpty());
      for (const std::size_t there : {std::size_t{3}, std::size_t{500}, frame.size() - 1})
        EXPECT_THAT(walked(file.first(frame.size() + there), 4'096),
                    ElementsAre(HasSubstr("before the DV frame that begins at byte")));
      EXPECT_THAT(walked(Bytes(file).zeros(1'000), 4'096), IsEmpty());
    }
}

// ---- sound --------------------------------------------------------------------------------------

Bytes dsf(std::uint64_t samples, std::uint64_t bytes) {
  Bytes file =
      Bytes("DSD ").little(28, 8).little(92 + bytes, 8).little(0, 8).add("fmt ").little(52, 8);
  file.le32(1)
      .le32(0)
      .le32(2)
      .le32(2)
      .le32(2'822'400)
      .le32(1)
      .little(samples, 8)
      .le32(4'096)
      .le32(0);
  return file.add("data").little(12 + bytes, 8).zeros(static_cast<std::size_t>(bytes));
}

TEST(DsfWalk, SizesAreStated) {
  EXPECT_THAT(told(dsf(65'000, 16'384)), IsEmpty());
  EXPECT_THAT(told(dsf(65'000, 16'384).add("ID3 and more of it, as long as it likes")), IsEmpty());
  EXPECT_THAT(
      told(dsf(65'000, 16'384).first(10'000)),
      ElementsAre("The file ends 6,476 bytes before the chunk that begins at byte 80 does."));
  EXPECT_THAT(
      told(dsf(131'072, 16'384)),
      ElementsAre(
          "The format chunk tells of 32,768 bytes of sound, the data chunk of 16,384 bytes."));
}

Bytes voc_block(int type, std::size_t bytes) {
  Bytes block = Bytes().u8(static_cast<unsigned>(type)).little(bytes, 3);
  for (std::size_t i = 0; i < bytes; ++i) block.u8(0x80);
  return block;
}

Bytes voc() {
  Bytes file = Bytes("Creative Voice File\x1a").le16(26).le16(0x0114).le16(0x111f);
  file.add(voc_block(9, 1'000));
  for (int i = 0; i < 20; ++i) file.add(voc_block(2, 1'000));
  return file;
}

TEST(VocWalk, BlocksFollowEachOther) {
  EXPECT_THAT(told(voc()), IsEmpty());
  EXPECT_THAT(told(voc().u8(0)), IsEmpty());
  EXPECT_THAT(told(voc().u8(0).zeros(10'000)), IsEmpty());
  EXPECT_THAT(told(voc().u8(0).add("a note")), IsEmpty());
  EXPECT_THAT(told(voc().first(10'500)),
              ElementsAre(HasSubstr("before the block that begins at byte")));
  EXPECT_THAT(told(without(voc(), 5'000, 300)),
              ElementsAre(HasSubstr("There is no block at byte")));
  EXPECT_THAT(told(zeroed(voc(), 5'000, 6'000)),
              ElementsAre(HasSubstr("Behind the terminator, which ends at byte")));
}

// An access unit with one substream, whose parity is right.
Bytes mlp_unit(bool sync, std::size_t words, unsigned timing) {
  Bytes unit = Bytes().u16(words).u16(timing);
  if (sync) unit.u32(0xf8726fba).zeros(12).u8(0x10).zeros(11);
  unit.u16(0x0123);  // of its only substream, without more
  unsigned sum = 0;
  for (const std::size_t at : {0u, 1u, 2u, 3u, sync ? 32u : 4u, sync ? 33u : 5u})
    sum ^= std::to_integer<unsigned>(unit.all()[at]);
  unit[0] |= static_cast<std::byte>((((sum >> 4) ^ sum ^ 0xf) & 0xf) << 4);
  std::mt19937 random(timing + 1);
  while (unit.size() < 2 * words) unit.u8(random() & 0xff);
  return unit;
}

Bytes mlp() {
  Bytes file;
  for (unsigned i = 0; i < 64; ++i) file.add(mlp_unit(i % 16 == 0, 60 + i, 40 * i));
  return file;
}

TEST(MlpWalk, AccessUnitsFollowEachOther) {
  EXPECT_THAT(told(mlp()), IsEmpty());
  EXPECT_THAT(told(mlp().zeros(500)), IsEmpty());  // padding
  EXPECT_THAT(told(mlp().first(mlp().size() - 2)),
              ElementsAre(HasSubstr("The file ends 2 bytes before the access unit")));
  EXPECT_THAT(told(without(mlp(), 3'000, 1'001)),
              ElementsAre(HasSubstr("There is no access unit at byte")));
  EXPECT_THAT(told(zeroed(mlp(), 3'000, 1'000)),
              ElementsAre(HasSubstr("There is no access unit at byte")));
  // Dumps of Blu-rays have AC-3 between them.
  EXPECT_THAT(told(Bytes(mlp()).u16(0x0b77).zeros(100).add("x")), IsEmpty());
}

TEST(FileWalk, NoByteIsTrusted) {
  std::vector<Bytes> packets;
  for (int i = 0; i < 5; ++i) packets.push_back(asf_packet(1, i, 100));
  std::mt19937 random(5);
  for (const Bytes& whole : {mxf(), asf(packets), voc(), mlp(), dsf(65'000, 16'384)})
    for (int turn = 0; turn < 300; ++turn) {
      Bytes file = whole;
      for (int flips = 0; flips < 4; ++flips)
        file[random() % file.size()] = static_cast<std::byte>(random() & 0xff);
      EXPECT_LE(walked(file, 997).size(), 20u);
    }
}

}  // namespace
}  // namespace cleangate::test
