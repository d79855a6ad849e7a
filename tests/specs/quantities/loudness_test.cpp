// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "probes/audio/energy_code.h"
#include "specs/parameters.h"
#include "tests/specs/quantities/sound_evidence.h"

namespace cleangate::specs {
namespace {

using test::absence;
using test::add_tone;
using test::evidence_of;
using test::number;
using test::read;
using test::Sound;
using test::value;

struct Part {
  double dbfs, seconds;
};

// A stereo 1 kHz sine in parts of other levels, as the EBU's test signals are described.
Sound stereo(const std::vector<Part>& parts, int rate = 48000) {
  Sound sound{rate, {{}, {}}};
  for (const Part& part : parts) add_tone(sound, part.seconds, 1000, {part.dbfs, part.dbfs});
  return sound;
}

// EBU Tech 3341, table 1. Cases 7 and 8 are recordings.

TEST(Tech3341, Case1And2) {
  for (const double level : {-23.0, -33.0}) {
    const auto evidence = evidence_of(stereo({{level, 20}}));
    EXPECT_NEAR(value(evidence, "loudness.integrated"), level, 0.1);
    EXPECT_NEAR(value(evidence, "loudness.momentary_max"), level, 0.1);
    EXPECT_NEAR(value(evidence, "loudness.short_term_max"), level, 0.1);
  }
}

TEST(Tech3341, Case3) {
  EXPECT_NEAR(value(evidence_of(stereo({{-36, 10}, {-23, 60}, {-36, 10}})), "loudness.integrated"),
              -23, 0.1);
}

TEST(Tech3341, Case4) {
  EXPECT_NEAR(value(evidence_of(stereo({{-72, 10}, {-36, 10}, {-23, 60}, {-36, 10}, {-72, 10}})),
                    "loudness.integrated"),
              -23, 0.1);
}

TEST(Tech3341, Case5) {
  EXPECT_NEAR(
      value(evidence_of(stereo({{-26, 20}, {-20, 20.1}, {-26, 20}})), "loudness.integrated"), -23,
      0.1);
}

TEST(Tech3341, Case6) {
  Sound sound{48000, std::vector<std::vector<double>>(5)};
  add_tone(sound, 20, 1000, {-28, -28, -24, -30, -30});
  EXPECT_NEAR(value(evidence_of(sound), "loudness.integrated"), -23, 0.1);
}

TEST(Tech3341, Case9) {
  std::vector<Part> parts;
  for (int i = 0; i < 5; ++i) parts.insert(parts.end(), {{-20, 1.34}, {-30, 1.66}});
  EXPECT_NEAR(value(evidence_of(stereo(parts)), "loudness.short_term_max"), -23, 0.1);
}

TEST(Tech3341, Case10) {
  for (int i = 0; i < 20; ++i) {
    Sound sound = test::silence(48000, 2, 0.15 * i);
    add_tone(sound, 3, 1000, {-23, -23});
    test::add_silence(sound, 1);
    EXPECT_NEAR(value(evidence_of(sound), "loudness.short_term_max"), -23, 0.1) << i;
  }
}

// For live meters: the maximum after each of the rising tones; here each window of a file.
TEST(Tech3341, Case11And14) {
  Sound sound = test::silence(48000, 2, 0);
  std::vector<Window> windows;
  for (int i = 0; i < 20; ++i) {
    const Rational begin(sound.samples(), 48000);
    test::add_silence(sound, 0.15 * i);
    add_tone(sound, 3, 1000, {-38.0 + i, -38.0 + i});
    test::add_silence(sound, 3.2 - 0.15 * i);
    windows.push_back({begin, Rational(sound.samples(), 48000)});
  }
  const auto evidence = evidence_of(sound);
  for (int i = 0; i < 20; ++i) {
    const auto& window = windows[static_cast<std::size_t>(i)];
    EXPECT_NEAR(value(evidence, "loudness.short_term_max", window), -38.0 + i, 0.1) << i;
    EXPECT_NEAR(value(evidence, "loudness.momentary_max", window), -38.0 + i, 0.1) << i;
  }
}

TEST(Tech3341, Case12) {
  std::vector<Part> parts;
  for (int i = 0; i < 25; ++i) parts.insert(parts.end(), {{-20, 0.18}, {-30, 0.22}});
  EXPECT_NEAR(value(evidence_of(stereo(parts)), "loudness.momentary_max"), -23, 0.1);
}

TEST(Tech3341, Case13) {
  for (int i = 0; i < 20; ++i) {
    Sound sound = test::silence(48000, 2, 0.02 * i);
    add_tone(sound, 0.4, 1000, {-23, -23});
    test::add_silence(sound, 1);
    const Reading reading = read(evidence_of(sound), "loudness.momentary_max");
    EXPECT_NEAR(number(reading), -23, 0.1) << i;
    ASSERT_EQ(reading.where.size(), 1u);
    EXPECT_NEAR(reading.where[0].start_s.to_double(), 0.02 * i, 0.011) << i;
    EXPECT_EQ(reading.where[0].end_s - reading.where[0].start_s, Rational(2, 5));
    EXPECT_EQ(reading.where[0].end_sample.value() - reading.where[0].first_sample.value(), 19200);
  }
}

// EBU Tech 3342, table 1. Cases 5 and 6 are recordings.
TEST(Tech3342, Cases1To4) {
  EXPECT_NEAR(value(evidence_of(stereo({{-20, 20}, {-30, 20}})), "loudness.range"), 10, 1);
  EXPECT_NEAR(value(evidence_of(stereo({{-20, 20}, {-15, 20}})), "loudness.range"), 5, 1);
  EXPECT_NEAR(value(evidence_of(stereo({{-40, 20}, {-20, 20}})), "loudness.range"), 20, 1);
  EXPECT_NEAR(value(evidence_of(stereo({{-50, 20}, {-35, 20}, {-20, 20}, {-35, 20}, {-50, 20}})),
                    "loudness.range"),
              15, 1);
}

TEST(Loudness, ATightCalibrationAtManyRates) {
  for (const int rate : {22050, 32000, 44100, 48000, 88200, 96000, 192000}) {
    Sound sound{rate, {{}}};
    add_tone(sound, 5, 997, {0});
    EXPECT_NEAR(value(evidence_of(sound), "loudness.integrated"), -3.01, rate < 32000 ? 0.03 : 0.02)
        << rate;
  }
}

TEST(Loudness, WithoutAGateEverythingCounts) {
  const auto evidence = evidence_of(stereo({{-23, 10}, {-120, 10}}));
  EXPECT_NEAR(value(evidence, "loudness.integrated"), -23, 0.1);
  const Quantity& quantity = *find_quantity("loudness.integrated");
  ParameterSet parameters(quantity);
  ASSERT_TRUE(parameters.set("gate", "none"));
  EXPECT_NEAR(number(quantity.evaluate(evidence, parameters, {}).at(0)), -26.01, 0.1);
  ASSERT_TRUE(parameters.set("gate", "sideways"));
  EXPECT_EQ(absence(quantity.evaluate(evidence, parameters, {}).at(0)), AbsenceKind::not_measured);
}

TEST(Loudness, NothingAboveTheGateIsNoNumber) {
  const auto quiet = evidence_of(stereo({{-80, 5}}));
  EXPECT_EQ(absence(read(quiet, "loudness.integrated")), AbsenceKind::undefined);
  EXPECT_EQ(absence(read(quiet, "loudness.range")), AbsenceKind::undefined);
  EXPECT_NEAR(value(quiet, "loudness.momentary_max"), -80, 0.1);
  const auto silent = evidence_of(test::silence(48000, 2, 5));
  for (const auto* id : {"loudness.integrated", "loudness.range"})
    EXPECT_EQ(absence(read(silent, id)), AbsenceKind::undefined) << id;
  // Silence is not too loud: it meets every maximum and no minimum, like its peaks.
  for (const auto* id : {"loudness.momentary_max", "loudness.short_term_max", "loudness.true_peak",
                         "loudness.sample_peak"})
    EXPECT_EQ(absence(read(silent, id)), AbsenceKind::below_any) << id;
}

TEST(Loudness, TooShortForItsBlock) {
  const auto blip = evidence_of(stereo({{-23, 0.39}}));
  EXPECT_EQ(absence(read(blip, "loudness.integrated")), AbsenceKind::undefined);
  const auto spot = evidence_of(stereo({{-23, 2.9}}));
  EXPECT_NEAR(value(spot, "loudness.integrated"), -23, 0.1);
  EXPECT_EQ(absence(read(spot, "loudness.range")), AbsenceKind::not_applicable);
  EXPECT_NEAR(value(evidence_of(stereo({{-23, 0.4}})), "loudness.integrated"), -23, 0.2);
}

// A meter hears the silence around a sound that is shorter than its window: 10 lg of the part of
// the window that it fills. A limit on the maximum binds the shortest of sounds.
TEST(Loudness, SoundShorterThanTheWindowIsHeardWithSilenceAroundIt) {
  for (const double seconds : {0.1, 0.39, 1.0, 2.9}) {
    const auto evidence = evidence_of(stereo({{-23, seconds}}));
    const double momentary = -23 + 10 * std::log10(std::min(seconds / 0.4, 1.0));
    const double short_term = -23 + 10 * std::log10(seconds / 3);
    EXPECT_NEAR(value(evidence, "loudness.momentary_max"), momentary, 0.2) << seconds;
    EXPECT_NEAR(value(evidence, "loudness.short_term_max"), short_term, 0.2) << seconds;
    const auto where = read(evidence, "loudness.short_term_max").where;
    ASSERT_EQ(where.size(), 1u);
    EXPECT_EQ(where[0].end_s - where[0].start_s, Rational(std::lround(seconds * 100), 100));
  }
  EXPECT_EQ(absence(read(evidence_of(test::silence(48000, 2, 0.1)), "loudness.momentary_max")),
            AbsenceKind::below_any);
  EXPECT_EQ(absence(read(evidence_of(test::silence(48000, 2, 0.005)), "loudness.momentary_max")),
            AbsenceKind::undefined);
}

// 405 ms: a partial row completes no block. One of 409.9 ms holds one whole 400 ms block only.
TEST(Loudness, APartialLastRowIsNoRow) {
  Sound sound = test::silence(48000, 1, 0.36);
  add_tone(sound, 0.035, 1000, {0});  // 395 ms in all: 39 whole rows and a half
  EXPECT_EQ(absence(read(evidence_of(sound), "loudness.integrated")), AbsenceKind::undefined);
  EXPECT_LT(value(evidence_of(sound), "loudness.momentary_max"), -10);  // 30 of its 400 ms
}

TEST(Loudness, OneSample) {
  const auto evidence = evidence_of({48000, {{0.5}}});
  EXPECT_EQ(absence(read(evidence, "loudness.integrated")), AbsenceKind::undefined);
  EXPECT_NEAR(value(evidence, "loudness.sample_peak"), -6.02, 0.01);
}

TEST(Loudness, AWindowMeasuresItsRowsAlone) {
  const auto evidence = evidence_of(stereo({{-40, 10}, {-23, 10}, {-10, 10}}));
  const Window middle{Rational(10), Rational(20)};
  EXPECT_NEAR(value(evidence, "loudness.integrated", middle), -23, 0.05);
  EXPECT_NEAR(value(evidence, "loudness.momentary_max", middle), -23, 0.1);
  EXPECT_NEAR(value(evidence, "loudness.range", middle), 0, 0.1);
  EXPECT_NEAR(value(evidence, "loudness.integrated", {Rational(20), std::nullopt}), -10, 0.05);
  EXPECT_EQ(absence(read(evidence, "loudness.integrated", {Rational(40), Rational(50)})),
            AbsenceKind::undefined);
  EXPECT_EQ(absence(read(evidence, "loudness.integrated", {Rational(5), Rational(5)})),
            AbsenceKind::undefined);
}

TEST(Loudness, WhatIsNoNumberIsNeverANumber) {
  Sound sound = stereo({{-23, 10}});
  sound.channels[1][48000] = std::nan("");
  const auto evidence = evidence_of(sound);
  EXPECT_EQ(absence(read(evidence, "loudness.integrated")), AbsenceKind::damaged);
  EXPECT_EQ(absence(read(evidence, "loudness.range")), AbsenceKind::damaged);
  const Reading maximum = read(evidence, "loudness.momentary_max");
  EXPECT_NEAR(number(maximum), -23, 0.1);
  EXPECT_TRUE(maximum.tainted_because);
  EXPECT_NEAR(value(evidence, "loudness.integrated", {Rational(2), std::nullopt}), -23, 0.1);
}

TEST(Loudness, EveryQuantityIsListed) {
  for (const auto* id : {"loudness.integrated", "loudness.range", "loudness.momentary_max",
                         "loudness.short_term_max", "loudness.true_peak", "loudness.sample_peak"}) {
    ASSERT_NE(find_quantity(id), nullptr) << id;
    EXPECT_EQ(find_quantity(id)->subject, SubjectKind::soundfield);
    EXPECT_FALSE(find_quantity(id)->needs.empty());
  }
}

}  // namespace
}  // namespace cleangate::specs
