// SPDX-License-Identifier: Apache-2.0
// Our reading of real streams against ffprobe's, field by field. Files are made by the ffmpeg
// program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/color.h"
#include "tests/probes/bitstream/real_stream.h"

namespace cleangate::test {
namespace {

using namespace probes;  // NOLINT: the whole room is under test
using ::testing::ElementsAre;

struct Recipe {
  const char* name;
  const char* arguments;  // after the input
  const char* profile;    // by its real name; "" = none is claimed
  const char* chroma;
  int depth;
  Scan scan;
  const char* source = "testsrc2=s=320x240:r=25:d=2";
};

void PrintTo(const Recipe& recipe, std::ostream* out) { *out << recipe.name; }

constexpr Scan kProgressive = Scan::progressive, kInterlaced = Scan::interlaced;

const Recipe kVideo[] = {
    {"main.mp4", "-c:v libx264 -profile:v main -g 12 -bf 2 -pix_fmt yuv420p", "Main", "4:2:0", 8,
     kProgressive},
    {"open.mkv", "-c:v libx264 -x264-params open-gop=1:keyint=12:bframes=3 -pix_fmt yuv420p",
     "High", "4:2:0", 8, kProgressive},
    {"refresh.ts", "-c:v libx264 -x264-params intra-refresh=1:keyint=20:bframes=0 -pix_fmt yuv420p",
     "High", "4:2:0", 8, kProgressive},
    {"interlaced.mov",
     "-vf setfield=tff -c:v libx264 -flags +ildct+ilme -top 1 -pix_fmt yuv422p10le", "High 4:2:2",
     "4:2:2", 10, kInterlaced},
    {"intra.mp4", "-c:v libx264 -g 1 -pix_fmt yuv422p10le", "High 4:2:2 Intra", "4:2:2", 10,
     kProgressive},
    {"ntsc.ts",
     "-c:v libx264 -pix_fmt yuv420p -color_primaries bt709 -color_trc bt709 -colorspace bt709",
     "High", "4:2:0", 8, kProgressive, "testsrc2=s=352x240:r=30000/1001:d=2"},
    {"film.mkv", "-c:v libx264 -pix_fmt yuv420p", "High", "4:2:0", 8, kProgressive,
     "testsrc2=s=352x240:r=24000/1001:d=3"},
    {"cra.mp4",
     "-c:v libx265 -x265-params log-level=error:keyint=12:open-gop=1 -pix_fmt yuv420p10le "
     "-color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc",
     "Main 10", "4:2:0", 10, kProgressive},
    {"rext.ts",
     "-c:v libx265 -x265-params log-level=error:keyint=12:open-gop=0 -pix_fmt yuv422p10le",
     "Main 4:2:2 10", "4:2:2", 10, kProgressive},
    {"long.mxf", "-c:v mpeg2video -g 12 -bf 2 -b:v 5M", "Main", "4:2:0", 8, kProgressive},
    {"field.ts",
     "-vf setfield=tff -c:v mpeg2video -g 12 -bf 2 -flags +ildct+ilme -top 1 -pix_fmt yuv422p",
     "4:2:2", "4:2:2", 8, kInterlaced},
    {"one.mpg", "-c:v mpeg1video -g 12 -bf 2", "", "4:2:0", 8, kProgressive},
    {"dvd.mpg", "-c:v mpeg2video -g 15 -bf 2 -aspect 16:9", "Main", "4:2:0", 8, kProgressive,
     "testsrc2=s=720x480:r=30000/1001:d=2"},
    {"hq.mov", "-c:v prores_ks -profile:v 3", "422 HQ", "4:2:2", 10, kProgressive},
    {"proxy.mov", "-c:v prores_ks -profile:v 0", "422 Proxy", "4:2:2", 10, kProgressive},
    {"alpha.mov",
     "-vf setfield=tff -flags +ildct -c:v prores_ks -profile:v 4 -pix_fmt yuva444p10le", "4444",
     "4:4:4", 12, kInterlaced},
    {"hqx.mxf", "-c:v dnxhd -profile:v dnxhr_hqx -pix_fmt yuv422p10le", "DNxHR HQX", "4:2:2", 10,
     kProgressive, "testsrc2=s=1280x720:r=25:d=0.2"},
    {"dnx.mxf", "-c:v dnxhd -b:v 120M -flags +ildct+ilme -pix_fmt yuv422p", "DNxHD", "4:2:2", 8,
     kInterlaced, "testsrc2=s=1920x1080:r=25:d=0.2"},
    {"vp9.webm", "-c:v libvpx-vp9 -lag-in-frames 16 -b:v 300k -pix_fmt yuv422p10le", "Profile 3",
     "4:2:2", 10, kProgressive},
    {"av1.mp4", "-c:v libaom-av1 -cpu-used 8 -pix_fmt yuv420p10le", "Main", "4:2:0", 10,
     kProgressive, "testsrc2=s=160x120:r=25:d=1"},
};

class RealVideo : public ::testing::TestWithParam<Recipe> {};

std::string shown(const std::optional<Rational>& value) {
  return value ? to_string(*value) : std::string();
}

void compare_claims(const RealStream& stream, const VideoClaims& claims, const Recipe& recipe) {
  EXPECT_EQ(claims.profile.value_or(""), recipe.profile);
  EXPECT_EQ(claims.chroma.value_or(""), recipe.chroma);
  EXPECT_EQ(claims.bit_depth.value_or(0), recipe.depth);
  EXPECT_EQ(claims.scan, recipe.scan);
  EXPECT_EQ(claims.codec.value_or(""), stream.fact("codec_name"));
  if (claims.width) {
    EXPECT_EQ(std::to_string(*claims.width), stream.fact("width"));
    EXPECT_EQ(std::to_string(*claims.height), stream.fact("height"));
  }
  if (claims.pixel_aspect) {
    std::string aspect = stream.fact("sample_aspect_ratio");
    std::replace(aspect.begin(), aspect.end(), ':', '/');
    EXPECT_EQ(shown(claims.pixel_aspect), aspect);
  }
  const auto same = [&](const std::string& ours, const char* fact) {
    if (ours != "unspecified" && !stream.fact(fact).empty()) {
      EXPECT_EQ(ours, stream.fact(fact));
    }
  };
  same(to_string(claims.color.primaries), "color_primaries");
  same(to_string(claims.color.transfer), "color_transfer");
  same(to_string(claims.color.matrix), "color_space");
  const std::string range = stream.fact("color_range");
  if (!range.empty() && claims.color.range != SignalRange::unspecified) {
    EXPECT_EQ(to_string(claims.color.range), range == "tv" ? "narrow" : "full");
  }
}

// Picture types in presentation order, as the decoder names them; hidden packets give no frame.
TEST_P(RealVideo, AgreesWithFfprobe) {
  CLEANGATE_FFMPEG();
  const Recipe& recipe = GetParam();
  const auto file = made_with_ffmpeg(
      recipe.name, std::string("-f lavfi -i ") + recipe.source + " " + recipe.arguments);
  if (!file) GTEST_SKIP() << "this ffmpeg cannot make " << recipe.name;
  const auto stream = read_stream(*file, "v:0");
  ASSERT_TRUE(stream);
  const Observed seen = observe(*stream);
  const VideoClaims claims = seen.probe->video();
  compare_claims(*stream, claims, recipe);

  const auto frames = read_frames(*file, "v:0");
  const auto timing = seen.index->timing({}, claims.frame_rate);
  EXPECT_EQ(*timing.frame_count, static_cast<std::int64_t>(frames.size()));
  EXPECT_EQ(shown(*timing.frame_rate), stream->fact("r_frame_rate"));
  EXPECT_EQ(*timing.mode, RateMode::constant);
  if (recipe.scan == kInterlaced) {
    EXPECT_EQ(claims.field_order, frames[0].top_first ? FieldOrder::top : FieldOrder::bottom);
    for (const RealFrame& frame : frames) EXPECT_TRUE(frame.interlaced);
  }
  ASSERT_EQ(seen.classes.size(), stream->packets.size());
  if (timing.missing_pts) return;
  std::multimap<std::int64_t, std::string> types;
  for (std::size_t i = 0; i < seen.classes.size(); ++i)
    if (!seen.classes[i].hidden && !seen.classes[i].second_field)
      types.emplace(*stream->packets[i].pts, std::string(1, seen.classes[i].picture));
  ASSERT_EQ(types.size(), frames.size());
  std::size_t n = 0;
  for (const auto& [pts, type] : types) EXPECT_EQ(type, frames[n++].picture) << "frame " << n - 1;
}

std::string test_name(const ::testing::TestParamInfo<Recipe>& recipe) {
  std::string name = recipe.param.name;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Codecs, RealVideo, ::testing::ValuesIn(kVideo), test_name);

struct Sound {
  const char* name;
  const char* arguments;
  const char* profile;
  int channels, sample_rate, depth;
  const char* layout;
};

TEST(RealAudio, AgreesWithFfprobe) {
  CLEANGATE_FFMPEG();
  for (const Sound& sound : {Sound{"a.flac", "-ac 2 -c:a flac", "", 2, 48000, 16, ""},
                             Sound{"a.m4a", "-ac 2 -c:a aac", "LC", 2, 48000, 0, "stereo"},
                             Sound{"a.aac", "-ac 6 -c:a aac", "LC", 6, 48000, 0, "5.1"},
                             Sound{"51.m4a", "-ac 6 -c:a aac", "LC", 6, 48000, 0, "5.1"},
                             Sound{"a.ac3", "-ac 6 -c:a ac3", "", 6, 48000, 0, "5.1(side)"},
                             Sound{"a.eac3", "-ac 1 -c:a eac3", "", 1, 48000, 0, "mono"},
                             Sound{"a.mp2", "-ac 2 -c:a mp2", "Layer 2", 2, 48000, 0, ""},
                             Sound{"a.mp3", "-ac 2 -c:a libmp3lame", "Layer 3", 2, 48000, 0, ""},
                             Sound{"a.opus", "-ac 2 -c:a libopus", "", 2, 48000, 0, ""},
                             Sound{"alac.m4a", "-ac 2 -c:a alac", "", 2, 48000, 16, ""},
                             Sound{"24.wav", "-ac 3 -c:a pcm_s24le", "", 3, 48000, 24, ""}}) {
    const auto file = made_with_ffmpeg(
        sound.name, std::string("-f lavfi -i sine=r=48000:d=1 ") + sound.arguments);
    if (!file) continue;
    const auto stream = read_stream(*file, "a:0");
    ASSERT_TRUE(stream) << sound.name;
    const Observed seen = observe(*stream);
    const AudioClaims claims = seen.probe->audio();
    EXPECT_EQ(claims.profile.value_or(""), sound.profile) << sound.name;
    EXPECT_EQ(claims.channels, sound.channels) << sound.name;
    EXPECT_EQ(std::to_string(*claims.channels), stream->fact("channels")) << sound.name;
    EXPECT_EQ(claims.sample_rate, sound.sample_rate) << sound.name;
    EXPECT_EQ(claims.bit_depth.value_or(0), sound.depth) << sound.name;
    EXPECT_EQ(claims.channel_layout.value_or(""), sound.layout) << sound.name;
    EXPECT_FALSE(seen.probe->embedded_audio()) << sound.name;
    EXPECT_TRUE(seen.probe->damage().empty()) << sound.name;
  }
}

// AC-3 in IEC 61937 bursts, ffmpeg's own packing, inside PCM.
TEST(RealAudio, BurstsOfTheSpdifMuxer) {
  CLEANGATE_FFMPEG();
  const auto raw =
      made_with_ffmpeg("bursts.raw", "-f lavfi -i sine=r=48000:d=1 -ac 2 -c:a ac3 -f spdif");
  ASSERT_TRUE(raw);
  const auto file = made_with_ffmpeg(
      "bursts.mov", "-f s16le -ar 48000 -ac 2 -i '" + raw->string() + "' -c:a pcm_s24be");
  ASSERT_TRUE(file);
  EXPECT_EQ(observe(*read_stream(*file, "a:0")).probe->embedded_audio(), "ac3");
}

TEST(RealVideo, GopsAndAccessPoints) {
  CLEANGATE_FFMPEG();
  struct Case {
    const char *name, *arguments;
    bool closed, intra;
    std::int64_t longest;
  };
  for (const Case& c :
       {Case{"gop-closed.mp4", "-c:v libx264 -x264-params keyint=12:scenecut=0:bframes=2", true,
             false, 12},
        Case{"gop-open.mp4",
             "-c:v libx265 -x265-params log-level=error:keyint=12:scenecut=0:open-gop=1", false,
             false, 13},
        Case{"gop-closed.mpg", "-c:v mpeg2video -g 10 -bf 2 -flags +cgop -sc_threshold 1000000000",
             true, false, 10},
        Case{"gop-intra.mov", "-c:v prores_ks", true, true, 1}}) {
    const auto file = made_with_ffmpeg(
        c.name, std::string("-f lavfi -i testsrc2=s=320x240:r=25:d=2 ") + c.arguments);
    if (!file) continue;
    const Observed seen = observe(*read_stream(*file, "v:0"));
    const auto gop = seen.index->gop();
    ASSERT_TRUE(gop.is_known()) << c.name;
    EXPECT_EQ(gop->closed, c.closed) << c.name;
    EXPECT_EQ(gop->intra_only, c.intra) << c.name;
    EXPECT_LE(gop->length_max, c.longest) << c.name;
    EXPECT_GE(gop->length_max, c.longest - 2) << c.name;
  }
}

TEST(RealVideo, IntraRefreshIsGradual) {
  CLEANGATE_FFMPEG();
  const auto file =
      made_with_ffmpeg("refresh2.mp4",
                       "-f lavfi -i testsrc2=s=320x240:r=25:d=3 -c:v libx264 -x264-params "
                       "intra-refresh=1:keyint=25:bframes=0 -pix_fmt yuv420p");
  ASSERT_TRUE(file);
  int closed = 0, gradual = 0;
  for (const PacketClass& type : observe(*read_stream(*file, "v:0")).classes) {
    closed += type.access == RandomAccess::closed;
    gradual += type.access == RandomAccess::gradual;
  }
  EXPECT_EQ(closed, 1);
  EXPECT_GE(gradual, 1);
}

TEST(RealVideo, Mpeg2Timecode) {
  CLEANGATE_FFMPEG();
  const auto file =
      made_with_ffmpeg("drop.mpg",
                       "-f lavfi -i testsrc2=s=720x480:r=30000/1001:d=3 -c:v mpeg2video -bf 2 "
                       "-timecode '01:00:59;20'");
  ASSERT_TRUE(file);
  const auto timecodes = observe(*read_stream(*file, "v:0")).probe->timecodes();
  ASSERT_EQ(timecodes.size(), 1U);
  EXPECT_EQ(*timecodes[0].start, "01:00:59;20");
  EXPECT_TRUE(*timecodes[0].drop_frame);
  EXPECT_EQ(*timecodes[0].rate, Rational(30000, 1001));
  EXPECT_TRUE(timecodes[0].discontinuities.empty());
}

TEST(RealVideo, StaticHdrMetadata) {
  CLEANGATE_FFMPEG();
  const auto file = made_with_ffmpeg(
      "hdr.mp4",
      "-f lavfi -i testsrc2=s=320x240:r=25:d=1 -c:v libx265 -pix_fmt yuv420p10le -x265-params "
      "'log-level=error:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)"
      "L(10000000,50):max-cll=1000,400'");
  if (!file) GTEST_SKIP() << "no libx265";
  const VideoClaims claims = observe(*read_stream(*file, "v:0")).probe->video();
  ASSERT_TRUE(claims.mastering && claims.content_light);
  EXPECT_EQ(claims.content_light->max_fall, 400U);
  EXPECT_EQ(claims.mastering->green.y, 34500U);
  EXPECT_EQ(claims.mastering->luminance_min, 50U);
}

// One flipped bit in one slice or frame: found, and nothing else.
TEST(RealDamage, Ffv1SlicesAndFlacFrames) {
  CLEANGATE_FFMPEG();
  const auto ffv1 = made_with_ffmpeg(
      "crc.mkv",
      "-f lavfi -i testsrc2=s=320x240:r=25:d=1 -c:v ffv1 -level 3 -slicecrc 1 -slices 4 "
      "-pix_fmt yuv422p10le");
  const auto flac = made_with_ffmpeg("crc.flac", "-f lavfi -i sine=r=48000:d=1 -c:a flac");
  ASSERT_TRUE(ffv1 && flac);
  for (const auto& [file, which] : {std::pair{*ffv1, "v:0"}, std::pair{*flac, "a:0"}}) {
    auto stream = read_stream(file, which);
    ASSERT_TRUE(stream);
    EXPECT_TRUE(observe(*stream).probe->damage().empty()) << which;
    ASSERT_GT(stream->packets.size(), 7U);
    auto& bytes = stream->packets[7].bytes;
    bytes[bytes.size() / 2] ^= std::byte{0x10};
    const auto damage = observe(*stream).probe->damage();
    ASSERT_EQ(damage.size(), 1U) << which;
    const std::int64_t expected = which == std::string("v:0") ? 7 : 7 * 4608;
    EXPECT_EQ(damage[0].frame, expected) << damage[0].message;
  }
}

}  // namespace
}  // namespace cleangate::test
