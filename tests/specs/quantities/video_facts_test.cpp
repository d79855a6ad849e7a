// SPDX-License-Identifier: Apache-2.0
#include "tests/specs/quantities/ask.h"

namespace cleangate::test {
namespace {

TEST(VideoFacts, SaysWhatTheStreamSays) {
  auto evidence = made_evidence();
  EXPECT_EQ(number("video.stream_count", evidence), Rational(1));
  EXPECT_EQ(text("video.codec", evidence), "h264");
  EXPECT_EQ(text("video.profile", evidence), "High");
  EXPECT_EQ(text("video.level", evidence), "4.1");
  EXPECT_EQ(text("video.resolution", evidence), "1920x1080");
  EXPECT_EQ(number("video.width", evidence), Rational(1920));
  EXPECT_EQ(number("video.height", evidence), Rational(1080));
  EXPECT_EQ(number("video.short_side", evidence), Rational(1080));
  std::swap(evidence.facts_.streams[0].video()->width, evidence.facts_.streams[0].video()->height);
  EXPECT_EQ(number("video.short_side", evidence), Rational(1080));
  std::swap(evidence.facts_.streams[0].video()->width, evidence.facts_.streams[0].video()->height);
  EXPECT_EQ(number("video.pixel_aspect", evidence), Rational(1));
  EXPECT_EQ(number("video.display_aspect", evidence), Rational(16, 9));
  EXPECT_EQ(text("video.scan", evidence), "progressive");
  EXPECT_EQ(text("video.chroma", evidence), "4:2:0");
  EXPECT_EQ(number("video.bit_depth", evidence), Rational(8));
}

TEST(VideoFacts, AbsenceMeansWhatTheFactMeans) {
  auto evidence = made_evidence();
  auto& stream = evidence.facts_.streams[0];
  EXPECT_EQ(absence("video.field_order", evidence), "not_applicable");
  EXPECT_EQ(number("video.rotation", evidence), Rational(0));
  EXPECT_FALSE(flag("video.alpha", evidence));
  stream.video()->rotation = 90;
  EXPECT_EQ(number("video.rotation", evidence), Rational(90));
  stream.video()->width = 0;
  EXPECT_EQ(absence("video.width", evidence), "not_measured");
  EXPECT_EQ(absence("video.resolution", evidence), "not_measured");
  stream.profile = {};
  EXPECT_EQ(absence("video.profile", evidence), "not_applicable");
  stream.profile = Fact<std::string>::unknown();
  EXPECT_EQ(absence("video.profile", evidence), "not_measured");
  EXPECT_EQ(absence("video.codec_tag", evidence), "not_applicable");
}

TEST(VideoFacts, OneReadingForEachVideoStream) {
  auto evidence = made_evidence();
  auto second = evidence.facts_.streams[0];
  second.index = 2;
  evidence.facts_.streams.push_back(second);
  const auto readings = ask("video.codec", evidence);
  ASSERT_EQ(readings.size(), 2u);
  EXPECT_EQ(readings[1].subject, (specs::Subject{specs::SubjectKind::video_stream, 2}));
  evidence.facts_.streams.clear();
  EXPECT_TRUE(ask("video.codec", evidence).empty());
}

}  // namespace
}  // namespace cleangate::test
