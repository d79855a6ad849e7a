// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/light_curve.h"

#include <algorithm>
#include <bit>

namespace cleangate::probes {
namespace {

constexpr std::uint64_t kOne = std::uint64_t{1} << 31;

// 2^(2^-k) times 2^31, by square roots.
struct Roots {
  std::array<std::uint64_t, 32> of{};
  Roots() {
    std::uint64_t value = 2 * kOne;
    for (std::uint64_t& each : of) {
      std::uint64_t root = 0;
      for (std::uint64_t bit = std::uint64_t{1} << 32; bit; bit >>= 1)
        if (((root | bit) >> 33) == 0 && (root | bit) <= ~std::uint64_t{0} / (root | bit) &&
            (root | bit) * (root | bit) <= value << 31)
          root |= bit;
      each = value = root;
    }
  }
};

// log2(x / 2^31) times 2^32, of 0 < x < 2^32.
std::int64_t log2_of(std::uint64_t x) {
  const int up = 32 - static_cast<int>(std::bit_width(x));
  std::uint64_t mantissa = x << up;  // [2^31, 2^32)
  std::int64_t fraction = 0;
  for (int i = 31; i >= 0; --i) {
    mantissa = (mantissa * mantissa) >> 31;
    if (mantissa < 2 * kOne) continue;
    mantissa >>= 1;
    fraction |= std::int64_t{1} << i;
  }
  return fraction - (static_cast<std::int64_t>(up) << 32);
}

// 2^(y / 2^32) times 2^31, of y / 2^32 below 31.
std::uint64_t exp2_of(std::int64_t y) {
  static const Roots kRoots;
  const std::int64_t whole = y >> 32;
  if (whole < -31) return 0;
  std::uint64_t value = kOne;
  for (std::size_t k = 0; k < 32; ++k)
    if (y & (std::int64_t{1} << (31 - k))) value = (value * kRoots.of[k]) >> 31;
  return whole < 0 ? value >> -whole : value << whole;
}

// (x / 2^31)^(p / q) times 2^31.
std::uint64_t power(std::uint64_t x, std::int64_t p, std::int64_t q) {
  return x == 0 ? 0 : exp2_of(log2_of(x) * p / q);
}

std::uint64_t srgb_light(std::uint64_t e) {
  if (e * 100'000 <= 4'045 * kOne) return e * 100 / 1292;
  return power((e * 1000 + 55 * kOne) / 1055, 12, 5);
}

// SMPTE ST 2084: m1 = 2610/16384, m2 = 2523/32, c1 = 3424/4096, c2 = 2413/128, c3 = 2392/128.
std::uint64_t pq_light(std::uint64_t e) {
  const std::uint64_t root = power(e, 32, 2523);
  const std::uint64_t c1 = kOne * 3424 / 4096;
  if (root <= c1) return 0;
  return power(((root - c1) << 31) / (kOne * 2413 / 128 - root * 2392 / 128), 16384, 2610);
}

// ITU-R BT.2100 table 5, inverse OETF: a = 0.17883277, b = 0.28466892, c = 0.55991073.
std::uint64_t hlg_light(std::uint64_t e) {
  if (2 * e <= kOne) return (e * e >> 31) / 3;
  constexpr std::int64_t kC = 1'202'399'137;      // c times 2^31
  constexpr std::int64_t kSlope = 2'165'545'505;  // log2(e) / a times 2^28
  constexpr std::uint64_t kB = 611'321'851;       // b times 2^31
  const std::int64_t exponent = ((static_cast<std::int64_t>(e) - kC) * kSlope) >> 27;
  return (exp2_of(exponent) + kB) / 12;
}

std::uint64_t light_of(LightCurve curve, std::uint64_t e) {
  switch (curve) {
    case LightCurve::srgb:
      return srgb_light(e);
    case LightCurve::pq:
      return pq_light(e);
    case LightCurve::hlg:
      return hlg_light(e);
    case LightCurve::gamma22:
      return power(e, 11, 5);
    case LightCurve::gamma28:
      return power(e, 14, 5);
    case LightCurve::linear:
      return e;
    case LightCurve::st428:
      return power(e, 13, 5);
    case LightCurve::none:
    case LightCurve::bt1886:
      break;
  }
  return power(e, 12, 5);
}

template <std::size_t kSize>
std::array<std::uint16_t, kSize> steps_of(LightCurve curve) {
  std::array<std::uint16_t, kSize> table{};
  for (std::size_t i = 0; i < kSize; ++i) {
    const std::uint64_t light = std::min(light_of(curve, i * kOne / (kSize - 1)), kOne);
    table[i] = static_cast<std::uint16_t>((light * kLightOne + kOne / 2) >> 31);
  }
  return table;
}

constexpr std::size_t kCurves = 9;

template <std::size_t kSize>
std::array<std::array<std::uint16_t, kSize>, kCurves> all_curves() {
  std::array<std::array<std::uint16_t, kSize>, kCurves> all{};
  for (std::size_t i = 0; i < kCurves; ++i) all[i] = steps_of<kSize>(static_cast<LightCurve>(i));
  return all;
}

std::size_t index_of(LightCurve curve) {
  const auto index = static_cast<std::size_t>(curve);
  return index < kCurves ? index : 0;
}

}  // namespace

LightReading light_curve(TransferCharacteristics transfer, ColorModel model) {
  using T = TransferCharacteristics;
  switch (transfer) {
    case T::bt709:
    case T::smpte170m:
    case T::smpte240m:
    case T::iec61966_2_4:
    case T::bt1361e:
    case T::bt2020_10:
    case T::bt2020_12:
      return {LightCurve::bt1886, false};
    case T::unspecified:
      return {model == ColorModel::rgb || model == ColorModel::palette ? LightCurve::srgb
                                                                       : LightCurve::bt1886,
              true};
    case T::iec61966_2_1:
      return {LightCurve::srgb, false};
    case T::gamma22:
      return {LightCurve::gamma22, false};
    case T::gamma28:
      return {LightCurve::gamma28, false};
    case T::linear:
      return {LightCurve::linear, false};
    case T::smpte2084:
      return {LightCurve::pq, false};
    case T::smpte428:
      return {LightCurve::st428, false};
    case T::arib_std_b67:
      return {LightCurve::hlg, false};
    default:
      return {};
  }
}

const LightTable& light_table(LightCurve curve) {
  static const auto kTables = all_curves<kLightSteps>();
  return kTables[index_of(curve)];
}

const std::array<std::uint16_t, 4096>& hlg_screen() {
  static const auto kTable = [] {
    std::array<std::uint16_t, 4096> table{};
    for (std::size_t i = 0; i < table.size(); ++i)
      table[i] = static_cast<std::uint16_t>(
          (power(i * kOne / (table.size() - 1), 6, 5) * kLightOne + kOne / 2) >> 31);
    return table;
  }();
  return kTable;
}

const std::array<std::uint16_t, 256>& light_codes(LightCurve curve) {
  static const auto kTables = all_curves<256>();
  return kTables[curve == LightCurve::hlg ? index_of(LightCurve::bt1886) : index_of(curve)];
}

std::uint8_t light_code(LightCurve curve, std::uint32_t light) {
  const auto& codes = light_codes(curve);
  const auto above = std::upper_bound(codes.begin(), codes.end(), light);
  if (above == codes.begin()) return 0;
  if (above == codes.end()) return 255;
  const auto below = above - 1;
  const bool nearer_above = *above - light < light - *below;
  // Of equal codes at the dark end the lowest.
  const auto chosen = std::lower_bound(codes.begin(), codes.end(), nearer_above ? *above : *below);
  return static_cast<std::uint8_t>(chosen - codes.begin());
}

}  // namespace cleangate::probes
