// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/sound_length.h"

#include <gtest/gtest.h>

#include "probes/bitstream/stream_probe.h"
#include "tests/probes/bitstream/bit_writer.h"

namespace cleangate::probes {
namespace {

using test::bytes_of;

TEST(SoundLength, Ac3) {
  EXPECT_EQ(ac3_length(bytes_of(0x0b, 0x77, 0, 0, 0x1e, 0x40)), Rational(32, 1000));
  EXPECT_EQ(ac3_length(bytes_of(0x0b, 0x77, 0, 0, 0x5e, 0x40)), Rational(1536, 44100));
  EXPECT_EQ(ac3_length(bytes_of(0x0b, 0x77, 0, 0, 0x1e, 0x80)), std::nullopt);  // E-AC-3
  EXPECT_EQ(ac3_length(bytes_of(0x0b, 0x77, 0, 0, 0xde, 0x40)), std::nullopt);
}

TEST(SoundLength, Adts) {
  const auto header = [](unsigned rate, unsigned blocks) {
    test::BitWriter w;
    w.u(12, 0xfff).u(4, 1).u(2, 1).u(4, rate).u(1, 0).u(3, 2).u(4, 0).u(13, 7).u(11, 0x7ff);
    return w.u(2, blocks - 1).bytes();
  };
  EXPECT_EQ(adts_length(header(3, 1)), Rational(1024, 48000));
  EXPECT_EQ(adts_length(header(4, 4)), Rational(4096, 44100));
  EXPECT_EQ(adts_length(header(13, 1)), std::nullopt);
}

TEST(SoundLength, MpegAudio) {
  EXPECT_EQ(mpeg_audio_length(bytes_of(0xff, 0xff, 0x94, 0)), Rational(384, 48000));   // 1, I
  EXPECT_EQ(mpeg_audio_length(bytes_of(0xff, 0xfd, 0x94, 0)), Rational(1152, 48000));  // 1, II
  EXPECT_EQ(mpeg_audio_length(bytes_of(0xff, 0xfb, 0x90, 0)), Rational(1152, 44100));  // 1, III
  EXPECT_EQ(mpeg_audio_length(bytes_of(0xff, 0xf3, 0x90, 0)), Rational(576, 22050));   // 2, III
  EXPECT_EQ(mpeg_audio_length(bytes_of(0xff, 0xf5, 0x90, 0)), Rational(1152, 22050));  // 2, II
  EXPECT_EQ(mpeg_audio_length(bytes_of(0xff, 0xe3, 0x90, 0)), Rational(576, 11025));   // 2.5, III
  EXPECT_EQ(mpeg_audio_length(bytes_of(0xff, 0xeb, 0x90, 0)), std::nullopt);
}

// RFC 6716, table 2.
TEST(SoundLength, Opus) {
  const auto of = [](unsigned config, unsigned code, unsigned count = 0) {
    return opus_length(bytes_of(config << 3 | code, count));
  };
  EXPECT_EQ(of(0, 0), Rational(10, 1000));
  EXPECT_EQ(of(11, 0), Rational(60, 1000));
  EXPECT_EQ(of(13, 1), Rational(40, 1000));
  EXPECT_EQ(of(16, 2), Rational(5, 1000));
  EXPECT_EQ(of(31, 0), Rational(20, 1000));
  EXPECT_EQ(of(31, 3, 0xc0 | 6), Rational(120, 1000));
  EXPECT_EQ(of(31, 3, 7), std::nullopt);  // no packet is longer than 120 ms
  EXPECT_EQ(of(31, 3, 0), std::nullopt);
  EXPECT_EQ(opus_length({}), std::nullopt);
}

std::optional<Rational> packet_length(const char* codec, const std::vector<std::byte>& config,
                                      const std::vector<std::byte>& packet = bytes_of(0x21, 0x10)) {
  StreamDescription description;
  description.kind = StreamKind::audio;
  description.codec = codec;
  description.configuration = config;
  PacketView view;
  view.bytes = packet;
  return make_stream_probe(description)->observe(view).sound;
}

// ISO/IEC 14496-3, 1.6.2.1.
TEST(SoundLength, AacByItsConfiguration) {
  const auto general = [](unsigned type, unsigned rate, unsigned shorter) {
    return test::BitWriter().u(5, type).u(4, rate).u(4, 2).u(1, shorter).u(10, 0).bytes();
  };
  EXPECT_EQ(packet_length("aac", general(2, 3, 0)), Rational(1024, 48000));
  EXPECT_EQ(packet_length("aac", general(2, 3, 1)), Rational(960, 48000));
  EXPECT_EQ(packet_length("aac", general(23, 3, 0)), Rational(512, 48000));
  const auto eld = test::BitWriter().u(5, 31).u(6, 7).u(4, 3).u(4, 2).u(1, 1).u(9, 0).bytes();
  EXPECT_EQ(packet_length("aac", eld), Rational(480, 48000));
  // Spectral band replication doubles the samples and their rate.
  const auto sbr = test::BitWriter().u(5, 5).u(4, 6).u(4, 2).u(4, 3).u(5, 2).u(11, 0).bytes();
  EXPECT_EQ(packet_length("aac", sbr), Rational(1024, 24000));
  EXPECT_EQ(packet_length("aac", general(42, 3, 0)), std::nullopt);
}

TEST(SoundLength, AlacByItsCookie) {
  test::BitWriter cookie;
  cookie.u(32, 4096).u(8, 0).u(8, 16).u(24, 0).u(8, 2).u(16, 255).u(32, 0).u(32, 0).u(32, 44100);
  EXPECT_EQ(packet_length("alac", cookie.bytes()), Rational(4096, 44100));
}

TEST(SoundLength, OthersTellNothing) {
  EXPECT_EQ(packet_length("eac3", {}, bytes_of(0x0b, 0x77, 0, 0, 0x1e, 0x80)), std::nullopt);
  EXPECT_EQ(packet_length("vorbis", {}), std::nullopt);
}

}  // namespace
}  // namespace cleangate::probes
