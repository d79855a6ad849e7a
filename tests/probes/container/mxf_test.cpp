// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/probes/container/mxf_files.h"

namespace cleangate::test {
namespace {

using probes::FieldOrder;
using probes::Scan;
using probes::TimecodeSource;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const char* const kSubDescriptors = "060e2b34 01010109 06010104 06100000";

std::map<int, Bytes> hd_interlaced() {
  return {{0x3001, rational(25, 1)},
          {0x3203, Bytes().u32(1'920)},
          {0x3202, Bytes().u32(544)},
          {0x3205, Bytes().u32(1'920)},
          {0x3204, Bytes().u32(540)},
          {0x320c, Bytes().u8(1)},
          {0x320d, Bytes().u32(2).u32(4).u32(21).u32(584)},
          {0x320e, rational(16, 9)},
          {0x3212, Bytes().u8(1)},
          {0x3210, ul("060e2b34 04010101 04010101 01020000")},
          {0x3219, ul("060e2b34 04010106 04010101 03030000")},
          {0x321a, ul("060e2b34 04010101 04010101 02020000")},
          {0x3218, Bytes().u8(8 << 3 | 4)},
          {0x3301, Bytes().u32(10)},
          {0x3302, Bytes().u32(2)},
          {0x3308, Bytes().u32(1)},
          {0x3304, Bytes().u32(64)},
          {0x3305, Bytes().u32(940)},
          {0x3201, ul("060e2b34 0401010a 04010202 01320000")}};
}

probes::VideoClaims video_of(const std::map<int, Bytes>& descriptor, std::uint8_t kind = 0x28) {
  return read(one_track(kPictureTrack).set(kind, 100, descriptor).bytes()).tracks.at(0).video;
}

TEST(Mxf, PictureDescriptor) {
  auto file = one_track(kPictureTrack);
  file.set(0x28, 100, hd_interlaced());
  const auto found = read(file.bytes());
  EXPECT_EQ(found.format, "mxf");
  EXPECT_EQ(found.operational_pattern.value_or(""), "OP1a");
  EXPECT_EQ(found.partitions, (probes::Partitions{true, true, true, true, 3}));
  EXPECT_THAT(found.damage, IsEmpty());
  ASSERT_EQ(found.tracks.size(), 1u);
  const auto& track = found.tracks[0];
  EXPECT_EQ(track.native_id, 2);
  EXPECT_EQ(track.kind, probes::StreamKind::video);
  EXPECT_EQ(track.origin_s, Rational(2));
  EXPECT_EQ(track.video.codec, "h264");
  EXPECT_EQ(track.video.width, 1'920);
  EXPECT_EQ(track.video.height, 1'080);
  EXPECT_EQ(track.video.pixel_aspect, Rational(1));
  EXPECT_EQ(track.video.frame_rate, Rational(25));
  EXPECT_EQ(track.video.scan, Scan::interlaced);
  EXPECT_EQ(track.video.field_order, FieldOrder::top);
  EXPECT_EQ(track.video.chroma, "4:2:2");
  EXPECT_EQ(track.video.bit_depth, 10);
  EXPECT_EQ(track.video.afd, 8);
  EXPECT_EQ(track.video.color,
            (ColorDescription{ColorPrimaries::bt709, TransferCharacteristics::bt709,
                              MatrixCoefficients::bt709, SignalRange::narrow}));
}

TEST(Mxf, FieldOrderNeedsDominanceAndLineMap) {
  auto descriptor = hd_interlaced();
  descriptor[0x3212] = Bytes().u8(2);
  EXPECT_EQ(video_of(descriptor).field_order, FieldOrder::bottom);
  descriptor = hd_interlaced();
  descriptor[0x320d] = Bytes().u32(2).u32(4).u32(23).u32(285);  // 525 lines: field 2 is upper
  EXPECT_EQ(video_of(descriptor).field_order, FieldOrder::bottom);
  descriptor[0x3212] = Bytes().u8(2);
  EXPECT_EQ(video_of(descriptor).field_order, FieldOrder::top);
  descriptor.erase(0x320d);
  EXPECT_EQ(video_of(descriptor).field_order, std::nullopt);
}

TEST(Mxf, FrameLayouts) {
  auto descriptor = hd_interlaced();
  descriptor[0x320c] = Bytes().u8(0);
  descriptor[0x3204] = Bytes().u32(1'080);
  EXPECT_EQ(video_of(descriptor).scan, Scan::progressive);
  EXPECT_EQ(video_of(descriptor).height, 1'080);
  EXPECT_EQ(video_of(descriptor).field_order, std::nullopt);
  descriptor[0x320c] = Bytes().u8(3);
  EXPECT_EQ(video_of(descriptor).scan, Scan::interlaced);
  EXPECT_EQ(video_of(descriptor).height, 1'080);
  descriptor[0x320c] = Bytes().u8(4);  // segmented frame: progressive, in fields
  descriptor[0x3204] = Bytes().u32(540);
  EXPECT_EQ(video_of(descriptor).scan, Scan::progressive);
  EXPECT_EQ(video_of(descriptor).height, 1'080);
}

// IMX: 608 lines stored, 576 of them shown.
TEST(Mxf, DisplayRectangleIsACleanAperture) {
  auto descriptor = hd_interlaced();
  descriptor[0x3205] = Bytes().u32(720);
  descriptor[0x3204] = Bytes().u32(304);
  descriptor[0x3209] = Bytes().u32(720);
  descriptor[0x3208] = Bytes().u32(288);
  descriptor[0x320b] = Bytes().u32(16);
  descriptor[0x320e] = rational(4, 3);
  const auto video = video_of(descriptor);
  EXPECT_EQ(video.height, 608);
  EXPECT_EQ(video.pixel_aspect, Rational(16, 15));
  EXPECT_EQ(video.clean_aperture,
            (probes::CleanAperture{Rational(720), Rational(576), Rational(0), Rational(16)}));
}

TEST(Mxf, ActiveFormatOfTheFirstEdition) {
  auto file = one_track(kPictureTrack);
  file.minor_version = 2;
  auto descriptor = hd_interlaced();
  descriptor[0x3218] = Bytes().u8(10);
  EXPECT_EQ(read(file.set(0x28, 100, descriptor).bytes()).tracks.at(0).video.afd, 10);
}

TEST(Mxf, RgbaWithMasteringDisplay) {
  auto file = one_track(kPictureTrack);
  const char* const kMastering = "060e2b34 0101010e 04200401 01";
  for (int i = 1; i <= 4; ++i)
    file.name(0x8000 + i, std::string(kMastering) + "0" + std::to_string(i) + "0000");
  file.set(0x29, 100,
           {{0x3203, Bytes().u32(3'840)},
            {0x3202, Bytes().u32(2'160)},
            {0x320c, Bytes().u8(0)},
            {0x3219, ul("060e2b34 0401010d 04010101 03060000")},
            {0x3210, ul("060e2b34 0401010d 04010101 010a0000")},
            {0x3401, Bytes("R").u8(12).add("G").u8(12).add("B").u8(12).zeros(10)},
            {0x3406, Bytes().u32(4'095)},
            {0x3407, Bytes().u32(0)},
            {0x8001, Bytes().u16(34'000).u16(16'000).u16(13'250).u16(34'500).u16(7'500).u16(3'000)},
            {0x8002, Bytes().u16(15'635).u16(16'450)},
            {0x8003, Bytes().u32(10'000'000)},
            {0x8004, Bytes().u32(50)}});
  const auto video = read(file.bytes()).tracks.at(0).video;
  EXPECT_EQ(video.rgb, true);
  EXPECT_EQ(video.bit_depth, 12);
  EXPECT_EQ(video.alpha, false);
  EXPECT_EQ(video.color,
            (ColorDescription{ColorPrimaries::smpte432, TransferCharacteristics::smpte2084,
                              MatrixCoefficients::unspecified, SignalRange::full}));
  ASSERT_TRUE(video.mastering);
  EXPECT_EQ(video.mastering->red, (probes::Chromaticity{34'000, 16'000}));
  EXPECT_EQ(video.mastering->luminance_min, 50u);
}

TEST(Mxf, OperationalPatterns) {
  const auto pattern = [](const char* label) {
    auto file = one_track(kPictureTrack);
    file.pattern = label;
    return read(file.bytes()).operational_pattern;
  };
  EXPECT_EQ(pattern("060e2b34 04010101 0d010201 01020900").value_or(""), "OP1b");
  EXPECT_EQ(pattern("060e2b34 04010101 0d010201 03030900").value_or(""), "OP3c");
  EXPECT_EQ(pattern("060e2b34 04010102 0d010201 10000000").value_or(""), "OPAtom");
  EXPECT_TRUE(pattern("060e2b34 04010101 0e010201 01010900").is_unknown());
}

TEST(Mxf, TimecodesOfBothPackages) {
  auto file = one_track(kPictureTrack, 30'000, 1'001);
  file.set(0x0f, 11, {{0x1001, refs({12})}}).set(0x14, 12, timecode(107'892, 100, 30, 1));
  const auto found = read(file.bytes());
  ASSERT_EQ(found.timecodes.size(), 1u);
  EXPECT_EQ(found.timecodes[0].source, TimecodeSource::material_package);
  EXPECT_EQ(found.timecodes[0].start.value_or(""), "01:00:00;00");
  EXPECT_EQ(found.timecodes[0].rate, Fact<Rational>(Rational(30'000, 1'001)));
  EXPECT_EQ(found.timecodes[0].drop_frame, Fact<bool>(true));
}

TEST(Mxf, TimecodeSegments) {
  auto file = one_track(kPictureTrack);
  file.set(0x0f, 11, {{0x1001, refs({12, 13, 14})}})
      .set(0x14, 12, timecode(90'000, 25, 25, 0))
      .set(0x14, 13, timecode(90'025, 50, 25, 0))
      .set(0x14, 14, timecode(0, 25, 25, 0));
  const auto timecode = read(file.bytes()).timecodes.at(0);
  EXPECT_THAT(timecode.discontinuities,
              ElementsAre(probes::TimecodeDiscontinuity{75, "01:00:03:00", "00:00:00:00"}));
}

TEST(Mxf, McaLabels) {
  auto file = one_track(kSoundTrack);
  file.name(0x8000, kSubDescriptors)
      .name(0x8001, "060e2b34 0101010e 01030701 02000000")   // tag symbol
      .name(0x8002, "060e2b34 0101010e 01030701 05000000")   // link id
      .name(0x8003, "060e2b34 0101010e 01030701 06000000")   // group link id
      .name(0x8004, "060e2b34 0101010e 0103040a 00000000")   // channel id
      .name(0x8005, "060e2b34 0101010d 03010102 03150000")   // language
      .name(0x8006, "060e2b34 0101010e 03020102 20000000");  // content kind
  file.set(0x48, 100,
           {{0x3d03, rational(48'000, 1)},
            {0x3d07, Bytes().u32(3)},
            {0x3d01, Bytes().u32(24)},
            {0x8000, refs({101, 103, 102, 104})}})
      .set(0x6c, 101,
           {{0x8001, utf16("sgST")},
            {0x8002, uid(0xabc)},
            {0x8005, Bytes("de")},
            {0x8006, utf16("VI")}})
      .set(0x6b, 102, {{0x8001, utf16("chL")}, {0x8003, uid(0xabc)}, {0x8004, Bytes().u32(1)}})
      .set(0x6b, 103, {{0x8001, utf16("chR")}, {0x8003, uid(0xabc)}, {0x8004, Bytes().u32(2)}})
      .set(0x6b, 104, {{0x8001, utf16("chHI")}, {0x8002, uid(0xdef)}, {0x8004, Bytes().u32(3)}});
  const auto track = read(file.bytes()).tracks.at(0);
  EXPECT_EQ(track.audio.channels, 3);
  EXPECT_EQ(track.audio.bit_depth, 24);
  EXPECT_THAT(track.audio.channel_labels, ElementsAre("L", "R", "HI"));
  const std::string group = "00000000-0000-0000-0000-000000000abc";
  EXPECT_THAT(track.mca, ElementsAre(probes::McaGroup{group, "2.0", "L", 0, "de", "ad"},
                                     probes::McaGroup{group, "2.0", "R", 1, "de", "ad"},
                                     probes::McaGroup{"00000000-0000-0000-0000-000000000def", "1.0",
                                                      "HI", 2, std::nullopt, std::nullopt}));
  EXPECT_EQ(track.language, std::nullopt);  // the channels do not share one
}

TEST(Mxf, AncillaryTrack) {
  auto file = one_track(kDataTrack);
  file.set(0x5c, 100, {{0x3001, rational(25, 1)}});
  const auto found = read(file.bytes());
  ASSERT_EQ(found.captions.size(), 1u);
  EXPECT_EQ(found.captions[0].carriage, "st436");
  EXPECT_EQ(found.captions[0].stream, 2);
  EXPECT_THAT(found.captions[0].standards, IsEmpty());
}

TEST(Mxf, RunIn) {
  auto file = one_track(kPictureTrack);
  file.run_in = 40'000;
  const auto found = read(file.set(0x28, 100, hd_interlaced()).bytes());
  EXPECT_EQ(found.format, "mxf");
  EXPECT_EQ(found.tracks.size(), 1u);
  EXPECT_TRUE(found.partitions->footer);
  file.run_in = 70'000;
  EXPECT_EQ(read(file.bytes()).format, "");
}

TEST(Mxf, RunInThatLooksLikeAWave) {
  auto file = one_track(kPictureTrack);
  file.run_in = 40'000;
  Bytes bytes = file.set(0x28, 100, hd_interlaced()).bytes();
  const Bytes header = Bytes("RIFF").le32(39'992).add("WAVE");
  for (std::size_t i = 0; i < header.size(); ++i) bytes[i] = header.all()[i];
  EXPECT_EQ(read(bytes).format, "mxf");
  EXPECT_EQ(read(bytes.first(40'000)).format, "wav");
}

TEST(Mxf, CutBeforeTheFooter) {
  const Bytes whole = one_track(kPictureTrack).bytes();
  const auto found = read(whole.first(whole.size() - 1'000));
  ASSERT_EQ(found.damage.size(), 1u);
  EXPECT_THAT(
      found.damage[0].message,
      ::testing::MatchesRegex("The file ends [0-9]+ bytes before its footer partition begins."));
  EXPECT_FALSE(found.partitions->footer);
}

TEST(Mxf, NeverFinished) {
  auto file = one_track(kPictureTrack);
  file.footer = false;
  file.status = 1;
  const Bytes whole = file.bytes();
  EXPECT_THAT(messages(read(whole)),
              ElementsAre("The file has no footer partition: it was cut, or never finished."));
  const auto cut = messages(read(whole.first(whole.size() - 100)));
  ASSERT_EQ(cut.size(), 2u);
  EXPECT_THAT(cut[1], ::testing::MatchesRegex(
                          "The file ends 100 bytes before the KLV packet that begins at byte "
                          "[0-9,]+ does."));
  EXPECT_EQ(read(whole).partitions, (probes::Partitions{false, false, false, false, 3}));
}

}  // namespace
}  // namespace cleangate::test
