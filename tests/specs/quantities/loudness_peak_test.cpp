// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/specs/quantities/sound_evidence.h"

namespace cleangate::specs {
namespace {

using test::absence;
using test::add_tone;
using test::evidence_of;
using test::read;
using test::Sound;
using test::value;

double decibels(double amplitude) { return 20 * std::log10(amplitude); }

// A sine that fades in and out over 0.1 s, both channels: the EBU's signals do not start abruptly.
Sound faded(double hertz, double amplitude, double phase, int rate) {
  Sound sound{rate, {{}, {}}};
  add_tone(sound, 1, hertz, {decibels(amplitude), decibels(amplitude)}, phase);
  const auto fade = static_cast<std::size_t>(rate / 10);
  for (auto& channel : sound.channels)
    for (std::size_t n = 0; n < fade; ++n) {
      const double gain = 0.5 - 0.5 * std::cos(std::numbers::pi * static_cast<double>(n) /
                                               static_cast<double>(fade));
      channel[n] *= gain;
      channel[channel.size() - 1 - n] *= gain;
    }
  return sound;
}

void expect_true_peak(const Sound& sound, double expected, const char* what) {
  const double peak = value(evidence_of(sound), "loudness.true_peak");
  EXPECT_LE(peak, expected + 0.2) << what << ", " << sound.rate << " Hz";
  EXPECT_GE(peak, expected - 0.4) << what << ", " << sound.rate << " Hz";
}

// EBU Tech 3341, table 1: true peak, +0.2 / -0.4 dB. Written for 48 kHz; the lower rates are
// scaled.
TEST(Tech3341TruePeak, Cases15To19) {
  for (const int rate : {8000, 22050, 44100, 48000, 88200, 96000, 176400}) {
    expect_true_peak(faded(rate / 4.0, 0.5, 0, rate), -6, "case 15");
    expect_true_peak(faded(rate / 4.0, 0.5, 45, rate), -6, "case 16");
    expect_true_peak(faded(rate / 6.0, 0.5, 60, rate), -6, "case 17");
    expect_true_peak(faded(rate / 8.0, 0.5, 67.5, rate), -6, "case 18");
    expect_true_peak(faded(rate / 4.0, 1.41, 45, rate), 3, "case 19");
  }
}

// Cases 20 to 23: made at four times the rate, a sine of fs/6 at half scale with one period of fs/4
// at full scale in it, band-limited, then every fourth sample from offset 0, 1, 2 and 3. The peak
// is that of the band-limited signal at the fine rate.
TEST(Tech3341TruePeak, Cases20To23) {
  constexpr int kTaps = 511, kFine = 4;
  std::vector<double> fine;
  const auto add_periods = [&](double period, double amplitude, int periods) {
    for (int n = 0; n < static_cast<int>(period) * periods; ++n)
      fine.push_back(amplitude * std::sin(2 * std::numbers::pi * n / period));
  };
  add_periods(24, 0.5, 400);
  add_periods(16, 1.0, 1);
  add_periods(24, 0.5, 400);
  std::vector<double> limited(fine.size(), 0.0);
  for (int n = kTaps; n < static_cast<int>(fine.size()) - kTaps; ++n)
    for (int k = -kTaps; k <= kTaps; ++k) {
      constexpr double kCutoff = 2 * 20000.0 / (48000 * kFine);
      const double x = std::numbers::pi * kCutoff * k;
      const double window = 0.42 + 0.5 * std::cos(std::numbers::pi * k / (kTaps + 1)) +
                            0.08 * std::cos(2 * std::numbers::pi * k / (kTaps + 1));
      limited[static_cast<std::size_t>(n)] +=
          fine[static_cast<std::size_t>(n - k)] * kCutoff * window * (k == 0 ? 1 : std::sin(x) / x);
    }
  double highest = 0;
  for (const double sample : limited) highest = std::max(highest, std::fabs(sample));
  EXPECT_NEAR(decibels(highest), 0, 0.4);  // the document's 0.0 dBTP
  for (std::size_t offset = 0; offset < kFine; ++offset) {
    Sound sound{48000, {{}, {}}};
    for (std::size_t n = offset; n < limited.size(); n += kFine)
      for (auto& channel : sound.channels) channel.push_back(limited[n]);
    expect_true_peak(sound, decibels(highest), "cases 20 to 23");
  }
}

TEST(TruePeak, At192kTheSamplesAreFineEnough) {
  expect_true_peak(faded(12000, 0.5, 45, 192000), -6, "fs/16");
}

TEST(TruePeak, NeverBelowTheSamplePeak) {
  const auto evidence = evidence_of(test::wandering_noise(48000, 2, 3, 11));
  EXPECT_GE(value(evidence, "loudness.true_peak"), value(evidence, "loudness.sample_peak"));
}

TEST(SamplePeak, IsExact) {
  Sound sound = test::silence(48000, 2, 1);
  sound.channels[1][30000] = -0.5;
  const Reading reading = read(evidence_of(sound), "loudness.sample_peak");
  EXPECT_EQ(reading.value, (decltype(reading.value)(Scalar(Rational(-6'020'600, 1'000'000)))));
  ASSERT_EQ(reading.where.size(), 1u);
  EXPECT_EQ(reading.where[0].stream, 0);
  EXPECT_EQ(reading.where[0].channel, 1);
  EXPECT_EQ(reading.where[0].first_sample, 28800);
  EXPECT_EQ(reading.where[0].end_sample, 33600);
  EXPECT_EQ(reading.where[0].start_s, Rational(6, 10));
  EXPECT_EQ(reading.where[0].end_s, Rational(7, 10));
}

TEST(SamplePeak, SilenceIsBelowAnyLevel) {
  const Reading reading = read(evidence_of(test::silence(48000, 2, 1)), "loudness.sample_peak");
  EXPECT_EQ(absence(reading), AbsenceKind::below_any);
}

TEST(SamplePeak, AtAWindowsEdgeItIsAnInterval) {
  Sound sound = test::silence(48000, 1, 1);
  sound.channels[0][10000] = 0.25;  // row 2
  sound.channels[0][24100] = 0.5;   // row 5: 0.5 s to 0.6 s
  const auto evidence = evidence_of(sound);
  const auto in = [&](Rational from, Rational to) {
    return read(evidence, "loudness.sample_peak", {from, to}).value;
  };
  EXPECT_EQ(in(0, Rational(6, 10)), in(0, 1));
  EXPECT_EQ(in(0, Rational(55, 100)),
            (decltype(in(0, 1))(
                Interval{Rational(-12'041'200, 1'000'000), Rational(-6'020'600, 1'000'000)})));
  EXPECT_EQ(in(0, Rational(5, 10)), (decltype(in(0, 1))(Scalar(Rational(-12'041'200, 1'000'000)))));
}

TEST(SamplePeak, AWindowThatReachesTheEndHoldsThePartialRow) {
  Sound sound = test::silence(48000, 1, 1.05);
  sound.channels[0][50000] = 0.5;
  const auto evidence = evidence_of(sound);
  const Window to_the_end{Rational(0), Rational(105, 100)};
  EXPECT_NEAR(value(evidence, "loudness.sample_peak", to_the_end), -6.0206, 1e-4);
  const Window nearly{Rational(0), Rational(104, 100)};
  EXPECT_TRUE(
      std::holds_alternative<Interval>(read(evidence, "loudness.sample_peak", nearly).value));
}

TEST(Peaks, WhatIsNoNumberIsLeftOutAndTold) {
  Sound sound = test::silence(48000, 1, 1);
  sound.channels[0][10000] = 0.25;
  sound.channels[0][30000] = std::nan("");
  for (const auto* id : {"loudness.true_peak", "loudness.sample_peak"}) {
    const Reading reading = read(evidence_of(sound), id);
    EXPECT_NEAR(test::number(reading), -12.04, 0.2) << id;
    EXPECT_TRUE(reading.tainted_because) << id;
  }
  for (double& sample : sound.channels[0]) sample = std::nan("");
  EXPECT_EQ(absence(read(evidence_of(sound), "loudness.true_peak")), AbsenceKind::damaged);
}

TEST(Peaks, AboveFullScale) {
  Sound sound{48000, {{}}};
  add_tone(sound, 1, 997, {6});
  EXPECT_NEAR(value(evidence_of(sound), "loudness.true_peak"), 6, 0.02);
}

}  // namespace
}  // namespace cleangate::specs
