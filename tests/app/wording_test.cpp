// SPDX-License-Identifier: Apache-2.0
#include "app/wording.h"

#include <gtest/gtest.h>

namespace cleangate::app {
namespace {

probes::AssetFacts with_timecode(Rational frame_rate, Rational timecode_rate, const char* start,
                                 bool drop) {
  probes::AssetFacts facts;
  probes::StreamFacts stream;
  stream.kind = probes::StreamKind::video;
  probes::VideoFacts video;
  video.frame_rate = frame_rate;
  video.frame_rate_mode = probes::RateMode::constant;
  stream.media = video;
  facts.streams.push_back(stream);
  probes::TimecodeFacts timecode;
  timecode.start = std::string(start);
  timecode.rate = timecode_rate;
  timecode.drop_frame = drop;
  timecode.primary = true;
  facts.timecodes.push_back(timecode);
  return facts;
}

specs::Span frames(std::int64_t first, std::int64_t end, Rational rate) {
  specs::Span span;
  span.stream = 0;
  span.first_frame = first;
  span.end_frame = end;
  span.start_s = Rational(first) / rate;
  span.end_s = Rational(end) / rate;
  return span;
}

TEST(Wording, NumbersKeepThreeDigits) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(812), "812 B");
  EXPECT_EQ(bytes_text(999'600), "1.00 MB");
  EXPECT_EQ(bytes_text(7'812'345), "7.81 MB");
  EXPECT_EQ(bytes_text(52'400'000'000ull), "52.4 GB");
  EXPECT_EQ(bit_rate_text(320'000), "320 kb/s");
  EXPECT_EQ(bit_rate_text(52'400'000), "52.4 Mb/s");
}

TEST(Wording, DurationsAreRoundedToMilliseconds) {
  EXPECT_EQ(duration_text(Rational(1, 3)), "0.333 s");
  EXPECT_EQ(duration_text(Rational(4)), "4.000 s");
  EXPECT_EQ(duration_text(Rational(3723040, 1000)), "1:02:03.040");
  EXPECT_EQ(duration_text(Rational(-3, 2)), "-1.500 s");
}

TEST(Wording, LabelsCountFromThePrimaryTimecode) {
  const auto facts = with_timecode(25, 25, "10:00:00:00", false);
  const auto labels = labels_of(facts, frames(200, 300, 25));
  EXPECT_EQ(labels.in, "10:00:08:00");
  EXPECT_EQ(labels.out, "10:00:12:00");
}

TEST(Wording, DropFrameLabelsSkip) {
  // SMPTE ST 12-1: frame 1800 of 29.97 drop-frame is 00:01:00;02.
  const Rational rate(30000, 1001);
  const auto labels =
      labels_of(with_timecode(rate, rate, "00:00:00;00", true), frames(1800, 17982, rate));
  EXPECT_EQ(labels.in, "00:01:00;02");
  EXPECT_EQ(labels.out, "00:10:00;00");
}

TEST(Wording, TwoFramesShareALabelWhereTheTimecodeCountsHalfTheRate) {
  const auto labels = labels_of(with_timecode(50, 25, "00:00:00:00", false), frames(51, 100, 50));
  EXPECT_EQ(labels.in, "00:00:01:00");
  EXPECT_EQ(labels.out, "00:00:02:00");
}

TEST(Wording, NoLabelsWithoutTimecodeOrAfterAJumpOrAtVariableRate) {
  auto facts = with_timecode(25, 25, "10:00:00:00", false);
  facts.timecodes[0].discontinuities.push_back({250, "10:00:10:00", "11:00:00:00"});
  EXPECT_FALSE(labels_of(facts, frames(200, 300, 25)).in);
  EXPECT_TRUE(labels_of(facts, frames(200, 240, 25)).in);
  facts = with_timecode(25, 25, "10:00:00:00", false);
  facts.streams[0].video()->frame_rate_mode = probes::RateMode::variable;
  EXPECT_FALSE(labels_of(facts, frames(200, 300, 25)).in);
  facts.timecodes.clear();
  EXPECT_FALSE(labels_of(facts, frames(200, 300, 25)).in);
}

TEST(Wording, WhereSaysTimecodeLengthAndFrames) {
  const auto facts = with_timecode(25, 25, "10:00:00:00", false);
  EXPECT_EQ(where_text(facts, frames(200, 300, 25)),
            "at 10:00:08:00 for 4.000 s (frames 200 to 299)");
  EXPECT_EQ(where_text({}, frames(200, 201, 25)), "at 8.000 s for 0.040 s (frame 200)");
}

}  // namespace
}  // namespace cleangate::app
