// SPDX-License-Identifier: Apache-2.0
#include "tests/specs/quantities/ask.h"

namespace cleangate::test {
namespace {

TEST(FileFacts, NameSizeAndDuration) {
  auto evidence = made_evidence();
  EXPECT_EQ(text("file.name", evidence), "film.mp4");
  EXPECT_EQ(number("file.bytes", evidence), Rational(70'000'000));
  EXPECT_EQ(number("file.duration", evidence), Rational(60));
  EXPECT_EQ(number("file.conflicts", evidence), Rational(0));
  evidence.path_ = "plain.mov";
  EXPECT_EQ(text("file.name", evidence), "plain.mov");
  evidence.facts_.container.duration_s = {};
  evidence.facts_.bytes = 0;
  EXPECT_EQ(absence("file.duration", evidence), "not_measured");
  EXPECT_EQ(absence("file.bytes", evidence), "not_measured");
}

TEST(FileFacts, EndsOfPictureAndSound) {
  auto evidence = made_evidence();
  evidence.facts_.streams[1].start_s = Rational(1, 100);
  EXPECT_EQ(number("file.av_duration_difference", evidence), Rational(1, 100));
  evidence.facts_.streams[1].duration_s = Fact<Rational>::unknown();
  EXPECT_EQ(absence("file.av_duration_difference", evidence), "not_measured");
  evidence.facts_.streams.pop_back();
  EXPECT_EQ(absence("file.av_duration_difference", evidence), "not_applicable");
}

TEST(FileFacts, NothingDamagedIsOnlySaidAfterADecode) {
  auto evidence = made_evidence();
  EXPECT_EQ(number("asset.damage", evidence), Rational(0));
  evidence.facts_.decode->errors_total = 3;
  evidence.facts_.decode->damaged_frames = 2;
  EXPECT_EQ(number("asset.damage", evidence), Rational(3));
  evidence.facts_.decode.reset();
  EXPECT_EQ(absence("asset.damage", evidence), "not_measured");
  evidence.facts_.container_damage.push_back({-1, {}, "truncated"});
  EXPECT_EQ(number("asset.damage", evidence), Rational(1));
  EXPECT_EQ(number("asset.structure_damage", evidence), Rational(1));
}

}  // namespace
}  // namespace cleangate::test
