// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/pass.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "pipeline/media/av/decoder.h"
#include "pipeline/pass/hashing.h"
#include "probes/audio/energy_row.h"
#include "probes/picture/change_row.h"
#include "tests/pipeline/pass/made_media.h"
#include "tests/pipeline/pass/recording.h"

namespace cleangate::test {
namespace {

using pass::DecodeMode;
using probes::FrameTimeRow;

const char* const kClips[] = {
    "prores.mov",    "h264.mp4",       "h264_open.mp4",     "h264_refresh.mp4", "h264.ts",
    "hevc_open.mp4", "mpeg2_open.mxf", "mpeg2.mpg",         "v210.mov",         "ffv1.mkv",
    "vfr.mp4",       "mono8.mxf",      "h264_fragments.mp4"};

class Pass : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { CLEANGATE_NEEDS_FFMPEG(); }
};

std::string file_sha256(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream bytes;
  bytes << in.rdbuf();
  pass::Sha256Hasher hasher;
  hasher.update(bytes.str());
  return to_hex(hasher.finish());
}

TEST_P(Pass, GivesEveryFrameFfprobeCountsAndEverySampleFfmpegDecodes) {
  const std::string path = made(GetParam());
  const Recording got = record(path);
  ASSERT_FALSE(got.error) << got.error->message;
  const int frames =
      std::stoi(output_of("ffprobe -v error -count_frames -select_streams v:0 -show_entries "
                          "stream=nb_read_frames -of csv=p=0 " +
                          path));
  EXPECT_EQ(got.rows_of<FrameTimeRow>().size(), static_cast<std::size_t>(frames));
  EXPECT_EQ(got.final_facts->decode->damaged_frames, 0);
  EXPECT_EQ(got.final_facts->decode->errors_total, 0);
  EXPECT_TRUE(got.final_facts->container_damage.empty());
  for (const auto& stream : got.final_facts->streams) {
    if (!stream.audio()) continue;
    const std::string raw = output_of("ffmpeg -nostdin -v error -i " + path + " -map 0:" +
                                      std::to_string(stream.index) + " -f s16le -ac 1 - | wc -c");
    ASSERT_TRUE(stream.audio()->sample_count);
    EXPECT_EQ(*stream.audio()->sample_count, std::stoll(raw) / 2) << "stream " << stream.index;
  }
}

TEST_P(Pass, PresentsFramesInTimeOrder) {
  const auto rows = record(made(GetParam())).rows_of<FrameTimeRow>();
  for (std::size_t i = 1; i < rows.size(); ++i) EXPECT_GT(rows[i].pts, rows[i - 1].pts) << i;
}

// Seams of jobs, however many there are, leave no frame without the one before it.
TEST_P(Pass, ComparesEveryFrameButTheFirst) {
  const std::string path = made(GetParam());
  for (const Setting& setting : {Setting{1, DecodeMode::linear}, Setting{2, DecodeMode::jobs, 1},
                                 Setting{2, DecodeMode::jobs, 8}}) {
    std::size_t alone = 0;
    const auto rows = record(path, setting).rows_of<probes::ChangeRow>();
    for (const probes::ChangeRow& row : rows) alone += (row.flags & probes::ChangeRow::kAlone) != 0;
    EXPECT_EQ(alone, 1u) << setting.frames_per_job;
    EXPECT_TRUE(rows.front().flags & probes::ChangeRow::kAlone);
  }
}

TEST_P(Pass, DigestsTheWholeFile) {
  const std::string path = made(GetParam());
  const Recording got = record(path);
  ASSERT_TRUE(got.final_facts->content_id);
  EXPECT_EQ(to_hex(*got.final_facts->content_id), file_sha256(path));
}

TEST_P(Pass, RowsAreTheSameForEveryThreadCountAndWay) {
  const std::string path = made(GetParam());
  const Recording reference = record(path, {1, DecodeMode::linear});
  ASSERT_FALSE(reference.series.empty());
  for (const Setting& other :
       {Setting{2, DecodeMode::linear}, Setting{8, DecodeMode::linear},
        Setting{1, DecodeMode::jobs}, Setting{2, DecodeMode::jobs}, Setting{8, DecodeMode::jobs},
        Setting{2, DecodeMode::jobs, 1}, Setting{2, DecodeMode::jobs, 40}, Setting{2}}) {
    const Recording got = record(path, other);
    EXPECT_TRUE(got.series == reference.series)
        << other.threads << " threads, mode " << static_cast<int>(other.mode) << ", "
        << other.frames_per_job << " frames a job";
    EXPECT_EQ(got.final_facts->decode, reference.final_facts->decode);
    EXPECT_EQ(got.final_facts->streams, reference.final_facts->streams);
  }
}

INSTANTIATE_TEST_SUITE_P(Clips, Pass, testing::ValuesIn(kClips), [](const auto& clip) {
  std::string name = clip.param;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
});

TEST(PassWays, ClosedAndOpenGopsAreCutAndIntraRefreshIsNot) {
  CLEANGATE_NEEDS_FFMPEG();
  const auto way = [](const char* clip) {
    return record(made(clip), {2, DecodeMode::jobs}).ways.at(0);
  };
  EXPECT_GT(way("prores.mov").jobs, 8);
  for (const char* clip : {"h264.mp4", "h264_open.mp4", "hevc_open.mp4", "mpeg2_open.mxf"}) {
    EXPECT_GT(way(clip).jobs, 1) << clip;
    EXPECT_FALSE(way(clip).linear) << clip;
    EXPECT_FALSE(way(clip).surprised) << clip;
  }
  EXPECT_TRUE(way("h264_refresh.mp4").linear);
}

// What was read of them while the file was opened is not how far the pass has come.
TEST(PassWays, TablesAtTheEndOfTheFileLeaveJobsTheirWay) {
  CLEANGATE_NEEDS_FFMPEG();
  const Recording got = record(made("prores.mov"), {2});
  EXPECT_FALSE(got.ways.at(0).linear);
  EXPECT_GT(got.ways.at(0).jobs, 8);
}

TEST(PassCpu, BitexactDecodersGiveTheSameRowsWithoutCpuFeatures) {
  CLEANGATE_NEEDS_FFMPEG();
  for (const char* clip : {"prores.mov", "h264.mp4", "hevc_open.mp4", "mpeg2_open.mxf"}) {
    const Recording all = record(made(clip));
    av::limit_cpu_features(0);
    const Recording plain = record(made(clip));
    av::limit_cpu_features(-1);
    for (const auto& [id, rows] : all.series) {
      if (id.channel >= 0 && std::string(clip).ends_with("mp4")) continue;  // AAC decodes in float
      EXPECT_TRUE(plain.series.at(id) == rows) << clip << " " << id.row;
    }
  }
}

// The pictures themselves, against ffmpeg's own digest of each decoded frame.
TEST(PassPictures, AreThoseFfmpegDecodes) {
  CLEANGATE_NEEDS_FFMPEG();
  for (const char* clip : {"h264_open.mp4", "hevc_open.mp4", "mpeg2_open.mxf", "prores.mov"}) {
    const std::string path = made(clip);
    std::mutex mutex;
    std::vector<std::string> seen;
    pass::PassTuning tuning;
    tuning.mode = DecodeMode::jobs;
    tuning.inspect = [&](int, std::int64_t, const VideoFrame& frame) {
      auto md5 = std::move(*pass::NamedHasher::make("md5"));
      for (std::size_t i = 0; i < frame.layout.component_count; ++i) {
        const int w = i ? frame.width >> frame.layout.log2_chroma_w : frame.width;
        const int h = i ? frame.height >> frame.layout.log2_chroma_h : frame.height;
        const auto bytes = static_cast<std::size_t>(w) * frame.layout.components[i].step;
        for (int y = 0; y < h; ++y)
          md5->update({frame.planes[i].bytes + y * frame.planes[i].stride, bytes});
      }
      const std::lock_guard lock(mutex);
      seen.push_back(md5->finish());
    };
    const auto source = open_path(path);
    ASSERT_TRUE(source);
    probes::MeasureRequest request;
    request.threads = 2;
    const Recording got = record(**source, request, tuning);
    std::vector<std::string> expected;
    std::istringstream lines(output_of("ffmpeg -nostdin -v error -flags:v bitexact -i " + path +
                                       " -map 0:v:0 -fps_mode passthrough -f framemd5 -"));
    for (std::string line; std::getline(lines, line);)
      if (!line.empty() && line[0] != '#') expected.push_back(line.substr(line.rfind(' ') + 1));
    EXPECT_THAT(seen, testing::UnorderedElementsAreArray(expected)) << clip;
  }
}

TEST(PassBytes, AFileIsReadOnce) {
  CLEANGATE_NEEDS_FFMPEG();
  const Recording got = record(made("large.mov"));
  ASSERT_GT(got.bytes_total, 50'000'000u);
  EXPECT_LE(static_cast<double>(got.bytes_read) / static_cast<double>(got.bytes_total), 1.02);
}

TEST(PassDepth, HeaderReadsTablesAndDecodesNothing) {
  CLEANGATE_NEEDS_FFMPEG();
  const Recording got = record(made("large.mov"), {.depth = probes::Depth::header});
  ASSERT_FALSE(got.error);
  EXPECT_LT(got.bytes_read, 2'000'000u);
  EXPECT_TRUE(got.series.empty());
  EXPECT_FALSE(got.final_facts->content_id);
  EXPECT_FALSE(got.final_facts->decode);
  ASSERT_EQ(got.final_facts->streams.size(), 2u);
  EXPECT_EQ(got.final_facts->streams[0].video()->width, 1280);
}

TEST(PassDepth, PacketsDigestsAndCountsWithoutDecoding) {
  CLEANGATE_NEEDS_FFMPEG();
  const Recording got = record(made("h264_open.mp4"), {.depth = probes::Depth::packets});
  EXPECT_TRUE(got.series.empty());
  EXPECT_TRUE(got.final_facts->content_id);
  EXPECT_EQ(got.final_facts->streams[0].video()->frame_count.value_or(0), 100);
}

TEST(PassDigests, OthersWhenAsked) {
  CLEANGATE_NEEDS_FFMPEG();
  const std::string path = made("h264.mp4");
  const auto source = open_path(path);
  ASSERT_TRUE(source);
  probes::MeasureRequest request;
  request.depth = probes::Depth::packets;
  request.digests = {"md5", "sha1"};
  const Recording got = record(**source, request, {});
  for (const char* name : {"md5", "sha1"})
    EXPECT_EQ(got.final_facts->digests.at(name),
              output_of(std::string(name) + "sum < " + path)
                  .substr(0, got.final_facts->digests.at(name).size()));
}

TEST(PassMemory, LittleMemoryChangesNothing) {
  CLEANGATE_NEEDS_FFMPEG();
  const Recording reference = record(made("v210.mov"), {1, DecodeMode::linear});
  const auto source = open_path(made("v210.mov"));
  ASSERT_TRUE(source);
  probes::MeasureRequest request;
  request.threads = 4;
  request.memory_bytes = 1 << 20;
  pass::PassTuning tuning;
  tuning.mode = DecodeMode::jobs;
  EXPECT_TRUE(record(**source, request, tuning).series == reference.series);
}

TEST(PassStop, StopsAndSaysSo) {
  CLEANGATE_NEEDS_FFMPEG();
  const auto source = open_path(made("large.mov"));
  ASSERT_TRUE(source);
  std::stop_source stop;
  stop.request_stop();
  Recording recording;
  const auto done = pass::measure(**source, {}, recording, stop.get_token());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::cancelled);
  EXPECT_TRUE(recording.final_facts);
  EXPECT_FALSE(recording.final_facts->content_id);
}

// The sandbox goes on after prepare() and demands a single thread.
TEST(PassPrepare, StartsNoThread) {
  const auto threads = [] { return output_of("ls /proc/" + std::to_string(::getpid()) + "/task"); };
  const std::string before = threads();
  pass::prepare();
  EXPECT_EQ(threads(), before);
}

TEST(PassRefuses, WhatIsNotMedia) {
  const auto code = [](std::string_view text) {
    const auto source = memory_source(std::as_bytes(std::span(text)));
    return record(*source, {}, {}).error.value_or(Error{}).code;
  };
  EXPECT_EQ(code(""), ErrorCode::empty_file);
  EXPECT_EQ(code("Dear diary, nothing happened today, and nothing will."), ErrorCode::not_media);
  EXPECT_EQ(code("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile:///etc/passwd\n"),
            ErrorCode::unsupported);
  EXPECT_EQ(code("ffconcat version 1.0\nfile /etc/passwd\n"), ErrorCode::unsupported);
}

// A transport stream of null packets (ISO/IEC 13818-1, 2.4.3.3) holds nothing to be measured.
TEST(PassRefuses, WhatHoldsNoStream) {
  std::string packet = {0x47, 0x1f, '\xff', 0x10};
  packet.resize(188, '\xff');
  std::string file;
  for (int i = 0; i < 200; ++i) file += packet;
  const auto source = memory_source(std::as_bytes(std::span(file)));
  for (const auto depth : {probes::Depth::header, probes::Depth::packets, probes::Depth::decode}) {
    probes::MeasureRequest request;
    request.depth = depth;
    const Recording got = record(*source, request, {});
    ASSERT_TRUE(got.error);
    EXPECT_EQ(got.error->code, ErrorCode::damaged);
    EXPECT_THAT(got.error->message, testing::HasSubstr("No stream was found"));
    EXPECT_FALSE(got.final_facts);
  }
}

// A PICTURE block of a kind that nobody knows, behind STREAMINFO (RFC 9639, 8.8): libav calls that
// an error, and the sound is whole.
void with_odd_cover(std::vector<char>& bytes) {
  std::string block("\6\0\0\x2d", 4);
  block += std::string("\0\0\0\3\0\0\0\x9", 8) + "image/foo" + std::string(20, '\0') +
           std::string("\0\0\0\4", 4) + "xxxx";
  bytes.insert(bytes.begin() + 42, block.begin(), block.end());
}

TEST(PassDamage, ACoverThatNobodyKnowsIsNone) {
  CLEANGATE_NEEDS_FFMPEG();
  const Recording got = record(altered("tone.flac", "odd_cover.flac", with_odd_cover));
  EXPECT_FALSE(got.error) << got.error->message;
  ASSERT_TRUE(got.final_facts);
  EXPECT_TRUE(got.final_facts->container_damage.empty());
  EXPECT_EQ(got.final_facts->streams.at(0).audio()->sample_count, 48000);
}

// libav would hand them to the decoder with the last frame.
TEST(PassDamage, TagsBehindBareFlacAreNone) {
  CLEANGATE_NEEDS_FFMPEG();
  const Recording got = record(altered("tone.flac", "id3v1.flac", [](std::vector<char>& bytes) {
    const std::string tag = "TAG" + std::string(125, 'x');
    bytes.insert(bytes.end(), tag.begin(), tag.end());
  }));
  EXPECT_FALSE(got.error) << got.error->message;
  ASSERT_TRUE(got.final_facts);
  EXPECT_EQ(got.final_facts->streams.at(0).audio()->sample_count, 48000);
  EXPECT_EQ(got.final_facts->streams.at(0).essence_digest,
            record(made("tone.flac")).final_facts->streams.at(0).essence_digest);
}

// DTS bytes taken for the samples of a stereo stream, and these coded without loss.
TEST(PassEmbedded, DataInLosslesslyCodedSamplesIsFound) {
  CLEANGATE_NEEDS_FFMPEG();
  const std::string dts = made("tone.dts");
  const std::string as_samples = "-f s16be -ar 48000 -ac 2";
  for (const std::string form : {"flac", "alac", "wavpack", "pcm_s24le"}) {
    const Recording got =
        record(converted(dts, "dts_in_" + form + ".mka", "-c:a " + form, as_samples));
    ASSERT_TRUE(got.final_facts) << form;
    EXPECT_EQ(got.final_facts->streams.at(0).audio()->embedded.value_or("none"), "dts") << form;
  }
  const Recording sound = record(made("tone.flac"));
  ASSERT_TRUE(sound.final_facts);
  EXPECT_FALSE(sound.final_facts->streams.at(0).audio()->embedded.is_known());
}

// Frames of 192 bytes stand where the packets of a transport stream with time stamps would.
TEST(PassFormat, IsTheOneThatTheFileAnnounces) {
  CLEANGATE_NEEDS_FFMPEG();
  const Recording got = record(made("frames_of_192.mp3"));
  EXPECT_FALSE(got.error) << got.error->message;
  ASSERT_TRUE(got.final_facts);
  EXPECT_EQ(got.final_facts->container.format, "mp3");
  ASSERT_EQ(got.final_facts->streams.size(), 1u);
  ASSERT_TRUE(got.final_facts->streams[0].audio());
  EXPECT_EQ(got.final_facts->streams[0].audio()->sample_rate, 48000);
  EXPECT_GE(got.final_facts->streams[0].audio()->sample_count.value_or(0), 3 * 48000);
}

}  // namespace
}  // namespace cleangate::test
