// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/duration.h"

#include <gmock/gmock.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::PictureStream;

tl::expected<Duration, Absent> shortest(PictureStream& stream, std::string_view written) {
  ParameterSet parameters(*find_quantity("picture.freeze"));
  EXPECT_TRUE(parameters.set("shortest", written));
  return duration_of(parameters, "shortest", stream.evidence(), 0);
}

TEST(Duration, IsInSecondsOrInFramesOfTheStream) {
  PictureStream stream;
  stream.add_flat(100, 2);
  const auto seconds = shortest(stream, "200 ms"), frames = shortest(stream, "5 frames");
  ASSERT_TRUE(seconds && frames);
  EXPECT_EQ(seconds->seconds, Rational(1, 5));
  EXPECT_FALSE(seconds->frames);
  EXPECT_EQ(frames->seconds, Rational(1, 5));
  EXPECT_EQ(frames->frames, Rational(5));
}

// Five frames of 24000/1001 in milliseconds last 208 or 209 of them, and are five either way.
TEST(Duration, CountsFramesWhateverTheContainerRounds) {
  PictureStream stream;
  stream.add_flat(100, 40);
  const Rational rate(24000, 1001);
  stream.facts().time_base = Rational(1, 1000);
  std::get<probes::VideoFacts>(stream.facts().media).frame_rate = rate;
  for (std::size_t i = 0; i < stream.times().size(); ++i)
    stream.times()[i].pts = (Rational(static_cast<std::int64_t>(i) * 1000) / rate).round();
  const auto map = FrameMap::of(stream.evidence(), 0);
  const auto frames = shortest(stream, "5 frames"), seconds = shortest(stream, "208.5 ms");
  ASSERT_TRUE(map && frames && seconds);
  bool shorter = false;
  for (std::int64_t first = 0; first < 30; ++first) {
    EXPECT_TRUE(frames->reached_by(*map, first, first + 5));
    EXPECT_FALSE(frames->reached_by(*map, first, first + 4));
    shorter = shorter || !seconds->reached_by(*map, first, first + 5);
  }
  EXPECT_TRUE(shorter);
}

TEST(Duration, InFramesIsUndecidedWithoutAConstantRate) {
  PictureStream stream;
  stream.add_flat(100, 2);
  auto& video = std::get<probes::VideoFacts>(stream.facts().media);
  const auto because = [&] {
    EXPECT_TRUE(shortest(stream, "1 s"));
    const auto frames = shortest(stream, "5 frames");
    EXPECT_FALSE(frames);
    if (frames) return std::string();
    EXPECT_EQ(frames.error().kind, AbsenceKind::undecided);
    return frames.error().because;
  };
  video.frame_rate_mode = probes::RateMode::variable;
  EXPECT_THAT(because(), testing::HasSubstr("the frame rate of stream 0 is variable or not known"));
  video.frame_rate_mode = probes::RateMode::constant;
  EXPECT_TRUE(shortest(stream, "5 frames"));
  video.frame_rate = Fact<Rational>::unknown();
  EXPECT_FALSE(because().empty());
}

}  // namespace
}  // namespace cleangate::specs
