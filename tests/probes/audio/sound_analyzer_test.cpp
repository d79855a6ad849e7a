// SPDX-License-Identifier: Apache-2.0
#include "probes/audio/sound_analyzer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "probes/audio/energy_code.h"
#include "probes/audio/sound_rows.h"
#include "tests/probes/audio/signals.h"

namespace cleangate::probes {
namespace {

using test::Sound;
using test::SoundRowsOf;

template <class Row>
bool equal_bytes(const std::vector<Row>& a, const std::vector<Row>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(Row)) == 0);
}

void expect_equal(const SoundRowsOf& a, const SoundRowsOf& b, const std::string& what) {
  ASSERT_EQ(a.energy.size(), b.energy.size());
  for (std::size_t c = 0; c < a.energy.size(); ++c) {
    EXPECT_TRUE(equal_bytes(a.energy[c], b.energy[c])) << what << " energy of channel " << c;
    EXPECT_TRUE(equal_bytes(a.peak[c], b.peak[c])) << what << " peaks of channel " << c;
  }
}

TEST(SoundAnalyzer, RowsDoNotKnowTheBlocks) {
  for (const int rate : {8000, 11025, 44100, 48000, 96000, 192000}) {
    Sound sound = test::wandering_noise(rate, 3, 0.73, static_cast<unsigned>(rate));
    sound.channels[1][static_cast<std::size_t>(rate / 3)] = std::nan("");
    const SoundRowsOf whole = test::rows_of(sound, sound.samples());
    for (const std::int64_t block : {1, 7, 255, 256, 257, 1001, 4410, 4800})
      expect_equal(whole, test::rows_of(sound, block),
                   std::to_string(rate) + " Hz, blocks of " + std::to_string(block));
  }
}

TEST(SoundAnalyzer, AChannelDoesNotKnowItsNeighbors) {
  const Sound sound = test::wandering_noise(48000, 13, 0.25, 5);
  const SoundRowsOf together = test::rows_of(sound);
  for (std::size_t c = 0; c < sound.channels.size(); ++c) {
    const SoundRowsOf alone = test::rows_of({48000, {sound.channels[c]}});
    EXPECT_TRUE(equal_bytes(alone.energy[0], together.energy[c])) << c;
    EXPECT_TRUE(equal_bytes(alone.peak[0], together.peak[c])) << c;
  }
}

TEST(SoundAnalyzer, EverySampleTypeOfTheSameSound) {
  constexpr std::size_t kCount = 4803;
  std::vector<std::uint8_t> u8(kCount);
  std::vector<std::int16_t> s16(kCount);
  std::vector<std::int32_t> s32(kCount);
  std::vector<std::int64_t> s64(kCount);
  std::vector<float> f32(kCount);
  std::vector<double> f64(kCount);
  for (std::size_t n = 0; n < kCount; ++n) {
    const int value = static_cast<int>(n * 37 % 255) - 127;
    u8[n] = static_cast<std::uint8_t>(value + 128);
    s16[n] = static_cast<std::int16_t>(value * 256);
    s32[n] = value * (1 << 24);
    s64[n] = value * (std::int64_t{1} << 56);
    f32[n] = static_cast<float>(value) / 128;
    f64[n] = value / 128.0;
  }
  const auto measure = [&](SampleType type, const void* samples) {
    SoundAnalyzer analyzer(1, 48000);
    analyzer.feed({type, SampleArrangement::interleaved, 1, 48000, 0, kCount, &samples, false});
    analyzer.finish();
    SoundRowsOf rows;
    test::take_rows(analyzer, rows);
    return rows;
  };
  const SoundRowsOf expected = measure(SampleType::f64, f64.data());
  EXPECT_EQ(expected.peak[0][0].sample_peak, 127u << 17);
  expect_equal(expected, measure(SampleType::u8, u8.data()), "u8");
  expect_equal(expected, measure(SampleType::s16, s16.data()), "s16");
  expect_equal(expected, measure(SampleType::s32, s32.data()), "s32");
  expect_equal(expected, measure(SampleType::s64, s64.data()), "s64");
  expect_equal(expected, measure(SampleType::f32, f32.data()), "f32");
}

TEST(SoundAnalyzer, RowCountsAndPartialRows) {
  struct Case {
    int rate;
    std::int64_t samples;
    std::size_t energy_rows, peak_rows;
    std::uint32_t partial;  // samples of the last peak row, 0 when it is whole
  };
  for (const Case& each :
       {Case{48000, 0, 0, 0, 0}, Case{48000, 1, 1, 1, 1}, Case{48000, 480, 1, 1, 480},
        Case{48000, 481, 2, 1, 481}, Case{48000, 4800, 10, 1, 0}, Case{48000, 4803, 11, 2, 3},
        Case{48000, 4806, 11, 2, 6}, Case{48000, 4807, 11, 2, 7}, Case{11025, 1102, 10, 1, 0},
        Case{11025, 1103, 11, 2, 1}, Case{11025, 110, 1, 1, 110}, Case{192000, 19205, 11, 2, 5}}) {
    const SoundRowsOf rows = test::rows_of(
        {each.rate, {std::vector<double>(static_cast<std::size_t>(each.samples), 0.5)}}, 100);
    if (each.samples == 0) continue;
    ASSERT_EQ(rows.energy[0].size(), each.energy_rows) << each.rate << " " << each.samples;
    ASSERT_EQ(rows.peak[0].size(), each.peak_rows) << each.rate << " " << each.samples;
    const std::uint32_t expected =
        each.partial ? AudioPeakRow::kPartial | each.partial << AudioPeakRow::kSamplesShift : 0;
    EXPECT_EQ(rows.peak[0].back().flags, expected) << each.rate << " " << each.samples;
    EXPECT_EQ(rows.peak[0].front().sample_peak, 1u << 23);
  }
}

TEST(SoundAnalyzer, NoSamplesNoRows) {
  SoundAnalyzer analyzer(2, 48000);
  analyzer.finish();
  EXPECT_TRUE(analyzer.take_energy_rows(0).empty());
  EXPECT_TRUE(analyzer.take_peak_rows(1).empty());
}

TEST(SoundAnalyzer, APartialEnergyRowIsAMean) {
  Sound sound{48000, {{}}};
  test::add_tone(sound, 1.0, 1000, {-6});
  const SoundRowsOf whole = test::rows_of(sound);
  sound.channels[0].resize(48000 - 240);  // 5 ms, five periods of 1 kHz, less
  const SoundRowsOf cut = test::rows_of(sound);
  EXPECT_NEAR(
      code_to_energy(cut.energy[0].back().energy) / code_to_energy(whole.energy[0].back().energy),
      1, 1e-4);
}

TEST(SoundAnalyzer, APeakBelongsToItsRow) {
  Sound sound = test::silence(48000, 1, 0.3);
  sound.channels[0][4799] = 0.5;   // the last sample of row 0
  sound.channels[0][9600] = 0.25;  // the first of row 2
  const SoundRowsOf rows = test::rows_of(sound, 311);
  ASSERT_EQ(rows.peak[0].size(), 3u);
  EXPECT_EQ(rows.peak[0][0].sample_peak, 1u << 23);
  EXPECT_EQ(rows.peak[0][1].sample_peak, 0u);
  EXPECT_EQ(rows.peak[0][2].sample_peak, 1u << 22);
  for (const auto& row : rows.peak[0]) EXPECT_GE(row.true_peak, row.sample_peak);
}

// Sound that ends at full swing overshoots after its last sample: the interpolator must ring out.
TEST(SoundAnalyzer, TheTailIsFlushed) {
  for (const std::size_t length : {5u, 4800u, 4803u}) {
    std::vector<double> samples(length, 0.0);
    samples[length - 2] = samples[length - 1] = 0.9;
    const SoundRowsOf rows = test::rows_of({48000, {samples}});
    // Half way between two equal samples amid silence: 0.9 * 2 * (0.779 + 0.465) / 2 at the least.
    EXPECT_GT(rows.peak[0].back().true_peak, static_cast<std::uint32_t>(1.1 * 0x1p24)) << length;
  }
}

TEST(SoundAnalyzer, FullScaleIsFullScale) {
  const SoundRowsOf rows = test::rows_of({48000, {std::vector<double>(9600, -1.0)}});
  for (const auto& row : rows.peak[0]) EXPECT_EQ(row.sample_peak, 1u << 24);
}

TEST(SoundAnalyzer, WhatIsNoNumberSaysSo) {
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(),
                           -std::numeric_limits<double>::infinity()}) {
    Sound sound = test::wandering_noise(48000, 2, 0.5, 9);
    const SoundRowsOf clean = test::rows_of(sound);
    sound.channels[1][12345] = bad;
    const SoundRowsOf rows = test::rows_of(sound, 1000);
    EXPECT_TRUE(equal_bytes(rows.energy[0], clean.energy[0]));
    for (std::size_t k = 0; k < 50; ++k)
      EXPECT_EQ(energy_is_number(rows.energy[1][k].energy), k != 25) << k;
    for (std::size_t k = 0; k < 5; ++k) {
      const bool is_bad = k == 2;
      EXPECT_EQ(rows.peak[1][k].flags, is_bad ? AudioPeakRow::kNotFinite : 0u);
      EXPECT_EQ(rows.peak[1][k].true_peak == 0xFFFF'FFFF, is_bad);
      EXPECT_EQ(rows.peak[1][k].sample_peak == 0xFFFF'FFFF, is_bad);
    }
    // The filters have not been poisoned: a second later nothing is left of it.
    EXPECT_NEAR(
        code_to_energy(rows.energy[1][49].energy) / code_to_energy(clean.energy[1][49].energy), 1,
        1e-3);
  }
}

TEST(SoundAnalyzer, HugeSamplesSaturate) {
  const SoundRowsOf rows = test::rows_of({48000, {std::vector<double>(4800, 0)}});
  EXPECT_EQ(rows.energy[0][0].energy, 0u);
  Sound loud = test::silence(48000, 1, 0.2);
  loud.channels[0][100] = 300;     // +49.5 dBFS: beyond the peak rows' scale
  loud.channels[0][5000] = 1e300;  // beyond everything's
  const SoundRowsOf clipped = test::rows_of(loud);
  EXPECT_EQ(clipped.peak[0][0].sample_peak, 0xFFFF'FFFF);
  EXPECT_EQ(clipped.peak[0][0].flags, 0u);
  EXPECT_TRUE(energy_is_number(clipped.energy[0][0].energy));
  EXPECT_FALSE(energy_is_number(clipped.energy[0][10].energy));
  EXPECT_EQ(clipped.peak[0][1].true_peak, 0xFFFF'FFFF);
}

TEST(SoundAnalyzer, DamageMarksItsRowsAlone) {
  const Sound sound = test::wandering_noise(48000, 1, 0.5, 3);
  SoundAnalyzer analyzer(1, 48000);
  test::feed_part(analyzer, sound, 0, 4900);
  test::feed_part(analyzer, sound, 4900, 4700, true);  // ends where row 1 ends
  test::feed_part(analyzer, sound, 9600, 4800);
  test::feed_part(analyzer, sound, 14400, 1, true);
  test::feed_part(analyzer, sound, 14401, 9599);
  analyzer.finish();
  const auto rows = analyzer.take_peak_rows(0);
  ASSERT_EQ(rows.size(), 5u);
  for (std::size_t k = 0; k < rows.size(); ++k)
    EXPECT_EQ(rows[k].flags, k == 1 || k == 3 ? AudioPeakRow::kDamaged : 0u) << k;
}

TEST(SoundAnalyzer, SilenceAfterSoundBecomesZero) {
  Sound sound{48000, {{}}};
  test::add_tone(sound, 0.5, 1000, {0});
  test::add_silence(sound, 1.5);
  const SoundRowsOf rows = test::rows_of(sound);
  EXPECT_EQ(rows.energy[0].back().energy, 0u);
  EXPECT_EQ(rows.peak[0].back().true_peak, 0u);
}

TEST(SoundAnalyzer, SixtyFourChannelsAndTheEdgesOfWhatIsSupported) {
  const Sound sound = test::wandering_noise(8000, 64, 0.2, 4);
  EXPECT_EQ(test::rows_of(sound).energy[63].size(), 20u);
  EXPECT_TRUE(SoundAnalyzer::supports(64, 192000));
  EXPECT_TRUE(SoundAnalyzer::supports(1024, 4000));
  EXPECT_FALSE(SoundAnalyzer::supports(0, 48000));
  EXPECT_FALSE(SoundAnalyzer::supports(1025, 48000));
  EXPECT_FALSE(SoundAnalyzer::supports(2, 3999));
  EXPECT_FALSE(SoundAnalyzer::supports(2, 1000001));
  EXPECT_THROW(SoundAnalyzer(0, 48000), std::invalid_argument);
}

TEST(SoundAnalyzer, RefusesWhatIsNotItsStream) {
  SoundAnalyzer analyzer(2, 48000);
  const Sound mono = test::silence(48000, 1, 0.1), other = test::silence(44100, 2, 0.1);
  EXPECT_THROW(test::feed_part(analyzer, mono, 0, 10), std::invalid_argument);
  EXPECT_THROW(test::feed_part(analyzer, other, 0, 10), std::invalid_argument);
  analyzer.finish();
  analyzer.finish();
  EXPECT_THROW(test::feed_part(analyzer, test::silence(48000, 2, 0.1), 0, 10), std::logic_error);
}

// The energy of a tone is amplitude squared over two, weighted: annex 1's calibration at 997 Hz.
TEST(SoundAnalyzer, EnergyOfATone) {
  for (const int rate : {22050, 32000, 44100, 48000, 96000, 192000}) {
    Sound sound{rate, {{}}};
    test::add_tone(sound, 2, 997, {0});
    const SoundRowsOf rows = test::rows_of(sound);
    double sum = 0;
    for (std::size_t k = 100; k < 200; ++k) sum += code_to_energy(rows.energy[0][k].energy);
    EXPECT_NEAR(-0.691 + 10 * std::log10(sum / 100), -3.01, rate < 32000 ? 0.03 : 0.02) << rate;
  }
}

}  // namespace
}  // namespace cleangate::probes
