// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::frames_of;
using test::PictureStream;
using test::Runs;

// 100 wide: `columns` of them at `code`, the rest mid-gray.
PictureStream::Luma some(int columns, std::uint32_t code, std::uint32_t rest = 120) {
  return [=](int x, int) { return x < columns ? code : rest; };
}

const Spans& spans(const Reading& reading) {
  if (const auto* absent = std::get_if<Absent>(&reading.value))
    throw std::runtime_error("absent: " + absent->because);
  return std::get<Spans>(reading.value);
}
Rational number(const Reading& reading) {
  return std::get<Rational>(std::get<Scalar>(reading.value));
}

TEST(PictureOutOfGamut, ToleratesWhatR103DoesAndNoMore) {
  PictureStream stream(8, 100, 40);
  const auto middle = [](std::uint32_t code) {  // beside the edges: no bar
    return [code](int x, int) { return x > 20 && x < 70 ? code : 120u; };
  };
  stream.add(middle(246), 3).add(middle(247), 2).add(middle(5), 3).add(middle(4), 2);
  const Reading reading = stream.read("picture.out_of_gamut");
  EXPECT_EQ(frames_of(spans(reading).runs), (Runs{{3, 5}, {8, 10}}));
  EXPECT_TRUE(spans(reading).undecided.empty());
}

TEST(PictureOutOfGamut, AllowsOnePercentOfThePicture) {
  PictureStream stream(8, 200, 40);
  stream.add(some(2, 255), 2).add(some(6, 255), 2).add(some(2, 255));
  EXPECT_EQ(frames_of(spans(stream.read("picture.out_of_gamut", {{"filter", "false"}})).runs),
            (Runs{{2, 4}}));
  EXPECT_EQ(
      frames_of(spans(stream.read("picture.out_of_gamut", {{"filter", "false"}, {"area", "0.5 %"}}))
                    .runs),
      (Runs{{0, 5}}));
}

struct Patch {
  int x, y, width, height;
};
// Of the shapes that `share` of a picture may have.
std::vector<std::vector<Patch>> patches(int width, int height, double share) {
  const double area = share * width * height;
  const int side = static_cast<int>(std::lround(std::sqrt(area)));
  const auto across = [&](int h) { return static_cast<int>(std::lround(area / h)); };
  const auto down = [&](int w) { return static_cast<int>(std::lround(area / w)); };
  std::vector<std::vector<Patch>> all{
      {{width / 3 + 1, height / 2 + 3, side, side}},
      {{width / 5, height - 2 * down(width / 2) - 1, width / 2, down(width / 2)}},
      {{width / 2 + 3, 0, across(height), height}},
      {{0, 0, side, side}},
      {}};
  constexpr int kStrips = 24;  // none beside another
  const int w = width / 40, h = static_cast<int>(std::lround(area / kStrips / w));
  for (int i = 0; i < kStrips; ++i)
    all.back().push_back({7 + i * 7 % kStrips * (width / 26), 5 + i * (height / 26), w, h});
  return all;
}

TEST(PictureOutOfGamut, JudgesATenthBesideOnePercentOfHdAndUhd) {
  for (const auto& [width, height] : {std::pair{1920, 1080}, {3840, 2160}})
    for (const double share : {0.009, 0.011}) {
      PictureStream stream(8, width, height);
      const auto shapes = patches(width, height, share);
      // Limit 246 is halfway: the filter makes no patch smaller or larger.
      for (const auto& shape : shapes)
        stream.add([&](int x, int y) {
          for (const Patch& p : shape)
            if (x >= p.x && x < p.x + p.width && y >= p.y && y < p.y + p.height) return 254u;
          return 239u;
        });
      Runs wanted;
      if (share > 0.01) wanted.emplace_back(0, static_cast<std::int64_t>(shapes.size()));
      for (const char* filter : {"true", "false"}) {
        const Reading reading = stream.read("picture.out_of_gamut", {{"filter", filter}});
        EXPECT_EQ(frames_of(spans(reading).runs), wanted) << width << ' ' << share << ' ' << filter;
        EXPECT_TRUE(spans(reading).undecided.empty()) << width << ' ' << share << ' ' << filter;
      }
    }
}

TEST(PictureOutOfGamut, DoesNotSeeShortOvershootsBehindTheFilter) {
  PictureStream stream(8, 96, 40);
  stream.add([](int x, int) { return x % 16 == 4 ? 255u : 120u; }, 3);
  EXPECT_TRUE(spans(stream.read("picture.out_of_gamut")).runs.empty());
  EXPECT_EQ(frames_of(spans(stream.read("picture.out_of_gamut", {{"filter", "false"}})).runs),
            (Runs{{0, 3}}));
}

TEST(PictureOutOfGamut, SeesColorsThatLumaAndChromaAloneDoNotShow) {
  PictureStream stream(8, 64, 32);
  stream.add_color(180, 128, 128, 2).add_color(180, 128, 230, 2);  // R' of 163 %
  EXPECT_EQ(frames_of(spans(stream.read("picture.out_of_gamut")).runs), (Runs{{2, 4}}));
  EXPECT_EQ(number(stream.read("levels.out_of_gamut")), Rational(100));
  ASSERT_EQ(stream.read("levels.out_of_gamut").where.size(), 1u);
  EXPECT_EQ(stream.read("levels.out_of_gamut").where[0].first_frame, 2);
}

TEST(PictureOutOfGamut, LooksAtTheActivePicture) {
  // 16 of 64 lines are picture, 1/40 of it too bright: 2.5 % of the picture, 0.6 % of the raster.
  PictureStream stream(8, 400, 64);
  stream.add([](int x, int y) { return y < 24 || y >= 40 ? 16u : x < 10 ? 255u : 120u; }, 2);
  const auto with = [&](std::string_view area) {
    return spans(stream.read("picture.out_of_gamut", {{"filter", "false"}, {"area", area}}));
  };
  EXPECT_EQ(frames_of(with("2 %").runs), (Runs{{0, 2}}));
  EXPECT_TRUE(with("3 %").runs.empty());
  EXPECT_TRUE(with("3 %").undecided.empty());
}

TEST(PictureOutOfGamut, BarsBelowTheRangeLeaveItOpen) {
  PictureStream stream(8, 400, 64);
  stream.add([](int, int y) { return y < 24 || y >= 40 ? 0u : 120u; }, 2);
  const Spans found = spans(stream.read("picture.out_of_gamut"));
  EXPECT_TRUE(found.runs.empty());
  EXPECT_EQ(frames_of(found.undecided), (Runs{{0, 2}}));
}

TEST(PictureOutOfGamut, SaysWhatItCannotDecide) {
  PictureStream stream(8, 100, 40);
  stream.add(some(50, 250), 2).add_damaged().add(some(0, 0), 2);
  // 6.3 % outside: between the rungs of 6 and 7.5 %.
  const Spans found = spans(stream.read("picture.out_of_gamut", {{"tolerance", "6.8 %"}}));
  EXPECT_TRUE(found.runs.empty());
  EXPECT_EQ(frames_of(found.undecided), (Runs{{0, 3}}));
  const Reading share = stream.read("levels.out_of_gamut", {{"tolerance", "6.8 %"}});
  const auto& interval = std::get<Interval>(share.value);
  EXPECT_EQ(interval.low, Rational(0));
  EXPECT_GT(interval.high, Rational(40));
  EXPECT_TRUE(share.tainted_because);
}

TEST(PictureOutOfGamut, IsNotTalliedWhereThereIsNoRgb) {
  PictureStream stream(8, 64, 32);
  ColorDescription color;
  color.matrix = MatrixCoefficients::ycgco;
  stream.add_color(120, 128, 128, 2, color);
  const Reading reading = stream.read("picture.out_of_gamut");
  EXPECT_EQ(std::get<Absent>(reading.value).kind, AbsenceKind::not_measured);
}

}  // namespace
}  // namespace cleangate::specs
