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

// The video hint of a clip: from its beginning alone, or as a by-product of the whole pass.
std::string hint(const std::string& path, probes::Depth depth, bool essence_hints) {
  const auto source = open_path(path);
  if (!source) return source.error().message;
  probes::MeasureRequest request;
  request.depth = depth;
  request.essence_hints = essence_hints;
  const Recording got = record(**source, request, {});
  if (got.error) return got.error->message;
  for (const auto& stream : got.final_facts->streams)
    if (stream.kind == probes::StreamKind::video && stream.essence_hint)
      return to_hex(*stream.essence_hint);
  return "none";
}

TEST(EssenceDigest, TheHintOfTheBeginningIsThatOfTheWholePass) {
  CLEANGATE_NEEDS_FFMPEG();
  using probes::Depth;
  for (const char* clip : {"h264.mp4", "hevc_open.mp4", "prores.mov", "mpeg2_open.mxf"}) {
    const std::string whole = hint(made(clip), Depth::packets, false);
    EXPECT_EQ(whole.size(), 64u) << clip << ": " << whole;
    EXPECT_EQ(hint(made(clip), Depth::header, true), whole) << clip;
    const std::string wrapped = rewrapped(clip, std::string("hint_") + clip + ".mkv");
    EXPECT_EQ(hint(wrapped, Depth::header, true), whole) << clip;
  }
  EXPECT_NE(hint(made("h264.mp4"), Depth::header, true),
            hint(made("h264_open.mp4"), Depth::header, true));
  EXPECT_EQ(hint(made("h264.mp4"), Depth::header, false), "none");
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
  EXPECT_EQ(parts.hint(), expected) << "nothing more to hint at";
  EXPECT_NE(shorter.finish(), expected);
}

TEST(EssenceDigest, TheHintOfPcmDoesNotDependOnPackets) {
  av::StreamInfo stream;
  stream.codec = "pcm_s16le";
  stream.pcm = true;
  const std::vector<std::byte> bytes(200'000, std::byte{7});
  pass::EssenceDigest whole(stream), parts(stream);
  whole.add(bytes);
  for (std::size_t at = 0; at < bytes.size(); at += 1000)
    parts.add(std::span(bytes).subspan(at, 1000));
  ASSERT_TRUE(whole.hint());
  EXPECT_EQ(parts.hint(), whole.hint());
  EXPECT_NE(parts.finish(), *whole.hint());
}

}  // namespace
}  // namespace cleangate::test
