// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <random>

#include "tests/pipeline/pass/made_media.h"
#include "tests/pipeline/pass/recording.h"
#include "tests/support/shared_media.h"

namespace cleangate::test {
namespace {

using pass::DecodeMode;
using probes::FrameTimeRow;

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

TEST_F(Damaged, AMovieWithoutItsTableIsRefused) {
  const Recording got = record(altered("h264.mp4", "cut_h264.mp4", cut));  // moov at the end
  ASSERT_TRUE(got.error);
  EXPECT_EQ(got.error->code, ErrorCode::damaged);
  EXPECT_NE(got.error->message.find("moov"), std::string::npos) << got.error->message;
}

// Real files, good and broken: measured, or refused with a reason, in bounded time.
TEST(RealMedia, IsMeasuredOrRefusedWithAReason) {
  CLEANGATE_SHARED_MEDIA(media);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(40);
  int measured = 0, refused = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(media / "containers")) {
    if (std::chrono::steady_clock::now() > deadline) break;
    if (!entry.is_regular_file() || entry.file_size() > 400'000) continue;
    const std::string path = entry.path();
    for (const char* media_name :
         {".mp4", ".mkv", ".ts", ".mov", ".webm", ".wav", ".flv", ".avi"}) {
      if (!path.ends_with(media_name)) continue;
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
  }
  EXPECT_GT(measured, 20);
  std::printf("%d measured, %d refused\n", measured, refused);
}

}  // namespace
}  // namespace cleangate::test
