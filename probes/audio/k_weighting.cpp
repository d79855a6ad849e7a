// SPDX-License-Identifier: Apache-2.0
#include "probes/audio/k_weighting.h"

namespace cleangate::probes {
namespace {

// The analog prototypes whose bilinear transform at 48 kHz is the document's table: solved from its
// coefficients.
constexpr double kPi = 3.14159265358979323846;
constexpr double kShelfFrequency = 1681.974450955533;  // Hz
constexpr double kShelfQ = 0.7071752369554196;
constexpr double kShelfHigh =
    1.584864701130855615;  // gain above the corner: 10^(3.99984385397335/20)
constexpr double kShelfBand =
    1.258720930232561767;  // gain of the band term: kShelfHigh^0.499666774155
constexpr double kHighPassFrequency = 38.13547087602444;  // Hz
constexpr double kHighPassQ = 0.5003270373238773;
constexpr double kReferenceRate = 48000;

// tan x for 0 <= x < pi/2 from the series of sine and cosine.
double tangent(double x) {
  double sine = 0, cosine = 0, term = 1;
  for (int n = 0; n < 40; n += 2) {
    cosine += n % 4 == 0 ? term : -term;
    term *= x / (n + 1);
    sine += n % 4 == 0 ? term : -term;
    term *= x / (n + 2);
  }
  return sine / cosine;
}

double high_pass_scale(double sample_rate) {
  const double k = tangent(kPi * kHighPassFrequency / sample_rate);
  return 1 + k / kHighPassQ + k * k;
}

Biquad shelf(double sample_rate) {
  const double k = tangent(kPi * kShelfFrequency / sample_rate);
  const double band = k / kShelfQ;
  const double a0 = 1 + band + k * k;
  return {(kShelfHigh + kShelfBand * band + k * k) / a0, 2 * (k * k - kShelfHigh) / a0,
          (kShelfHigh - kShelfBand * band + k * k) / a0, 2 * (k * k - 1) / a0,
          (1 - band + k * k) / a0};
}

// The document's numerator is 1, -2, 1 as it stands, which leaves a gain of a0(48 kHz) in the pass
// band: the same gain is kept at every rate.
Biquad high_pass(double sample_rate) {
  const double k = tangent(kPi * kHighPassFrequency / sample_rate);
  const double a0 = high_pass_scale(sample_rate);
  const double gain = high_pass_scale(kReferenceRate) / a0;
  return {gain, -2 * gain, gain, 2 * (k * k - 1) / a0, (1 - k / kHighPassQ + k * k) / a0};
}

// BS.1770-5 annex 1, tables 1 and 2.
constexpr KWeighting kTable48k{
    {1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585},
    {1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621}};

}  // namespace

KWeighting k_weighting(int sample_rate) {
  if (sample_rate == 48000) return kTable48k;
  const double rate = sample_rate;
  return {shelf(rate), high_pass(rate)};
}

}  // namespace cleangate::probes
