// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.h"

namespace cleangate {

// An exact number, always reduced, den > 0. 23.976 is not a rate; 24000/1001 is.
// Arithmetic runs in 128 bits; an outcome that does not fit 64 bits throws std::overflow_error, so
// arithmetic on untrusted numbers goes through the checked_* functions instead.
class Rational {
 public:
  constexpr Rational() = default;
  constexpr Rational(std::int64_t value) : num_(value) {}  // NOLINT: an integer is a rational
  Rational(std::int64_t num, std::int64_t den);  // den != 0 (throws std::invalid_argument)

  [[nodiscard]] constexpr std::int64_t num() const { return num_; }
  [[nodiscard]] constexpr std::int64_t den() const { return den_; }
  [[nodiscard]] constexpr bool is_integer() const { return den_ == 1; }
  [[nodiscard]] double to_double() const {
    return static_cast<double>(num_) / static_cast<double>(den_);
  }  // reports only

  [[nodiscard]] std::int64_t floor() const;
  [[nodiscard]] std::int64_t ceil() const;
  [[nodiscard]] std::int64_t round() const;  // half away from zero

  friend Rational operator+(const Rational& a, const Rational& b);
  friend Rational operator-(const Rational& a, const Rational& b);
  friend Rational operator*(const Rational& a, const Rational& b);
  friend Rational operator/(const Rational& a, const Rational& b);  // b != 0
  Rational operator-() const;
  friend bool operator==(const Rational&, const Rational&) = default;
  friend std::strong_ordering operator<=>(const Rational& a, const Rational& b);

  // num/den or nothing when den == 0 or the reduced form does not fit.
  [[nodiscard]] static Expected<Rational> make(std::int64_t num, std::int64_t den);
  // "24000/1001", "25", "-23.5", "1e-3" is not accepted. Decimals are exact: "0.1" is 1/10.
  [[nodiscard]] static Expected<Rational> parse(std::string_view text);

 private:
  std::int64_t num_ = 0;
  std::int64_t den_ = 1;
};

[[nodiscard]] Expected<Rational> checked_add(const Rational& a, const Rational& b);
[[nodiscard]] Expected<Rational> checked_sub(const Rational& a, const Rational& b);
[[nodiscard]] Expected<Rational> checked_mul(const Rational& a, const Rational& b);
[[nodiscard]] Expected<Rational> checked_div(const Rational& a, const Rational& b);

[[nodiscard]] Rational abs(const Rational& value);

// "num/den", den always written: "25/1" (contract: rationals in JSON).
[[nodiscard]] std::string to_string(const Rational& value);
// For people: "25", "29.97", "23.976": at most `digits` decimals, rounded half away from zero,
// trailing zeros dropped.
[[nodiscard]] std::string to_decimal(const Rational& value, int digits);
// Always exactly `digits` decimals: "-23.0".
[[nodiscard]] std::string to_fixed(const Rational& value, int digits);
// The broadcast rates people write as decimals: 23.976, 23.98 -> 24000/1001, 29.97 ->
// 30000/1001, 59.94 -> 60000/1001, 119.88 -> 120000/1001; anything else as Rational::parse.
[[nodiscard]] Expected<Rational> parse_frame_rate(std::string_view text);

}  // namespace cleangate
