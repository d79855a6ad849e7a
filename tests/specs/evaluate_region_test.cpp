// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "probes/picture/frame_time_row.h"
#include "tests/specs/profile_text.h"
#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::test {
namespace {

using namespace specs;
using testing::HasSubstr;
using testing::IsEmpty;

enum class Rounding { down, nearest };

struct Film {
  Rational rate{25};
  std::int64_t frames = 100;
  Rational time_base{1, 12800};
  Rounding rounding = Rounding::nearest;
  Rational start_s;
  std::string first_label;  // "" = no timecode
  bool drop = false;
};

// Black from the first frame to the last: the runs found in a region are the region's frames.
RowEvidence black_film(const Film& film, const std::vector<std::int64_t>& damaged = {}) {
  probes::FrameSweep sweep;
  sweep.run(luma_frame(64, 36, 8, [](int, int) { return 16u; })->frame);
  std::vector<probes::LumaRow> luma(static_cast<std::size_t>(film.frames),
                                    probes::analyze_luma(sweep));
  std::vector<probes::FrameTimeRow> times(luma.size());
  for (std::int64_t i = 0; i < film.frames; ++i) {
    const Rational ticks = Rational(i) / film.rate / film.time_base;
    times[static_cast<std::size_t>(i)].pts =
        film.rounding == Rounding::down ? ticks.floor() : ticks.round();
  }
  for (const std::int64_t frame : damaged) {
    luma[static_cast<std::size_t>(frame)] = probes::LumaRow::damaged();
    times[static_cast<std::size_t>(frame)].flags = probes::FrameTimeRow::kDamaged;
  }
  RowEvidence evidence;
  probes::StreamFacts stream;
  stream.kind = probes::StreamKind::video;
  stream.time_base = film.time_base;
  stream.start_s = film.start_s;
  stream.duration_s = Rational(film.frames) / film.rate;
  probes::VideoFacts video;
  video.width = 64;
  video.height = 36;
  video.pixel_aspect = Rational(1);
  video.frame_rate = film.rate;
  video.frame_rate_mode = probes::RateMode::constant;
  stream.media = video;
  evidence.facts_.streams.push_back(stream);
  if (!film.first_label.empty()) {
    probes::TimecodeFacts timecode;
    timecode.start = film.first_label;
    timecode.rate = film.rate;
    timecode.drop_frame = film.drop;
    timecode.primary = true;
    evidence.facts_.timecodes.push_back(timecode);
  }
  evidence.set(RowEvidence::id<probes::LumaRow>(0), luma);
  evidence.set(RowEvidence::id<probes::FrameTimeRow>(0), times);
  return evidence;
}

std::string black(const std::string& demand, const std::string& region) {
  return rule("quantity: picture.black, " + demand + ", region: " + region);
}

Finding asked(const RowEvidence& evidence, const std::string& requirement,
              const std::string& programme) {
  const auto verdict = judge_rule(evidence, requirement, {{"programme", programme}});
  return verdict.findings.empty() ? Finding{} : verdict.findings.front();
}

// The frames of a region of the black film.
Runs frames_in(const RowEvidence& evidence, const std::string& region,
               const std::string& programme) {
  return frames_of(asked(evidence, black("expect: none", region), programme).spans);
}

std::string label(const Film& film, std::int64_t frame) {
  const auto format =
      TimecodeFormat::for_rate(film.rate, film.drop ? DropFrame::drop : DropFrame::non_drop);
  return to_string(Timecode::parse(film.first_label, *format)->plus_frames(frame));
}

std::vector<Film> films() {
  const Rational ntsc24(24000, 1001), ntsc30(30000, 1001), ntsc60(60000, 1001);
  return {
      {Rational(25), 300, {1, 12800}, Rounding::nearest, Rational(0), "10:00:00:00", false},
      {Rational(25), 300, {1, 25}, Rounding::nearest, Rational(0), "09:59:55:00", false},
      {Rational(24), 300, {1, 1000}, Rounding::nearest, Rational(0), "00:59:50:00", false},
      {ntsc24, 300, {1, 1000}, Rounding::nearest, Rational(0), "01:00:00:00", false},
      {ntsc24, 300, {1, 1000}, Rounding::down, Rational(21, 1000), "00:59:58:00", false},
      {ntsc30, 300, {1001, 30000}, Rounding::nearest, Rational(0), "00:00:55;00", true},
      {ntsc30, 300, {1, 1000}, Rounding::down, Rational(7, 100), "00:00:58;10", true},
      {ntsc30, 300, {1, 90000}, Rounding::down, Rational(0), "23:59:56:00", false},
      {ntsc60, 300, {1, 1000}, Rounding::nearest, Rational(0), "00:09:58;00", true},
      {ntsc60, 300, {1, 60000}, Rounding::nearest, Rational(0), "00:01:58;50", true},
  };
}

// Head, programme and tail hold every frame once, and labels name exactly the frames they stand on,
// at every rate, however the container rounds its time stamps, wherever the picture starts.
TEST(Regions, LabelsNameExactFrames) {
  std::mt19937 random(7);
  for (const Film& film : films()) {
    const auto evidence = black_film(film);
    for (int i = 0; i < 12; ++i) {
      const auto a = static_cast<std::int64_t>(random() % 298) + 1;
      const auto b = a + 1 + static_cast<std::int64_t>(random()) % (299 - a);
      const std::string programme = label(film, a) + "-" + label(film, b);
      const std::string about = programme + " at " + to_string(film.rate);
      EXPECT_EQ(frames_in(evidence, "programme", programme), (Runs{{a, b}})) << about;
      EXPECT_EQ(frames_in(evidence, "head", programme), (Runs{{0, a}})) << about;
      EXPECT_EQ(frames_in(evidence, "tail", programme), (Runs{{b, 300}})) << about;
      EXPECT_EQ(frames_in(evidence, "{outside: programme}", programme), (Runs{{0, a}, {b, 300}}))
          << about;
    }
  }
}

// A run that fills the region lies at its start and at its end and not inside, and is as many
// frames long as there are, however the container rounds its time stamps.
TEST(Regions, ARunThatFillsTheRegionTouchesBothItsEdges) {
  std::mt19937 random(11);
  for (const Film& film : films()) {
    const auto evidence = black_film(film);
    for (int i = 0; i < 12; ++i) {
      const auto a = static_cast<std::int64_t>(random() % 290) + 1;
      const auto b = a + 1 + static_cast<std::int64_t>(random()) % (299 - a);
      const std::string programme = label(film, a) + "-" + label(film, b);
      const auto outcome = [&](const std::string& demand, const std::string& region) {
        return asked(evidence, black(demand, region), programme).outcome;
      };
      const auto longer_than = [](std::int64_t frames) {
        return "expect: none, longer_than: " + std::to_string(frames) + " frames";
      };
      const std::string about = programme + " at " + to_string(film.rate);
      for (const std::string region : {"programme", "head", "tail", "file"}) {
        EXPECT_EQ(outcome("expect: none, at: start", region), Outcome::fail) << region << about;
        EXPECT_EQ(outcome("expect: none, at: end", region), Outcome::fail) << region << about;
        EXPECT_EQ(outcome("expect: none, at: inside", region), Outcome::pass) << region << about;
      }
      EXPECT_EQ(outcome(longer_than(b - a - 1), "programme"), Outcome::fail) << about;
      EXPECT_EQ(outcome(longer_than(b - a), "programme"), Outcome::pass) << about;
    }
  }
}

// A run beside the edge is inside.
TEST(Regions, ARunAFrameFromTheEdgeIsInside) {
  for (const Film& film : films()) {
    const auto evidence = black_film(film, {0, 299});  // what is damaged may be anything
    const auto outcome = [&](const std::string& place, const std::string& programme) {
      return asked(evidence, black("expect: none, at: " + place, "programme"), programme).outcome;
    };
    const std::string all = "start-end";
    EXPECT_EQ(outcome("start", all), Outcome::inconclusive) << to_string(film.rate);
    EXPECT_EQ(outcome("end", all), Outcome::inconclusive) << to_string(film.rate);
    EXPECT_EQ(outcome("inside", all), Outcome::inconclusive) << to_string(film.rate);
    EXPECT_EQ(outcome("start", "1 frames-end"), Outcome::fail) << to_string(film.rate);
    EXPECT_EQ(outcome("end", "start-299 frames"), Outcome::fail) << to_string(film.rate);
  }
}

// The rows say where the picture begins and ends where the container does not.
TEST(Regions, PlacesNeedNoStatedDuration) {
  auto evidence = black_film({});
  probes::StreamFacts& stream = evidence.facts_.streams[0];
  stream.start_s = {};
  stream.duration_s = {};
  const auto place = [&](const std::string& at) {
    return asked(evidence, black("expect: none, at: " + at, "file"), "start-end");
  };
  EXPECT_EQ(place("start").outcome, Outcome::fail);
  EXPECT_EQ(place("end").outcome, Outcome::fail);
  EXPECT_EQ(place("inside").outcome, Outcome::pass);
}

// What was measured in part begins where it does; where it would have ended is not known.
TEST(Regions, TheEndOfAPartIsNotTheStreamsEnd) {
  auto evidence = black_film({});
  std::get<probes::VideoFacts>(evidence.facts_.streams[0].media).frame_count = 120;
  const auto place = [&](const std::string& at) {
    return asked(evidence, black("expect: none, at: " + at, "file"), "start-end");
  };
  EXPECT_EQ(place("start").outcome, Outcome::fail);
  EXPECT_EQ(place("end").outcome, Outcome::inconclusive);
  EXPECT_EQ(*place("end").because, "Where the stream ends is not known.");
}

TEST(Regions, FrameNumbersCountThePicture) {
  const auto evidence = black_film(
      {Rational(24000, 1001), 100, {1, 1000}, Rounding::down, Rational(1, 5), "", false});
  EXPECT_EQ(frames_in(evidence, "programme", "10 frames-90 frames"), (Runs{{10, 90}}));
  EXPECT_EQ(frames_in(evidence, "programme", "start-end"), (Runs{{0, 100}}));
}

TEST(Regions, APartIsAskedLikeAProgramme) {
  const auto evidence = black_film({});
  const std::string extra =
      "regions: {parts: [{in: start, out: 1 s}, {in: 2 s, out: 75 frames}]}\n";
  const auto frames = [&](const std::string& region) {
    const auto verdict = judge_rule(evidence, black("expect: none", region), {}, extra);
    return frames_of(verdict.findings.at(0).spans);
  };
  EXPECT_EQ(frames("part 1"), (Runs{{0, 25}}));
  EXPECT_EQ(frames("part 2"), (Runs{{50, 75}}));
  EXPECT_EQ(frames("{outside: part 2}"), (Runs{{0, 50}, {75, 100}}));
  const auto verdict = judge_rule(evidence, black("expect: none", "part 3"), {}, extra);
  EXPECT_EQ(*verdict.findings.at(0).because,
            "Where the part 3 lies is not known; say --set part.3=IN-OUT.");
}

// A region that is known and empty asks for nothing, but cannot hold what is demanded of it.
TEST(Regions, AnEmptyHeadIsNoFailure) {
  const auto evidence = black_film({});
  EXPECT_EQ(asked(evidence, black("expect: none", "head"), "start-3 s").outcome,
            Outcome::not_applicable);
  EXPECT_EQ(asked(evidence, black("expect: none", "tail"), "1 s-end").outcome,
            Outcome::not_applicable);
  EXPECT_EQ(asked(evidence, black("expect: none", "{outside: programme}"), "start-end").outcome,
            Outcome::not_applicable);
  const Finding wanted = asked(evidence, black("expect: some", "head"), "start-3 s");
  EXPECT_EQ(wanted.outcome, Outcome::fail);
  EXPECT_EQ(wanted.message, "The region head is empty in this file.");
  EXPECT_EQ(asked(evidence, black("count: {max: 3}", "head"), "start-3 s").outcome,
            Outcome::not_applicable);
}

// Sound that outlasts the picture makes no tail of the picture.
TEST(Regions, WhatAStreamDoesNotReachIsNotItsTail) {
  auto evidence = black_film({});
  auto sound = made_facts().streams.at(1);
  sound.start_s = Rational(0);
  sound.duration_s = Rational(403, 100);
  evidence.facts_.streams.push_back(sound);
  EXPECT_EQ(asked(evidence, black("expect: none", "tail"), "start-4 s").outcome,
            Outcome::not_applicable);
  EXPECT_EQ(frames_in(evidence, "{outside: programme}", "1 s-4 s"), (Runs{{0, 25}}));
}

TEST(Regions, WhatTheFileDoesNotHoldIsNotJudged) {
  Film film;
  film.first_label = "10:00:00:00";
  const auto evidence = black_film(film);
  const auto because = [&](const std::string& programme) {
    const Finding finding = asked(evidence, black("expect: none", "programme"), programme);
    EXPECT_EQ(finding.outcome, Outcome::inconclusive) << programme;
    EXPECT_THAT(finding.spans, IsEmpty());
    return finding.because.value_or("");
  };
  EXPECT_EQ(because("2 s-9 s"),
            "The region programme ends at 9 s, behind the end of this file at 4 s.");
  EXPECT_THAT(because("4 s-5 s"), HasSubstr("lies behind the end"));
  EXPECT_THAT(because("3 s-2 s"), HasSubstr("is empty in this file"));
  EXPECT_THAT(because("10:00:01:00-09:00:00:00"),
              HasSubstr("does not lie in this file, whose first label is 10:00:00:00"));
  EXPECT_THAT(because("09:59:59:00-10:00:02:00"), HasSubstr("does not lie in this file"));
  EXPECT_THAT(because("10:00:01;00-10:00:02:00"), HasSubstr("which is non-drop-frame"));
  EXPECT_THAT(because("10:00:01:30-10:00:02:00"), HasSubstr("does not exist in this timecode"));
}

TEST(Regions, ADroppedLabelIsNoPlace) {
  Film film{Rational(30000, 1001), 300,           {1001, 30000}, Rounding::nearest,
            Rational(0),           "00:00:55;00", true};
  const auto evidence = black_film(film);
  EXPECT_THAT(*asked(evidence, black("expect: none", "programme"), "00:01:00;00-end").because,
              HasSubstr("does not exist in this timecode, which is drop-frame"));
  EXPECT_EQ(frames_in(evidence, "programme", "00:01:00:02-end"), (Runs{{150, 300}}));
}

TEST(Regions, BehindAJumpOfTheLabelsNothingIsPlaced) {
  Film film;
  film.first_label = "10:00:00:00";
  auto evidence = black_film(film);
  evidence.facts_.timecodes[0].discontinuities = {{50, "10:00:02:00", "11:00:00:00"}};
  EXPECT_EQ(frames_in(evidence, "programme", "10:00:00:10-10:00:01:24"), (Runs{{10, 49}}));
  EXPECT_THAT(
      *asked(evidence, black("expect: none", "programme"), "10:00:00:10-10:00:03:00").because,
      HasSubstr("the labels jump at frame 50"));
}

// Runs are cut at the border; what is undecided across it is undecided on both sides.
TEST(Regions, UndecidedRunsAcrossABorderStayUndecided) {
  Film film;
  film.first_label = "10:00:00:00";
  const auto evidence = black_film(film, {24, 25, 26});
  const auto outcome = [&](const std::string& demand, const std::string& region) {
    return asked(evidence, black(demand, region), "1 s-3 s").outcome;
  };
  EXPECT_EQ(outcome("expect: none, longer_than: 2 s", "programme"), Outcome::pass);
  EXPECT_EQ(outcome("expect: none, longer_than: 49 frames", "programme"), Outcome::inconclusive);
  EXPECT_EQ(outcome("expect: none, longer_than: 47 frames", "programme"), Outcome::fail);
  EXPECT_EQ(outcome("expect: none, longer_than: 25 frames", "head"), Outcome::pass);
  EXPECT_EQ(outcome("expect: none, longer_than: 24 frames", "head"), Outcome::inconclusive);
  EXPECT_EQ(outcome("expect: none, longer_than: 23 frames", "head"), Outcome::fail);
}

TEST(Regions, OutsideIsOneRegionOfTwoPieces) {
  const auto evidence = black_film({});
  const auto outcome = [&](const std::string& demand, const std::string& programme) {
    return asked(evidence, black(demand, "{outside: programme}"), programme).outcome;
  };
  EXPECT_EQ(outcome("count: 2", "1 s-3 s"), Outcome::pass);
  EXPECT_EQ(outcome("count: 1", "1 s-3 s"), Outcome::fail);
  EXPECT_EQ(outcome("count: 1", "start-3 s"), Outcome::pass);
  EXPECT_EQ(outcome("expect: some, longer_than: 1 s", "1 s-2 s"), Outcome::pass);  // the tail
  EXPECT_EQ(outcome("expect: none, longer_than: 1 s", "1 s-2 s"), Outcome::fail);
  EXPECT_EQ(outcome("expect: none, longer_than: 2 s", "1 s-2 s"), Outcome::pass);
}

// Thirty frames: head, programme and tail of ten each.
class HeadAndTail {
 public:
  HeadAndTail() { stream_.facts().duration_s = Rational(30, 25); }
  HeadAndTail& sharp() {
    return add([](int x, int) { return x < 160 ? 60u : 150u; });
  }
  HeadAndTail& blurred() {
    return add([](int x, int) { return 60u + 90u * std::clamp(x - 154, 0, 12) / 12; });
  }
  HeadAndTail& black() {
    return add([](int, int) { return 16u; });
  }
  Finding blur(const std::string& demand) {
    return asked(stream_.evidence(),
                 rule("quantity: picture.blur, with: {area: 0.5 %}, " + demand +
                      ", region: {outside: programme}"),
                 "10 frames-20 frames");
  }

 private:
  HeadAndTail& add(const PictureStream::Luma& luma) {
    stream_.add(luma, 10);
    return *this;
  }
  PictureStream stream_{8, 320, 240};
};

// In black nothing tells blur. What was found in the other piece of the region stands; what was not
// found may lie there.
TEST(Regions, APieceThatDoesNotTellTakesNothingFromTheOther) {
  const std::string black = "No frame of stream 0 has enough contrast to tell blur.";
  const Finding head = HeadAndTail().blurred().sharp().black().blur("expect: none");
  EXPECT_EQ(head.outcome, Outcome::fail);
  EXPECT_EQ(frames_of(head.spans), (Runs{{0, 10}}));
  const Finding tail = HeadAndTail().black().sharp().blurred().blur("expect: none");
  EXPECT_EQ(tail.outcome, Outcome::fail);
  EXPECT_EQ(frames_of(tail.spans), (Runs{{20, 30}}));
  for (const std::string demand : {"expect: none", "expect: some"}) {
    const Finding one = HeadAndTail().black().blurred().sharp().blur(demand);
    EXPECT_EQ(one.outcome, Outcome::inconclusive) << demand;
    EXPECT_EQ(one.because, black) << demand;
    const Finding none = HeadAndTail().black().blurred().black().blur(demand);
    EXPECT_EQ(none.outcome, Outcome::inconclusive) << demand;
    EXPECT_EQ(none.because, black) << demand;
  }
  EXPECT_EQ(HeadAndTail().blurred().sharp().blurred().blur("count: 2").outcome, Outcome::pass);
}

}  // namespace
}  // namespace cleangate::test
