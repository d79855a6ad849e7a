// SPDX-License-Identifier: Apache-2.0
// Files that others made.
#include "tests/support/shared_media.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/probes/bitstream/real_stream.h"

namespace cleangate::test {
namespace {

using namespace probes;  // NOLINT: the whole room is under test
using ::testing::ElementsAre;

std::vector<std::string> services(const Observed& seen) {
  std::vector<std::string> names;
  for (const CaptionFacts& facts : seen.probe->captions())
    for (const CaptionService& service : facts.services) names.push_back(service.name);
  return names;
}

TEST(SharedMedia, CaptionsOfMuxJs) {
  CLEANGATE_SHARED_MEDIA(media);
  CLEANGATE_FFMPEG();
  const auto folder = media / "captions" / "mux.js" / "segments";
  EXPECT_THAT(services(observe(*read_stream(folder / "multi-channel-608-captions.ts", "v:0"))),
              ElementsAre("CC1", "CC3"));
  EXPECT_THAT(services(observe(*read_stream(folder / "sintel-captions.ts", "v:0"))),
              ElementsAre("CC1"));
  EXPECT_THAT(services(observe(*read_stream(folder / "test-segment.ts", "v:0"))), ElementsAre());
}

TEST(SharedMedia, Hdr10Plus) {
  CLEANGATE_SHARED_MEDIA(media);
  CLEANGATE_FFMPEG();
  const auto stream = read_stream(
      media / "hdr" / "hdr10plus_tool" / "assets" / "hevc_tests" / "regular.mkv", "v:0");
  ASSERT_TRUE(stream);
  const VideoClaims claims = observe(*stream).probe->video();
  EXPECT_TRUE(claims.hdr10plus);
  EXPECT_TRUE(claims.mastering);
  EXPECT_EQ(claims.chroma_siting, "topleft");
  EXPECT_EQ(claims.level, "5.1 High");
}

// Frames counted from packets against frames decoded, with and without edit lists, prefix NAL
// units, alternate reference frames.
TEST(SharedMedia, FrameCountsAgreeWithTheDecoder) {
  CLEANGATE_SHARED_MEDIA(media);
  CLEANGATE_FFMPEG();
  const auto folder = media / "containers" / "androidx-media" / "media";
  for (const char* name :
       {"mp4/bbb_800x640_768kbps_30fps_avc_pyramid_3b.mp4", "mp4/iibbibb_editlist_videoonly.mp4",
        "mp4/sample_sef_slow_motion.mp4", "mp4/sample_2_byte_NAL_length.mp4",
        "mp4/dolbyVision-hdr.MOV", "mp4/h265_bframes.mp4", "mp4/water_180_mvhevc_5frames.mov",
        "mp4/hlg10-color-test.mp4", "mkv/bbb_960x540_60fps_vp8.webm",
        "mkv/bbb_642x642_768kbps_30fps_vp9.webm", "mkv/sample_av1.mkv", "mp4/hdr10-av1.mp4",
        "mp4/bbb_176x144_192kbps_15fps_mpeg4.mp4", "flv/sample.flv"}) {
    if (!std::filesystem::exists(folder / name)) continue;
    const auto stream = read_stream(folder / name, "v:0");
    ASSERT_TRUE(stream) << name;
    const Observed seen = observe(*stream);
    const auto decoded = static_cast<std::int64_t>(read_frames(folder / name, "v:0").size());
    EXPECT_EQ(*seen.index->timing({}, seen.probe->video().frame_rate).frame_count, decoded) << name;
  }
}

TEST(SharedMedia, FlacFramesAreWhole) {
  CLEANGATE_SHARED_MEDIA(media);
  CLEANGATE_FFMPEG();
  const auto folder = media / "audio" / "flac-test-files" / "subset";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no FLAC test files";
  int read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".flac" || entry.file_size() > 300'000) continue;
    const auto stream = read_stream(entry.path(), "a:0");
    if (!stream || stream->packets.empty()) continue;
    const Observed seen = observe(*stream);
    EXPECT_TRUE(seen.probe->damage().empty()) << entry.path();
    EXPECT_EQ(std::to_string(seen.probe->audio().channels.value_or(0)), stream->fact("channels"));
    EXPECT_EQ(std::to_string(seen.probe->audio().sample_rate.value_or(0)),
              stream->fact("sample_rate"));
    EXPECT_EQ(std::to_string(seen.probe->audio().bit_depth.value_or(0)),
              stream->fact("bits_per_raw_sample"));
    ++read;
  }
  EXPECT_GT(read, 0);
}

}  // namespace
}  // namespace cleangate::test
