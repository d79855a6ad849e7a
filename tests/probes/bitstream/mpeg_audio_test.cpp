// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/mpeg_audio.h"

#include <gtest/gtest.h>

#include "probes/bitstream/stream_probe.h"
#include "tests/probes/bitstream/bit_writer.h"

namespace cleangate::probes {
namespace {

using test::bytes_of;

std::uint64_t size_of(unsigned second, unsigned third, unsigned fourth = 0) {
  const auto header = mpeg_audio_header(bytes_of(0xff, second, third, fourth));
  return header ? header->size : 0;
}

// ISO/IEC 11172-3, 2.4.3.1: 12 or 144 times bit rate by sampling rate, in slots of four bytes or
// one. Checked against the steps of ffmpeg's own streams.
TEST(MpegAudioHeader, SizesOfFrames) {
  EXPECT_EQ(size_of(0xff, 0xc4), 384u);  // layer I, 384 kb/s, 48 kHz
  EXPECT_EQ(size_of(0xfd, 0xa4), 576u);  // II, 192 kb/s, 48 kHz
  EXPECT_EQ(size_of(0xfb, 0x90), 417u);  // III, 128 kb/s, 44.1 kHz
  EXPECT_EQ(size_of(0xfb, 0x92), 418u);  // … padded
  EXPECT_EQ(size_of(0xf3, 0x80), 208u);  // MPEG-2, III, 64 kb/s, 22.05 kHz
  EXPECT_EQ(size_of(0xf5, 0x80), 417u);  // MPEG-2, II
  EXPECT_EQ(size_of(0xf7, 0xc4), 384u);  // MPEG-2, I, 192 kb/s, 24 kHz
  EXPECT_EQ(size_of(0xff, 0xc6), 388u);  // a slot of layer I
  EXPECT_EQ(size_of(0xfb, 0x00), 0u);    // free format
}

TEST(MpegAudioHeader, WhatIsNone) {
  for (const auto& bytes :
       {bytes_of(0xff, 0xfb, 0xf0, 0), bytes_of(0xff, 0xfb, 0x9c, 0), bytes_of(0xff, 0xf9, 0x90, 0),
        bytes_of(0xff, 0xeb, 0x90, 0), bytes_of(0xfe, 0xfb, 0x90, 0), bytes_of(0xff, 0xfb)})
    EXPECT_FALSE(mpeg_audio_header(bytes));
  EXPECT_TRUE(mpeg_audio_header(bytes_of(0xff, 0xfd, 0xa4, 0)));
  EXPECT_FALSE(mp3_header(bytes_of(0xff, 0xfd, 0xa4, 0)));  // layer II
  EXPECT_FALSE(mp3_header(bytes_of(0xff, 0xfb, 0x00, 0)));
  EXPECT_TRUE(mp3_header(bytes_of(0xff, 0xfb, 0x90, 0)));
}

std::vector<std::byte> adts(unsigned size) {
  test::BitWriter w;
  w.u(12, 0xfff).u(4, 1).u(2, 1).u(4, 3).u(1, 0).u(3, 2).u(4, 0).u(13, size).u(11, 0x7ff);
  return w.u(2, 0).bytes();
}

TEST(AdtsHeader, TellsWhatItSays) {
  const auto header = adts_header(adts(300));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->object_type, 2);
  EXPECT_EQ(header->sample_rate, 48000);
  EXPECT_EQ(header->channel_configuration, 2);
  EXPECT_EQ(header->samples, 1024);
  EXPECT_EQ(header->size, 300u);
}

std::vector<Damage> damage_of(const char* codec, std::vector<std::byte> frame, std::size_t whole,
                              std::size_t last) {
  StreamDescription description;
  description.codec = codec;
  description.kind = StreamKind::audio;
  const auto probe = make_stream_probe(description);
  for (const std::size_t size : {whole, whole, last}) {
    frame.resize(size);
    PacketView packet;
    packet.bytes = frame;
    (void)probe->observe(packet);
  }
  probe->finish();
  return probe->damage();
}

TEST(CutFrames, AreTold) {
  const auto mp2 = bytes_of(0xff, 0xfd, 0xa4, 0);
  EXPECT_TRUE(damage_of("mp2", mp2, 576, 576).empty());
  const auto cut = damage_of("mp2", mp2, 576, 100);
  ASSERT_EQ(cut.size(), 1u);
  EXPECT_EQ(cut[0].message, "Of the 576 bytes of sound frame 2 of stream 0, only 100 are there.");
  EXPECT_EQ(damage_of("aac", adts(300), 300, 299).size(), 1u);
  EXPECT_TRUE(damage_of("aac", adts(300), 300, 300).empty());
  EXPECT_TRUE(damage_of("mp3", bytes_of(0xff, 0xfb, 0x00, 0), 576, 100).empty());  // free format
}

}  // namespace
}  // namespace cleangate::probes
