// SPDX-License-Identifier: Apache-2.0
// layout.*: head, programme with its parts, and tail of real rows.
#include <gtest/gtest.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::frames_of;
using test::Noise;
using test::PictureStream;
using test::Runs;

class Layout : public testing::Test {
 protected:
  Layout() : stream_(8, 192, 112) {}
  void black(int count) { stream_.add_flat(16, count); }
  // A scene that moves, with grain.
  void moving(int count) {
    for (int i = 0; i < count; ++i) {
      const int at = at_++ * 3;
      stream_.add([this, at](int x, int y) {
        return static_cast<std::uint32_t>(60 + ((x + at) / 16 + y / 16) % 2 * 90) + noise_() % 4;
      });
    }
    at_ += 100;
  }
  // A card; its bar grows with `step`.
  PictureStream::Luma card(int step = 0) {
    return [step](int x, int y) {
      const bool bar = y > 80 && y < 96 && x > 16 && x < 32 + 16 * step;
      return bar ? 230u : static_cast<std::uint32_t>(40 + (x / 24 + y / 28) % 3 * 50);
    };
  }
  void still(int count) { stream_.add(card(), count); }
  // A clock whose picture steps once a second.
  void clock(int seconds) {
    for (int i = 0; i < seconds; ++i) stream_.add(card(i), 25);
  }
  void bars(int count) {
    probes::BarsRow row;
    row.bits = 8;
    row.flags = probes::BarsRow::kNoRange;
    row.pattern = static_cast<std::uint16_t>(probes::BarsPattern::ebu100);
    row.score = 1000;
    stream_.add_bars(row, count);
  }
  Rational number(std::string_view id) {
    const Reading reading = stream_.read(id);
    const auto* value = std::get_if<Scalar>(&reading.value);
    EXPECT_TRUE(value) << id;
    return value ? std::get<Rational>(*value) : Rational(-1);
  }
  std::string text(std::string_view id) {
    const Reading reading = stream_.read(id);
    const auto* value = std::get_if<Scalar>(&reading.value);
    EXPECT_TRUE(value) << id;
    return value ? std::get<std::string>(*value) : "";
  }
  Absent absent(std::string_view id) {
    const Reading reading = stream_.read(id);
    const auto* value = std::get_if<Absent>(&reading.value);
    EXPECT_TRUE(value) << id;
    return value ? *value : Absent{};
  }
  Spans spans(std::string_view id,
              std::initializer_list<std::pair<std::string_view, std::string_view>> written = {}) {
    const Reading reading = stream_.read(id, written);
    const auto* value = std::get_if<Spans>(&reading.value);
    EXPECT_TRUE(value) << id;
    return value ? *value : Spans{};
  }
  PictureStream stream_;
  Noise noise_{11};
  int at_ = 0;
};

TEST_F(Layout, OfABroadcastersFileIsFrameExact) {
  bars(50);
  black(10);
  clock(4);  // 60 to 159
  black(65);
  moving(80);  // 225 to 304
  black(25);
  moving(60);  // 330 to 389
  black(30);
  EXPECT_EQ(frames_of(spans("layout.programme").runs), (Runs{{225, 390}}));
  EXPECT_TRUE(spans("layout.programme").undecided.empty());
  EXPECT_EQ(number("layout.programme_start"), Rational(9));
  EXPECT_EQ(number("layout.programme_end"), Rational(390, 25));
  EXPECT_EQ(number("layout.programme_duration"), Rational(165, 25));
  EXPECT_EQ(text("layout.head"), "bars, black, still, black");
  EXPECT_EQ(text("layout.tail"), "black");
  EXPECT_EQ(frames_of(spans("layout.parts").runs), (Runs{{225, 305}, {330, 390}}));
  EXPECT_EQ(frames_of(spans("layout.parts", {{"shortest", "1.04 s"}}).runs), (Runs{{225, 390}}));
  EXPECT_EQ(spans("layout.parts", {{"shortest", "25 frames"}}).runs.size(), 2u);
  EXPECT_EQ(spans("layout.parts", {{"shortest", "26 frames"}}).runs.size(), 1u);
}

TEST_F(Layout, ItsTimecodeIsTheLabelAtTheFirstFrame) {
  black(50);
  moving(40);
  EXPECT_EQ(absent("layout.programme_timecode").kind, AbsenceKind::not_applicable);
  probes::TimecodeFacts timecode;
  timecode.start = std::string("09:59:58:00");
  timecode.rate = Rational(25);
  timecode.primary = true;
  stream_.asset().timecodes = {timecode};
  const Reading reading = stream_.read("layout.programme_timecode");
  ASSERT_TRUE(std::holds_alternative<Scalar>(reading.value));
  EXPECT_EQ(to_string(std::get<Timecode>(std::get<Scalar>(reading.value))), "10:00:00:00");
  // Labels count from where the timecode's picture starts, whenever that is.
  stream_.facts().start_s = Rational(5);
  const Reading later = stream_.read("layout.programme_timecode");
  ASSERT_TRUE(std::holds_alternative<Scalar>(later.value));
  EXPECT_EQ(later.value, reading.value);
  stream_.asset().timecodes[0].discontinuities.push_back({});
  EXPECT_EQ(absent("layout.programme_timecode").kind, AbsenceKind::undecided);
}

TEST_F(Layout, ATitleOrSlateWithoutBarsIsLeftOpen) {
  black(25);
  still(50);
  black(25);
  moving(60);
  const Spans found = spans("layout.programme");
  EXPECT_EQ(frames_of(found.runs), (Runs{{100, 160}}));
  EXPECT_EQ(frames_of(found.undecided), (Runs{{25, 100}}));
  const Reading start = stream_.read("layout.programme_start");
  ASSERT_TRUE(std::holds_alternative<Interval>(start.value));
  EXPECT_EQ(std::get<Interval>(start.value), (Interval{Rational(1), Rational(4)}));
  EXPECT_EQ(absent("layout.head").because,
            "The programme of stream 0 begins between 1 s and 4 s: what stands there "
            "(still, black) may belong to it.");
}

TEST_F(Layout, AFileOfBlackHasNoProgramme) {
  black(50);
  EXPECT_TRUE(spans("layout.programme").runs.empty());
  EXPECT_TRUE(spans("layout.programme").undecided.empty());
  EXPECT_EQ(absent("layout.programme_start").kind, AbsenceKind::undefined);
  EXPECT_EQ(absent("layout.head").because, "Stream 0 shows nothing but black.");
}

TEST_F(Layout, DamageAtTheEdgesIsNotTakenForBlack) {
  black(25);
  stream_.add_damaged(2);
  black(10);
  moving(40);
  EXPECT_EQ(frames_of(spans("layout.programme").undecided).front().first, 25);
  EXPECT_TRUE(std::holds_alternative<Interval>(stream_.read("layout.programme_start").value));
}

TEST_F(Layout, OfARegionCountsFromItsBeginning) {
  moving(50);
  black(25);
  moving(50);
  black(25);
  const Reading reading = stream_.read("layout.programme_start", {}, {Rational(2), std::nullopt});
  EXPECT_EQ(std::get<Scalar>(reading.value), Scalar(Rational(1)));
}

TEST_F(Layout, AQuietSceneBetweenBlacksMayBeAClock) {
  black(25);
  for (int i = 0; i < 50; ++i) {  // a hand that sweeps
    const auto face = card();
    stream_.add(
        [&, i](int x, int y) { return x == 50 + i && y > 20 && y < 90 ? 235u : face(x, y); });
  }
  black(25);
  moving(50);
  EXPECT_TRUE(std::holds_alternative<Interval>(stream_.read("layout.programme_start").value));
}

}  // namespace
}  // namespace cleangate::specs
