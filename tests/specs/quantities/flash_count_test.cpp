// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/flash_count.h"

#include <gtest/gtest.h>

#include <numeric>

namespace cleangate::specs {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

CellChanges all(float share) {
  CellChanges changes{};
  changes.fill(share);
  return changes;
}

TEST(FlashCount, AreasAddUpToTheScreen) {
  for (const auto& [width, height] :
       {std::pair{1920, 1080}, {720, 576}, {1, 1}, {4096, 8}, {333, 47}})
    for (const FlashPart part : {FlashPart::luminance, FlashPart::red}) {
      const CellAreas areas = cell_areas(width, height, part);
      EXPECT_NEAR(std::accumulate(areas.begin(), areas.end(), 0.0), 1, 1e-5);
    }
}

// BT.1702-3, guideline 1: more than three flashes within any one second. Seven opposing changes are
// the first that are more than three flashes.
TEST(FlashCount, CountsOpposingChangesWithinASecond) {
  const CellAreas areas = cell_areas(1920, 1080, FlashPart::luminance);
  const auto harmful = [&](const std::vector<double>& seconds) {
    FlashCount count{FlashLimits{}};
    bool any = false;
    float share = 1;
    for (std::size_t i = 0; i < seconds.size(); ++i, share = -share)
      any = count
                .add(static_cast<std::int64_t>(i), static_cast<std::int64_t>(i) - 1,
                     static_cast<std::int64_t>(seconds[i] * kSecond), all(share), areas)
                .has_value() ||
            any;
    return any;
  };
  EXPECT_FALSE(harmful({0, .1, .2, .3, .4, .5})) << "three flashes";
  EXPECT_TRUE(harmful({0, .1, .2, .3, .4, .5, .6}));
  EXPECT_FALSE(harmful({0, .2, .3, .5, .65, .9, 1})) << "a second is not within a second";
  EXPECT_TRUE(harmful({0, .2, .3, .5, .65, .9, .99}));
  EXPECT_TRUE(harmful({0, .1, .4, .45, .5, .6, .7})) << "one pause alone makes it no safer";
  EXPECT_FALSE(harmful({0, .18, .36, .54, .72, .9, 1.08})) << "all leading edges 0.36 s apart";
}

TEST(FlashCount, LooksForOpposingChangesOfOneArea) {
  const CellAreas areas = cell_areas(2048, 1152, FlashPart::luminance);  // equal ones
  const auto area_of = [&](int cells, bool together) {
    FlashCount count{FlashLimits{}};
    double most = 0;
    float share = 1;
    for (int i = 0; i < 20; ++i, share = -share) {
      CellChanges changes{};
      const int first = together || i % 2 ? 0 : 288;
      std::fill_n(changes.begin() + first, cells, share);
      if (const auto harm = count.add(i, i - 1, i * kSecond / 25, changes, areas))
        most = std::max(most, harm->area);
    }
    return most;
  };
  EXPECT_EQ(area_of(144, true), 0) << "a quarter is not more than a quarter";
  EXPECT_NEAR(area_of(145, true), 145.0 / 576, 1e-6);
  EXPECT_EQ(area_of(200, false), 0) << "here brighter, there darker: nothing flashes";
}

// Halves that begin to change in two frames, and are compared over two, flash together.
TEST(FlashCount, CellsThatBeganSinceAreConcurrent) {
  const CellAreas areas = cell_areas(2048, 1152, FlashPart::luminance);
  const auto area_of = [&](std::int64_t reach) {
    FlashCount count{FlashLimits{}};
    double most = 0;
    CellChanges changes{};
    for (int i = 0; i < 20; ++i) {
      const float share = i / 2 % 2 ? -1 : 1;
      if (reach == 1) changes = {};
      std::fill_n(changes.begin() + (i % 2 ? 120 : 0), 120, share);
      if (const auto harm = count.add(i, i - reach, i * kSecond / 60, changes, areas))
        most = std::max(most, harm->area);
    }
    return most;
  };
  EXPECT_NEAR(area_of(2), 240.0 / 576, 1e-6);
  EXPECT_EQ(area_of(1), 0) << "each half is less than a quarter";
}

FlashPicture flat(float light) {
  FlashPicture picture{};
  picture.light.fill(light);
  picture.darkest.fill(light);
  picture.brightest.fill(light);
  return picture;
}

// 20 cd/m2 and more, where the darker picture is below 160 cd/m2.
TEST(FlashCount, ReadsChangesOfLuminance) {
  const auto share = [](float from, float to, bool hdr) {
    CellChanges changes;
    luminance_changes(flat(from), flat(to), 1920, 1080, FlashLimits{}, hdr, changes);
    return changes[100];
  };
  EXPECT_EQ(share(30, 50, false), 1);
  EXPECT_EQ(share(50, 30, false), -1);
  EXPECT_EQ(share(30, 49.9F, false), 0);
  EXPECT_EQ(share(159, 179, false), 1);
  EXPECT_EQ(share(160, 200, false), 0);
  EXPECT_EQ(share(160, 180.1F, true), 1) << "Michelson contrast 1/17 is 160 to 180";
  EXPECT_EQ(share(400, 449, true), 0);
}

// A part of a flat cell changes by 25 cd/m2, its ground stays at 60 or lies between.
TEST(FlashCount, ReadsHowMuchOfACellChanges) {
  for (const float ground : {60.0F, 70.0F, 85.0F}) {
    FlashPicture before = flat(ground), now = flat(ground);
    before.light.fill(0.7F * ground + 0.3F * 60);
    now.light.fill(0.7F * ground + 0.3F * 85);
    before.darkest.fill(60);
    now.brightest.fill(85);
    CellChanges changes;
    luminance_changes(before, now, 1920, 1080, FlashLimits{}, false, changes);
    EXPECT_NEAR(changes[100], 0.3, 1e-4) << ground;
    luminance_changes(now, before, 1920, 1080, FlashLimits{}, false, changes);
    EXPECT_NEAR(changes[100], -0.3, 1e-4) << ground;
  }
}

// Where it says no, no shares add up to the area.
TEST(FlashCount, KnowsWhereNothingCanFlash) {
  const CellAreas areas = cell_areas(1920, 1080, FlashPart::luminance);
  const auto may = [&](float least, float most, float now, std::size_t cells) {
    LightCells low = flat(now).light, high = low;
    std::fill_n(low.begin(), cells, least);
    std::fill_n(high.begin(), cells, most);
    return may_flash(low, high, flat(now).light, areas, FlashLimits{});
  };
  EXPECT_TRUE(may(30, 50, 50, 145));
  EXPECT_TRUE(may(50, 70, 50, 145));
  EXPECT_FALSE(may(30, 50, 50, 140));
  EXPECT_FALSE(may(46, 54, 50, 576)) << "a fifth of the change is at most a fifth of the area";
  EXPECT_TRUE(may(44, 50, 50, 576)) << "a part of every cell may change by far more";
  EXPECT_TRUE(may(400, 450, 450, 200));
}

// A flicker of 10 cd/m2 over a picture with contrast reaches no limit anywhere.
TEST(FlashCount, AWeakFlickerOfAContrastyPictureIsNone) {
  FlashPicture before = flat(60), now = flat(70);
  before.darkest.fill(30);
  before.brightest.fill(90);
  now.darkest.fill(40);
  now.brightest.fill(100);
  CellChanges changes;
  luminance_changes(before, now, 1920, 1080, FlashLimits{}, false, changes);
  EXPECT_EQ(changes[100], 0);
}

TEST(FlashCount, ReadsChangesOfRed) {
  const auto picture = [](float red, float u) {
    FlashPicture made{};
    made.red.fill(red);
    made.u.fill(u);
    made.v.fill(0.5F);
    return made;
  };
  CellChanges changes;
  red_changes(picture(0, 0.2F), picture(1, 0.41F), FlashLimits{}, changes);
  EXPECT_EQ(changes[10], 1);
  red_changes(picture(1, 0.41F), picture(0, 0.2F), FlashLimits{}, changes);
  EXPECT_EQ(changes[10], -1);
  red_changes(picture(0, 0.22F), picture(1, 0.41F), FlashLimits{}, changes);
  EXPECT_EQ(changes[10], 0) << "not far enough";
  red_changes(picture(0, 0.2F), picture(0, 0.41F), FlashLimits{}, changes);
  EXPECT_EQ(changes[10], 0) << "not saturated";
  red_changes(picture(0, 0.2F), picture(0.5F, 0.305F), FlashLimits{}, changes);
  EXPECT_NEAR(changes[10], 0.5, 1e-5);
}

}  // namespace
}  // namespace cleangate::specs
