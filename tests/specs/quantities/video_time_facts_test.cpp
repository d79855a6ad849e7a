// SPDX-License-Identifier: Apache-2.0
#include "tests/specs/quantities/ask.h"

namespace cleangate::test {
namespace {

TEST(VideoTimeFacts, RatesAndGroups) {
  auto evidence = made_evidence();
  EXPECT_EQ(number("video.frame_rate", evidence), Rational(25));
  EXPECT_EQ(text("video.frame_rate_mode", evidence), "constant");
  EXPECT_EQ(number("video.frame_count", evidence), Rational(1500));
  EXPECT_EQ(number("video.bit_rate", evidence), Rational(9'000'000));
  EXPECT_EQ(number("video.bit_rate_max", evidence), Rational(10'000'000));
  EXPECT_EQ(number("video.gop_length_max", evidence), Rational(12));
  EXPECT_EQ(number("video.gop_duration_max", evidence), Rational(12, 25));
  EXPECT_EQ(number("video.b_frames_max", evidence), Rational(2));
  EXPECT_TRUE(flag("video.gop_closed", evidence));
  EXPECT_FALSE(flag("video.intra_only", evidence));
}

TEST(VideoTimeFacts, AtDepthHeaderAbsenceSaysNothing) {
  auto evidence = made_evidence();
  auto& stream = evidence.facts_.streams[0];
  stream.video()->gop = {};
  stream.bit_rate = {};
  for (const char* id : {"video.gop_length_max", "video.gop_duration_max", "video.gop_closed",
                         "video.b_frames_max", "video.intra_only", "video.bit_rate"})
    EXPECT_EQ(absence(id, evidence), "not_applicable") << id;
  evidence.facts_.depth = probes::Depth::header;
  for (const char* id :
       {"video.gop_length_max", "video.gop_duration_max", "video.gop_closed", "video.b_frames_max",
        "video.intra_only", "video.bit_rate", "video.bit_rate_max"})
    EXPECT_EQ(absence(id, evidence), "not_measured") << id;
}

TEST(VideoTimeFacts, ADamagedStructureTaintsWhatIsCounted) {
  auto evidence = made_evidence();
  evidence.facts_.container_damage.push_back({-1, {}, "truncated"});
  for (const char* id : {"video.frame_count", "video.bit_rate", "video.gop_length_max"})
    EXPECT_TRUE(ask(id, evidence).at(0).tainted_because.has_value()) << id;
}

}  // namespace
}  // namespace cleangate::test
