// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/probes/container/bytes.h"

namespace cleangate::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Bytes format(int channels, std::uint32_t mask) {
  Bytes fmt = Bytes().le16(0xfffe).le16(static_cast<std::uint64_t>(channels)).le32(48'000).le32(0);
  fmt.le16(0).le16(32).le16(22).le16(24).le32(mask).le16(1);
  return fmt.add({0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71});
}

Bytes wave(std::string_view id, const Bytes& chunks) {
  return Bytes(id).le32(4 + chunks.size()).add("WAVE").add(chunks);
}

TEST(Wave, ExtensibleFormat) {
  const auto found =
      read(wave("RIFF", chunk("fmt ", format(6, 0x3f)).add(chunk("data", Bytes().zeros(48)))));
  EXPECT_EQ(found.format, "wav");
  EXPECT_THAT(found.damage, IsEmpty());
  ASSERT_EQ(found.tracks.size(), 1u);
  EXPECT_EQ(found.tracks[0].native_id, 1);
  const auto& audio = found.tracks[0].audio;
  EXPECT_EQ(audio.channels, 6);
  EXPECT_EQ(audio.sample_rate, 48'000);
  EXPECT_EQ(audio.bit_depth, 24);  // valid bits, of 32
  ASSERT_TRUE(found.tracks[0].pcm_words);
  EXPECT_EQ(found.tracks[0].pcm_words->word_bits, 32);
  EXPECT_EQ(found.tracks[0].pcm_words->sample_bits, 24);
  EXPECT_THAT(audio.channel_labels, ElementsAre("L", "R", "C", "LFE", "Ls", "Rs"));
  EXPECT_EQ(audio.channel_layout, "5.1");
}

TEST(Wave, ChannelMasks) {
  const auto audio = [](int channels, std::uint32_t mask) {
    return read(wave("RIFF",
                     chunk("fmt ", format(channels, mask)).add(chunk("data", Bytes().zeros(8)))))
        .tracks.at(0)
        .audio;
  };
  EXPECT_EQ(audio(6, 0x60f).channel_layout, "5.1(side)");
  EXPECT_THAT(audio(8, 0x63f).channel_labels,
              ElementsAre("L", "R", "C", "LFE", "Lrs", "Rrs", "Lss", "Rss"));
  EXPECT_EQ(audio(8, 0x63f).channel_layout, "7.1");
  EXPECT_THAT(audio(2, 0).channel_labels, IsEmpty());
  EXPECT_THAT(audio(2, 0x3f).channel_labels, IsEmpty());  // six places for two channels
}

TEST(Wave, BroadcastExtension) {
  const Bytes bext = Bytes().zeros(338).le32(172'800'000).le32(1).le16(2).zeros(254);
  const auto found = read(wave("RIFF", chunk("bext", bext)
                                           .add(chunk("iXML", Bytes("<BWFXML/>")))
                                           .add(chunk("fmt ", format(2, 3)))
                                           .add(chunk("data", Bytes().zeros(16)))));
  EXPECT_EQ(found.bext_time_reference, (std::uint64_t{1} << 32) + 172'800'000);
  ASSERT_EQ(found.timecodes.size(), 1u);
  EXPECT_EQ(found.timecodes[0].source, probes::TimecodeSource::bext);
  EXPECT_TRUE(found.timecodes[0].start.is_unknown());
  EXPECT_THAT(found.metadata, ElementsAre("bext", "iXML"));
}

TEST(Wave, LongSizes) {
  const Bytes ds64 = Bytes().little(0, 8).little(64, 8).little(0, 8).le32(0);
  Bytes file = chunk("ds64", ds64).add(chunk("fmt ", format(2, 3)));
  file.add("data").le32(0xffffffff).zeros(64).add(chunk("chna", Bytes().zeros(4)));
  const auto found = read(wave("BW64", file));
  EXPECT_THAT(found.damage, IsEmpty());
  EXPECT_EQ(found.essence_end, 12u + 36 + 48 + 8 + 64);
  EXPECT_THAT(found.metadata, ElementsAre("chna"));
}

TEST(Wave, ShortDataChunk) {
  const Bytes whole =
      wave("RIFF", chunk("fmt ", format(2, 3)).add(chunk("data", Bytes().zeros(4'000))));
  EXPECT_THAT(messages(read(whole.first(whole.size() - 1'500))),
              ElementsAre("The file ends 1,500 bytes before its data chunk does."));
}

TEST(Wave, SizeNeverWritten) {
  Bytes file = Bytes("RIFF").le32(0).add("WAVE").add(chunk("fmt ", format(2, 3)));
  file.add("data").le32(0).zeros(400);
  const auto found = read(file);
  EXPECT_THAT(messages(found),
              ElementsAre("The size of the data chunk was never written; 400 bytes follow its "
                          "header."));
  EXPECT_EQ(found.essence_end, file.size());
}

TEST(Wave, NoData) {
  EXPECT_THAT(messages(read(wave("RIFF", chunk("fmt ", format(2, 3))))),
              ElementsAre("The file has no data chunk: it holds no sound."));
}

TEST(Wave, LongSizesNeverWritten) {
  Bytes file = chunk("ds64", Bytes().zeros(28)).add(chunk("fmt ", format(2, 3)));
  file.add("data").le32(0xffffffff).zeros(400);
  EXPECT_THAT(messages(read(wave("RF64", file))),
              ElementsAre("The size of the data chunk was never written; 400 bytes follow its "
                          "header."));
}

TEST(Wave, ASecondDataChunk) {
  const Bytes chunks = chunk("fmt ", format(2, 3)).add(chunk("data", Bytes().zeros(64)));
  const auto found = read(wave("RIFF", Bytes(chunks).add(chunk("data", Bytes().zeros(1'200)))));
  EXPECT_THAT(messages(found),
              ElementsAre("Behind the first data chunk there is another of 1,200 bytes, which is "
                          "not measured."));
  EXPECT_EQ(found.essence_end, 12u + chunks.size());
}

TEST(Wave, TagsAndPaddingBehindIt) {
  const Bytes whole =
      wave("RIFF", chunk("fmt ", format(2, 3)).add(chunk("data", Bytes().zeros(64))));
  const Bytes id3v1 = Bytes("TAGtitle").zeros(120);
  const Bytes ape = Bytes("APETAGEX").le32(2'000).le32(42).le32(1).le32(0).zeros(8);
  EXPECT_THAT(messages(read(Bytes(whole).add(id3v1))), IsEmpty());
  EXPECT_THAT(messages(read(Bytes(whole).add("some items").add(ape))), IsEmpty());
  EXPECT_THAT(messages(read(Bytes(whole).zeros(300).add("some items").add(ape).add(id3v1))),
              IsEmpty());
  EXPECT_THAT(messages(read(Bytes(whole).zeros(512))), IsEmpty());
  EXPECT_THAT(
      messages(read(Bytes(whole).add("some junk of 24 bytes!!!").add(id3v1))),
      ElementsAre("Behind the 132 bytes of its RIFF form the file has 152 bytes of something "
                  "else, which are not measured."));
}

TEST(Wave, AnotherFormBehindIt) {
  const Bytes whole =
      wave("RIFF", chunk("fmt ", format(2, 3)).add(chunk("data", Bytes().zeros(64))));
  EXPECT_THAT(
      messages(read(Bytes(whole).add(whole))),
      ElementsAre("Behind the 132 bytes of its RIFF form the file has 132 bytes of something "
                  "else, which are not measured."));
}

TEST(Avi, StreamsAndCut) {
  const Bytes strh = Bytes("vidsFMP4").zeros(12).le32(1'001).le32(30'000).zeros(20);
  const Bytes strf = Bytes().le32(40).le32(720).le32(480).le16(1).le16(24).add("FMP4").zeros(20);
  const Bytes strl = chunk("LIST", Bytes("strl").add(chunk("strh", strh)).add(chunk("strf", strf)));
  const Bytes hdrl = chunk("LIST", Bytes("hdrl").add(chunk("avih", Bytes().zeros(56))).add(strl));
  const Bytes movi = chunk("LIST", Bytes("movi").zeros(3'000));
  const Bytes body = Bytes("AVI ").add(hdrl).add(movi).add(chunk("idx1", Bytes().zeros(16)));
  const Bytes whole = Bytes("RIFF").le32(body.size()).add(body);
  const auto found = read(whole);
  EXPECT_EQ(found.format, "avi");
  EXPECT_THAT(found.damage, IsEmpty());
  EXPECT_EQ(found.seek_index, Fact<bool>(true));
  ASSERT_EQ(found.tracks.size(), 1u);
  EXPECT_EQ(found.tracks[0].video.codec_tag, "FMP4");
  EXPECT_EQ(found.tracks[0].video.width, 720);
  EXPECT_EQ(found.tracks[0].video.height, 480);
  EXPECT_EQ(found.tracks[0].video.frame_rate, Rational(30'000, 1'001));
  const auto cut = read(whole.first(whole.size() - 1'024));
  EXPECT_THAT(messages(cut), ElementsAre("The file ends 1,000 bytes before its movi chunk does."));
  EXPECT_EQ(cut.seek_index, Fact<bool>(false));
}

TEST(Aiff, CommonChunk) {
  const Bytes comm = Bytes().u16(2).u32(100).u16(24).u16(0x400e).u64(0xbb80000000000000);  // 48 kHz
  const Bytes body =
      Bytes("AIFF").add("COMM").u32(comm.size()).add(comm).add("SSND").u32(608).zeros(608);
  const Bytes whole = Bytes("FORM").u32(body.size()).add(body);
  const auto found = read(whole);
  EXPECT_EQ(found.format, "aiff");
  EXPECT_THAT(found.damage, IsEmpty());
  EXPECT_EQ(found.tracks.at(0).audio.sample_rate, 48'000);
  EXPECT_EQ(found.tracks.at(0).audio.bit_depth, 24);
  EXPECT_THAT(messages(read(whole.first(whole.size() - 1))),
              ElementsAre("The file ends 1 byte before its SSND chunk does."));
}

}  // namespace
}  // namespace cleangate::test
