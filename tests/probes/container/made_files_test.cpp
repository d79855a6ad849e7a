// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/container/container.h"
#include "tests/probes/container/tools.h"

// Files that the ffmpeg program writes, whose content the command line states.
namespace cleangate::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kPicture = "-f lavfi -i testsrc2=s=320x240:r=25:d=1 ";
const std::string kSound = "-f lavfi -i sine=d=1:r=48000 ";

std::optional<probes::ContainerFindings> made(const std::string& name,
                                              const std::string& arguments) {
  const auto path = made_by_ffmpeg(name, arguments);
  if (!path) return std::nullopt;
  auto source = open_path(path->string());
  if (!source) return std::nullopt;
  auto found = probes::read_container(**source);
  if (!found) return std::nullopt;
  return *found;
}

// Names a file and asks for it; skips where this ffmpeg cannot write it.
#define CLEANGATE_MADE(found, name, arguments)                           \
  CLEANGATE_NEEDS_TOOL("ffmpeg");                                        \
  const auto found##_made = made(name, arguments);                       \
  if (!found##_made) GTEST_SKIP() << "ffmpeg could not make " << (name); \
  const auto& found = *found##_made

TEST(MadeFiles, Mp4) {
  CLEANGATE_MADE(
      found, "plain.mp4",
      kPicture + kSound + "-c:v mpeg4 -bf 2 -c:a aac -metadata:s:a:0 language=deu -f mp4");
  EXPECT_EQ(found.format, "mp4");
  EXPECT_EQ(found.brand.value_or(""), "isom");
  EXPECT_EQ(found.fast_start, Fact<bool>(false));
  EXPECT_EQ(found.edit_lists, Fact<bool>(true));  // the priming of the AAC
  EXPECT_THAT(found.damage, IsEmpty());
  ASSERT_EQ(found.tracks.size(), 2u);
  EXPECT_EQ(found.tracks[0].video.frame_rate, Rational(25));
  EXPECT_EQ(found.tracks[1].language, "de");
}

TEST(MadeFiles, PicturesDelayedByBFramesAreNotEdited) {
  CLEANGATE_MADE(found, "bframes.mp4", kPicture + "-c:v mpeg4 -bf 2 -f mp4");
  ASSERT_EQ(found.tracks.size(), 1u);
  ASSERT_EQ(found.tracks[0].edits.size(), 1u);
  EXPECT_EQ(found.tracks[0].edits[0].media_s, Rational(1, 25));
  EXPECT_EQ(found.edit_lists, Fact<bool>(false));
}

TEST(MadeFiles, FastStart) {
  CLEANGATE_MADE(found, "fast.mp4", kPicture + "-c:v mpeg4 -movflags +faststart -f mp4");
  EXPECT_EQ(found.fast_start, Fact<bool>(true));
}

TEST(MadeFiles, Fragmented) {
  CLEANGATE_MADE(found, "fragmented.mp4",
                 kPicture + "-c:v mpeg4 -g 5 -movflags frag_keyframe+empty_moov -f mp4");
  EXPECT_EQ(found.format, "mp4");
  EXPECT_EQ(found.fast_start, Fact<bool>(true));
  EXPECT_EQ(found.tracks.size(), 1u);
  EXPECT_THAT(found.damage, IsEmpty());
}

TEST(MadeFiles, OffsetStream) {
  CLEANGATE_NEEDS_TOOL("ffmpeg");
  const auto plain = made_by_ffmpeg("offset_from.mp4", kPicture + "-c:v mpeg4 -f mp4");
  if (!plain) GTEST_SKIP() << "ffmpeg could not make offset_from.mp4";
  CLEANGATE_MADE(found, "offset.mp4",
                 "-itsoffset 0.5 -i " + quoted(plain->string()) + " -c copy -f mp4");
  EXPECT_EQ(found.edit_lists, Fact<bool>(true));
  ASSERT_EQ(found.tracks.at(0).edits.size(), 2u);
  EXPECT_EQ(found.tracks[0].edits[0].duration_s, Rational(1, 2));
  EXPECT_EQ(found.tracks[0].edits[0].media_s, std::nullopt);
}

TEST(MadeFiles, DropFrameTimecode) {
  CLEANGATE_MADE(found, "drop.mov",
                 "-f lavfi -i testsrc2=s=320x240:r=30000/1001:d=1 -c:v prores_ks -profile:v 3 "
                 "-timecode '00:59:58;12' -color_primaries bt709 -color_trc bt709 "
                 "-colorspace bt709 -f mov");
  EXPECT_EQ(found.format, "mov");
  ASSERT_EQ(found.timecodes.size(), 1u);
  EXPECT_EQ(found.timecodes[0].start.value_or(""), "00:59:58;12");
  EXPECT_EQ(found.timecodes[0].rate, Fact<Rational>(Rational(30'000, 1'001)));
  EXPECT_EQ(found.tracks[0].timecode_track, 2);
  EXPECT_EQ(found.tracks[0].video.codec_tag, "apch");
  EXPECT_EQ(found.tracks[0].video.scan, probes::Scan::progressive);
  EXPECT_EQ(found.tracks[0].video.color.matrix, MatrixCoefficients::bt709);
}

TEST(MadeFiles, InterlacedMovWithSixChannels) {
  CLEANGATE_MADE(found, "interlaced.mov",
                 "-f lavfi -i testsrc2=s=720x576:r=25:d=1,setsar=64/45,setfield=tff " + kSound +
                     "-c:v prores_ks -flags +ildct -top 1 -timecode 10:00:00:00 -c:a pcm_s24le "
                     "-ac 6 -metadata:s:a:0 language=fra -f mov");
  ASSERT_EQ(found.tracks.size(), 3u);
  EXPECT_EQ(found.tracks[0].video.pixel_aspect, Rational(64, 45));
  EXPECT_EQ(found.tracks[0].video.scan, probes::Scan::interlaced);
  EXPECT_EQ(found.tracks[0].video.field_order, probes::FieldOrder::top);
  EXPECT_EQ(found.tracks[1].audio.bit_depth, 24);
  EXPECT_EQ(found.tracks[1].audio.channel_layout, "5.1(side)");
  EXPECT_EQ(found.tracks[1].language, "fr");
  EXPECT_EQ(found.timecodes.at(0).start.value_or(""), "10:00:00:00");
}

TEST(MadeFiles, XdcamMxf) {
  CLEANGATE_MADE(found, "xdcam.mxf",
                 "-f lavfi -i testsrc2=s=1920x1080:r=25:d=0.2,setfield=tff " + kSound +
                     "-c:v mpeg2video -flags +ildct+ilme -top 1 -pix_fmt yuv422p -b:v 50M "
                     "-color_primaries bt709 -color_trc bt709 -colorspace bt709 -c:a pcm_s24le "
                     "-timecode 10:00:00:00 -f mxf");
  EXPECT_EQ(found.operational_pattern.value_or(""), "OP1a");
  EXPECT_THAT(found.damage, IsEmpty());
  ASSERT_EQ(found.tracks.size(), 2u);
  EXPECT_EQ(found.tracks[0].video.codec, "mpeg2video");
  EXPECT_EQ(found.tracks[0].video.field_order, probes::FieldOrder::top);
  EXPECT_EQ(found.tracks[0].video.height, 1'080);
  EXPECT_EQ(found.tracks[0].video.color,
            (ColorDescription{ColorPrimaries::bt709, TransferCharacteristics::bt709,
                              MatrixCoefficients::bt709, SignalRange::narrow}));
  EXPECT_EQ(found.tracks[1].audio.sample_rate, 48'000);
  ASSERT_EQ(found.timecodes.size(), 2u);
  EXPECT_EQ(found.timecodes[0].source, probes::TimecodeSource::material_package);
  EXPECT_EQ(found.timecodes[0].start.value_or(""), "10:00:00:00");
  EXPECT_EQ(found.timecodes[1].source, probes::TimecodeSource::file_package);
}

TEST(MadeFiles, OpAtom) {
  CLEANGATE_MADE(found, "atom.mxf",
                 "-f lavfi -i testsrc2=s=1920x1080:r=30000/1001:d=0.2 -c:v dnxhd -b:v 145M "
                 "-pix_fmt yuv422p -timecode '01:00:00;00' -f mxf_opatom");
  EXPECT_EQ(found.operational_pattern.value_or(""), "OPAtom");
  EXPECT_EQ(found.timecodes.at(0).start.value_or(""), "01:00:00;00");
  EXPECT_EQ(found.tracks.at(0).video.codec, "dnxhd");
}

TEST(MadeFiles, Rf64WithBroadcastExtension) {
  CLEANGATE_MADE(found, "long.wav",
                 kSound + "-rf64 always -write_bext 1 -metadata time_reference=172800000 -f wav");
  EXPECT_EQ(found.format, "wav");
  EXPECT_EQ(found.bext_time_reference, 172'800'000u);
  EXPECT_THAT(found.damage, IsEmpty());
}

TEST(MadeFiles, MatroskaWithChecksums) {
  CLEANGATE_MADE(found, "checksums.mkv",
                 kPicture + kSound +
                     "-c:v mpeg4 -c:a flac -write_crc32 1 "
                     "-metadata:s:a language=ger -f matroska");
  EXPECT_EQ(found.format, "matroska");
  EXPECT_THAT(found.damage, IsEmpty());
  EXPECT_EQ(found.seek_index, Fact<bool>(true));
  EXPECT_EQ(found.tracks.at(1).language, "de");
}

TEST(MadeFiles, TransportStream) {
  CLEANGATE_MADE(found, "languages.ts",
                 kPicture + kSound +
                     "-c:v mpeg2video -c:a ac3 -metadata:s:a language=fra "
                     "-f mpegts");
  EXPECT_EQ(found.format, "mpegts");
  ASSERT_EQ(found.tracks.size(), 2u);
  EXPECT_EQ(found.tracks[0].native_id, 256);
  EXPECT_EQ(found.tracks[1].language, "fr");
  EXPECT_EQ(found.tracks[1].program_id, 1);
}

// Tables only: of a file of 50 MB and more, less than one percent is read.
TEST(MadeFiles, ReadsLittle) {
  CLEANGATE_NEEDS_TOOL("ffmpeg");
  for (const std::string name : {"big.mov", "big.mxf", "big.mkv"}) {
    const std::string codec = name == "big.mxf" ? "-c:v mpeg2video -q:v 1 -g 1" : "-c:v rawvideo";
    const auto path = made_by_ffmpeg(
        name,
        "-f lavfi -i testsrc2=s=1280x720:r=25:d=2,noise=alls=100:allf=t -pix_fmt yuv422p " + codec);
    if (!path) continue;
    const auto source = open_path(path->string());
    ASSERT_TRUE(source);
    ASSERT_TRUE(probes::read_container(**source));
    EXPECT_LT((*source)->bytes_read(), (*source)->size() / 100) << name;
  }
}

}  // namespace
}  // namespace cleangate::test
