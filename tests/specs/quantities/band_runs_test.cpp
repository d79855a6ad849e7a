// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/band_runs.h"

#include <gtest/gtest.h>

namespace cleangate::specs {
namespace {

using Band = OutlierFrames::Band;

constexpr BandRuns::Limits kLimits{20, 4, 25, 25};

Band band(std::int64_t frame, std::int64_t at, std::int64_t level = 60) {
  return {frame, at, 1, 5, level, {{{80, 90, 100, 110}, {80, 90, 100, 110}}}};
}

std::string shown(const std::vector<Band>& bands, std::int64_t cut = -1,
                  std::int64_t unmeasured = -1) {
  BandRuns runs(kLimits, {40, [=](std::int64_t frame) { return frame == cut; },
                          [=](std::int64_t frame) { return frame != unmeasured; }});
  for (const Band& each : bands) runs.add(each);
  std::string text;
  for (const Shown each : runs.finish())
    text += each == Shown::yes ? 'x' : each == Shown::open ? '?' : '.';
  return text.substr(0, 20);
}

std::vector<Band> bands(std::int64_t first, std::int64_t end) {
  std::vector<Band> all;
  for (std::int64_t frame = first; frame < end; ++frame) all.push_back(band(frame, 100));
  return all;
}

TEST(BandRuns, ComeAndGoWithinAShot) {
  EXPECT_EQ(shown({band(5, 100)}), ".....x..............");
  EXPECT_EQ(shown({band(5, 100), band(6, 101), band(12, 100)}), ".....xx.....x.......");
  EXPECT_EQ(shown({band(5, 100), band(5, 400)}), ".....x..............");
  EXPECT_EQ(shown(bands(5, 20)), ".....xxxxxxxxxxxxxxx");
}

// In a shot's last frames it comes within the shot. In its first it may have been drawn before the
// cut, unless it is very brief.
TEST(BandRuns, AtACut) {
  EXPECT_EQ(shown(bands(2, 8), 8), "..xxxxxx............");
  EXPECT_EQ(shown(bands(5, 8), 5), ".....xxx............");
  EXPECT_EQ(shown(bands(5, 12), 5), ".....???????........");
  EXPECT_EQ(shown({band(0, 100)}), "x...................");
  EXPECT_EQ(shown(bands(0, 8)), "????????............");
  EXPECT_EQ(shown(bands(0, 8), 8), std::string(20, '.'));  // a whole shot
}

// What was there may go on where nobody looked.
TEST(BandRuns, BesideWhatWasNotMeasuredAreOpen) {
  EXPECT_EQ(shown({}, -1, 5), ".....?..............");
  EXPECT_EQ(shown(bands(6, 9), -1, 5), ".....????...........");
  EXPECT_EQ(shown(bands(2, 5), -1, 5), "..????..............");
  EXPECT_EQ(shown(bands(3, 5), -1, 6), "...xx.?.............");
  EXPECT_EQ(shown({band(5, 90), band(6, 100), band(8, 100)}, -1, 7), ".......??...........");
}

// A row has room for three: weaker ones beside them are lost.
TEST(BandRuns, AmongAsManyStrongerOnesAreOpen) {
  std::vector<Band> crowd{band(4, 300, 90), band(4, 500, 90), band(4, 700, 90), band(5, 100)};
  for (Band& each : crowd) each.apart = each.level;  // none is a defect
  EXPECT_EQ(shown(crowd), "....?...............");
  crowd.back().apart = 5;
  EXPECT_EQ(shown(crowd), "....??..............");
  crowd.back().level = 100;
  EXPECT_EQ(shown(crowd), "....?x..............");
  crowd.front().level = 19;
  EXPECT_EQ(shown(crowd), ".....x..............");
}

TEST(BandRuns, OfThePictureAreNone) {
  EXPECT_EQ(shown({band(5, 100, 15)}), std::string(20, '.'));  // weak
  EXPECT_EQ(shown({band(4, 100, 15), band(5, 100), band(6, 100, 12)}), std::string(20, '.'));
  EXPECT_EQ(shown({band(4, 90), band(5, 100), band(6, 110)}), std::string(20, '.'));  // moves
  Band apart = band(5, 100), wide = band(5, 100);
  apart.apart = 31;
  wide.count = 5;
  EXPECT_EQ(shown({apart}), std::string(20, '.'));
  EXPECT_EQ(shown({wide}), std::string(20, '.'));
}

TEST(BandRuns, StayWhileThePictureChangesOnBothSides) {
  const auto count = [](bool above, bool below, std::int64_t frames) {
    BandRuns runs(kLimits,
                  {100, [](std::int64_t) { return false; }, [](std::int64_t) { return true; }});
    for (std::int64_t i = 0; i < frames; ++i) {
      Band each = band(i, 100);
      if (above && i / 5 % 2) each.around[0] = {150, 60, 40, 200};
      if (below && i / 5 % 2) each.around[1] = {150, 60, 40, 200};
      runs.add(each);
    }
    const auto found = runs.finish();
    return std::count(found.begin(), found.end(), Shown::yes);
  };
  EXPECT_EQ(count(true, true, 100), 100);
  EXPECT_EQ(count(true, true, 60), 60);
  EXPECT_EQ(count(true, false, 60), 0);  // the edge of a bar of text
  EXPECT_EQ(count(false, true, 60), 0);
  EXPECT_EQ(count(false, false, 60), 0);
}

}  // namespace
}  // namespace cleangate::specs
