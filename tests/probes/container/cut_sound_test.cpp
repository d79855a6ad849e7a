// SPDX-License-Identifier: Apache-2.0
// Sound files whose own header tells how much sound there is: cut ones are told, whole ones are
// not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/crc.h"
#include "tests/probes/container/bytes.h"

namespace cleangate::test {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::Gt;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::Optional;

// MPEG-1 layer III, 128 kb/s, 44.1 kHz, mono: 417 bytes a frame, 17 of side information.
Bytes mp3_frame() { return Bytes().add({0xff, 0xfb, 0x90, 0xc4}).zeros(413); }

Bytes mp3(const char* magic, unsigned flags, std::uint64_t told, int frames) {
  Bytes first = Bytes().add({0xff, 0xfb, 0x90, 0xc4}).zeros(17).add(magic).u32(flags);
  if (flags & 1) first.u32(static_cast<std::uint64_t>(frames));
  if (flags & 2) first.u32(told);
  first.zeros(417 - first.size());
  for (int i = 0; i < frames; ++i) first.add(mp3_frame());
  return first;
}

TEST(Mp3, CutAgainstItsXingHeader) {
  const std::uint64_t told = 417 * 11;
  EXPECT_THAT(messages(read(mp3("Xing", 3, told, 10))), IsEmpty());
  EXPECT_THAT(messages(read(mp3("Xing", 3, told, 4))),
              ElementsAre("Of the 4,587 bytes of sound that its Xing header tells of, only 2,085 "
                          "are there."));
  EXPECT_THAT(messages(read(mp3("Info", 3, told, 4))),
              ElementsAre("Of the 4,587 bytes of sound that its Info header tells of, only 2,085 "
                          "are there."));
  // Some encoders count a frame more than they write.
  EXPECT_THAT(messages(read(mp3("Xing", 3, told + 417, 10))), IsEmpty());
  EXPECT_THAT(messages(read(mp3("Xing", 1, 0, 4))), IsEmpty());  // tells no bytes
  EXPECT_THAT(messages(read(mp3("Lame", 3, told, 4))), IsEmpty());
}

TEST(Mp3, TagsBeforeTheFirstFrameAreNotCounted) {
  const Bytes tag = Bytes("ID3").add({4, 0, 0, 0, 0, 1, 0}).zeros(128);
  EXPECT_THAT(messages(read(Bytes(tag).add(tag).add(mp3("Xing", 3, 417 * 11, 10)))), IsEmpty());
  EXPECT_THAT(messages(read(Bytes(tag).add(mp3("Xing", 3, 417 * 11, 4)))),
              ElementsAre("Of the 4,587 bytes of sound that its Xing header tells of, only 2,085 "
                          "are there."));
}

// A tag may stand before other sound, and its bytes look like a frame header here and there.
TEST(Mp3, IsNoneWithoutFramesBehindTheTag) {
  const Bytes tag = Bytes("ID3").add({4, 0, 0, 0, 0, 1, 0}).zeros(128);
  EXPECT_EQ(read(Bytes(tag).add(mp3_frame()).add(mp3_frame())).format, "mp3");
  EXPECT_EQ(read(Bytes(tag).add({0xff, 0xfb, 0x90, 0xc4}).zeros(2000)).format, "");
  EXPECT_EQ(read(Bytes(tag).add({0xff, 0xf1, 0x4c, 0x80}).zeros(2000)).format, "");  // ADTS
}

TEST(Mp3, CutAgainstItsVbriHeader) {
  Bytes first = Bytes().add({0xff, 0xfb, 0x90, 0xc4}).zeros(32).add("VBRI").u16(1).u16(0).u16(75);
  first.u32(417 * 11).u32(10).zeros(417 - first.size());
  EXPECT_EQ(messages(read(first)).size(), 1u);
  for (int i = 0; i < 10; ++i) first.add(mp3_frame());
  EXPECT_THAT(messages(read(first)), IsEmpty());
}

Bytes noise(std::size_t count) {
  Bytes bytes;
  for (std::size_t i = 0; i < count; ++i) bytes.u8((i * 37 + 11) & 0x7f);
  return bytes;
}

TEST(Mp3, BehindJunk) {
  const Bytes tag = Bytes("ID3").add({4, 0, 0, 0, 0, 0, 100}).zeros(100);
  const auto found = read(noise(500).add(tag).add(mp3("Info", 0, 0, 20)));
  EXPECT_EQ(found.format, "mp3");
  EXPECT_THAT(messages(found),
              ElementsAre("The first 500 bytes are nothing that is known; MPEG audio begins behind "
                          "them."));
  const auto padded = read(Bytes().zeros(500).add(tag).add(mp3("Info", 0, 0, 20)));
  EXPECT_EQ(padded.format, "mp3");
  EXPECT_THAT(padded.damage, IsEmpty());
  const auto cut_before = read(noise(300).add(mp3("Info", 0, 0, 20)));
  EXPECT_EQ(cut_before.format, "mp3");
  EXPECT_THAT(cut_before.damage, IsEmpty());
  EXPECT_EQ(read(noise(2'000).add(mp3("Info", 0, 0, 20))).damage.size(), 1u);
  // Frames in the packets of another format.
  Bytes packets = noise(100);
  for (int i = 0; i < 30; ++i) packets.add(mp3("Info", 0, 0, 10)).add(noise(20));
  EXPECT_EQ(read(packets).format, "");
}

// A frame of one constant mono subframe: 4096 samples, its number, 16 bits.
Bytes flac_frame(unsigned number, unsigned sample = 0) {
  Bytes frame = Bytes().add({0xff, 0xf8, 0xc9, 0x08}).u8(number);
  frame.u8(Crc8::of(frame.all())).u8(0).u16(sample);
  return frame.u16(Crc16::of(frame.all()));
}

Bytes flac(std::uint64_t samples, unsigned frames) {
  Bytes file = Bytes("fLaC").u32(0x80000022).u16(4096).u16(4096).zeros(6);
  file.u64(std::uint64_t{48000} << 44 | std::uint64_t{15} << 36 | samples).zeros(16);
  for (unsigned i = 0; i < frames; ++i) file.add(flac_frame(i));
  return file;
}

TEST(Flac, CutBetweenFrames) {
  EXPECT_THAT(messages(read(flac(5 * 4096, 5))), IsEmpty());
  EXPECT_THAT(messages(read(flac(5 * 4096, 3))),
              ElementsAre("The file ends after 12,288 of the 20,480 samples that its STREAMINFO "
                          "tells of."));
  EXPECT_THAT(messages(read(flac(0, 3))), IsEmpty());  // an encoder that did not know
  EXPECT_THAT(messages(read(flac(5 * 4096, 5).add("TAG").zeros(125))), IsEmpty());
  const Bytes whole = flac(5 * 4096, 5);
  EXPECT_EQ(read(whole).essence_end, whole.size());
  EXPECT_EQ(read(Bytes(whole).add("TAG").zeros(125)).essence_end, whole.size());
  EXPECT_THAT(read(Bytes(whole).zeros(600)).essence_end,
              Optional(AllOf(Ge(whole.size()), Le(whole.size() + 2))));
  EXPECT_EQ(messages(read(flac(5 * 4096, 3).add("TAG").zeros(125))).size(), 1u);
  // Cut inside a frame: the frame's own checksum tells, not this.
  const Bytes inside = flac(5 * 4096, 3);
  EXPECT_THAT(messages(read(inside.first(inside.size() - 3))), IsEmpty());
}

// One noise in 256 ends so; without the zero the checksum holds as well.
TEST(Flac, ChecksumsThatEndInZeros) {
  int endings[3] = {};
  for (unsigned sample = 0; sample < 65536; ++sample) {
    const Bytes frame = flac_frame(0, sample);
    const std::size_t n = frame.size();
    const int zeros = frame.all()[n - 1] != std::byte{0}   ? 0
                      : frame.all()[n - 2] != std::byte{0} ? 1
                                                           : 2;
    if (zeros == 0 && sample % 100 != 0) continue;
    ++endings[zeros];
    Bytes file = flac(4096, 0).add(frame);
    ASSERT_EQ(read(file).essence_end, file.size()) << sample;
    ASSERT_EQ(read(Bytes(file).add("TAG").zeros(125)).essence_end, file.size()) << sample;
  }
  EXPECT_THAT(endings, Each(Gt(0)));
}

TEST(Caf, CutChunk) {
  const auto caf = [](std::uint64_t told, std::size_t there) {
    return Bytes("caff").u16(1).u16(0).add("desc").u64(32).zeros(32).add("data").u64(told).zeros(
        there);
  };
  EXPECT_EQ(read(caf(100, 100)).format, "caf");
  EXPECT_THAT(messages(read(caf(100, 100))), IsEmpty());
  EXPECT_THAT(messages(read(caf(100, 60))),
              ElementsAre("The file ends 40 bytes before its data chunk does."));
  EXPECT_THAT(messages(read(caf(~std::uint64_t{0}, 60))), IsEmpty());  // lasts to the end
  EXPECT_THAT(messages(read(caf(0x7fffffffffffffff, 60))).size(), Le(1u));
}

TEST(Wave64, CutChunk) {
  const auto little = [](std::uint64_t value) {
    Bytes out;
    for (int i = 0; i < 8; ++i) out.u8(value >> (8 * i) & 0xff);
    return out;
  };
  const auto w64 = [&](std::uint64_t told, std::size_t there) {
    Bytes file = Bytes("riff").add({0x2e, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 4, 0xc1, 0, 0});
    file.add(little(200)).add("wave").zeros(12).add("fmt ").zeros(12).add(little(40)).zeros(16);
    return file.add("data").zeros(12).add(little(24 + told)).zeros(there);
  };
  EXPECT_EQ(read(w64(64, 64)).format, "wav");
  EXPECT_THAT(messages(read(w64(64, 64))), IsEmpty());
  EXPECT_THAT(messages(read(w64(64, 40))),
              ElementsAre("The file ends 24 bytes before its data chunk does."));
}

}  // namespace
}  // namespace cleangate::test
