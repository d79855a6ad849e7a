// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "specs/compare.h"
#include "tests/specs/profile_text.h"
#include "tests/specs/quantities/picture_evidence.h"
#include "tests/specs/quantities/sound_evidence.h"

namespace cleangate::test {
namespace {

using namespace specs;
using testing::HasSubstr;

// Conditions that a whole film.mp4 meets, every operator once at least.
constexpr const char* kMet[] = {
    "quantity: video.height, equals: 1080",
    "quantity: video.height, not: 1079",
    "quantity: video.height, in: [720, 1080]",
    "quantity: video.height, not_in: [720]",
    "quantity: video.height, min: 1080",
    "quantity: video.height, max: 1080",
    "quantity: video.height, between: [1080, 2160]",
    "quantity: video.height, multiple_of: 8",
    "quantity: video.height, present: true",
    "quantity: video.field_order, absent: true",
    "quantity: captions.carriage, absent: true",
    "quantity: video.codec, matches: '^h26[45]$'",
    "quantity: video.codec, contains: '26'",
    "quantity: container.fast_start, equals: true",
    "quantity: video.height, equals: 1080, for: {any: video}",
    "quantity: video.height, equals: 1080, for: {count: 1, of: video}",
    "quantity: soundfield.layout, equals: '7.1', for: {count: 0, of: soundfield}",
    "quantity: soundfield.layout, equals: '7.1', for: {count: {max: 2}, of: soundfield, role: ad}",
    "one_of: [{quantity: container.format, equals: mov}, {quantity: container.format, equals: "
    "mp4}]",
};

TEST(Guards, NothingOfAPartialAssetPassesWhateverTheOperator) {
  auto evidence = made_evidence();
  for (const char* inside : kMet) ASSERT_EQ(outcome_of(evidence, inside), "pass") << inside;
  evidence.status_ = probes::Status::partial;
  for (const char* inside : kMet) {
    const auto verdict = judge_rule(evidence, rule(inside));
    EXPECT_EQ(outcome(verdict.findings.at(0)), "inconclusive") << inside;
    EXPECT_EQ(verdict.verdict, VerdictKind::inconclusive) << inside;
    EXPECT_EQ(*verdict.findings.at(0).because, "Only a part of the asset could be measured.");
  }
  evidence.facts_.container_damage = {{-1, {}, "The file ends too early."}};
  for (const char* inside : kMet)
    EXPECT_EQ(*judge_rule(evidence, rule(inside)).findings.at(0).because,
              "The file is damaged: The file ends too early.");
}

TEST(Guards, AFailOfAPartialAssetStandsOnlyWhereTheRestCannotUndoIt) {
  auto evidence = made_evidence();
  const std::pair<const char*, const char*> all[] = {
      {"quantity: file.duration, min: 61 s", "inconclusive"},
      {"quantity: file.duration, max: 59 s", "fail"},
      {"quantity: video.bit_rate, min: 10 Mb/s", "inconclusive"},
      {"quantity: video.height, equals: 720", "fail"},
      {"quantity: video.height, equals: 720, for: {any: video}", "inconclusive"},
      {"quantity: audio.codec, equals: ac3", "fail"},
  };
  for (const auto& [inside, left] : all) {
    evidence.status_ = probes::Status::measured;
    EXPECT_EQ(outcome_of(evidence, inside), "fail") << inside;
    evidence.status_ = probes::Status::partial;
    const auto finding = judge_rule(evidence, rule(inside)).findings.at(0);
    EXPECT_EQ(outcome(finding), left) << inside;
    EXPECT_EQ(finding.because, "Only a part of the asset could be measured.") << inside;
  }
}

// Where the whole ends is not known.
TEST(Guards, WhatHangsOnTheEndOfACutFileIsOpen) {
  PictureStream stream;
  stream.add_flat(100, 50).add_flat(16, 10);
  const RowEvidence& evidence = stream.evidence();
  const char* const end = "quantity: picture.black, expect: none, at: end";
  const char* const anywhere = "quantity: picture.black, expect: none";
  EXPECT_EQ(outcome_of(evidence, end), "fail");
  stream.asset().container_damage = {{-1, {}, "The file ends too early."}};
  EXPECT_EQ(outcome_of(evidence, end), "inconclusive");
  EXPECT_EQ(outcome_of(evidence, anywhere), "fail");
}

TEST(Guards, APartialAssetNeverPassesBecauseNothingRejects) {
  auto evidence = made_evidence();
  evidence.status_ = probes::Status::partial;
  const std::string warning = rule("quantity: video.height, equals: 9", "r", "warn");
  const auto verdict = judge_rule(evidence, warning);
  EXPECT_EQ(outcome(verdict.findings.at(0)), "fail");
  EXPECT_EQ(verdict.verdict, VerdictKind::inconclusive);
  evidence.status_ = probes::Status::measured;
  EXPECT_EQ(judge_rule(evidence, warning).verdict, VerdictKind::pass);
}

// What a damaged file does not show may still have been in the whole.
TEST(Guards, WhatIsMissingFromADamagedFileIsDoubted) {
  auto evidence = made_evidence();
  const std::string commentary =
      "quantity: soundfield.layout, equals: '2.0', for: {each: soundfield, role: commentary}";
  const std::string two =
      "quantity: soundfield.layout, equals: '2.0', for: {count: 2, of: "
      "soundfield}";
  const std::string other =
      "quantity: soundfield.layout, equals: '5.1', for: {count: {min: 1}, "
      "of: soundfield}";
  for (const auto& inside : {commentary, two, other})
    ASSERT_EQ(outcome_of(evidence, inside), "fail") << inside;
  evidence.status_ = probes::Status::partial;
  for (const auto& inside : {commentary, two, other})
    EXPECT_EQ(outcome_of(evidence, inside), "inconclusive") << inside;
}

RowEvidence beep() {
  Sound made = silence(48000, 2, 0);
  add_tone(made, 5, 1000, {-23, -23});
  auto evidence = evidence_of(made);
  evidence.facts_.soundfields[0].grouping = probes::Grouping::container;
  evidence.facts_.decode.emplace();
  return evidence;
}

constexpr const char* kLoudnessMet[] = {
    "quantity: loudness.integrated, equals: -23 LUFS, tolerance: 1 LU",
    "quantity: loudness.integrated, not: -20 LUFS",
    "quantity: loudness.integrated, not_in: [-10 LUFS]",
    "quantity: loudness.integrated, min: -24 LUFS",
    "quantity: loudness.integrated, max: -22 LUFS",
    "quantity: loudness.integrated, between: [-24 LUFS, -22 LUFS]",
    "quantity: loudness.integrated, present: true",
    "quantity: loudness.true_peak, max: -1 dBTP",
    "quantity: loudness.true_peak, max: -1 dBTP, for: {any: soundfield}",
    "quantity: loudness.true_peak, max: -1 dBTP, for: {count: 1, of: soundfield}",
};

TEST(Guards, SoundThatDoesNotDecodeIsInconclusiveWhateverTheOperator) {
  auto evidence = beep();
  for (const char* inside : kLoudnessMet) ASSERT_EQ(outcome_of(evidence, inside), "pass") << inside;
  evidence.facts_.decode->errors = {{0, 48000, "Invalid data."}};
  evidence.facts_.decode->errors_total = 1;
  for (const char* inside : kLoudnessMet) EXPECT_NE(outcome_of(evidence, inside), "pass") << inside;
  EXPECT_EQ(outcome_of(evidence, "quantity: loudness.true_peak, max: -30 dBTP"), "fail");
  // Errors of another stream say nothing.
  evidence.facts_.decode->errors.front().stream = 7;
  EXPECT_EQ(outcome_of(evidence, kLoudnessMet[0]), "pass");
}

TEST(Guards, DamagedPicturesLeaveRunsOpen) {
  PictureStream stream;
  stream.add_flat(100, 50).add_damaged(10).add_flat(100, 50);
  const RowEvidence& evidence = stream.evidence();
  EXPECT_EQ(outcome_of(evidence, "quantity: picture.black, expect: none"), "inconclusive");
  EXPECT_EQ(outcome_of(evidence, "quantity: picture.black, absent: true"), "inconclusive");
  EXPECT_EQ(outcome_of(evidence, "quantity: picture.black, expect: some"), "inconclusive");
  EXPECT_EQ(outcome_of(evidence, "quantity: picture.black, count: {max: 1}"), "inconclusive");
  EXPECT_EQ(outcome_of(evidence, "quantity: picture.black, expect: none, longer_than: 10 frames"),
            "pass");
}

TEST(Silence, IsBelowEveryMaximum) {
  auto evidence = evidence_of(silence(48000, 2, 5));
  evidence.facts_.soundfields[0].grouping = probes::Grouping::container;
  for (const std::string peak : {"loudness.true_peak", "loudness.sample_peak"}) {
    const std::string unit = peak == "loudness.true_peak" ? " dBTP" : " dBFS";
    const auto of = [&](const std::string& demand) {
      return outcome_of(evidence, "quantity: " + peak + ", " + demand);
    };
    EXPECT_EQ(of("max: -1" + unit), "pass");
    EXPECT_EQ(of("not: 0" + unit), "pass");
    EXPECT_EQ(of("not_in: [0" + unit + "]"), "pass");
    EXPECT_EQ(of("min: -60" + unit), "fail");
    EXPECT_EQ(of("equals: -1" + unit), "fail");
    EXPECT_EQ(of("in: [-1" + unit + "]"), "fail");
    EXPECT_EQ(of("between: [-20" + unit + ", -1" + unit + "]"), "fail");
    EXPECT_EQ(of("present: true"), "fail");
    EXPECT_EQ(of("absent: true"), "pass");
  }
  const auto verdict = judge_rule(evidence, rule("quantity: loudness.true_peak, max: -1 dBTP"));
  EXPECT_EQ(verdict.findings.at(0).message,
            "The maximum true peak level of soundfield 1 () is below any level: The sound is "
            "digital silence.");
  EXPECT_EQ(outcome_of(evidence, "quantity: loudness.integrated, max: -1 LUFS"), "fail");
  evidence.status_ = probes::Status::partial;
  EXPECT_EQ(outcome_of(evidence, "quantity: loudness.true_peak, max: -1 dBTP"), "inconclusive");
  EXPECT_EQ(outcome_of(evidence, "quantity: loudness.true_peak, min: -60 dBTP"), "inconclusive");
}

TEST(Verdicts, CountEveryFindingOnce) {
  const auto evidence = made_evidence();
  const auto verdict =
      judge_rule(evidence, rule("quantity: video.height, equals: 1080", "met") +
                               rule("quantity: video.height, equals: 9", "rejects") +
                               rule("quantity: video.height, equals: 9", "warns", "warn") +
                               rule("quantity: video.height, equals: 9", "informs", "info") +
                               rule("quantity: video.field_order, equals: top", "off") +
                               rule("quantity: video.entropy_coding, equals: CABAC", "unbuilt") +
                               rule("quantity: loudness.true_peak, max: -1 dBTP", "unmeasured") +
                               rule("quantity: video.height, equals: 1080, when: {quantity: "
                                    "video.entropy_coding, equals: CABAC}",
                                    "unknown") +
                               rule("quantity: file.name, equals: '${order.n}'", "unordered") +
                               rule("kind: manual, ask: 'Why?'", "seen"));
  const Counts& n = verdict.counts;
  EXPECT_EQ(n.pass, 1);
  EXPECT_EQ(n.fail, 1);
  EXPECT_EQ(n.warn, 1);
  EXPECT_EQ(n.info, 1);
  EXPECT_EQ(n.not_applicable, 1);
  EXPECT_EQ(n.inconclusive, 4);
  EXPECT_EQ(n.not_looked_at, 3);
  EXPECT_EQ(n.manual, 1);
}

// A pass needs one requirement at least that could have rejected or warned.
TEST(Verdicts, NotesAloneMakeNoPass) {
  const auto evidence = made_evidence();
  const std::string met = "quantity: video.height, equals: 1080";
  const std::string open = "quantity: loudness.true_peak, max: -1 dBTP";
  EXPECT_EQ(judge_rule(evidence, rule(met, "r", "info")).verdict, VerdictKind::inconclusive);
  EXPECT_EQ(judge_rule(evidence, rule(met, "a", "info") + rule(open, "b", "warn")).verdict,
            VerdictKind::inconclusive);
  EXPECT_EQ(judge_rule(evidence, rule(met, "a", "warn") + rule(open, "b", "warn")).verdict,
            VerdictKind::pass);
}

}  // namespace
}  // namespace cleangate::test
