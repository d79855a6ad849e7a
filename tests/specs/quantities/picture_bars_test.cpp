// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "probes/picture/bars_row.h"
#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using probes::BarsPattern;
using probes::BarsRow;
using test::frames_of;
using test::PictureStream;
using test::Runs;

// SMPTE RP 219-1 table B.1, 10 bits.
constexpr std::array<std::uint16_t, 21> kHd75{721, 512, 512, 674, 176, 543, 581, 589, 176, 534, 253,
                                              207, 251, 771, 817, 204, 435, 848, 111, 848, 481};

BarsRow no_bars() {
  BarsRow row;
  row.bits = 10;
  row.flags = BarsRow::kNoRange;
  return row;
}
BarsRow bars(int score = 1000) {
  BarsRow row = no_bars();
  row.pattern = static_cast<std::uint16_t>(BarsPattern::rp219);
  row.score = static_cast<std::uint16_t>(score);
  row.fit_kr = 2126;
  row.fit_kb = 722;
  for (std::size_t i = 0; i < kHd75.size(); ++i)
    row.bars[i] = static_cast<std::uint16_t>(kHd75[i] << 6);
  return row;
}

Spans spans(const Reading& reading) {
  if (const auto* absent = std::get_if<Absent>(&reading.value))
    throw std::runtime_error("absent: " + absent->because);
  return std::get<Spans>(reading.value);
}
double number(const Reading& reading) {
  if (const auto* absent = std::get_if<Absent>(&reading.value))
    throw std::runtime_error("absent: " + absent->because);
  return std::get<Rational>(std::get<Scalar>(reading.value)).to_double();
}
AbsenceKind absence(const Reading& reading) { return std::get<Absent>(reading.value).kind; }

TEST(PictureBars, RunsAreFrameExact) {
  PictureStream stream(10);
  stream.add_bars(bars(), 3).add_bars(no_bars(), 2).add_bars(bars()).add_bars(no_bars());
  const Reading reading = stream.read("picture.bars");
  EXPECT_EQ(frames_of(spans(reading).runs), (Runs{{0, 3}, {5, 6}}));
  EXPECT_TRUE(spans(reading).undecided.empty());
  EXPECT_FALSE(reading.tainted_because);
}

TEST(PictureBars, ScoreIsTheProfilesToChoose) {
  PictureStream stream(10);
  stream.add_bars(bars(799)).add_bars(bars(800)).add_bars(bars(950));
  EXPECT_EQ(frames_of(spans(stream.read("picture.bars")).runs), (Runs{{1, 3}}));
  EXPECT_EQ(frames_of(spans(stream.read("picture.bars", {{"score", "900"}})).runs), (Runs{{2, 3}}));
}

TEST(PictureBars, DamagedAndUnreadableFramesAreUndecided) {
  BarsRow small;
  small.flags = BarsRow::kTooSmall;
  PictureStream stream(10);
  stream.add_bars(bars()).add_damaged().add_bars(small).add_bars(no_bars());
  const Spans found = spans(stream.read("picture.bars"));
  EXPECT_EQ(frames_of(found.runs), (Runs{{0, 1}}));
  EXPECT_EQ(frames_of(found.undecided), (Runs{{1, 3}}));
  EXPECT_TRUE(stream.read("picture.bars_error").tainted_because);
}

TEST(PictureBars, OfWhatCannotBeMeasured) {
  BarsRow row;
  row.flags = BarsRow::kTooSmall;
  EXPECT_EQ(absence(PictureStream(8).add_bars(row, 2).read("picture.bars")),
            AbsenceKind::not_measured);
  row.flags = BarsRow::kNotMeasured;
  EXPECT_EQ(absence(PictureStream(8).add_bars(row).read("picture.bars")),
            AbsenceKind::not_measured);
  row.flags = BarsRow::kNoChroma;
  EXPECT_EQ(absence(PictureStream(8).add_bars(row).read("picture.bars")),
            AbsenceKind::not_applicable);
  EXPECT_EQ(absence(PictureStream(8).add_damaged(2).read("picture.bars")), AbsenceKind::damaged);
}

TEST(PictureBarsError, IsTheLargestOfAllBarsAndFrames) {
  PictureStream stream(10);
  BarsRow off = bars();
  off.bars[0] = 765 << 6;  // white 44 of 876 codes too high
  stream.add_bars(bars()).add_bars(off).add_bars(no_bars());
  const Reading reading = stream.read("picture.bars_error");
  EXPECT_NEAR(number(reading), 100.0 * 44 / 876, 0.03);
  EXPECT_EQ(frames_of(reading.where), (Runs{{1, 2}}));
  BarsRow hue = bars();
  hue.bars[20] = 571 << 6;  // C'r of blue 90 of 896 codes too high
  EXPECT_NEAR(number(PictureStream(10).add_bars(hue).read("picture.bars_error")), 100.0 * 90 / 896,
              0.03);
  EXPECT_LT(number(PictureStream(10).add_bars(bars()).read("picture.bars_error")), 0.1);
}

TEST(PictureBarsError, GoesByTheMatrixAndTheRangeThatAreStated) {
  BarsRow row = bars();
  row.stated_kr = 2990;  // BT.709 bars under BT.601
  row.stated_kb = 1140;
  EXPECT_GT(number(PictureStream(10).add_bars(row).read("picture.bars_error")), 5);
  PictureStream stated(10);
  stated.facts().video()->color.matrix = MatrixCoefficients::smpte170m;
  EXPECT_GT(number(stated.add_bars(bars()).read("picture.bars_error")), 5);
  PictureStream full(10);
  full.facts().video()->color.range = SignalRange::full;
  EXPECT_NEAR(number(full.add_bars(bars()).read("picture.bars_error")),
              100 * (111 / 1023.0 - 0.75 * 0.0722), 0.05);  // Y' of blue
}

TEST(PictureBarsError, WithoutBarsThereIsNone) {
  PictureStream stream(10);
  stream.add_bars(no_bars(), 2);
  EXPECT_EQ(absence(stream.read("picture.bars_error")), AbsenceKind::not_applicable);
  stream.add_damaged();
  EXPECT_EQ(absence(stream.read("picture.bars_error")), AbsenceKind::damaged);
}

TEST(PictureBarsPattern, NamesTheOneShown) {
  PictureStream stream(10);
  stream.add_bars(bars(), 2).add_bars(no_bars());
  const Reading reading = stream.read("picture.bars_pattern");
  EXPECT_EQ(std::get<std::string>(std::get<Scalar>(reading.value)), "rp219");
  BarsRow other = bars();
  other.pattern = static_cast<std::uint16_t>(BarsPattern::bt2111_hlg);
  EXPECT_EQ(absence(stream.add_bars(other).read("picture.bars_pattern")), AbsenceKind::undefined);
}

}  // namespace
}  // namespace cleangate::specs
