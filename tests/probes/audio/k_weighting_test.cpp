// SPDX-License-Identifier: Apache-2.0
#include "probes/audio/k_weighting.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <complex>
#include <numbers>

namespace cleangate::probes {
namespace {

// The bilinear transform of the prototypes of docs/quantities/loudness.integrated.md in 50 decimal
// digits: shelf b0 b1 b2 a1 a2, high pass b0 a1 a2 (b1 = -2 b0, b2 = b0).
struct Row {
  int rate;
  std::array<double, 8> value;
};
constexpr Row kExact[] = {
    {4000,
     {1.09215222554607003, 1.2580316397699481, 0.455229625321488166, 1.31142128388751906,
      0.493992206749987229, 0.947411742968708121, -1.88371367487350756, 0.887098472254305191}},
    {8000,
     {1.32162356892997748, -0.726255491315690929, 0.298126246016200619, -0.293380782414921093,
      0.186875106045408259, 0.975573081865993868, -1.94101334282921806, 0.94188430416850228}},
    {11025,
     {1.38653619294571617, -1.3115139199368618, 0.463808308434656131, -0.728101538021145983,
      0.26693211946465649, 0.983516587631654133, -1.95702573132217749, 0.957488019501818591}},
    {12000,
     {1.40101638596118305, -1.44343141964020314, 0.512725191360936847, -0.823980440603340035,
      0.294290598285256786, 0.985236009447698202, -1.96048317995201394, 0.960874075523570242}},
    {16000,
     {1.44329522349135882, -1.83157538126045956, 0.681658757411969966, -1.10153376910699448,
      0.394912368749863715, 0.990120978871931802, -1.97028952800443341, 0.97051049053584335}},
    {22050,
     {1.47982535097774614, -2.17072861285682894, 0.860842484726551333, -1.33830533606613331,
      0.508244558913601849, 0.994169099216664762, -1.97839760259011924, 0.978514419503250954}},
    {24000,
     {1.48790022096227609, -2.24620546814113641, 0.904909123246437976, -1.39023460519282018,
      0.536838481260397841, 0.995042168936225885, -1.98014412622893265, 0.980242817859276377}},
    {32000,
     {1.51117789956876465, -2.46488941336014159, 1.04163327352229547, -1.53904509625064052,
      0.626966855981559048, 0.997516477826273584, -1.98508966898868844, 0.985145320669551448}},
    {44100,
     {1.53084123005034786, -2.65097999515472972, 1.16907907992158695, -1.66365511325602032,
      0.712595428073225412, 0.999560064542514272, -1.98916967362979563, 0.989199035787039161}},
    {47952,
     {1.53507625942683576, -2.69123387409781194, 1.19805700598146631, -1.69035321103314323,
      0.732252602343633355, 0.999995018744045493, -1.99003751706549103, 0.99006236213971779}},
    {48000,
     {1.53512485958697007, -2.6916961894063801, 1.19839281085285003, -1.69065929318240997,
      0.732480774215849976, 1.0, -1.99004745483398, 0.990072250366210001}},
    {88200,
     {1.55751537557965383, -2.90562707992634522, 1.36133397747221214, -1.83091998796233202,
      0.844142261087852775, 1.00227196335738196, -1.99457751545034401, 0.994584875878054696}},
    {96000,
     {1.55971422897579675, -2.92674157825108288, 1.37826120231581871, -1.84460946989010884,
      0.855843322930641423, 1.00249278898634276, -1.9950175447247155, 0.995023759040923312}},
    {176400,
     {1.57111531774184616, -3.03654450240465247, 1.46887161198976214, -1.91532931683305156,
      0.918771744160007387, 1.00363204710421268, -1.99728692242381402, 0.997288765026068168}},
    {192000,
     {1.57222721509127916, -3.04728305156155103, 1.47797134097960928, -1.92220223060748858,
      0.925117735116825991, 1.00374267537143599, -1.99750722284070018, 0.99750877835550966}},
    {384000,
     {1.57853168570987061, -3.10827557764981128, 1.53048680865366936, -1.96108748119081361,
      0.961830397904542303, 1.00436849449861672, -1.99875322355755307, 0.998753612678639966}},
};

std::array<double, 8> flat(const KWeighting& k) {
  return {k.shelf.b0, k.shelf.b1,     k.shelf.b2,     k.shelf.a1,
          k.shelf.a2, k.high_pass.b0, k.high_pass.a1, k.high_pass.a2};
}

// Gain in dB at `hertz`.
double gain(const KWeighting& k, double hertz, int rate) {
  const std::complex<double> z = std::polar(1.0, -2 * std::numbers::pi * hertz / rate);
  const auto section = [&](const Biquad& s) {
    return (s.b0 + s.b1 * z + s.b2 * z * z) / (1.0 + s.a1 * z + s.a2 * z * z);
  };
  return 20 * std::log10(std::abs(section(k.shelf) * section(k.high_pass)));
}

TEST(KWeighting, TheDocumentsTableAt48k) {
  const KWeighting k = k_weighting(48000);
  EXPECT_EQ(k.shelf.b0, 1.53512485958697);
  EXPECT_EQ(k.shelf.b1, -2.69169618940638);
  EXPECT_EQ(k.shelf.b2, 1.19839281085285);
  EXPECT_EQ(k.shelf.a1, -1.69065929318241);
  EXPECT_EQ(k.shelf.a2, 0.73248077421585);
  EXPECT_EQ(k.high_pass.b0, 1.0);
  EXPECT_EQ(k.high_pass.b1, -2.0);
  EXPECT_EQ(k.high_pass.b2, 1.0);
  EXPECT_EQ(k.high_pass.a1, -1.99004745483398);
  EXPECT_EQ(k.high_pass.a2, 0.99007225036621);
}

// The prototypes really are those of the document's table, to its 14 decimals.
TEST(KWeighting, ThePrototypesGiveTheTableAt48k) {
  for (const Row& row : kExact) {
    if (row.rate != 48000) continue;
    const auto table = flat(k_weighting(48000));
    for (std::size_t i = 0; i < table.size(); ++i) EXPECT_NEAR(row.value[i], table[i], 6e-15) << i;
  }
}

TEST(KWeighting, EveryRateIsTheBilinearTransform) {
  for (const Row& row : kExact) {
    if (row.rate == 48000) continue;
    const KWeighting k = k_weighting(row.rate);
    const auto values = flat(k);
    for (std::size_t i = 0; i < values.size(); ++i)
      EXPECT_NEAR(values[i], row.value[i], 4e-15 * std::fabs(row.value[i])) << row.rate << " " << i;
    EXPECT_EQ(k.high_pass.b1, -2 * k.high_pass.b0);
    EXPECT_EQ(k.high_pass.b2, k.high_pass.b0);
  }
}

TEST(KWeighting, TheSameResponseAtEveryRate) {
  for (const int rate : {32000, 35467, 44100, 47952, 88200, 96000, 176400, 192000, 384000, 1000000})
    for (const double hertz : {25.0, 100.0, 500.0, 997.0, 2000.0})
      EXPECT_NEAR(gain(k_weighting(rate), hertz, rate), gain(k_weighting(48000), hertz, 48000),
                  0.03)
          << rate << " " << hertz;
  for (const int rate : {8000, 11025, 12000, 16000, 22050, 24000})
    EXPECT_NEAR(gain(k_weighting(rate), 500, rate), gain(k_weighting(48000), 500, 48000), 0.03)
        << rate;
}

// 0 dBFS at 997 Hz on one channel reads -3.01 LUFS: annex 1's own calibration.
TEST(KWeighting, Calibration) {
  EXPECT_NEAR(-0.691 + gain(k_weighting(48000), 997, 48000) + 10 * std::log10(0.5), -3.01, 0.005);
}

TEST(KWeighting, StableAtEveryRate) {
  for (int rate = kMinSampleRate; rate <= kMaxSampleRate; rate += 997) {
    const KWeighting k = k_weighting(rate);
    for (const Biquad& s : {k.shelf, k.high_pass}) {
      EXPECT_LT(std::fabs(s.a2), 1) << rate;
      EXPECT_LT(std::fabs(s.a1), 1 + s.a2) << rate;
    }
  }
}

}  // namespace
}  // namespace cleangate::probes
