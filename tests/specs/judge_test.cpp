// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "probes/facts/format_changes.h"
#include "specs/requirement.h"
#include "tests/specs/profile_text.h"

namespace cleangate::test {
namespace {

using namespace specs;
using testing::HasSubstr;

TEST(Operators, AreExact) {
  const auto evidence = made_evidence();
  const std::pair<const char*, const char*> cases[] = {
      {"quantity: video.height, equals: 1080", "pass"},
      {"quantity: video.height, equals: 1079", "fail"},
      {"quantity: video.height, equals: 1079, tolerance: 1", "pass"},
      {"quantity: video.height, equals: 1078, tolerance: 1", "fail"},
      {"quantity: video.height, not: 1080", "fail"},
      {"quantity: video.height, in: [720, 1080]", "pass"},
      {"quantity: video.height, not_in: [720, 1080]", "fail"},
      {"quantity: video.height, min: 1080", "pass"},
      {"quantity: video.height, min: 1081", "fail"},
      {"quantity: video.height, max: 1080", "pass"},
      {"quantity: video.height, max: 1079", "fail"},
      {"quantity: video.height, between: [1080, 2160]", "pass"},
      {"quantity: video.height, between: [1081, 2160]", "fail"},
      {"quantity: video.height, multiple_of: 8", "pass"},
      {"quantity: video.height, multiple_of: 16", "fail"},
      {"quantity: video.height, present: true", "pass"},
      {"quantity: video.height, absent: true", "fail"},
      {"quantity: video.codec, equals: h264", "pass"},
      {"quantity: video.codec, equals: H264", "fail"},
      {"quantity: video.codec, matches: '^h26[45]$'", "pass"},
      {"quantity: video.codec, contains: '26'", "pass"},
      {"quantity: video.codec, contains: '62'", "fail"},
      {"quantity: container.fast_start, equals: true", "pass"},
      {"quantity: container.fast_start, not: true", "fail"},
      {"quantity: file.duration, max: 1500 frames", "pass"},
      {"quantity: file.duration, max: 1499 frames", "fail"},
      {"quantity: file.duration, equals: '00:01:00:00'", "pass"},
      {"quantity: video.field_order, equals: top", "not_applicable"},
      {"quantity: video.field_order, absent: true", "pass"},
      {"quantity: video.field_order, present: true", "fail"},
      {"quantity: video.entropy_coding, equals: CABAC", "inconclusive"},
      {"quantity: captions.carriage, equals: a53", "fail"},
      {"quantity: captions.carriage, absent: true", "pass"},
  };
  for (const auto& [inside, expected] : cases)
    EXPECT_EQ(outcome_of(evidence, inside), expected) << inside;
}

// A stream that says bt709 at first and PQ later is not bt709: the rule fails where it is not so.
TEST(Formats, ARuleFailsFromTheFrameThatBreaksIt) {
  auto evidence = made_evidence();
  probes::StreamFacts& stream = evidence.facts_.streams[0];
  ASSERT_TRUE(stream.video());
  stream.start_s = Rational(0);
  stream.video()->frame_rate = Rational(25);
  stream.video()->frame_rate_mode = probes::RateMode::constant;
  stream.video()->frame_count = 1500;
  constexpr ColorDescription kSdr{ColorPrimaries::bt709, TransferCharacteristics::bt709,
                                  MatrixCoefficients::bt709, SignalRange::narrow};
  constexpr ColorDescription kPq{ColorPrimaries::bt2020, TransferCharacteristics::smpte2084,
                                 MatrixCoefficients::bt2020nc, SignalRange::narrow};
  stream.video()->color = kSdr;
  const std::vector<probes::PictureFormat> formats{
      {0, 1920, 1080, "4:2:0", 8, "High", kSdr, Rational(1)},
      {50, 1920, 1080, "4:2:0", 8, "High", kPq, Rational(1)}};
  evidence.facts_.conflicts = {*probes::format_conflict(stream.index, formats)};
  for (const char* inside :
       {"quantity: video.color_transfer, equals: bt709", "quantity: video.hdr, equals: sdr"}) {
    const auto verdict = judge_rule(evidence, rule(inside));
    EXPECT_EQ(verdict.verdict, specs::VerdictKind::fail) << inside;
    ASSERT_FALSE(verdict.findings.empty()) << inside;
    const specs::Finding& finding = verdict.findings[0];
    EXPECT_EQ(outcome(finding), "fail") << inside;
    ASSERT_EQ(finding.spans.size(), 1u) << inside;
    EXPECT_EQ(finding.spans[0].first_frame, 50) << inside;
    EXPECT_EQ(finding.spans[0].end_frame, 1500) << inside;
  }
  EXPECT_EQ(outcome_of(evidence, "quantity: video.color_transfer, in: [bt709, smpte2084]"),
            "inconclusive");
  EXPECT_EQ(outcome_of(evidence, "quantity: video.codec, equals: h264"), "pass");
}

TEST(Operators, TimecodeLabels) {
  auto evidence = made_evidence();
  probes::TimecodeFacts timecode;
  timecode.start = std::string("01:00:00;02");
  timecode.rate = Rational(30000, 1001);
  timecode.drop_frame = true;
  timecode.primary = true;
  evidence.facts_.timecodes = {timecode};
  EXPECT_EQ(outcome_of(evidence, "quantity: timecode.start, equals: '01:00:00:02'"), "pass");
  EXPECT_EQ(outcome_of(evidence, "quantity: timecode.start, equals: '01:00:00;02'"), "pass");
  EXPECT_EQ(outcome_of(evidence, "quantity: timecode.start, equals: '01:00:00:03'"), "fail");
  EXPECT_EQ(outcome_of(evidence, "quantity: timecode.start, min: '01:00:00:00'"), "pass");
  EXPECT_EQ(outcome_of(evidence, "quantity: timecode.start, max: '01:00:00:00'"), "fail");
  evidence.facts_.timecodes[0].start = std::string("01:00:00:02");
  evidence.facts_.timecodes[0].drop_frame = false;
  EXPECT_EQ(outcome_of(evidence, "quantity: timecode.start, equals: '01:00:00;02'"), "fail");
}

RowEvidence two_fields() {
  auto evidence = made_evidence();
  auto second = evidence.facts_.soundfields[0];
  second.id = 2;
  second.layout = "5.1";
  second.language = "en-GB";
  second.role = "me";
  evidence.facts_.soundfields.push_back(second);
  return evidence;
}

TEST(Selectors, EachAnyCount) {
  const auto evidence = two_fields();
  const auto of = [&](const std::string& inside) {
    return outcome_of(evidence, "quantity: soundfield.layout, " + inside);
  };
  EXPECT_EQ(
      judge_rule(evidence, rule("quantity: soundfield.layout, equals: '5.1'")).findings.size(), 2u);
  EXPECT_EQ(of("equals: '5.1', for: {any: soundfield}"), "pass");
  EXPECT_EQ(of("equals: '7.1', for: {any: soundfield}"), "fail");
  EXPECT_EQ(of("equals: '5.1', for: {each: soundfield, role: me}"), "pass");
  EXPECT_EQ(of("equals: '5.1', for: {each: soundfield, language: en}"), "pass");
  EXPECT_EQ(of("equals: '5.1', for: {each: soundfield, language: e}"), "fail");  // none matches
  EXPECT_EQ(of("equals: '5.1', for: {count: 1, of: soundfield}"), "pass");
  EXPECT_EQ(of("equals: '5.1', for: {count: 2, of: soundfield}"), "fail");
  EXPECT_EQ(of("equals: '5.1', for: {count: {max: 1}, of: soundfield}"), "pass");
  EXPECT_EQ(of("equals: '5.1', for: {each: soundfield, soundfield: 2}"), "pass");
  const auto none = judge_rule(evidence, rule("quantity: soundfield.layout, equals: '2.0', for: "
                                              "{each: soundfield, role: ad}"));
  EXPECT_EQ(none.findings.at(0).message, "There is no soundfield with role ad.");
}

TEST(Selectors, AnAssumedGroupingNeverRejects) {
  auto evidence = two_fields();
  evidence.facts_.soundfields[1].grouping = probes::Grouping::assumed;
  const auto verdict = judge_rule(evidence, rule("quantity: soundfield.layout, equals: '2.0'"));
  ASSERT_EQ(verdict.findings.size(), 2u);
  EXPECT_EQ(verdict.findings[0].outcome, Outcome::pass);
  EXPECT_EQ(verdict.findings[1].outcome, Outcome::inconclusive);
  EXPECT_THAT(*verdict.findings[1].because, HasSubstr("--soundfields"));
  EXPECT_EQ(outcome_of(evidence,
                       "quantity: soundfield.layout, equals: '7.1', for: {each: "
                       "soundfield, layout: '7.1'}"),
            "inconclusive");
}

TEST(When, IsAskedOfTheSameSubject) {
  auto evidence = made_evidence();
  auto second = evidence.facts_.streams[0];
  second.index = 2;
  second.video()->height = 720;
  second.bit_rate = probes::BitRate{3'000'000, {}, {}};
  evidence.facts_.streams.push_back(second);
  const auto verdict =
      judge_rule(evidence, rule("quantity: video.bit_rate, min: 8 Mb/s, when: {quantity: "
                                "video.height, equals: 1080}"));
  ASSERT_EQ(verdict.findings.size(), 2u);
  EXPECT_EQ(outcome(verdict.findings[0]), "pass");
  EXPECT_EQ(outcome(verdict.findings[1]), "not_applicable");
}

TEST(When, NotApplicableUnknownAndMissing) {
  auto evidence = made_evidence();
  const std::string codec = "quantity: video.codec, equals: vp9, when: ";
  EXPECT_EQ(outcome_of(evidence, codec + "{quantity: container.format, equals: webm}"),
            "not_applicable");
  EXPECT_EQ(outcome_of(evidence, codec + "{any_of: [{quantity: container.format, equals: webm}, "
                                         "{quantity: video.height, min: 1080}]}"),
            "fail");
  EXPECT_EQ(outcome_of(evidence, codec + "{order: web, equals: 'yes'}"), "inconclusive");
  EXPECT_EQ(outcome_of(evidence, codec + "{order: web, equals: 'yes'}", {{"web", "yes"}}), "fail");
  EXPECT_EQ(outcome_of(evidence, codec + "{order: web, equals: 'yes'}", {{"web", "no"}}),
            "not_applicable");
  EXPECT_EQ(outcome_of(evidence, codec + "{order: web, present: true}"), "not_applicable");
  evidence.facts_.container.fast_start = Fact<bool>::unknown();
  EXPECT_EQ(outcome_of(evidence, codec + "{quantity: container.fast_start, equals: true}"),
            "inconclusive");
  evidence.facts_.streams.erase(evidence.facts_.streams.begin());
  EXPECT_EQ(outcome_of(evidence, "quantity: video.codec, equals: h264"), "fail");
  EXPECT_EQ(outcome_of(evidence, codec + "{quantity: video.stream_count, min: 1}"),
            "not_applicable");
}

TEST(OneOf, OnlyTheNearestBranchIsReported) {
  auto evidence = made_evidence();
  const std::string branches =
      "one_of: [{name: ProRes, all: [{quantity: container.format, equals: mov}, {quantity: "
      "video.codec, equals: prores}]}, {name: H.264, all: [{quantity: container.format, equals: "
      "mp4}, {quantity: video.codec, equals: h264}, {quantity: video.bit_rate, min: 5 Mb/s}]}]";
  EXPECT_EQ(outcome_of(evidence, branches), "pass");
  evidence.facts_.streams[0].bit_rate = probes::BitRate{4'999'999, {}, {}};
  const auto verdict = judge_rule(evidence, rule(branches));
  ASSERT_EQ(verdict.findings.size(), 1u);
  const Finding& finding = verdict.findings[0];
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding.quantity, "video.bit_rate");
  EXPECT_EQ(finding.message, "The video bit rate of stream 0 is 4.999999 Mb/s.");
  EXPECT_EQ(finding.expected.text, "at least 5 Mb/s (H.264)");
  evidence.facts_.streams[0].bit_rate = Fact<probes::BitRate>::unknown();
  EXPECT_EQ(outcome_of(evidence, branches), "inconclusive");
}

TEST(OrderData, FillLimitsAndAreLiteralInPatterns) {
  auto evidence = made_evidence();
  const std::string name = "quantity: file.name, matches: '^${order.clock}\\.mp4$'";
  EXPECT_EQ(outcome_of(evidence, name, {{"clock", "film"}}), "pass");
  EXPECT_EQ(outcome_of(evidence, name, {{"clock", "f.lm"}}), "fail");
  const auto missing = judge_rule(evidence, rule(name));
  EXPECT_EQ(missing.verdict, VerdictKind::inconclusive);
  EXPECT_EQ(*missing.findings[0].because, "Order data are missing; say --set clock=VALUE.");
  const std::string height = "quantity: video.height, equals: '${order.h}'";
  EXPECT_EQ(outcome_of(evidence, height, {{"h", "1080"}}), "pass");
  EXPECT_EQ(outcome_of(evidence, height, {{"h", "tall"}}), "inconclusive");
}

TEST(Regions, AreNeverGuessed) {
  const auto evidence = made_evidence();
  const std::string inside = "quantity: loudness.integrated, max: -10 LUFS, region: programme";
  const auto verdict = judge_rule(evidence, rule(inside));
  EXPECT_EQ(*verdict.findings.at(0).because,
            "Where the programme lies is not known; say --set programme=IN-OUT.");
  const auto wrong = judge_rule(evidence, rule(inside), {{"programme", "nonsense"}});
  EXPECT_THAT(*wrong.findings.at(0).because, HasSubstr("is not a region; write programme=IN-OUT"));
  const auto behind = judge_rule(evidence, rule(inside), {{"programme", "90s-end"}});
  EXPECT_EQ(behind.findings.at(0).outcome, Outcome::inconclusive);
}

TEST(VerdictRule, TruthTable) {
  const auto evidence = made_evidence();
  const std::string pass = "quantity: video.height, equals: 1080";
  const std::string fails = "quantity: video.height, equals: 720";
  const std::string open = "quantity: video.entropy_coding, equals: CABAC";
  const std::string off = "quantity: video.field_order, equals: top";
  const auto verdict = [&](std::initializer_list<std::pair<std::string, std::string>> rules) {
    std::string all;
    int n = 0;
    for (const auto& [inside, severity] : rules)
      all += rule(inside, "r" + std::to_string(n++), severity);
    return std::string(to_string(judge_rule(evidence, all).verdict));
  };
  EXPECT_EQ(verdict({{pass, "reject"}}), "pass");
  EXPECT_EQ(verdict({{fails, "reject"}, {open, "reject"}, {pass, "reject"}}), "fail");
  EXPECT_EQ(verdict({{pass, "reject"}, {open, "reject"}}), "inconclusive");
  EXPECT_EQ(verdict({{pass, "reject"}, {fails, "warn"}, {open, "warn"}, {fails, "info"}}), "pass");
  EXPECT_EQ(verdict({{off, "reject"}}), "inconclusive");  // nothing could be evaluated
  EXPECT_EQ(verdict({{open, "warn"}}), "inconclusive");
  EXPECT_EQ(verdict({{fails, "warn"}}), "pass");
  EXPECT_EQ(verdict({{"kind: manual, ask: 'Why?'", "reject"}}), "inconclusive");
  EXPECT_EQ(verdict({{"kind: manual, ask: 'Why?'", "reject"}, {pass, "warn"}}), "pass");
}

TEST(VerdictRule, AnAssetThatWasNotMeasuredNeverPasses) {
  auto evidence = made_evidence();
  const std::string passes = rule("quantity: video.height, equals: 1080");
  for (const auto status : {probes::Status::unreadable, probes::Status::crashed,
                            probes::Status::timed_out, probes::Status::partial}) {
    evidence.status_ = status;
    EXPECT_EQ(judge_rule(evidence, passes).verdict, VerdictKind::inconclusive);
  }
  evidence.status_ = probes::Status::partial;
  EXPECT_EQ(judge_rule(evidence, rule("quantity: video.height, equals: 9")).verdict,
            VerdictKind::fail);
}

TEST(Findings, HaveStableIdsPerSubject) {
  const auto evidence = two_fields();
  const std::string two = rule("quantity: soundfield.layout, equals: '5.1'");
  const auto a = judge_rule(evidence, two), b = judge_rule(evidence, two);
  EXPECT_EQ(a.findings.at(0).finding_id, b.findings.at(0).finding_id);
  EXPECT_NE(a.findings.at(0).finding_id, a.findings.at(1).finding_id);
  EXPECT_EQ(a.findings.at(0).finding_id.size(), 16u);
  EXPECT_EQ(a.findings.at(0).soundfield, 1);
}

TEST(Demands, AnyAndUnspecifiedAreNotTheSame) {
  const auto evidence = made_evidence();
  const auto of = [&](const std::string& word) {
    const auto verdict =
        judge_rule(evidence, rule("quantity: video.height, demand: " + word, "r", "info"));
    return outcome(verdict.findings.at(0));
  };
  EXPECT_EQ(of("any"), "pass");
  EXPECT_EQ(of("unspecified"), "not_applicable");
}

}  // namespace
}  // namespace cleangate::test
