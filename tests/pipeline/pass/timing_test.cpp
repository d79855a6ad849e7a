// SPDX-License-Identifier: Apache-2.0
// Files whose clocks, sizes or parameter sets change midway: every frame that the ffmpeg program
// decodes has its row, no other has, and nothing is taken for damage.
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "probes/facts/format_changes.h"
#include "tests/pipeline/pass/made_media.h"
#include "tests/pipeline/pass/recording.h"
#include "tests/support/shared_media.h"

namespace cleangate::test {
namespace {

using pass::DecodeMode;
using probes::FrameTimeRow;

class Timing : public testing::Test {
 protected:
  void SetUp() override { CLEANGATE_NEEDS_FFMPEG(); }
};

// Frames that ffprobe counts in the first video stream; those outside an edit list are not among
// them.
std::size_t counted(const std::string& path) {
  return std::stoul("0" + output_of("ffprobe -v error -count_frames -select_streams v:0 "
                                    "-show_entries stream=nb_read_frames -of default=nk=1:nw=1 '" +
                                    path + "' 2>/dev/null | head -1"));
}

std::size_t presented(const Recording& got) {
  const auto rows = got.rows_of<FrameTimeRow>();
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [](const auto& row) {
    return !(row.flags & FrameTimeRow::kUnpresented);
  }));
}

void expect_ways_agree(const std::string& path, const Recording& reference) {
  for (const Setting& other :
       {Setting{2, DecodeMode::linear}, Setting{8, DecodeMode::linear},
        Setting{1, DecodeMode::jobs}, Setting{2, DecodeMode::jobs}, Setting{8, DecodeMode::jobs}}) {
    const Recording got = record(path, other);
    EXPECT_TRUE(got.series == reference.series)
        << path << ", " << other.threads << " threads, mode " << static_cast<int>(other.mode);
    EXPECT_EQ(got.final_facts->decode, reference.final_facts->decode) << path;
  }
}

void expect_frames(const std::string& path, std::size_t frames) {
  const Recording got = record(path, {1, DecodeMode::linear});
  ASSERT_TRUE(got.final_facts) << path;
  EXPECT_EQ(presented(got), frames) << path;
  EXPECT_EQ(got.final_facts->decode->damaged_frames, 0) << path;
  EXPECT_EQ(got.final_facts->decode->errors_total, 0) << path;
  EXPECT_FALSE(got.error) << path << ": " << got.error->message;
  expect_ways_agree(path, got);
}

TEST_F(Timing, MissingRepeatedAndWildTimes) {
  for (const char* clip : {"bare_open.h264", "bare.avi", "mpeg4.avi", "pts_is_dts.mkv",
                           "repeated.mkv", "wild.ts", "small.m2v", "small.hevc"})
    expect_frames(made(clip), counted(made(clip)));
}

// The times that ffprobe gives the frames of the first video stream, in its ticks; the last few,
// which its decoder keeps back, have none.
std::vector<std::int64_t> best_effort_times(const std::string& path) {
  std::istringstream lines(output_of(
      "ffprobe -v error -select_streams v:0 -show_entries frame=best_effort_timestamp -of "
      "csv=p=0 '" +
      path + "' 2>/dev/null"));
  std::vector<std::int64_t> times;
  for (std::string line; std::getline(lines, line) && !line.starts_with('N');)
    if (!line.empty()) times.push_back(std::stoll(line));  // side data leaves empty lines
  return times;
}

// Each frame stands where ffprobe puts it; of streams without any pts ffprobe knows the steps only.
TEST_F(Timing, EveryFrameHasItsTime) {
  const struct {
    std::string path;
    bool any_pts;
  } files[] = {{made("bare.avi"), false},
               {converted(made("h264.mp4"), "rewrapped.avi", "-map 0:v -c copy"), false},
               {made("mpeg4.avi"), true},
               {rewrapped("mpeg4.avi", "mpeg4.asf"), true},
               {rewrapped("small.m2v", "small_m2.avi"), true},
               {made("small.m2v"), true},
               {made("mpeg2.mpg"), true},
               {made("h264.mp4"), true},
               {made("vfr.mp4"), true},
               {converted(made("h264.mp4"), "h264.flv", "-map 0:v -c copy"), true},
               {made("h264.ts"), true}};
  for (const auto& file : files) {
    const auto theirs = best_effort_times(file.path);
    const auto rows = record(file.path, {2, DecodeMode::automatic}).rows_of<FrameTimeRow>();
    std::vector<std::int64_t> ours;
    for (const FrameTimeRow& row : rows)
      if (!(row.flags & FrameTimeRow::kUnpresented)) ours.push_back(row.pts);
    ASSERT_GT(theirs.size(), 20u) << file.path;
    ASSERT_GE(ours.size(), theirs.size()) << file.path;
    const std::int64_t apart = file.any_pts ? 0 : theirs.front() - ours.front();
    for (std::size_t i = 0; i < theirs.size(); ++i)
      ASSERT_EQ(ours[i] + apart, theirs[i]) << file.path << ", frame " << i;
  }
}

// Where a stream begins is told by the same times.
TEST_F(Timing, TheStreamStartsWithItsFirstFrame) {
  const Recording got = record(made("mpeg4.avi"));
  ASSERT_TRUE(got.final_facts);
  EXPECT_EQ(*got.final_facts->streams[0].duration_s, Rational(4));
  const Recording h264 = record(made("bare.avi"));
  EXPECT_EQ(*h264.final_facts->streams[0].duration_s, Rational(4));
}

// ASF has decoding times alone: the frames are shown in the same steps, whatever libav makes of the
// first of them.
TEST_F(Timing, Mpeg2InAsfIsShownInTheStepsOfItsDecoding) {
  const Recording got = record(rewrapped("small.m2v", "small_m2.asf"));
  ASSERT_TRUE(got.final_facts);
  std::vector<std::int64_t> times;
  for (const FrameTimeRow& row : got.rows_of<FrameTimeRow>()) times.push_back(row.pts);
  ASSERT_GT(times.size(), 20u);
  for (std::size_t i = 1; i < times.size(); ++i)
    ASSERT_EQ(times[i] - times[i - 1], 40) << "frame " << i;
  EXPECT_EQ(*got.final_facts->streams.at(0).video()->frame_rate, Rational(25));
  EXPECT_EQ(*got.final_facts->streams.at(0).duration_s,
            Rational(static_cast<std::int64_t>(times.size()), 25));
}

// A bare stream that states no rate has none.
TEST_F(Timing, ABareStreamWithoutARateHasNone) {
  for (const char* as : {"bare.dnxhd", "bare.obu"}) {
    const bool dnx = std::string(as) == "bare.dnxhd";
    const std::string path = converted(
        made("small.h264"), as,
        dnx ? "-vf scale=1920:1080,format=yuv422p -c:v dnxhd -b:v 120M -frames:v 5 -f dnxhd"
            : "-c:v libaom-av1 -cpu-used 8 -b:v 200k -frames:v 10");
    for (const auto depth :
         {probes::Depth::header, probes::Depth::packets, probes::Depth::decode}) {
      const Recording got = record(path, {2, DecodeMode::automatic, 0, depth});
      ASSERT_TRUE(got.final_facts) << path;
      const probes::StreamFacts& stream = got.final_facts->streams.at(0);
      EXPECT_FALSE(stream.video()->frame_rate.is_known()) << path;
      EXPECT_FALSE(stream.duration_s.is_known()) << path;
    }
    for (const FrameTimeRow& row : record(path).rows_of<FrameTimeRow>())
      EXPECT_TRUE(row.flags & FrameTimeRow::kNoPts) << path;
  }
  const auto known = record(made("small.h264")).final_facts;
  EXPECT_EQ(*known->streams.at(0).video()->frame_rate, Rational(25));
}

// Reference pictures that are gone are missed, though the decoder takes others for them.
TEST_F(Timing, LostReferencePicturesAreDamage) {
  const std::string path = converted(made("h264.mp4"), "lost.mkv",
                                     "-map 0:v -c copy -bsf:v noise=drop='between(n\\,30\\,36)'");
  const Recording got = record(path, {1, DecodeMode::linear});
  ASSERT_TRUE(got.final_facts);
  EXPECT_TRUE(got.error);
  EXPECT_GT(got.final_facts->decode->damaged_frames, 5);
  EXPECT_LT(got.final_facts->decode->damaged_frames, 25);  // up to the next random-access point
  const Recording packets = record(path, {1, DecodeMode::linear, 0, probes::Depth::packets});
  ASSERT_EQ(packets.final_facts->container_damage.size(), 1u);
  EXPECT_NE(packets.final_facts->container_damage[0].message.find("missing"), std::string::npos);
  expect_ways_agree(path, got);
}

TEST_F(Timing, HiddenFramesAreNoFrames) {
  for (const char* clip : {"vp8.webm", "vp9.webm", "av1.mkv"}) {
    EXPECT_EQ(counted(made(clip)), 100u);
    expect_frames(made(clip), 100);
  }
}

// The break between two transport streams is an error of transmission (a jump of the continuity
// counter) and costs one packet at most.
TEST_F(Timing, ClocksThatStartAgain) {
  for (const char* clip : {"small.ts", "small_h264.ts"}) {
    const std::string path = joined({made(clip), made(clip)}, std::string("twice_") + clip);
    const Recording got = record(path, {1, DecodeMode::linear});
    EXPECT_EQ(got.rows_of<FrameTimeRow>().size(), 100u) << path;
    EXPECT_LE(got.final_facts->decode->damaged_frames, 2) << path;
    EXPECT_LE(got.final_facts->decode->errors_total, 2) << path;
    expect_ways_agree(path, got);
  }
}

TEST_F(Timing, AnotherSizeOrFormatMidway) {
  const std::vector<std::vector<std::string>> joins{{"small.m2v", "large.m2v"},
                                                    {"small.h264", "large.h264"},
                                                    {"small.h264", "422.h264", "small.h264"},
                                                    {"small.hevc", "large.hevc"}};
  for (const auto& parts : joins) {
    std::vector<std::string> paths;
    for (const std::string& part : parts) paths.push_back(made(part));
    const std::string path = joined(paths, parts[0] + "_" + parts[1]);
    expect_frames(path, 50 * parts.size());
    std::size_t sizes = 0;
    std::uint32_t last = 0;
    for (const FrameTimeRow& row : record(path).rows_of<FrameTimeRow>())
      if (std::exchange(last, row.geometry) != row.geometry) ++sizes;
    EXPECT_EQ(sizes, parts.size() == 3 ? 1u : 2u) << path;
    // Facts tell each form, where it begins, whichever way it was decoded.
    for (const DecodeMode mode : {DecodeMode::linear, DecodeMode::jobs}) {
      const auto formats = probes::picture_formats(*record(path, {2, mode}).final_facts, 0);
      ASSERT_EQ(formats.size(), parts.size()) << path;
      for (std::size_t i = 0; i < formats.size(); ++i) {
        EXPECT_EQ(formats[i].first_frame, static_cast<std::int64_t>(50 * i)) << path;
        EXPECT_EQ(formats[i].chroma, parts[i] == "422.h264" ? "4:2:2" : "4:2:0") << path;
        EXPECT_EQ(formats[i].width == formats[0].width, parts[i] != parts[1] || sizes == 1) << path;
      }
    }
  }
}

using Voices = std::vector<std::pair<std::string, std::string>>;

// What a file tells of changes of its first stream, by whom and what.
Voices voices(const std::string& path, const Setting& setting) {
  Voices told;
  const Recording got = record(path, setting);
  EXPECT_TRUE(got.final_facts) << path;
  if (!got.final_facts) return told;
  for (const probes::Conflict& conflict : got.final_facts->conflicts)
    if (probes::format_conflict_stream(conflict) == 0)
      for (const auto& voice : conflict.values) told.emplace_back(voice.by, voice.value);
  return told;
}

void expect_voices(const std::string& path, const Voices& packets, const Voices& decode) {
  for (const int threads : {1, 2}) {
    EXPECT_EQ(voices(path, {threads, DecodeMode::automatic, 0, probes::Depth::packets}), packets)
        << path << ", packets, " << threads << " threads";
    for (const DecodeMode mode : {DecodeMode::automatic, DecodeMode::linear, DecodeMode::jobs})
      EXPECT_EQ(voices(path, {threads, mode, 4}), decode)
          << path << ", decode, " << threads << " threads, mode " << static_cast<int>(mode);
  }
}

// Encodings behind each other, as bare streams: what their headers say of color, pixels and profile
// is told from the frame on that has it.
TEST_F(Timing, AnotherColorPixelShapeOrProfileMidway) {
  const std::string size = "320x180 4:2:0 8 bit, ", sdr = "bt709/bt709/bt709 narrow",
                    pq = "bt2020/smpte2084/bt2020nc narrow",
                    none = "unspecified/unspecified/unspecified narrow";
  const struct {
    std::vector<std::string> parts;
    Voices voices;
  } files[] = {{{"sdr.h264", "pq.h264", "wide.h264"},
                {{"frame 0", size + "High, " + sdr + ", pixel 1:1"},
                 {"frame 50", size + "High, " + pq + ", pixel 1:1"},
                 {"frame 100", size + "Main, " + sdr + ", pixel 64:45"}}},
               {{"sdr.h264", "small.h264", "sdr.h264"},
                {{"frame 0", size + "High, " + sdr + ", pixel 1:1"},
                 {"frame 50", size + "High, color unspecified, pixel 1:1"},
                 {"frame 100", size + "High, " + sdr + ", pixel 1:1"}}},
               {{"sdr.hevc", "pq.hevc"},
                {{"frame 0", size + "Main, " + sdr + ", pixel 1:1"},
                 {"frame 50", size + "Main, " + pq + ", pixel 1:1"}}},
               {{"4_3.m2v", "16_9.m2v", "sdr_16_9.m2v"},
                {{"frame 0", size + "Main, " + none + ", pixel 3:4"},
                 {"frame 50", size + "Main, " + none + ", pixel 1:1"},
                 {"frame 100", size + "Main, " + sdr + ", pixel 1:1"}}},
               {{"4_3.ts", "16_9.ts"},
                {{"frame 0", size + "Main, " + none + ", pixel 3:4"},
                 {"frame 50", size + "Main, " + none + ", pixel 1:1"}}}};
  for (const auto& file : files) {
    std::vector<std::string> paths;
    for (const std::string& part : file.parts) paths.push_back(made(part));
    expect_voices(joined(paths, file.parts[0] + "_to_" + file.parts[1]), file.voices, file.voices);
  }
}

// What the probes do not follow the decoder tells.
TEST_F(Timing, WhatOnlyTheDecoderTellsMidway) {
  const std::string size = "320x180 4:2:0 8 bit, ";
  const std::string av1 =
      joined({made("sdr.obu"), made("pq.obu"), made("untold.obu")}, "sdr_to_pq.obu");
  expect_voices(av1, {},
                {{"frame 0", size + "Main, bt709/bt709/bt709 narrow, pixel 1:1"},
                 {"frame 50", size + "Main, bt2020/smpte2084/bt2020nc narrow, pixel 1:1"},
                 {"frame 100", size + "Main, unspecified/unspecified/unspecified narrow, "
                                      "pixel 1:1"}});
  const std::string mpeg4 =
      joined({made("4_3.m4v"), made("16_9.m4v"), made("4_3.m4v")}, "4_3_to_16_9.m4v");
  const Voices shapes{
      {"frame 0", size + "Advanced Simple Profile, color unspecified, pixel 3:4"},
      {"frame 50", size + "Advanced Simple Profile, color unspecified, pixel 1:1"},
      {"frame 100", size + "Advanced Simple Profile, color unspecified, pixel 3:4"}};
  expect_voices(mpeg4, {}, shapes);
  const std::string timed =
      converted(mpeg4, "4_3_to_16_9.avi", "-c copy -bsf:v setts=ts=N*1001", "-fflags +genpts");
  expect_voices(timed, {}, shapes);
}

// Streams cut within a group of pictures, reordered ones, fields, hidden frames: one form each.
TEST_F(Timing, OneFormIsToldAsNone) {
  for (const char* clip :
       {"h264.mp4", "h264_open.ts", "h264_refresh.mp4", "hevc_open.mp4", "mpeg2_open.mxf",
        "mpeg2.mpg", "prores.mov", "mpeg4.avi", "vp8.webm", "vp9.webm", "av1.mkv", "ffv1.mkv"})
    expect_voices(made(clip), {}, {});
  for (const char* as : {"cut.ts", "cut.mkv"})
    expect_voices(converted(made("h264_open.ts"), as, "-c copy", "-ss 1.5"), {}, {});
  for (const char* as : {"cut_m2.mxf", "cut_bare.m2v"})
    expect_voices(converted(made("small.ts"), as, "-c copy", "-ss 1.2"), {}, {});
}

// Real files that were taken for damaged and are not: a Xing header behind padding, which libav
// decodes as if it were sound, and a stray byte behind the last frame; AMR that pauses.
TEST_F(Timing, SoundThatOnlyLooksDamaged) {
  CLEANGATE_SHARED_MEDIA(media);
  const struct {
    const char* path;
    std::int64_t samples;
  } files[] = {{"mp3/bear-id3.mp3", 117 * 1152},
               {"amr/sample_nb_with_silence_frames.amr", 220 * 160}};
  for (const auto& file : files) {
    const auto path = media / "containers/androidx-media/media" / file.path;
    const Recording got = record(path.string());
    ASSERT_TRUE(got.final_facts) << file.path;
    EXPECT_FALSE(got.error) << file.path << ": " << got.error->message;
    EXPECT_EQ(*got.final_facts->streams[0].audio()->sample_count, file.samples) << file.path;
  }
}

// Leaves the parameter sets (NAL unit types 7 and 8) of the first picture only.
void keep_first_sets(std::vector<char>& bytes) {
  std::vector<char> kept;
  bool pictures = false, keep = true;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool start = i + 3 < bytes.size() && !bytes[i] && !bytes[i + 1] && bytes[i + 2] == 1;
    if (start) {
      const int type = bytes[i + 3] & 31;
      keep = !pictures || (type != 7 && type != 8);
      pictures = pictures || type == 5;
    }
    if (keep) kept.push_back(bytes[i]);
  }
  bytes = kept;
}

// Parameter sets that stand once, and later others of the same numbers.
TEST_F(Timing, ParameterSetsThatAreRedefinedOnce) {
  const std::string one = altered("small.h264", "once.h264", keep_first_sets);
  const std::string other = altered("cavlc.h264", "once_cavlc.h264", keep_first_sets);
  const std::string path = joined({one, other, one}, "sets.h264");
  EXPECT_EQ(counted(path), 150u);
  expect_frames(path, 150);
  const std::string timed =
      converted(path, "sets.mp4", "-c copy -tag:v avc3 -bsf:v setts=ts=N*48000");
  expect_frames(timed, 150);
  EXPECT_TRUE(record(timed, {8, DecodeMode::jobs}).ways.at(0).linear);
  // Sets at every random-access point: jobs may stay.
  const std::string repeated =
      converted(joined({made("small.h264"), made("cavlc.h264")}, "repeated_sets.h264"),
                "repeated_sets.mkv", "-c copy -bsf:v setts=ts=N*48000");
  expect_ways_agree(repeated, record(repeated, {1, DecodeMode::linear}));
}

TEST_F(Timing, EditListsMarkFramesAsUnpresented) {
  const std::string path = converted(made("h264.mp4"), "edited.mp4", "-c copy", "-ss 1.3");
  const Recording got = record(path);
  ASSERT_TRUE(got.final_facts);
  EXPECT_GT(got.rows_of<FrameTimeRow>().size(), presented(got)) << "no frame is cut off";
  expect_frames(path, counted(path));
}

TEST_F(Timing, ACutAtAnOpenRandomAccessPoint) {
  for (const char* as : {"cut.ts", "cut.mkv", "cut.avi", "cut_bare.h264"}) {
    const std::string path = converted(made("h264_open.ts"), as, "-c copy", "-ss 1.5");
    expect_frames(path, counted(path));
  }
  for (const char* as : {"cut_m2.mxf", "cut_m2.avi", "cut_bare.m2v"}) {
    const std::string path = converted(made("small.ts"), as, "-c copy", "-ss 1.2");
    expect_frames(path, counted(path));
  }
}

// Real files: reordered, cut by edit lists, from transport streams.
TEST_F(Timing, RealFilesGiveWhatFfprobeCounts) {
  CLEANGATE_SHARED_MEDIA(media);
  const auto folder = media / "containers" / "androidx-media" / "media";
  int seen = 0;
  for (const char* name :
       {"mp4/iibbibb_editlist_videoonly.mp4", "mp4/dolbyVision-hdr.MOV", "mkv/sample.mkv",
        "ts/sample_h264_mpeg_audio.ts", "ts/sample_h262_mpeg_audio.ts", "mp4/sample.mp4"}) {
    const std::string path = folder / name;
    if (!std::filesystem::exists(path)) continue;
    ++seen;
    expect_frames(path, counted(path));
  }
  EXPECT_GT(seen, 2);
}

}  // namespace
}  // namespace cleangate::test
