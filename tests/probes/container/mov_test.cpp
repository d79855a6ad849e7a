// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/container/table_reader.h"
#include "tests/probes/container/mov_files.h"

namespace cleangate::test {
namespace {

using probes::ContainerFindings;
using probes::FieldOrder;
using probes::Scan;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const probes::TrackFindings& picture(const ContainerFindings& found) { return found.tracks.at(0); }
const probes::TrackFindings& sound(const ContainerFindings& found) { return found.tracks.at(1); }

Bytes edits(const std::vector<std::array<std::int64_t, 2>>& entries) {
  Bytes list = Bytes().u32(entries.size());
  for (const auto& [duration, media_time] : entries)
    list.u32(static_cast<std::uint64_t>(duration))
        .u32(static_cast<std::uint64_t>(media_time))
        .u32(0x10000);
  return box("edts", full_box("elst", list));
}

TEST(Mov, PlainMovie) {
  const auto found = read(movie({}));
  EXPECT_EQ(found.format, "mov");
  EXPECT_EQ(found.brand.value_or(""), "qt  ");
  EXPECT_EQ(found.fast_start, Fact<bool>(false));
  EXPECT_EQ(found.edit_lists, Fact<bool>(false));
  EXPECT_THAT(found.damage, IsEmpty());
  ASSERT_EQ(found.tracks.size(), 3u);
  EXPECT_EQ(picture(found).native_id, 1);
  EXPECT_EQ(picture(found).kind, probes::StreamKind::video);
  EXPECT_EQ(picture(found).language, "en");
  EXPECT_EQ(picture(found).timecode_track, 3);
  EXPECT_EQ(picture(found).video.codec_tag, "apch");
  EXPECT_EQ(picture(found).video.width, 1'920);
  EXPECT_EQ(picture(found).video.height, 1'080);
  EXPECT_EQ(picture(found).video.frame_rate, Rational(25));
  EXPECT_EQ(picture(found).video.rotation, 0);
  EXPECT_EQ(picture(found).video.pixel_aspect, std::nullopt);
  EXPECT_TRUE(picture(found).presented_as_coded);
  EXPECT_EQ(sound(found).language, std::nullopt);
  EXPECT_EQ(sound(found).audio.channels, 2);
  EXPECT_EQ(sound(found).audio.sample_rate, 48'000);
  EXPECT_EQ(sound(found).audio.bit_depth, 24);  // in24, whatever the 16 in the entry says
  EXPECT_EQ(found.essence_end, 20u + 8 + 4 + 1'000);
}

TEST(Mov, OtherBrandsAreMp4AndHaveNoMacintoshLanguages) {
  MovParts parts;
  parts.brand = "isom";
  parts.language = 2;
  const auto mp4 = read(movie(parts));
  EXPECT_EQ(mp4.format, "mp4");
  EXPECT_EQ(picture(mp4).language, std::nullopt);
  parts.brand = "qt  ";
  EXPECT_EQ(picture(read(movie(parts))).language, "de");
}

TEST(Mov, ExtendedLanguageOutranksThePackedOne) {
  MovParts parts;
  parts.extra_media_boxes = full_box("elng", Bytes("pt-br").u8(0));
  EXPECT_EQ(picture(read(movie(parts))).language, "pt-BR");
}

TEST(Mov, FastStart) {
  MovParts parts;
  parts.moov_first = true;
  EXPECT_EQ(read(movie(parts)).fast_start, Fact<bool>(true));
}

TEST(Mov, PictureBoxes) {
  MovParts parts;
  parts.sample_entry_boxes =
      box("pasp", Bytes().u32(59).u32(54))
          .add(
              box("clap",
                  Bytes().u32(1'888).u32(1).u32(1'062).u32(1).u32(0xffffffff).u32(2).u32(0).u32(1)))
          .add(box("colr", Bytes("nclx").u16(9).u16(16).u16(9).u8(0x80)))
          .add(box("mdcv", Bytes()
                               .u16(13'250)
                               .u16(34'500)
                               .u16(7'500)
                               .u16(3'000)
                               .u16(34'000)
                               .u16(16'000)
                               .u16(15'635)
                               .u16(16'450)
                               .u32(10'000'000)
                               .u32(50)))
          .add(box("clli", Bytes().u16(1'000).u16(400)))
          .add(box("dvvC", Bytes().u8(1).u8(0).u16(8 << 9 | 6 << 3 | 5).u8(1 << 4).zeros(19)));
  const auto video = picture(read(movie(parts))).video;
  EXPECT_EQ(video.pixel_aspect, Rational(59, 54));
  EXPECT_EQ(video.clean_aperture, (probes::CleanAperture{Rational(1'888), Rational(1'062),
                                                         Rational(-1, 2), Rational(0)}));
  EXPECT_EQ(video.color,
            (ColorDescription{ColorPrimaries::bt2020, TransferCharacteristics::smpte2084,
                              MatrixCoefficients::bt2020nc, SignalRange::full}));
  ASSERT_TRUE(video.mastering);
  EXPECT_EQ(video.mastering->green, (probes::Chromaticity{13'250, 34'500}));
  EXPECT_EQ(video.mastering->red, (probes::Chromaticity{34'000, 16'000}));
  EXPECT_EQ(video.mastering->luminance_max, 10'000'000u);
  EXPECT_EQ(video.content_light, (probes::ContentLight{1'000, 400}));
  EXPECT_EQ(video.dolby_vision, (probes::DolbyVision{8, 6, 1, true, false, true}));
}

// VP codec ISO media file format binding: luminance in 24.8 and 18.14.
TEST(Mov, AMasteringLuminanceBeyondItsFieldIsNoClaim) {
  const auto with = [](std::uint64_t most) {
    Bytes content = Bytes().u32(0);
    for (int i = 0; i < 8; ++i) content.u16(20'000);
    MovParts parts;
    parts.sample_entry_boxes = box("SmDm", content.u32(most).u32(82));
    return picture(read(movie(parts))).video.mastering;
  };
  ASSERT_TRUE(with(1'000 << 8));
  EXPECT_EQ(with(1'000 << 8)->luminance_max, 10'000'000u);
  EXPECT_EQ(with(1'000 << 8)->luminance_min, 50u);
  EXPECT_FALSE(with(0xffffffff));
}

TEST(Mov, NclcSaysNoRangeAndZerosSayNothing) {
  MovParts parts;
  parts.sample_entry_boxes = box("colr", Bytes("nclc").u16(0).u16(0).u16(0));
  EXPECT_EQ(picture(read(movie(parts))).video.color, ColorDescription{});
  parts.sample_entry_boxes = box("colr", Bytes("nclc").u16(1).u16(1).u16(1));
  const auto color = picture(read(movie(parts))).video.color;
  EXPECT_EQ(color.primaries, ColorPrimaries::bt709);
  EXPECT_EQ(color.range, SignalRange::unspecified);
}

// Apple TN2162; mediainfo reads the four interlaced codes the same way.
TEST(Mov, FieldOrders) {
  const auto order = [](int fields, int detail) {
    MovParts parts;
    parts.sample_entry_boxes = box("fiel", Bytes().add({fields, detail}));
    return picture(read(movie(parts))).video;
  };
  EXPECT_EQ(order(1, 0).scan, Scan::progressive);
  EXPECT_EQ(order(1, 0).field_order, std::nullopt);
  EXPECT_EQ(order(2, 0).scan, Scan::interlaced);
  EXPECT_EQ(order(2, 0).field_order, std::nullopt);
  EXPECT_EQ(order(2, 1).field_order, FieldOrder::top);
  EXPECT_EQ(order(2, 6).field_order, FieldOrder::bottom);
  EXPECT_EQ(order(2, 9).field_order, FieldOrder::top);
  EXPECT_EQ(order(2, 14).field_order, FieldOrder::bottom);
}

TEST(Mov, RotationAndMirror) {
  const auto rotation = [](std::int32_t a, std::int32_t b, std::int32_t c, std::int32_t d) {
    const auto fixed = [](std::int32_t v) { return static_cast<std::uint32_t>(v * 0x10000); };
    MovParts parts;
    parts.matrix = Bytes()
                       .u32(fixed(a))
                       .u32(fixed(b))
                       .u32(0)
                       .u32(fixed(c))
                       .u32(fixed(d))
                       .u32(0)
                       .u32(0)
                       .u32(0)
                       .u32(0x40000000);
    return picture(read(movie(parts))).video.rotation;
  };
  EXPECT_EQ(rotation(1, 0, 0, 1), 0);
  EXPECT_EQ(rotation(0, 1, -1, 0), 90);
  EXPECT_EQ(rotation(-1, 0, 0, -1), 180);
  EXPECT_EQ(rotation(0, -1, 1, 0), 270);
  EXPECT_EQ(rotation(-1, 0, 0, 1), std::nullopt);
}

TEST(Mov, ChannelLabels) {
  const auto labels = [](int channels, const Bytes& chan) {
    MovParts parts;
    parts.channels = channels;
    parts.sound_boxes = box("chan", chan);
    return sound(read(movie(parts))).audio;
  };
  const auto tagged = labels(6, Bytes().u32(0).u32(121u << 16 | 6).u32(0).u32(0));
  EXPECT_THAT(tagged.channel_labels, ElementsAre("L", "R", "C", "LFE", "Ls", "Rs"));
  EXPECT_EQ(tagged.channel_layout, "5.1(side)");
  const auto bitmap = labels(2, Bytes().u32(0).u32(1u << 16).u32(3).u32(0));
  EXPECT_THAT(bitmap.channel_labels, ElementsAre("L", "R"));
  const auto described =
      labels(2, Bytes().u32(0).u32(0).u32(0).u32(2).u32(38).zeros(16).u32(39).zeros(16));
  EXPECT_THAT(described.channel_labels, ElementsAre("Lt", "Rt"));
  EXPECT_EQ(described.channel_layout, "downmix");
  EXPECT_THAT(labels(2, Bytes().u32(0).u32(121u << 16 | 6).u32(0).u32(0)).channel_labels,
              IsEmpty());  // six labels for two channels say nothing
}

TEST(Mov, EditsThatOnlyStateTheWholeMedia) {
  MovParts parts;
  parts.edits = edits({{1'200, 0}});
  const auto found = read(movie(parts));
  EXPECT_EQ(found.edit_lists, Fact<bool>(false));
  EXPECT_THAT(picture(found).edits,
              ElementsAre(probes::Edit{Rational(0), Rational(2), Rational(0)}));
}

TEST(Mov, EditsThatDoMore) {
  const auto edited = [](const Bytes& list) {
    MovParts parts;
    parts.edits = list;
    return read(movie(parts));
  };
  const auto offset = edited(edits({{600, -1}, {1'200, 0}}));
  EXPECT_EQ(offset.edit_lists, Fact<bool>(true));
  EXPECT_THAT(picture(offset).edits,
              ElementsAre(probes::Edit{Rational(0), Rational(1), std::nullopt},
                          probes::Edit{Rational(1), Rational(2), Rational(0)}));
  EXPECT_EQ(edited(edits({{1'176, 1}})).edit_lists, Fact<bool>(true));  // first frame trimmed
  EXPECT_EQ(edited(edits({{1'176, 0}})).edit_lists, Fact<bool>(true));  // last frame trimmed
  EXPECT_EQ(edited(edits({{600, 0}, {600, 25}})).edit_lists, Fact<bool>(true));
}

TEST(Mov, TimecodeTrack) {
  const auto found = read(movie({}));
  ASSERT_EQ(found.timecodes.size(), 1u);
  EXPECT_EQ(found.timecodes[0].source, probes::TimecodeSource::tmcd);
  EXPECT_EQ(found.timecodes[0].stream, 3);
  EXPECT_EQ(found.timecodes[0].start.value_or(""), "01:00:00:00");
  EXPECT_EQ(found.timecodes[0].rate, Fact<Rational>(Rational(25)));
  EXPECT_EQ(found.timecodes[0].drop_frame, Fact<bool>(false));
  EXPECT_THAT(found.timecodes[0].discontinuities, IsEmpty());
}

TEST(Mov, DropFrameTimecode) {
  MovParts parts;
  parts.drop_flag = 1;
  parts.timecode_base = 30;
  parts.timecode_scale = 30'000;
  parts.timecode_duration = 1'001;
  parts.labels = {1'800};
  const auto timecode = read(movie(parts)).timecodes.at(0);
  EXPECT_EQ(timecode.start.value_or(""), "00:01:00;02");
  EXPECT_EQ(timecode.rate, Fact<Rational>(Rational(30'000, 1'001)));
}

TEST(Mov, BaseThatTheRateCannotHave) {  // as GoPro cameras write it
  MovParts parts;
  parts.timecode_base = 29;
  parts.timecode_scale = 90'000;
  parts.timecode_duration = 3'003;
  parts.labels = {2'100'244};
  EXPECT_EQ(read(movie(parts)).timecodes.at(0).start.value_or(""), "19:26:48:04");
}

TEST(Mov, DropFrameWhereItDoesNotExistHasNoStart) {
  MovParts parts;
  parts.drop_flag = 1;
  const auto timecode = read(movie(parts)).timecodes.at(0);
  EXPECT_TRUE(timecode.start.is_unknown());
  EXPECT_EQ(timecode.drop_frame, Fact<bool>(true));
}

TEST(Mov, TimecodeContinuity) {
  MovParts parts;
  parts.labels = {90'000, 90'010, 90'100};
  parts.label_durations = {10, 15, 25};
  const auto timecode = read(movie(parts)).timecodes.at(0);
  EXPECT_EQ(timecode.start.value_or(""), "01:00:00:00");
  EXPECT_THAT(timecode.discontinuities,
              ElementsAre(probes::TimecodeDiscontinuity{25, "01:00:01:00", "01:00:04:00"}));
}

TEST(Mov, CutFile) {
  MovParts parts;
  parts.moov_first = true;
  parts.essence_bytes = 5'000;
  const Bytes whole = movie(parts);
  const auto found = read(whole.first(whole.size() - 1'234));
  EXPECT_THAT(messages(found), ElementsAre("The file ends 1,234 bytes before its mdat box does."));
  EXPECT_EQ(found.tracks.size(), 3u);
}

TEST(Mov, NoMoov) {
  const Bytes file = box("ftyp", Bytes("isom").u32(0)).add(box("mdat", Bytes().zeros(100)));
  const auto found = read(file);
  EXPECT_EQ(found.format, "mp4");
  EXPECT_TRUE(found.fast_start.is_unknown());
  EXPECT_THAT(messages(found),
              ElementsAre("The file has no moov box: nothing describes its media."));
}

TEST(Mov, TagsBehindItAreNoDamage) {
  const Bytes id3v1 = Bytes("TAGtitle").zeros(120);
  EXPECT_THAT(messages(read(movie({}).add(id3v1))), IsEmpty());
  EXPECT_THAT(messages(read(movie({}).zeros(600).add(id3v1))), IsEmpty());
}

TEST(Mov, TrailingBytesThatAreNoBox) {
  const std::string at = probes::with_commas(movie({}).size());
  EXPECT_THAT(messages(read(movie({}).add({0, 0, 0, 3, 'f', 'r', 'e', 'e'}))),
              ElementsAre("The 8 bytes from byte " + at + " to the end are no box."));
  EXPECT_THAT(messages(read(movie({}).zeros(100))), IsEmpty());  // padding
}

}  // namespace
}  // namespace cleangate::test
