// SPDX-License-Identifier: Apache-2.0
// A pass that goes on from what another remembered gives what an uninterrupted one gives.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <set>

#include "pipeline/pass/decode_memory.h"
#include "pipeline/pass/pass.h"
#include "probes/picture/luma_row.h"
#include "probes/picture/picture_analyzers.h"
#include "tests/pipeline/pass/made_media.h"
#include "tests/pipeline/pass/recording.h"
#include "tests/support/shared_media.h"

namespace cleangate::test {
namespace {

using pass::DecodeMode;
using pass::PieceHead;

struct Memory final : pass::DecodeMemory {
  struct Piece {
    PieceHead head;
    std::vector<std::byte> payload;
  };
  Memory() = default;
  explicit Memory(const std::vector<Piece>& earlier) : kept(earlier) {
    for (const Piece& piece : earlier) heads.push_back(piece.head);
  }
  [[nodiscard]] const std::vector<PieceHead>& pieces() const override { return heads; }
  [[nodiscard]] Expected<std::vector<std::byte>> payload(std::size_t piece) override {
    return kept[piece].payload;
  }
  void goes_on(const PieceHead& head) override { went_on = head; }
  void keep(const PieceHead& head, std::span<const std::byte> payload) override {
    const std::lock_guard lock(mutex);
    kept.push_back({head, {payload.begin(), payload.end()}});
  }

  std::mutex mutex;
  std::vector<PieceHead> heads;  // given to the pass
  std::vector<Piece> kept;       // those, and the new ones
  std::optional<PieceHead> went_on;
};

struct Passed {
  Recording recording;
  std::int64_t decoded = 0, first_decoded = -1;  // pictures; the lowest packet of stream 0
};

Passed run(const std::string& path, const Setting& setting, Memory* memory) {
  const auto source = open_path(path);
  EXPECT_TRUE(source);
  Passed passed;
  std::mutex mutex;
  probes::MeasureRequest request;
  request.threads = setting.threads;
  pass::PassTuning tuning;
  tuning.mode = setting.mode;
  tuning.frames_per_job = setting.frames_per_job;
  tuning.memory = memory;
  tuning.inspect = [&](int, std::int64_t packet, const VideoFrame&) {
    const std::lock_guard lock(mutex);
    ++passed.decoded;
    if (passed.first_decoded < 0 || packet < passed.first_decoded) passed.first_decoded = packet;
  };
  passed.recording = record(**source, request, tuning);
  return passed;
}

void expect_same(const Recording& got, const Recording& reference, const std::string& what) {
  ASSERT_EQ(got.error.has_value(), reference.error.has_value())
      << what << ": " << (got.error ? got.error->message : "no error");
  EXPECT_TRUE(got.series == reference.series) << what;
  ASSERT_TRUE(got.final_facts) << what;
  EXPECT_TRUE(*got.final_facts == *reference.final_facts) << what;
}

// Interrupted after each number of pieces in turn; `fewest`: pieces there must be at least.
void expect_resumable(const std::string& path, const Setting& before, const Setting& after,
                      std::size_t fewest) {
  SCOPED_TRACE(path + ", " + std::to_string(before.threads) + " threads, mode " +
               std::to_string(static_cast<int>(before.mode)) + ", then " +
               std::to_string(after.threads) + ", mode " +
               std::to_string(static_cast<int>(after.mode)));
  const Recording reference = run(path, before, nullptr).recording;
  ASSERT_FALSE(reference.series.empty());
  Memory first;
  expect_same(run(path, before, &first).recording, reference, "while it is remembered");
  ASSERT_GE(first.kept.size(), fewest);
  const std::size_t step = std::max<std::size_t>(1, first.kept.size() / 4);
  for (std::size_t pieces = 0; pieces <= first.kept.size(); pieces += step) {
    const std::string what = std::to_string(pieces) + " pieces";
    Memory memory({first.kept.begin(), first.kept.begin() + static_cast<std::ptrdiff_t>(pieces)});
    const Passed resumed = run(path, after, &memory);
    expect_same(resumed.recording, reference, what);
    ASSERT_EQ(memory.went_on.has_value(), pieces >= 2) << what;
    if (pieces < 2) continue;
    EXPECT_EQ(*memory.went_on, first.kept[pieces - 1].head) << what;
    EXPECT_GE(resumed.first_decoded, memory.went_on->first) << what;
    EXPECT_LE(resumed.decoded,
              static_cast<std::int64_t>(reference.rows_of<probes::FrameTimeRow>().size()) -
                  memory.went_on->frame)
        << what;
    // Interrupted a second time, further on.
    Memory again({memory.kept.begin(), memory.kept.end()});
    expect_same(run(path, after, &again).recording, reference, what + ", twice");
    ASSERT_TRUE(again.went_on) << what;
    EXPECT_GE(again.went_on->first, memory.went_on->first) << what;
  }
}

class Remembered : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { CLEANGATE_NEEDS_FFMPEG(); }
};

TEST_P(Remembered, RowsAndFactsAreThoseOfAnUninterruptedPass) {
  const Setting jobs{2, DecodeMode::jobs, 10}, linear{1, DecodeMode::linear},
      threads{3, DecodeMode::linear};
  const std::string path = made(GetParam());
  expect_resumable(path, jobs, jobs, 3);
  expect_resumable(path, linear, threads, 2);
  expect_resumable(path, threads, jobs, 2);
  expect_resumable(path, jobs, linear, 3);
}

INSTANTIATE_TEST_SUITE_P(Clips, Remembered,
                         testing::Values("prores.mov", "h264.mp4", "h264_open.mp4", "h264.ts",
                                         "hevc_open.mp4", "mpeg2_open.mxf", "mpeg2.mpg", "ffv1.mkv",
                                         "h264_fragments.mp4"),
                         [](const auto& clip) {
                           std::string name = clip.param;
                           for (char& c : name)
                             if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
                           return name;
                         });

void flip(std::vector<char>& bytes) {
  std::mt19937 random(7);
  const auto size = static_cast<double>(bytes.size());
  std::uniform_int_distribution<std::size_t> where(static_cast<std::size_t>(size * 0.4),
                                                   static_cast<std::size_t>(size * 0.9));
  for (int i = 0; i < 3; ++i) bytes[where(random)] ^= 0x10;
}

TEST(RememberedDamage, IsThatOfAnUninterruptedPass) {
  CLEANGATE_NEEDS_FFMPEG();
  for (const char* clip :
       {"ffv1.mkv", "prores.mov", "h264.mp4", "h264_open.mp4", "mpeg2_open.mxf"}) {
    const std::string path = altered(clip, std::string("remembered_") + clip, flip);
    const Recording reference = run(path, {2, DecodeMode::jobs, 5}, nullptr).recording;
    ASSERT_TRUE(reference.error) << clip << " is to be damaged";
    Memory first;
    expect_same(run(path, {2, DecodeMode::jobs, 5}, &first).recording, reference, clip);
    std::size_t went_on = 0;
    for (std::size_t pieces = 2; pieces <= first.kept.size(); ++pieces)
      for (const DecodeMode mode : {DecodeMode::jobs, DecodeMode::linear}) {
        Memory memory(
            {first.kept.begin(), first.kept.begin() + static_cast<std::ptrdiff_t>(pieces)});
        const Passed resumed = run(path, {1, mode, 5}, &memory);
        expect_same(resumed.recording, reference, clip);
        if (memory.went_on) ++went_on;
      }
    EXPECT_GT(went_on, 0u) << clip;
  }
}

// Intra refresh has no random-access points; where the clock runs backward, only closed ones hold.
TEST(RememberedNot, WhereDecodingCannotBeginAnew) {
  CLEANGATE_NEEDS_FFMPEG();
  for (const char* clip : {"h264_refresh.mp4", "wild.ts"}) {
    Memory memory;
    const Recording reference = run(made(clip), {1}, nullptr).recording;
    expect_same(run(made(clip), {1}, &memory).recording, reference, clip);
    EXPECT_LE(memory.kept.size(), 1u) << clip;
  }
}

// Real files, interrupted just before their end: whatever they are, nothing is different.
TEST(RememberedRealMedia, ComesOutAsUninterrupted) {
  CLEANGATE_SHARED_MEDIA(media);
  namespace fs = std::filesystem;
  const std::set<std::string> kinds{".mxf", ".mov",  ".mp4", ".mkv", ".ts",  ".mpg", ".m2ts",
                                    ".avi", ".webm", ".m2v", ".264", ".265", ".h264"};
  std::map<fs::path, std::vector<fs::path>> folders;  // the first few of each
  for (const auto& entry : fs::recursive_directory_iterator(media))
    if (entry.is_regular_file() && kinds.contains(entry.path().extension()) &&
        entry.file_size() < 1'000'000)
      folders[entry.path().parent_path()].push_back(entry.path());
  int files = 0, went_on = 0;
  for (auto& [folder, paths] : folders) {
    std::sort(paths.begin(), paths.end());
    if (paths.size() > 3) paths.resize(3);
  }
  for (const auto& [folder, paths] : folders)
    for (const fs::path& path : paths) {
      const Recording reference = run(path, {2}, nullptr).recording;
      if (!reference.final_facts || reference.rows_of<probes::FrameTimeRow>().size() < 30) continue;
      ++files;
      Memory first;
      expect_same(run(path, {2, DecodeMode::jobs, 8}, &first).recording, reference, path);
      Memory rest(first.kept);
      const Recording resumed = run(path, {2}, &rest).recording;
      if (rest.went_on && resumed.error && resumed.error->code == ErrorCode::internal) {
        ADD_FAILURE() << path << " does not fit itself";
        continue;
      }
      expect_same(resumed, reference, path);
      if (rest.went_on) ++went_on;
    }
  RecordProperty("files", files);
  RecordProperty("went_on", went_on);
  EXPECT_GT(went_on, 2) << "of " << files << " files";
}

// Whatever a memory says that is not of this file: the rows are right, or the pass fails.
class Misfit : public testing::Test {
 protected:
  void SetUp() override {
    CLEANGATE_NEEDS_FFMPEG();
    reference_ = run(path(), {1, DecodeMode::linear}, nullptr).recording;
    (void)run(path(), {2, DecodeMode::jobs, 10}, &first_);
    ASSERT_GE(first_.kept.size(), 4u);
  }
  static std::string path() { return made("mpeg2_open.mxf"); }
  void expect_true_or_failed(const std::vector<Memory::Piece>& pieces, const std::string& what) {
    Memory memory(pieces);
    const Passed got = run(path(), {2, DecodeMode::jobs, 10}, &memory);
    if (!got.recording.error) return expect_same(got.recording, reference_, what);
    EXPECT_EQ(got.recording.error->code, ErrorCode::internal) << what;
  }
  Recording reference_;
  Memory first_;
};

TEST_F(Misfit, PiecesOfAnotherFileAreNotTaken) {
  Memory other;
  (void)run(made("hevc_open.mp4"), {2, DecodeMode::jobs, 10}, &other);
  Memory memory(other.kept);
  expect_same(run(path(), {2}, &memory).recording, reference_, "another codec");
  EXPECT_FALSE(memory.went_on);
}

TEST_F(Misfit, PiecesThatAreMissingDoubledOrMovedAreNotBelieved) {
  auto gap = first_.kept, doubled = first_.kept, moved = first_.kept;
  gap.erase(gap.begin() + 1);
  expect_true_or_failed(gap, "a gap");
  doubled.insert(doubled.begin() + 2, doubled[1]);
  expect_true_or_failed(doubled, "one twice");
  for (auto& piece : moved) {
    if (piece.head.first > 0) ++piece.head.first;
    ++piece.head.end;
  }
  expect_true_or_failed(moved, "one packet late");
}

TEST_F(Misfit, ASeamThatDecodesToOtherRowsFailsThePass) {
  auto pieces = first_.kept;
  auto& payload = pieces.back().payload;
  std::size_t behind = 0;  // the luma row of the last frame: those of the other analyzers
  for (const probes::PictureAnalyzer& each : probes::picture_analyzers())
    if (each.type->name != probes::LumaRow::kType.name) behind += each.type->size;
  payload[payload.size() - behind - 1] ^= std::byte{1};
  Memory memory(pieces);
  const Passed got = run(path(), {2, DecodeMode::jobs, 10}, &memory);
  ASSERT_TRUE(got.recording.error);
  EXPECT_EQ(got.recording.error->code, ErrorCode::internal);
}

// The checksum of its file answers for a payload; altered all the same it breaks nothing.
TEST_F(Misfit, AlteredPayloadsBreakNothing) {
  std::mt19937 random(3);
  int taken = 0;
  for (int round = 0; round < 60; ++round) {
    auto pieces = first_.kept;
    pieces.resize(2 + random() % (pieces.size() - 1));
    auto& payload = pieces[random() % pieces.size()].payload;
    const std::size_t reach = round % 2 ? 300 : payload.size();
    if (round % 3 == 0)
      payload.resize(random() % payload.size());
    else
      payload[random() % reach] ^= static_cast<std::byte>(1 + random() % 255);
    Memory memory(pieces);
    const Passed got = run(path(), {2, DecodeMode::jobs, 10}, &memory);
    if (got.recording.error) {
      EXPECT_EQ(got.recording.error->code, ErrorCode::internal) << round;
    }
    if (memory.went_on) ++taken;
  }
  EXPECT_GT(taken, 0);
}

}  // namespace
}  // namespace cleangate::test
