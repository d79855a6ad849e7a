// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "tests/pipeline/pass/made_media.h"
#include "tests/pipeline/pass/recording.h"
#include "tests/support/shared_media.h"

namespace cleangate::test {
namespace {

using pass::DecodeMode;
using probes::FrameTimeRow;

constexpr std::uintmax_t kSmallFile = 100'000;

void flip(std::vector<char>& bytes) {
  std::mt19937 random(7);
  const auto size = static_cast<double>(bytes.size());
  std::uniform_int_distribution<std::size_t> where(static_cast<std::size_t>(size * 0.3),
                                                   static_cast<std::size_t>(size * 0.9));
  for (int i = 0; i < 6; ++i) bytes[where(random)] ^= 0x10;
}
void zero(std::vector<char>& bytes) {
  const auto middle = bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2);
  std::fill(middle, middle + 2000, '\0');
}
void cut(std::vector<char>& bytes) { bytes.resize(bytes.size() * 6 / 10); }

class Damaged : public testing::Test {
 protected:
  void SetUp() override { CLEANGATE_NEEDS_FFMPEG(); }
};

// Every row of a frame with damage says so, and the picture rows of it say nothing.
void expect_damage(const Recording& got, const std::string& what) {
  ASSERT_TRUE(got.final_facts) << what;
  const auto& facts = *got.final_facts;
  // Whatever is damaged, the measurement is a partial one.
  ASSERT_TRUE(got.error) << what;
  EXPECT_EQ(got.error->code, ErrorCode::damaged) << what;
  EXPECT_GT(facts.decode->errors_total + static_cast<std::int64_t>(facts.container_damage.size()),
            0)
      << what;
  std::int64_t flagged = 0;
  for (const FrameTimeRow& row : got.rows_of<FrameTimeRow>())
    if (row.flags & FrameTimeRow::kDamaged) ++flagged;
  EXPECT_EQ(flagged, facts.decode->damaged_frames) << what;
}

TEST_F(Damaged, BytesAreNoticedAndTheOtherFramesStay) {
  for (const char* clip : {"ffv1.mkv", "prores.mov", "h264_open.mp4", "mpeg2_open.mxf"}) {
    const Recording got = record(altered(clip, std::string("flip_") + clip, flip));
    expect_damage(got, clip);
    EXPECT_EQ(got.rows_of<FrameTimeRow>().size(), 100u) << clip;
    EXPECT_LT(got.final_facts->decode->damaged_frames, 100) << clip;
    EXPECT_TRUE(got.final_facts->content_id) << clip;
  }
}

TEST_F(Damaged, SingleThreadedWaysAgree) {
  for (const char* clip : {"ffv1.mkv", "h264_open.mp4", "mpeg2_open.mxf", "h264.ts"}) {
    const std::string path = altered(clip, std::string("zero_") + clip, zero);
    const Recording linear = record(path, {1, DecodeMode::linear});
    for (const int threads : {1, 2, 8}) {
      const Recording jobs = record(path, {threads, DecodeMode::jobs});
      EXPECT_TRUE(jobs.series == linear.series) << clip << ", " << threads << " threads";
      EXPECT_EQ(jobs.final_facts->decode, linear.final_facts->decode) << clip;
    }
  }
}

TEST_F(Damaged, ATruncatedFileKeepsWhatItHas) {
  for (const char* clip : {"ffv1.mkv", "h264_open.mp4", "mpeg2_open.mxf", "h264.ts"}) {
    const Recording got = record(altered(clip, std::string("cut_") + clip, cut));
    expect_damage(got, clip);
    EXPECT_TRUE(got.error) << clip << ": a cut file must not count as measured";
    EXPECT_GT(got.rows_of<FrameTimeRow>().size(), 40u) << clip;
    EXPECT_LT(got.rows_of<FrameTimeRow>().size(), 80u) << clip;
  }
}

// Six bytes of the payload in the second half, never those that hold the container together.
void flip_frames(std::vector<char>& bytes) {
  for (std::size_t at = bytes.size() / 2; at < bytes.size() * 9 / 10; at += bytes.size() / 13)
    bytes[at] ^= 0x55;
}

// What is published of damage depends on the file alone.
TEST_F(Damaged, TheCountOfErrorsDoesNotDependOnThreads) {
  int noticed = 0;
  for (const char* clip : {"h264_open.ts", "vp9.webm", "bare.avi", "small.hevc", "mpeg4.avi"}) {
    const std::string path = altered(clip, std::string("flip_frames_") + clip, flip_frames);
    const Recording reference = record(path, {1, DecodeMode::linear});
    noticed += reference.final_facts->decode->errors_total > 0;
    for (const Setting& other : {Setting{2, DecodeMode::linear}, Setting{8, DecodeMode::linear},
                                 Setting{1, DecodeMode::jobs}, Setting{8, DecodeMode::jobs}}) {
      const Recording got = record(path, other);
      EXPECT_EQ(got.final_facts->decode->errors_total, reference.final_facts->decode->errors_total)
          << clip << ", " << other.threads << " threads";
      EXPECT_EQ(got.final_facts->decode->damaged_frames,
                reference.final_facts->decode->damaged_frames)
          << clip << ", " << other.threads << " threads";
    }
  }
  EXPECT_GE(noticed, 3);  // arithmetic coding takes some changes without a word
}

// Writes over the packets of the sound stream of a file: `first` of them, or all. Positions are
// ffprobe's.
std::string with_noise_for_sound(const std::string& clip, const std::string& as, int first) {
  const std::string path = made(clip);
  std::vector<std::pair<std::size_t, std::size_t>> places;
  std::istringstream lines(
      output_of("ffprobe -v error -select_streams a:0 -show_entries "
                "packet=pos,size -of csv=p=0 " +
                path));
  std::size_t size = 0, at = 0;
  for (char comma = 0; lines >> size >> comma >> at;) places.emplace_back(at, size);
  std::ifstream in(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  std::mt19937 random(5);
  for (std::size_t i = 0; i < places.size() && (first < 0 || i < static_cast<std::size_t>(first));
       ++i)
    for (std::size_t k = 0; k < places[i].second; ++k)
      bytes[places[i].first + k] = static_cast<char>(random() | 0x80);
  const std::string made_path = std::filesystem::path(path).replace_filename(as);
  std::ofstream(made_path, std::ios::binary) << bytes;
  return made_path;
}

TEST_F(Damaged, SoundThatNoSpecAsksForIsHeardToBeGarbage) {
  const std::string path = with_noise_for_sound("h264.mp4", "noise_h264.mp4", -1);
  const auto source = open_path(path);
  ASSERT_TRUE(source);
  probes::MeasureRequest request;
  request.threads = 2;
  request.rows = {std::string(FrameTimeRow::kType.name)};
  const Recording got = record(**source, request, {});
  ASSERT_TRUE(got.error);
  EXPECT_EQ(got.error->code, ErrorCode::damaged);
  const auto& errors = got.final_facts->decode->errors;
  ASSERT_FALSE(errors.empty());
  EXPECT_EQ(errors.front().stream, 1);
  EXPECT_EQ(got.final_facts->decode->damaged_frames, 0);
}

TEST_F(Damaged, SoundAfterUndecodablePacketsKeepsItsPlace) {
  const Recording whole = record(made("h264.mp4"));
  const Recording got = record(with_noise_for_sound("h264.mp4", "late_h264.mp4", 20));
  ASSERT_TRUE(got.final_facts && whole.final_facts);
  EXPECT_EQ(got.error->code, ErrorCode::damaged);
  const auto* sound = got.final_facts->streams.at(1).audio();
  const auto* expected = whole.final_facts->streams.at(1).audio();
  ASSERT_TRUE(sound && expected && sound->sample_count && expected->sample_count);
  // The priming that the container drops is among the lost packets.
  EXPECT_NEAR(static_cast<double>(*sound->sample_count),
              static_cast<double>(*expected->sample_count), 2048);
}

// The first errors of the sound stay, however many the picture before it has.
TEST_F(Damaged, EveryStreamKeepsItsFirstErrors) {
  const std::string path = with_noise_for_sound("h264.mp4", "noise_h264.mp4", -1);
  const Recording got = record(path);
  ASSERT_TRUE(got.final_facts);
  const auto& decode = *got.final_facts->decode;
  EXPECT_GE(decode.errors_total, static_cast<std::int64_t>(decode.errors.size()));
  EXPECT_TRUE(std::any_of(decode.errors.begin(), decode.errors.end(),
                          [](const probes::Damage& error) { return error.stream == 1; }));
}

TEST_F(Damaged, AMovieWithoutItsTableIsRefused) {
  const Recording got = record(altered("h264.mp4", "cut_h264.mp4", cut));  // moov at the end
  ASSERT_TRUE(got.error);
  EXPECT_EQ(got.error->code, ErrorCode::damaged);
  EXPECT_NE(got.error->message.find("moov"), std::string::npos) << got.error->message;
}

// The small ones among the real files, the same in every run.
std::vector<std::string> small_real_files(const std::filesystem::path& folder) {
  constexpr const char* kKinds[] = {".mp4", ".mkv", ".ts", ".mov", ".webm", ".wav", ".flv", ".avi"};
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const bool known = std::count(std::begin(kKinds), std::end(kKinds), entry.path().extension());
    if (known && entry.is_regular_file() && entry.file_size() <= kSmallFile)
      paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// Real files, good and broken: measured, or refused with a reason.
TEST(RealMedia, IsMeasuredOrRefusedWithAReason) {
  CLEANGATE_SHARED_MEDIA(media);
  int measured = 0, refused = 0;
  for (const std::string& path : small_real_files(media / "containers")) {
    const Recording got = record(path);
    if (got.error) {
      ++refused;
      EXPECT_TRUE(got.error->message.ends_with(".")) << path << ": " << got.error->message;
      EXPECT_NE(got.error->code, ErrorCode::internal) << path << ": " << got.error->message;
      continue;
    }
    ++measured;
    ASSERT_TRUE(got.final_facts) << path;
    EXPECT_TRUE(got.final_facts->content_id) << path;
  }
  EXPECT_GT(measured, 20);
  std::printf("%d measured, %d refused\n", measured, refused);
}

}  // namespace
}  // namespace cleangate::test
