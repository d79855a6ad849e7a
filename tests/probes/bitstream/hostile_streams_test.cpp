// SPDX-License-Identifier: Apache-2.0
// No bytes crash a probe: random ones, cut ones, and real packets with flipped bits. The sanitizer
// preset gives this test its teeth.
#include <gtest/gtest.h>

#include <random>

#include "tests/probes/bitstream/real_stream.h"

namespace cleangate::test {
namespace {

using namespace probes;  // NOLINT: the whole room is under test

constexpr const char* kCodecs[] = {"h264",   "hevc",  "mpeg2video", "mpeg1video", "mpeg4",
                                   "prores", "dnxhd", "jpeg2000",   "ffv1",       "theora",
                                   "vp8",    "vp9",   "av1",        "dvvideo",    "v210",
                                   "flac",   "aac",   "ac3",        "eac3",       "mp3",
                                   "opus",   "alac",  "pcm_s16le",  "pcm_s24be",  "unheard_of"};

using Bytes = std::vector<std::byte>;

void feed(const std::string& codec, const Bytes& configuration, const std::vector<Bytes>& packets) {
  StreamDescription description;
  description.codec = codec;
  description.kind = StreamKind::video;
  description.configuration = configuration;
  description.channels = 3;
  const auto probe = make_stream_probe(description);
  PacketIndex index(StreamKind::video, Rational(1, 25));
  std::int64_t time = 0;
  for (const Bytes& bytes : packets) {
    PacketView packet;
    packet.pts = packet.dts = time++;
    packet.bytes = bytes;
    packet.a53 = bytes;
    index.add(packet, probe->observe(packet));
    packet.a53 = {};
    probe->observe(packet);
  }
  probe->finish();
  (void)probe->video();
  (void)probe->audio();
  (void)probe->timecodes();
  (void)probe->captions();
  (void)probe->damage();
  (void)probe->embedded_audio();
  (void)index.timing({}, probe->video().frame_rate);
  (void)index.gop();
  (void)index.bit_rate();
}

// Random bytes in which start codes, lengths and markers are frequent.
Bytes noise(std::mt19937& random, std::size_t longest) {
  Bytes bytes(random() % longest);
  constexpr unsigned kFrequent[] = {0,    0,    0,    1,    3,    0xff, 0xb3,
                                    0xb5, 0xb8, 0x67, 0x68, 0x65, 6,    0x42};
  for (std::byte& b : bytes)
    b = static_cast<std::byte>(random() % 2 ? kFrequent[random() % std::size(kFrequent)]
                                            : random());
  return bytes;
}

TEST(HostileStreams, RandomBytes) {
  std::mt19937 random(11);
  for (const char* codec : kCodecs)
    for (int run = 0; run < 150; ++run) {
      std::vector<Bytes> packets;
      for (int i = 0; i < 4; ++i) packets.push_back(noise(random, 300));
      Bytes configuration = noise(random, 200);
      if (run % 3 == 0 && !configuration.empty()) configuration[0] = std::byte{1};
      feed(codec, configuration, packets);
    }
}

TEST(HostileStreams, DamagedRealStreams) {
  CLEANGATE_FFMPEG();
  struct Source {
    const char *name, *arguments;
  };
  std::mt19937 random(12);
  for (const Source& source :
       {Source{"fz.mp4", "-c:v libx264 -g 6 -bf 2 -flags +ildct+ilme -pix_fmt yuv420p"},
        Source{"fz.ts",
               "-c:v libx264 -x264-params nal-hrd=cbr:vbv-maxrate=400:vbv-bufsize=200 -b:v 400k"},
        Source{"fz5.mp4",
               "-c:v libx265 -x265-params "
               "log-level=error:keyint=6:hrd=1:vbv-maxrate=400:vbv-bufsize=200"},
        Source{"fz2.mpg", "-c:v mpeg2video -g 6 -bf 2"}, Source{"fz.mov", "-c:v prores_ks"},
        Source{"fz.mkv", "-c:v ffv1 -level 3 -slicecrc 1"}, Source{"fz9.webm", "-c:v libvpx-vp9"},
        Source{"fzav.mp4", "-c:v libaom-av1 -cpu-used 8"}}) {
    const auto file = made_with_ffmpeg(
        source.name, std::string("-f lavfi -i testsrc2=s=64x64:r=25:d=0.4 ") + source.arguments);
    if (!file) continue;
    const auto stream = read_stream(*file, "v:0");
    ASSERT_TRUE(stream) << source.name;
    for (int run = 0; run < 60; ++run) {
      Bytes configuration = stream->configuration;
      std::vector<Bytes> packets;
      for (const auto& packet : stream->packets) packets.push_back(packet.bytes);
      const auto hurt = [&](Bytes& bytes) {
        for (unsigned flips = random() % 4; flips > 0 && !bytes.empty(); --flips)
          bytes[random() % std::min<std::size_t>(bytes.size(), 64)] ^=
              static_cast<std::byte>(1U << random() % 8);
        if (random() % 4 == 0) bytes.resize(random() % (bytes.size() + 1));
      };
      hurt(configuration);
      for (Bytes& packet : packets) hurt(packet);
      feed(stream->description.codec, configuration, packets);
    }
  }
}

}  // namespace
}  // namespace cleangate::test
