// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/dead_pixels.h"

#include <gtest/gtest.h>

namespace cleangate::specs {
namespace {

bool enough(const std::vector<std::int64_t>& levels, std::int64_t slope = 0) {
  PictureChanges changes;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const std::int64_t level = levels[i];
    changes.add(static_cast<std::int64_t>(i), {level + slope, level, level, level - slope});
  }
  return changes.enough();
}

TEST(PictureChanges, AreMoreThanAFadeOrADissolve) {
  EXPECT_FALSE(enough({80, 80, 81, 80, 79, 80, 83, 80}));
  EXPECT_FALSE(enough({16, 30, 50, 80, 80, 80, 80, 80}));          // faded in
  EXPECT_FALSE(enough({16, 30, 50, 80, 80, 80, 60, 40, 20, 16}));  // and out
  EXPECT_TRUE(enough({80, 60, 80, 100, 80, 60, 80, 100}));         // moves
  EXPECT_TRUE(enough({16, 30, 50, 80, 80, 80, 40, 40, 40}));       // is cut
  EXPECT_FALSE(enough({80, 80, 80, 80, 40, 40, 40}));              // but once
}

// Of a speck `sample` in a picture of level `level` that is dissolved into one of level `into` and
// back, or of a pixel that stays at its code, or as far from its surroundings.
enum class Speck { of_the_still, stuck, offset };
bool own(Speck speck, int level, int sample, int into, int least = 17) {
  OwnLevel own;
  for (int i = 0; i <= 60; ++i) {
    const int share = std::min({i, 60 - i, 20});  // of 20
    const int now = into + (level - into) * share / 20;
    const int code = speck == Speck::of_the_still ? into + (sample - into) * share / 20
                     : speck == Speck::stuck      ? sample
                                                  : now + sample - level;
    if (std::abs(code - now) >= least) own.add(now, code - now);
  }
  return own.shown(least);
}

TEST(OwnLevel, IsNotThatOfAStillThatFades) {
  for (const int level : {40, 90, 150})
    for (const int sample : {16, 70, 120, 200, 235})
      for (const int into : {16, 235})
        EXPECT_FALSE(own(Speck::of_the_still, level, sample, into))
            << level << " " << sample << " " << into;
  EXPECT_FALSE(own(Speck::of_the_still, 120, 180, 60));
  EXPECT_FALSE(own(Speck::stuck, 60, 235, 200));  // a white speck, faded into white
}

TEST(OwnLevel, IsKeptByAPixelThatIsStuckOrOff) {
  EXPECT_TRUE(own(Speck::stuck, 60, 200, 140));
  EXPECT_TRUE(own(Speck::stuck, 180, 60, 110));
  EXPECT_TRUE(own(Speck::offset, 60, 120, 170));
  EXPECT_TRUE(own(Speck::offset, 170, 110, 100));
  EXPECT_FALSE(own(Speck::offset, 60, 85, 170));  // too faint to tell
  EXPECT_FALSE(own(Speck::offset, 60, 120, 64));  // nothing changes
}

TEST(DeadPixelFinder, FollowsThroughCodingAndGaps) {
  DeadPixelFinder finder({20, 25});
  for (std::int64_t frame = 0; frame < 60; ++frame) {
    if (frame % 10 >= 6) continue;
    const std::int64_t level = frame % 20 < 10 ? 60 : 100;
    finder.add({frame, 100 + frame % 2, 50, 40, 40, {level, level, level, level}});
    finder.add({frame, 10 + frame, 50, 40, 40, {level, level, level, level}});
    finder.add({frame, 200, 50, 19, 40, {level, level, level, level}});
    finder.add({frame, 300, 50, 40, 19, {level, level, level, level}});
    finder.add({frame, 400, 50, frame % 2 ? 40 : -40, 40, {level, level, level, level}});
  }
  const auto found = finder.finish();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].x, 100);
  EXPECT_EQ(found[0].first_frame, 0);
  EXPECT_EQ(found[0].end_frame, 56);
  EXPECT_EQ(found[0].seen, 36);
}

}  // namespace
}  // namespace cleangate::specs
