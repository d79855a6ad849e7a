// SPDX-License-Identifier: Apache-2.0
#include "tests/specs/quantities/ask.h"

namespace cleangate::test {
namespace {

TEST(AudioFacts, StreamsAndChannels) {
  auto evidence = made_evidence();
  EXPECT_EQ(number("audio.stream_count", evidence), Rational(1));
  EXPECT_EQ(number("audio.channel_count", evidence), Rational(2));
  EXPECT_EQ(text("audio.codec", evidence), "aac");
  EXPECT_EQ(text("audio.profile", evidence), "LC");
  EXPECT_EQ(number("audio.channels", evidence), Rational(2));
  EXPECT_EQ(text("audio.channel_layout", evidence), "stereo");
  EXPECT_EQ(number("audio.sample_rate", evidence), Rational(48000));
  EXPECT_EQ(number("audio.bit_rate", evidence), Rational(384'000));
  EXPECT_EQ(absence("audio.bit_depth", evidence), "not_applicable");
  EXPECT_EQ(absence("audio.language", evidence), "not_applicable");
  evidence.facts_.streams[1].audio()->channels = 0;
  EXPECT_EQ(absence("audio.channel_count", evidence), "not_measured");
  EXPECT_EQ(absence("audio.channels", evidence), "not_measured");
}

TEST(AudioFacts, CodedSoundInsidePcm) {
  auto evidence = made_evidence();
  EXPECT_EQ(absence("audio.embedded", evidence), "not_applicable");
  evidence.facts_.streams[1].audio()->embedded = std::string("dolby_e");
  EXPECT_EQ(text("audio.embedded", evidence), "dolby_e");
  evidence.facts_.streams[1].audio()->embedded = {};
  evidence.facts_.depth = probes::Depth::header;
  EXPECT_EQ(absence("audio.embedded", evidence), "not_measured");
}

TEST(AudioFacts, AnAssumedGroupingCountsNothing) {
  auto evidence = made_evidence();
  EXPECT_EQ(number("soundfield.count", evidence), Rational(1));
  EXPECT_EQ(text("soundfield.layout", evidence), "2.0");
  EXPECT_EQ(absence("soundfield.language", evidence), "not_applicable");
  evidence.facts_.soundfields[0].grouping = probes::Grouping::assumed;
  EXPECT_EQ(absence("soundfield.count", evidence), "not_measured");
}

}  // namespace
}  // namespace cleangate::test
