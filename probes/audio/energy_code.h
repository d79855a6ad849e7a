// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

// The 32-bit code of AudioEnergyRow.energy: an unsigned floating-point number of 7 exponent and 18
// mantissa bits, monotonic in the energy. Zero is exact; 2^-64 (-193 dB) to 2^63 (+190 dB) carry a
// relative error of at most 2^-19 (0.000008 dB); anything smaller is zero. What is no energy (NaN,
// infinite, negative, beyond the range) has a code of its own, so that it never reads as a number.
namespace cleangate::probes {

inline constexpr std::uint32_t kEnergyNotANumber = 0xFFFF'FFFF;

namespace detail {
inline constexpr int kEnergyShift = 52 - 18;  // binary64 mantissa bits that are rounded away
// Codes are the top bits of the binary64 representation, counted from 2^-64 as code 1.
inline constexpr std::uint64_t kEnergyOrigin = ((1023ull - 64) << 18) - 1;
inline constexpr std::uint32_t kEnergyTop = 127u
                                            << 18;  // code of the largest energy, just under 2^63
}  // namespace detail

[[nodiscard]] constexpr std::uint32_t energy_to_code(double energy) {
  if (!(energy >= 0)) return kEnergyNotANumber;
  if (energy == 0) return 0;  // -0.0 too
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(energy);
  const std::uint64_t top =
      (bits + (1ull << (detail::kEnergyShift - 1))) >> detail::kEnergyShift;  // rounds half up
  if (top <= detail::kEnergyOrigin) return 0;
  const std::uint64_t code = top - detail::kEnergyOrigin;
  return code > detail::kEnergyTop ? kEnergyNotANumber : static_cast<std::uint32_t>(code);
}

// Precondition: `code` is a number (see energy_is_number); other codes give NaN.
[[nodiscard]] constexpr double code_to_energy(std::uint32_t code) {
  if (code == 0) return 0.0;
  if (code > detail::kEnergyTop) return std::bit_cast<double>(0x7FF8'0000'0000'0000ull);
  return std::bit_cast<double>((code + detail::kEnergyOrigin) << detail::kEnergyShift);
}

[[nodiscard]] constexpr bool energy_is_number(std::uint32_t code) {
  return code <= detail::kEnergyTop;
}

}  // namespace cleangate::probes
