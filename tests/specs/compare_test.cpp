// SPDX-License-Identifier: Apache-2.0
#include "specs/compare.h"

#include <gmock/gmock.h>

#include "specs/requirement.h"
#include "tests/specs/profile_text.h"

namespace cleangate::test {
namespace {

using namespace specs;

// compare() on readings that no fact can give.
Condition condition_of(const std::string& inside) {
  const auto profile = load_text(made_profile(rule(inside)));
  EXPECT_TRUE(profile) << (profile ? "" : profile.error().message);
  return profile ? profile->requirements.at(0)->condition : Condition{};
}

Outcome compared(const std::string& inside, decltype(Reading::value) value,
                 const SubjectContext& context = {},
                 std::optional<std::string> tainted = std::nullopt) {
  return compare(condition_of(inside), {Subject{}, std::move(value), std::move(tainted), {}},
                 context)
      .outcome;
}

Span run(std::int64_t from, std::int64_t to) {
  Span span;
  span.stream = 0;
  span.start_s = from;
  span.end_s = to;
  return span;
}

TEST(Compare, IntervalsDecideOnlyWhatTheyCan) {
  const Interval across{Rational(-24), Rational(-22)},
      inside{Rational(-235, 10), Rational(-230, 10)};
  EXPECT_EQ(compared("quantity: loudness.integrated, max: -23 LUFS", across),
            Outcome::inconclusive);
  EXPECT_EQ(compared("quantity: loudness.integrated, max: -23 LUFS", inside), Outcome::pass);
  EXPECT_EQ(compared("quantity: loudness.integrated, max: -25 LUFS", across), Outcome::fail);
  EXPECT_EQ(compared("quantity: loudness.integrated, equals: -23 LUFS, tolerance: 1 LU", across),
            Outcome::pass);
  EXPECT_EQ(compared("quantity: loudness.integrated, not: -23 LUFS", across),
            Outcome::inconclusive);
  EXPECT_EQ(compared("quantity: loudness.integrated, not: -20 LUFS", across), Outcome::pass);
  EXPECT_EQ(compared("quantity: loudness.integrated, in: [-24 LUFS, -22 LUFS]", across),
            Outcome::inconclusive);
}

TEST(Compare, AbsenceAndDamage) {
  const std::string rule_text = "quantity: loudness.integrated, min: -24 LUFS";
  const auto absent = [&](AbsenceKind kind) { return compared(rule_text, Absent{kind, "Why."}); };
  EXPECT_EQ(absent(AbsenceKind::not_applicable), Outcome::not_applicable);
  EXPECT_EQ(absent(AbsenceKind::not_measured), Outcome::inconclusive);
  EXPECT_EQ(absent(AbsenceKind::damaged), Outcome::inconclusive);
  EXPECT_EQ(absent(AbsenceKind::undefined), Outcome::fail);
  EXPECT_EQ(compared(rule_text, Scalar(Rational(-23)), {}, "Damaged."), Outcome::inconclusive);
  EXPECT_EQ(compared(rule_text, Scalar(Rational(-25)), {}, "Damaged."), Outcome::inconclusive);
  const auto told =
      compare(condition_of(rule_text),
              {Subject{}, Absent{AbsenceKind::undefined, "No block is above the gate."}, {}, {}},
              {{}, {}, {}, {}, "soundfield 1 (2.0)"});
  EXPECT_EQ(
      told.message,
      "The programme loudness of soundfield 1 (2.0) is undefined: No block is above the gate.");
}

struct Lacking {
  const char* demand;
  decltype(Reading::value) value;
  Outcome outcome;
};

// Each of these fails as it is; whether it still does when a part was not measured.
TEST(Compare, AFailStandsWhereWhatIsMissingCannotUndoIt) {
  const auto n = [](std::int64_t value) { return Scalar(Rational(value)); };
  constexpr auto kStands = Outcome::fail, kOpen = Outcome::inconclusive;
  const Lacking all[] = {
      {"file.duration, min: 2 s", n(1), kOpen},
      {"file.duration, max: 2 s", n(3), kStands},
      {"file.duration, equals: 2 s, tolerance: 1 s", n(4), kStands},
      {"file.duration, not: 2 s", n(2), kOpen},
      {"file.duration, multiple_of: 2 s", n(3), kOpen},
      {"file.duration, max: 2 s", Interval{Rational(3), Rational(4)}, kStands},
      {"video.frame_count, in: [5, 9]", n(7), kOpen},
      {"video.frame_count, in: [5, 9]", n(10), kStands},
      {"loudness.true_peak, max: -1 dBTP", n(0), kStands},
      {"loudness.true_peak, min: -10 dBTP", n(-12), kOpen},
      {"loudness.true_peak, min: -10 dBTP", Absent{AbsenceKind::below_any, "Silent."}, kOpen},
      {"loudness.integrated, max: -23 LUFS", n(-17), kOpen},
      {"loudness.integrated, max: -23 LUFS", Absent{AbsenceKind::undefined, "Silent."}, kOpen},
      {"loudness.range, max: 20 LU", n(22), kOpen},
      {"video.bit_rate, min: 5 Mb/s", n(4), kOpen},
      {"picture.luma_min, min: 16 code", n(4), kStands},
      {"picture.luma_min, max: 16 code", n(18), kOpen},
      {"video.width, equals: 1920", n(1280), kStands},
      {"video.codec, equals: prores", Scalar(std::string("h264")), kStands},
      {"audio.language, present: true", Absent{AbsenceKind::not_applicable, "None."}, kStands},
      {"video.scan, equals: progressive", Scalar(std::string("interlaced")), kOpen},
      {"video.intra_only, equals: true", Scalar(false), kStands},
      {"video.intra_only, equals: false", Scalar(true), kOpen},
      {"captions.present, equals: true", Scalar(false), kOpen},
      {"captions.present, equals: false", Scalar(true), kStands},
      {"captions.present, absent: true", Scalar(true), kStands},
      {"picture.black, expect: none", Spans{{run(0, 3)}, {}}, kStands},
      {"picture.black, expect: none, longer_than: 2 s", Spans{{run(0, 3)}, {}}, kStands},
      {"picture.black, expect: none, shorter_than: 9 s", Spans{{run(0, 3)}, {}}, kOpen},
      {"picture.black, expect: some", Spans{}, kOpen},
      {"picture.black, count: {min: 2}", Spans{{run(0, 3)}, {}}, kOpen},
  };
  for (const Lacking& each : all) {
    const std::string inside = std::string("quantity: ") + each.demand;
    const Condition condition = condition_of(inside);
    EXPECT_EQ(compare(condition, {Subject{}, each.value, {}, {}}, {}).outcome, Outcome::fail)
        << inside;
    const auto lacking = compare(condition, {Subject{}, each.value, "Cut.", {}}, {});
    EXPECT_EQ(lacking.outcome, each.outcome) << inside;
    EXPECT_EQ(lacking.because, "Cut.") << inside;
  }
}

TEST(Compare, AnEarlierStartIsWhatAMissingHeadCouldHold) {
  const auto condition = condition_of("quantity: timecode.start, equals: 10:00:00:00");
  const auto format = TimecodeFormat::for_rate(Rational(25), DropFrame::non_drop);
  const auto is = [&](int hours, int frames) {
    const auto label = Timecode::make(hours, 0, 0, frames, *format);
    return compare(condition, {Subject{}, Scalar(*label), "Cut.", {}}, {}).outcome;
  };
  EXPECT_EQ(is(10, 12), Outcome::inconclusive);
  EXPECT_EQ(is(9, 0), Outcome::fail);
}

// Runs that were found are there, whatever is missing.
TEST(Compare, WhatIsMissingOnlyAddsRuns) {
  for (const Quantity* quantity : quantities()) {
    if (quantity->kind != ValueKind::spans) continue;
    const bool layout =
        quantity->id.starts_with("layout.");  // where the programme ends follows the whole
    EXPECT_EQ(quantity->missing, layout ? Missing::either : Missing::raises) << quantity->id;
  }
}

TEST(Compare, WhatIsLeftOpenIsNotToldAsAbsent) {
  const auto told = [](const std::string& inside, decltype(Reading::value) value) {
    return compare(condition_of(inside), {Subject{}, std::move(value), "Damaged.", {}}, {});
  };
  const auto none = told("quantity: picture.black, expect: none", Spans{});
  EXPECT_EQ(none.outcome, Outcome::inconclusive);
  EXPECT_EQ(none.message, "Whether there is black picture is not known.");
  EXPECT_EQ(none.measured.text, "not known");
  EXPECT_FALSE(none.measured.value);
  const auto some = told("quantity: picture.black, count: {max: 3}", Spans{{run(0, 3)}, {}});
  EXPECT_EQ(some.outcome, Outcome::inconclusive);
  EXPECT_EQ(some.measured.text, "1 or more runs");
  EXPECT_FALSE(some.measured.value);
  const auto absent =
      told("quantity: timecode.start, absent: true", Absent{AbsenceKind::not_applicable, "Why."});
  EXPECT_EQ(absent.outcome, Outcome::inconclusive);
  EXPECT_EQ(absent.measured.text, "not known");
  EXPECT_EQ(absent.message.find("There is no"), std::string::npos);
}

TEST(Compare, SpeaksGrammatically) {
  const auto message = [](const std::string& inside, const Rational& value) {
    return compare(condition_of(inside), {Subject{}, Scalar(value), {}, {}}, {{}, {}, {}, {}, "it"})
        .message;
  };
  EXPECT_EQ(message("quantity: loudness.integrated, max: -24 LUFS", Rational(-23)),
            "The programme loudness of it is -23.0 LUFS.");
}

TEST(Compare, RunsThatCount) {
  const Spans runs{{run(0, 3), run(10, 11), run(55, 60)}, {}};
  SubjectContext context;
  context.region_in_s = Rational(0);
  context.region_out_s = Rational(60);
  const auto is = [&](const std::string& inside) {
    return compared("quantity: picture.black, " + inside, runs, context);
  };
  EXPECT_EQ(is("expect: none"), Outcome::fail);
  EXPECT_EQ(is("expect: some"), Outcome::pass);
  EXPECT_EQ(is("expect: none, longer_than: 5 s"), Outcome::pass);  // strictly longer
  EXPECT_EQ(is("expect: none, longer_than: 4 s"), Outcome::fail);
  EXPECT_EQ(is("expect: none, at: inside, longer_than: 2 s"), Outcome::pass);
  EXPECT_EQ(is("expect: none, at: start, longer_than: 2 s"), Outcome::fail);
  EXPECT_EQ(is("expect: none, at: start, longer_than: 3 s"), Outcome::pass);
  EXPECT_EQ(is("expect: some, at: end, longer_than: 4 s"), Outcome::pass);
  EXPECT_EQ(is("count: 3"), Outcome::pass);
  EXPECT_EQ(is("count: {max: 2}"), Outcome::fail);
  EXPECT_EQ(is("expect: none, shorter_than: 1 s"), Outcome::pass);
  EXPECT_EQ(is("expect: none, longer_than: 50 frames"), Outcome::inconclusive);  // no frame rate
  context.frame_rate = Rational(25);
  EXPECT_EQ(is("expect: none, longer_than: 50 frames"), Outcome::fail);
  context.region_out_s.reset();
  EXPECT_EQ(is("expect: none, at: end"), Outcome::inconclusive);
}

TEST(Compare, OpenRunsAreInconclusiveUnlessItHasFailed) {
  const auto is = [&](const std::string& inside, const Spans& runs) {
    return compared("quantity: picture.black, " + inside, runs);
  };
  const Spans grows{{run(10, 11)}, {run(11, 13)}};
  EXPECT_EQ(is("expect: none, longer_than: 2 s", grows), Outcome::inconclusive);
  EXPECT_EQ(is("expect: none, longer_than: 3 s", grows), Outcome::pass);
  EXPECT_EQ(is("expect: none", grows), Outcome::fail);
  EXPECT_EQ(is("expect: none, shorter_than: 2 s", grows), Outcome::inconclusive);
  const Spans bridged{{run(0, 2), run(3, 5)}, {run(2, 3)}};
  EXPECT_EQ(is("expect: none, longer_than: 4 s", bridged), Outcome::inconclusive);
  EXPECT_EQ(is("expect: none", Spans{{}, {run(0, 1)}}), Outcome::inconclusive);
  EXPECT_EQ(is("expect: none", Spans{}), Outcome::pass);
  EXPECT_EQ(is("expect: some", Spans{{}, {run(0, 1)}}), Outcome::inconclusive);
}

// What was found stands; what was not found may lie where nothing was measured.
TEST(Compare, TaintedRunsFailOnlyByWhatWasFound) {
  const auto is = [&](const std::string& inside, const Spans& runs) {
    return compared("quantity: picture.black, " + inside, runs, {}, "Measured in part.");
  };
  const Spans one{{run(10, 11)}, {}};
  EXPECT_EQ(is("expect: none", one), Outcome::fail);
  EXPECT_EQ(is("expect: none", Spans{}), Outcome::inconclusive);
  EXPECT_EQ(is("expect: some", Spans{}), Outcome::inconclusive);
  EXPECT_EQ(is("count: 2", one), Outcome::inconclusive);
  EXPECT_EQ(is("count: {max: 0}", one), Outcome::fail);
}

TEST(Compare, PercentOfTheNarrowRangeFollowsTheBitDepth) {
  SubjectContext ten_bit;
  ten_bit.bit_depth = 10;
  Condition condition = condition_of("quantity: video.height, max: 1");
  condition.quantity.unit = Unit::code;
  condition.demand.values[0].value = Amount{Rational(100), Unit::percent};
  const auto outcome_at = [&](std::int64_t code, const SubjectContext& context) {
    return compare(condition, {Subject{}, Scalar(Rational(code)), {}, {}}, context).outcome;
  };
  EXPECT_EQ(outcome_at(940, ten_bit), Outcome::pass);  // BT.709: 100 % is code 940 at 10 bits
  EXPECT_EQ(outcome_at(941, ten_bit), Outcome::fail);
  EXPECT_EQ(outcome_at(940, {}), Outcome::inconclusive);
}

}  // namespace
}  // namespace cleangate::test
