// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/essence_digest.h"

#include <gtest/gtest.h>

#include "tests/pipeline/pass/made_media.h"
#include "tests/pipeline/pass/recording.h"

namespace cleangate::test {
namespace {

std::vector<std::string> digests(const std::string& path) {
  std::vector<std::string> all;
  const Recording got = record(path, {.depth = probes::Depth::packets});
  if (got.error) return {got.error->message};
  for (const auto& stream : got.final_facts->streams)
    if (stream.kind == probes::StreamKind::video || stream.kind == probes::StreamKind::audio)
      all.push_back(to_hex(stream.essence_digest.value()));
  return all;
}

TEST(EssenceDigest, ReWrapsKeepIt) {
  CLEANGATE_NEEDS_FFMPEG();
  for (const auto& [clip, wraps] :
       std::map<std::string, std::vector<std::string>>{{"h264.mp4", {"mov", "mkv"}},
                                                       {"hevc_open.mp4", {"mov", "mkv"}},
                                                       {"prores.mov", {"mkv"}},
                                                       {"mpeg2_open.mxf", {"mov", "mkv"}}}) {
    const auto original = digests(made(clip));
    EXPECT_EQ(original.size(), 2u);
    for (const std::string& wrap : wraps)
      EXPECT_EQ(digests(rewrapped(clip, "rewrap_" + clip + "." + wrap)), original)
          << clip << " to " << wrap;
  }
  EXPECT_EQ(digests(rewrapped("h264.mp4", "rewrap_faststart.mp4", "-movflags +faststart")),
            digests(made("h264.mp4")));
}

TEST(EssenceDigest, H264KeepsItInATransportStream) {
  CLEANGATE_NEEDS_FFMPEG();
  EXPECT_EQ(digests(rewrapped("h264.mp4", "rewrap_h264.ts")).at(0),
            digests(made("h264.mp4")).at(0));
}

TEST(EssenceDigest, AnotherEncodeIsAnotherEssence) {
  CLEANGATE_NEEDS_FFMPEG();
  EXPECT_NE(digests(made("h264.mp4")).at(0), digests(made("h264_open.mp4")).at(0));
}

TEST(EssenceDigest, PcmDoesNotDependOnPacketsNorOnWhatFollows) {
  av::StreamInfo stream;
  stream.codec = "pcm_s16le";
  stream.pcm = true;
  stream.audio.sample_rate = 48000;
  stream.audio.channels = 1;
  const std::vector<std::byte> bytes(100, std::byte{7});
  pass::EssenceDigest whole(stream), parts(stream), shorter(stream);
  whole.add(bytes);
  parts.add(std::span(bytes).first(33));
  parts.add(std::span(bytes).subspan(33));
  shorter.add(std::span(bytes).first(99));
  const Sha256 expected = whole.finish();
  EXPECT_EQ(parts.finish(), expected);
  EXPECT_NE(shorter.finish(), expected);
}

}  // namespace
}  // namespace cleangate::test
