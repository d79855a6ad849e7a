// SPDX-License-Identifier: Apache-2.0
#include "tests/specs/quantities/ask.h"

namespace cleangate::test {
namespace {

TEST(ColorFacts, UnspecifiedIsAValueOnceTheBitstreamWasRead) {
  auto evidence = made_evidence();
  EXPECT_EQ(text("video.color_primaries", evidence), "bt709");
  EXPECT_EQ(text("video.color_transfer", evidence), "bt709");
  EXPECT_EQ(text("video.color_matrix", evidence), "bt709");
  EXPECT_EQ(text("video.color_range", evidence), "narrow");
  evidence.facts_.streams[0].video()->color = {};
  EXPECT_EQ(text("video.color_primaries", evidence), "unspecified");
  evidence.facts_.depth = probes::Depth::header;
  EXPECT_EQ(absence("video.color_primaries", evidence), "not_measured");
}

TEST(ColorFacts, DynamicRange) {
  auto evidence = made_evidence();
  EXPECT_EQ(text("video.hdr", evidence), "sdr");
  EXPECT_EQ(absence("video.max_cll", evidence), "not_applicable");
  probes::Hdr hdr;
  hdr.formats = {"hdr10", "dolby_vision"};
  hdr.content_light = probes::ContentLight{1000, 400};
  hdr.mastering = probes::MasteringDisplay{{}, {}, {}, {}, 50, 10'000'000, "bitstream"};
  hdr.dolby_vision = probes::DolbyVision{8, 6, 1, true, false, true};
  evidence.facts_.streams[0].video()->hdr = hdr;
  EXPECT_EQ(text("video.hdr", evidence), "hdr10+dolby_vision");
  EXPECT_EQ(number("video.max_cll", evidence), Rational(1000));
  EXPECT_EQ(number("video.max_fall", evidence), Rational(400));
  EXPECT_EQ(number("video.mastering_luminance_max", evidence), Rational(1000));
  EXPECT_EQ(number("video.mastering_luminance_min", evidence), Rational(1, 200));
  EXPECT_EQ(number("video.dolby_vision_profile", evidence), Rational(8));
  evidence.facts_.streams[0].video()->hdr = {};
  evidence.facts_.depth = probes::Depth::header;
  EXPECT_EQ(absence("video.hdr", evidence), "not_measured");
}

}  // namespace
}  // namespace cleangate::test
