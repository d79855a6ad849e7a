// SPDX-License-Identifier: Apache-2.0
#include "probes/audio/sound_kernels.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "tests/probes/audio/portable_kernels.h"

namespace cleangate::probes {
namespace {

// BS.1770-5 annex 2: the interpolator's 48 taps by phase, as printed there.
constexpr double kTable[4][12] = {
    {0.0017089843750, 0.0109863281250, -0.0196533203125, 0.0332031250000, -0.0594482421875,
     0.1373291015625, 0.9721679687500, -0.1022949218750, 0.0476074218750, -0.0266113281250,
     0.0148925781250, -0.0083007812500},
    {-0.0291748046875, 0.0292968750000, -0.0517578125000, 0.0891113281250, -0.1665039062500,
     0.4650878906250, 0.7797851562500, -0.2003173828125, 0.1015625000000, -0.0582275390625,
     0.0330810546875, -0.0189208984375},
    {-0.0189208984375, 0.0330810546875, -0.0582275390625, 0.1015625000000, -0.2003173828125,
     0.7797851562500, 0.4650878906250, -0.1665039062500, 0.0891113281250, -0.0517578125000,
     0.0292968750000, -0.0291748046875},
    {-0.0083007812500, 0.0148925781250, -0.0266113281250, 0.0476074218750, -0.1022949218750,
     0.9721679687500, 0.1373291015625, -0.0594482421875, 0.0332031250000, -0.0196533203125,
     0.0109863281250, 0.0017089843750}};

std::vector<float> noise(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<float> samples(count);
  for (float& sample : samples)
    sample = static_cast<float>(static_cast<std::int32_t>(random())) * 0x1p-31F;
  return samples;
}

float direct(const std::vector<float>& samples, std::size_t n, const double (&taps)[12]) {
  double sum = 0;
  for (std::size_t k = 0; k < 12; ++k) sum += taps[k] * static_cast<double>(samples[n - k]);
  return static_cast<float>(std::fabs(sum));
}

TEST(SoundKernels, QuarterPointsAreTheTablesFourPhases) {
  const auto samples = noise(600, 1);
  for (std::size_t n = kInterpolatorPast; n < samples.size(); ++n) {
    float expected = 0;
    for (const auto& phase : kTable) expected = std::max(expected, direct(samples, n, phase));
    Peaks peaks;
    raise_peaks(Interpolation::quarter_points, samples.data() + n, 1, peaks);
    ASSERT_NEAR(peaks.between, expected, 1e-6);
    ASSERT_EQ(peaks.at, std::fabs(samples[n - kInterpolatorDelay]));
  }
}

TEST(SoundKernels, InnerPointsAreTheTablesTwoInnerPhases) {
  const auto samples = noise(600, 2);
  for (std::size_t n = kInterpolatorPast; n < samples.size(); ++n) {
    const float expected = std::max(direct(samples, n, kTable[1]), direct(samples, n, kTable[2]));
    Peaks peaks;
    raise_peaks(Interpolation::inner_points, samples.data() + n, 1, peaks);
    ASSERT_NEAR(peaks.between, expected, 1e-6);
  }
}

TEST(SoundKernels, NoInterpolationLooksAtTheSamples) {
  const std::vector<float> samples = {0, 0, 0, 0, 0, -0.5F, 0.25F, 0, 0, 0, 0, 0.9F, 0};
  Peaks peaks;
  raise_peaks(Interpolation::none, samples.data() + kInterpolatorPast, 2, peaks);
  EXPECT_EQ(peaks.at, 0.5F);
  EXPECT_EQ(peaks.between, 0.0F);
}

// A vector clone and its scalar remainder give the same bits, for every length.
TEST(SoundKernels, PeaksOfARunAreThoseOfItsSamples) {
  const auto samples = noise(200, 3);
  for (const auto interpolation : {Interpolation::quarter_points, Interpolation::inner_points})
    for (int count = 0; count < 150; ++count) {
      Peaks whole, pieces;
      raise_peaks(interpolation, samples.data() + kInterpolatorPast, count, whole);
      for (int n = 0; n < count; ++n)
        raise_peaks(interpolation, samples.data() + kInterpolatorPast + n, 1, pieces);
      ASSERT_EQ(whole.between, pieces.between) << count;
      ASSERT_EQ(whole.at, pieces.at) << count;
    }
}

TEST(SoundKernels, LanesDoNotKnowEachOther) {
  const KWeighting weighting = k_weighting(44100);
  constexpr int kCount = 333;
  std::array<double, 8> alone_energy{};
  std::vector<std::vector<double>> channels;
  for (unsigned c = 0; c < 8; ++c) {
    const auto narrow = noise(kCount, 10 + c);
    channels.emplace_back(narrow.begin(), narrow.end());
    std::array<double, 4> memory{};
    weigh_lanes(1, channels[c].data(), kCount, weighting, memory.data(), &alone_energy[c]);
  }
  for (const int lanes : {2, 4, 8}) {
    std::vector<double> together(static_cast<std::size_t>(kCount * lanes));
    for (int n = 0; n < kCount; ++n)
      for (int c = 0; c < lanes; ++c)
        together[static_cast<std::size_t>(n * lanes + c)] =
            channels[static_cast<std::size_t>(c)][static_cast<std::size_t>(n)];
    std::vector<double> memory(static_cast<std::size_t>(4 * lanes)), energy(8);
    weigh_lanes(lanes, together.data(), kCount, weighting, memory.data(), energy.data());
    for (std::size_t c = 0; c < static_cast<std::size_t>(lanes); ++c)
      EXPECT_EQ(energy[c], alone_energy[c]) << lanes << " " << c;
  }
}

// The two sections in series against the difference equation written out.
TEST(SoundKernels, WeighingIsTheDifferenceEquation) {
  const KWeighting k = k_weighting(48000);
  const auto narrow = noise(2000, 4);
  const std::vector<double> x(narrow.begin(), narrow.end());
  const auto section = [](const Biquad& s, const std::vector<double>& in) {
    std::vector<double> out(in.size());
    for (std::size_t n = 0; n < in.size(); ++n) {
      const auto past = [n](const std::vector<double>& v, std::size_t d) {
        return n >= d ? v[n - d] : 0.0;
      };
      out[n] = s.b0 * in[n] + s.b1 * past(in, 1) + s.b2 * past(in, 2) - s.a1 * past(out, 1) -
               s.a2 * past(out, 2);
    }
    return out;
  };
  double expected = 0;
  for (const double y : section(k.high_pass, section(k.shelf, x))) expected += y * y;
  std::array<double, 4> memory{};
  double energy = 0;
  weigh_lanes(1, x.data(), static_cast<int>(x.size()), k, memory.data(), &energy);
  EXPECT_NEAR(energy / expected, 1, 1e-10);
}

// What this machine's instruction set computes is what plain scalar code computes, bit for bit.
TEST(SoundKernels, EveryCloneIsThePortableCode) {
  for (unsigned seed = 100; seed < 110; ++seed) {
    const auto narrow = noise(1000, seed);
    for (const auto interpolation :
         {Interpolation::quarter_points, Interpolation::inner_points, Interpolation::none})
      for (int count = 900; count < 940; ++count) {
        Peaks native, portable;
        raise_peaks(interpolation, narrow.data() + kInterpolatorPast, count, native);
        portable_raise_peaks(interpolation, narrow.data() + kInterpolatorPast, count, portable);
        ASSERT_EQ(native.between, portable.between);
        ASSERT_EQ(native.at, portable.at);
      }
    const KWeighting weighting = k_weighting(44100);
    const std::vector<double> wide(narrow.begin(), narrow.end());
    for (const int lanes : {1, 2, 4, 8}) {
      std::array<double, 32> native_memory{}, portable_memory{};
      std::array<double, 8> native{}, portable{};
      weigh_lanes(lanes, wide.data(), 1000 / lanes, weighting, native_memory.data(), native.data());
      portable_weigh_lanes(lanes, wide.data(), 1000 / lanes, weighting, portable_memory.data(),
                           portable.data());
      EXPECT_EQ(native, portable);
      EXPECT_EQ(native_memory, portable_memory);
    }
    std::vector<double> bounded = wide, portable_bounded = wide;
    std::vector<float> native_floats(wide.size()), portable_floats(wide.size());
    bound_samples(bounded.data(), native_floats.data(), 1000);
    portable_bound_samples(portable_bounded.data(), portable_floats.data(), 1000);
    EXPECT_EQ(bounded, portable_bounded);
    EXPECT_EQ(native_floats, portable_floats);
  }
}

TEST(SoundKernels, BoundsSamples) {
  std::vector<double> samples = {0.5, -0.5, 1e300, -1e300, 1e-31, -1e-31, 0, 0x1p40, 1e-29};
  std::vector<float> narrow(samples.size());
  bound_samples(samples.data(), narrow.data(), static_cast<int>(samples.size()));
  EXPECT_EQ(samples, (std::vector<double>{0.5, -0.5, 0x1p40, -0x1p40, 0, 0, 0, 0x1p40, 1e-29}));
  EXPECT_EQ(narrow[2], 0x1p40F);
  EXPECT_EQ(narrow[1], -0.5F);
}

TEST(SoundKernels, FindsWhatIsNotFinite) {
  std::vector<double> samples(77, 1e308);
  EXPECT_TRUE(all_finite(samples.data(), 77));
  for (const double bad : {std::nan(""), -std::nan(""), std::numeric_limits<double>::infinity(),
                           -std::numeric_limits<double>::infinity()})
    for (const std::size_t at : {0u, 40u, 76u}) {
      samples[at] = bad;
      EXPECT_FALSE(all_finite(samples.data(), 77));
      samples[at] = -1e308;
    }
  EXPECT_TRUE(all_finite(samples.data(), 0));
}

TEST(SoundKernels, InterpolationByRate) {
  EXPECT_EQ(interpolation_for(8000), Interpolation::quarter_points);
  EXPECT_EQ(interpolation_for(88200), Interpolation::quarter_points);
  EXPECT_EQ(interpolation_for(96000), Interpolation::inner_points);
  EXPECT_EQ(interpolation_for(176400), Interpolation::inner_points);
  EXPECT_EQ(interpolation_for(192000), Interpolation::none);
}

}  // namespace
}  // namespace cleangate::probes
