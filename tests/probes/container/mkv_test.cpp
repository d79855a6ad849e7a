// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/crc.h"
#include "probes/container/ebml.h"
#include "tests/probes/container/bytes.h"

namespace cleangate::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Bytes header(std::string_view doc_type) {
  return element(0x1A45DFA3, element(0x4282, Bytes(doc_type)));
}

Bytes picture(const Bytes& extra = {}, const Bytes& video = {}) {
  return element(
      0xAE,
      number_element(0xD7, 1)
          .add(number_element(0x83, 1))
          .add(element(0x86, Bytes("V_MPEG4/ISO/AVC")))
          .add(number_element(0x23E383, 33'366'667))
          .add(extra)
          .add(element(0xE0,
                       number_element(0xB0, 1'440).add(number_element(0xBA, 1'080)).add(video))));
}

Bytes with_crc(const Bytes& content) {
  return element(0xBF, Bytes().le32(crc32(content.all()))).add(content);
}

Bytes segment(const Bytes& tracks) {
  return element(0x18538067, element(0x1549A966, Bytes().zeros(0))
                                 .add(element(0x1654AE6B, tracks))
                                 .add(element(0x1F43B675, Bytes().zeros(2'000)))
                                 .add(element(0x1C53BB6B, Bytes().zeros(0))));
}

TEST(Matroska, PictureTrack) {
  const Bytes video = number_element(0x54B0, 1'920)
                          .add(number_element(0x54BA, 1'080))
                          .add(number_element(0x9A, 1))
                          .add(number_element(0x9D, 14))
                          .add(element(0x55B0, number_element(0x55B1, 9)
                                                   .add(number_element(0x55BA, 18))
                                                   .add(number_element(0x55BB, 9))
                                                   .add(number_element(0x55B9, 1))));
  const auto found =
      read(header("matroska").add(segment(picture(element(0x22B59C, Bytes("ger")), video))));
  EXPECT_EQ(found.format, "matroska");
  EXPECT_THAT(found.damage, IsEmpty());
  EXPECT_EQ(found.seek_index, Fact<bool>(true));
  ASSERT_EQ(found.tracks.size(), 1u);
  EXPECT_EQ(found.tracks[0].native_id, 1);
  EXPECT_EQ(found.tracks[0].language, "de");
  const auto& claims = found.tracks[0].video;
  EXPECT_EQ(claims.frame_rate, Rational(30'000, 1'001));
  EXPECT_EQ(claims.pixel_aspect, Rational(4, 3));
  EXPECT_EQ(claims.scan, probes::Scan::interlaced);
  EXPECT_EQ(claims.field_order, probes::FieldOrder::bottom);
  EXPECT_EQ(claims.color,
            (ColorDescription{ColorPrimaries::bt2020, TransferCharacteristics::arib_std_b67,
                              MatrixCoefficients::bt2020nc, SignalRange::narrow}));
}

TEST(Matroska, LanguageIsEnglishUnlessItSaysElse) {  // RFC 9559, 5.1.4.1.19
  const auto language = [](const Bytes& extra) {
    return read(header("matroska").add(segment(picture(extra)))).tracks.at(0).language;
  };
  EXPECT_EQ(language({}), "en");
  EXPECT_EQ(language(element(0x22B59C, Bytes("und"))), std::nullopt);
  EXPECT_EQ(language(element(0x22B59C, Bytes("ger")).add(element(0x22B59D, Bytes("de-CH")))),
            "de-CH");
}

TEST(Matroska, WebmAndCaptions) {
  const Bytes text = element(0xAE, number_element(0xD7, 7)
                                       .add(number_element(0x83, 0x11))
                                       .add(element(0x86, Bytes("S_TEXT/WEBVTT"))));
  const auto found = read(header("webm").add(segment(text)));
  EXPECT_EQ(found.format, "webm");
  ASSERT_EQ(found.captions.size(), 1u);
  EXPECT_EQ(found.captions[0].stream, 7);
  EXPECT_THAT(found.captions[0].standards, ElementsAre("webvtt"));
}

TEST(Matroska, Crc32OfTheTestVector) {  // ISO 3309: "123456789"
  EXPECT_EQ(crc32(Bytes("123456789").all()), 0xcbf43926u);
}

TEST(Matroska, ChecksumOfTables) {
  Bytes file = header("matroska").add(segment(with_crc(picture())));
  EXPECT_THAT(read(file).damage, IsEmpty());
  const std::string_view codec = "ISO/AVC";
  for (std::size_t at = 0; at + codec.size() < file.size(); ++at)
    if (std::equal(codec.begin(), codec.end(), file.all().begin() + static_cast<long>(at),
                   [](char c, std::byte b) { return static_cast<std::byte>(c) == b; }))
      file[at] = std::byte{'X'};
  EXPECT_THAT(messages(read(file)),
              ElementsAre("The Tracks element does not match its CRC-32 checksum."));
}

TEST(Matroska, CutSegment) {
  const Bytes whole = header("matroska").add(segment(picture()));
  const auto found = read(whole.first(whole.size() - 512));
  EXPECT_THAT(messages(found),
              ElementsAre("The file ends 512 bytes before its Segment element does."));
  EXPECT_EQ(found.seek_index, Fact<bool>(false));
  EXPECT_EQ(found.tracks.size(), 1u);
}

TEST(Matroska, NoTracks) {
  EXPECT_THAT(messages(read(header("matroska"))),
              ElementsAre("The file has no Tracks element: nothing describes its media."));
}

}  // namespace
}  // namespace cleangate::test
