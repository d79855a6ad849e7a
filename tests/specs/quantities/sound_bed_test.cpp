// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/sound_bed.h"

#include <gtest/gtest.h>

#include "tests/specs/quantities/sound_evidence.h"

namespace cleangate::specs {
namespace {

using test::absence;
using test::add_soundfield;
using test::add_stream;
using test::add_tone;
using test::read;
using test::RowEvidence;
using test::Sound;
using test::value;

Sound tone(double dbfs, double seconds, int rate = 48000) {
  Sound sound{rate, {{}}};
  add_tone(sound, seconds, 1000, {dbfs});
  return sound;
}

TEST(SoundBed, ChannelsOfSeveralStreamsAreOneSoundfield) {
  RowEvidence evidence;
  add_stream(evidence, tone(-23, 10));
  add_stream(evidence, tone(-23, 10, 44100));  // another rate
  add_soundfield(evidence, {{0, 0, "L"}, {1, 0, "R"}});
  EXPECT_NEAR(value(evidence, "loudness.integrated"), -23, 0.05);
  EXPECT_FALSE(read(evidence, "loudness.integrated").tainted_because);
}

// Both channels together are 3 dB louder: only where they overlap.
TEST(SoundBed, StreamsStandAtTheirOffsets) {
  RowEvidence evidence;
  add_stream(evidence, tone(-23, 4), Rational(1));
  add_stream(evidence, tone(-23, 4), Rational(3));
  add_soundfield(evidence, {{0, 0, "L"}, {1, 0, "R"}});
  const Reading reading = read(evidence, "loudness.momentary_max");
  EXPECT_NEAR(test::number(reading), -23, 0.1);
  EXPECT_GE(reading.where.at(0).start_s, Rational(299, 100));
  EXPECT_LE(reading.where.at(0).end_s, Rational(502, 100));
  EXPECT_FALSE(reading.where.at(0).first_sample);  // of two streams: no common count
  EXPECT_NEAR(value(evidence, "loudness.momentary_max", {Rational(1), Rational(3)}), -26.01, 0.1);
  EXPECT_NEAR(value(evidence, "loudness.momentary_max", {Rational(5), Rational(7)}), -26.01, 0.1);
}

TEST(SoundBed, StreamsTooFarApart) {
  RowEvidence evidence;
  add_stream(evidence, tone(-23, 1));
  add_stream(evidence, tone(-23, 1), Rational(4000));
  add_soundfield(evidence, {{0, 0, "L"}, {1, 0, "R"}});
  EXPECT_EQ(absence(read(evidence, "loudness.integrated")), AbsenceKind::not_measured);
}

TEST(SoundBed, WildStartsDoNotThrow) {
  RowEvidence evidence;
  add_stream(evidence, tone(-23, 1), Rational(-9'000'000'000'000'000'000, 7));
  add_stream(evidence, tone(-23, 1), Rational(9'000'000'000'000'000'000, 11));
  add_soundfield(evidence, {{0, 0, "L"}, {1, 0, "R"}});
  EXPECT_EQ(absence(read(evidence, "loudness.integrated")), AbsenceKind::not_measured);
  for (const auto* id : {"loudness.momentary_max", "loudness.true_peak"})
    for (const auto& window : {Window{}, Window{Rational(1, 3), Rational(2, 3)}})
      EXPECT_NO_THROW((void)read(evidence, id, window)) << id;
}

TEST(SoundBed, TheLowFrequencyChannelDoesNotCount) {
  Sound sound{48000, std::vector<std::vector<double>>(6)};
  add_tone(sound, 5, 1000, {-23, -23, -200, 0, -200, -200});
  EXPECT_NEAR(value(test::evidence_of(sound), "loudness.integrated"), -23, 0.05);
  EXPECT_NEAR(value(test::evidence_of(sound), "loudness.true_peak"), 0, 0.05);
}

TEST(SoundBed, SurroundsWeighMore) {
  Sound sound{48000, std::vector<std::vector<double>>(6)};
  add_tone(sound, 5, 1000, {-200, -200, -200, -200, -23, -200});
  EXPECT_NEAR(value(test::evidence_of(sound), "loudness.integrated"), -26.01 + 1.49, 0.05);
}

TEST(SoundBed, DataIsNotSound) {
  auto evidence = test::evidence_of(tone(-23, 5));
  evidence.facts_.streams[0].audio()->embedded = std::string("dolby_e");
  for (const auto* id : {"loudness.integrated", "loudness.true_peak"}) {
    const Reading reading = read(evidence, id);
    ASSERT_EQ(absence(reading), AbsenceKind::undefined) << id;
    EXPECT_EQ(std::get<Absent>(reading.value).because, "Stream 0 carries Dolby E, not sound.");
  }
  evidence.facts_.streams[0].audio()->embedded = Fact<std::string>::unknown();
  EXPECT_NEAR(value(evidence, "loudness.integrated"), -26, 0.1);
}

TEST(SoundBed, WhatWasNotMeasuredIsAbsent) {
  RowEvidence evidence;
  probes::StreamFacts& stream = evidence.facts_.streams.emplace_back();
  probes::AudioFacts audio;
  audio.channels = 1;
  audio.sample_rate = 48000;
  stream.media = audio;
  add_soundfield(evidence, {{0, 0, "M"}});
  add_soundfield(evidence, {{7, 0, "M"}});
  add_soundfield(evidence, {});
  for (const auto* id : {"loudness.integrated", "loudness.true_peak"})
    for (const Reading& reading : test::evaluate(evidence, id))
      EXPECT_EQ(absence(reading), AbsenceKind::not_measured) << id;
  EXPECT_EQ(test::evaluate(evidence, "loudness.range").at(2).subject,
            (Subject{SubjectKind::soundfield, 3}));
}

TEST(SoundBed, NoSoundfieldNoReading) {
  EXPECT_TRUE(test::evaluate(RowEvidence(), "loudness.integrated").empty());
}

TEST(SoundBed, DamageInsideTheWindowTaints) {
  const Sound sound = tone(-23, 10);
  probes::SoundAnalyzer analyzer(1, 48000);
  test::feed_part(analyzer, sound, 0, 96000);
  test::feed_part(analyzer, sound, 96000, 4800, true);
  test::feed_part(analyzer, sound, 100800, 480000 - 100800);
  analyzer.finish();
  auto evidence = test::evidence_of(sound);
  evidence.set(RowEvidence::id<probes::AudioPeakRow>(0, 0), analyzer.take_peak_rows(0));
  for (const auto* id : {"loudness.integrated", "loudness.range", "loudness.momentary_max",
                         "loudness.short_term_max", "loudness.true_peak", "loudness.sample_peak"}) {
    EXPECT_TRUE(read(evidence, id).tainted_because) << id;
    EXPECT_FALSE(read(evidence, id, {Rational(21, 10), std::nullopt}).tainted_because) << id;
    EXPECT_FALSE(read(evidence, id, {std::nullopt, Rational(2)}).tainted_because) << id;
    EXPECT_FALSE(std::isnan(value(evidence, id))) << id;
  }
  EXPECT_EQ(read(evidence, "loudness.integrated").tainted_because,
            "0.1 s of stream 0 channel 1, first 2.0 s after its start, come from damaged data.");
}

TEST(SoundBed, AnUnfinishedMeasurementTaints) {
  auto evidence = test::evidence_of(tone(-23, 5));
  evidence.status_ = probes::Status::partial;
  EXPECT_TRUE(read(evidence, "loudness.integrated").tainted_because);
  EXPECT_TRUE(read(evidence, "loudness.true_peak").tainted_because);
}

TEST(SoundBed, AChannelWithoutAPositionTaintsLoudnessAlone) {
  Sound sound{48000, std::vector<std::vector<double>>(3)};
  add_tone(sound, 5, 1000, {-23, -23, -23});
  const auto evidence = test::evidence_of(sound);  // three channels without labels
  EXPECT_TRUE(read(evidence, "loudness.integrated").tainted_because);
  EXPECT_FALSE(read(evidence, "loudness.true_peak").tainted_because);
}

TEST(SoundBed, RowsInAWindow) {
  const auto check = [](const Window& window, RowRun touching, RowRun inside) {
    const auto run = rows_in(window, Rational(1), 10, 50);  // 1 s to 6 s
    ASSERT_TRUE(run);
    EXPECT_EQ(run->touching.first, touching.first);
    EXPECT_EQ(run->touching.end, touching.end);
    EXPECT_EQ(run->inside.first, inside.first);
    EXPECT_EQ(run->inside.end, inside.end);
  };
  check({}, {0, 50}, {0, 50});
  check({Rational(2), Rational(3)}, {10, 20}, {10, 20});
  check({Rational(205, 100), Rational(295, 100)}, {10, 20}, {11, 19});
  check({Rational(0), Rational(100)}, {0, 50}, {0, 50});
  check({Rational(201, 100), Rational(202, 100)}, {10, 11}, {11, 11});
  check({Rational(9), Rational(10)}, {50, 50}, {50, 50});
}

}  // namespace
}  // namespace cleangate::specs
