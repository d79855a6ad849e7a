// SPDX-License-Identifier: Apache-2.0
#include "tests/specs/quantities/ask.h"

namespace cleangate::test {
namespace {

probes::TimecodeFacts drop_frame_track() {
  probes::TimecodeFacts timecode;
  timecode.source = probes::TimecodeSource::tmcd;
  timecode.start = std::string("01:00:00;02");
  timecode.rate = Rational(30000, 1001);
  timecode.drop_frame = true;
  timecode.primary = true;
  return timecode;
}

TEST(TimecodeFacts, ThePrimaryOneSpeaks) {
  auto evidence = made_evidence();
  EXPECT_EQ(absence("timecode.start", evidence), "not_applicable");
  probes::TimecodeFacts other;
  other.source = probes::TimecodeSource::gop;
  other.start = std::string("00:00:00:00");
  evidence.facts_.timecodes = {other, drop_frame_track()};
  const auto start = scalar("timecode.start", evidence);
  ASSERT_TRUE(std::holds_alternative<Timecode>(start));
  EXPECT_EQ(to_string(std::get<Timecode>(start)), "01:00:00;02");
  EXPECT_TRUE(flag("timecode.drop_frame", evidence));
  EXPECT_EQ(number("timecode.rate", evidence), Rational(30000, 1001));
  EXPECT_EQ(text("timecode.source", evidence), "tmcd");
  EXPECT_EQ(number("timecode.discontinuities", evidence), Rational(0));
}

TEST(TimecodeFacts, WhatCannotBeReadIsNotKnown) {
  auto evidence = made_evidence();
  evidence.facts_.timecodes = {drop_frame_track()};
  evidence.facts_.timecodes[0].start = std::string("99:99:99;99");
  EXPECT_EQ(absence("timecode.start", evidence), "not_measured");
  evidence.facts_.timecodes.clear();
  evidence.facts_.depth = probes::Depth::header;
  EXPECT_EQ(absence("timecode.start", evidence), "not_measured");
  EXPECT_EQ(absence("timecode.discontinuities", evidence), "not_measured");
}

}  // namespace
}  // namespace cleangate::test
