// SPDX-License-Identifier: Apache-2.0
#include "core/rational.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <stdexcept>

namespace cleangate {
namespace {

__extension__ using Wide = __int128;

Wide gcd(Wide a, Wide b) {
  if (a < 0) a = -a;
  if (b < 0) b = -b;
  while (b != 0) {
    const Wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

struct Reduced {
  std::int64_t num, den;
};

// Empty when den is zero or the reduced form does not fit.
tl::expected<Reduced, const char*> reduce(Wide num, Wide den) {
  if (den == 0) return tl::unexpected<const char*>("division by zero");
  const Wide divisor = gcd(num, den);
  if (divisor > 1) {
    num /= divisor;
    den /= divisor;
  }
  if (den < 0) {
    num = -num;
    den = -den;
  }
  constexpr Wide kMin = std::numeric_limits<std::int64_t>::min();
  constexpr Wide kMax = std::numeric_limits<std::int64_t>::max();
  if (num < kMin || num > kMax || den > kMax)
    return tl::unexpected<const char*>("the exact number needs more than 64 bits");
  return Reduced{static_cast<std::int64_t>(num), static_cast<std::int64_t>(den)};
}

Expected<Rational> checked(Wide num, Wide den) {
  const auto reduced = reduce(num, den);
  if (!reduced)
    return fail(ErrorCode::usage,
                fmt::format("A number cannot be kept exactly: {}.", reduced.error()));
  return Rational::make(reduced->num, reduced->den);
}

Rational or_throw(Wide num, Wide den) {
  const auto reduced = reduce(num, den);
  if (!reduced) throw std::overflow_error(reduced.error());
  return Rational(reduced->num, reduced->den);
}

// |products of two int64| < 2^126, their sum < 2^127: 128 bits hold every intermediate of + - * /
// and <=>.
Wide cross(std::int64_t a, std::int64_t b) { return static_cast<Wide>(a) * b; }

Expected<std::int64_t> parse_integer(std::string_view digits, std::string_view whole) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size())
    return fail(ErrorCode::usage, fmt::format("\"{}\" is not a number.", whole));
  return value;
}

}  // namespace

Rational::Rational(std::int64_t num, std::int64_t den) {
  if (den == 0) throw std::invalid_argument("a rational's denominator is zero");
  const auto reduced = reduce(num, den);
  if (!reduced) throw std::overflow_error(reduced.error());
  num_ = reduced->num;
  den_ = reduced->den;
}

std::int64_t Rational::floor() const {
  const std::int64_t quotient = num_ / den_;
  return num_ % den_ < 0 ? quotient - 1 : quotient;
}

std::int64_t Rational::ceil() const {
  const std::int64_t quotient = num_ / den_;
  return num_ % den_ > 0 ? quotient + 1 : quotient;
}

std::int64_t Rational::round() const {
  const Wide twice = 2 * (num_ < 0 ? -static_cast<Wide>(num_) : static_cast<Wide>(num_)) + den_;
  const Wide magnitude = twice / (2 * static_cast<Wide>(den_));
  return static_cast<std::int64_t>(num_ < 0 ? -magnitude : magnitude);
}

Rational operator+(const Rational& a, const Rational& b) {
  return or_throw(cross(a.num_, b.den_) + cross(b.num_, a.den_), cross(a.den_, b.den_));
}
Rational operator-(const Rational& a, const Rational& b) {
  return or_throw(cross(a.num_, b.den_) - cross(b.num_, a.den_), cross(a.den_, b.den_));
}
Rational operator*(const Rational& a, const Rational& b) {
  return or_throw(cross(a.num_, b.num_), cross(a.den_, b.den_));
}
Rational operator/(const Rational& a, const Rational& b) {
  return or_throw(cross(a.num_, b.den_), cross(a.den_, b.num_));
}
Rational Rational::operator-() const { return or_throw(-static_cast<Wide>(num_), den_); }

std::strong_ordering operator<=>(const Rational& a, const Rational& b) {
  const Wide left = cross(a.num_, b.den_), right = cross(b.num_, a.den_);
  if (left < right) return std::strong_ordering::less;
  return left > right ? std::strong_ordering::greater : std::strong_ordering::equal;
}

Expected<Rational> Rational::make(std::int64_t num, std::int64_t den) {
  const auto reduced = reduce(num, den);
  if (!reduced)
    return fail(ErrorCode::usage,
                fmt::format("{}/{} is not a number: {}.", num, den, reduced.error()));
  Rational value;
  value.num_ = reduced->num;
  value.den_ = reduced->den;
  return value;
}

Expected<Rational> Rational::parse(std::string_view text) {
  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    const auto num = parse_integer(text.substr(0, slash), text);
    const auto den = parse_integer(text.substr(slash + 1), text);
    if (!num || !den || *den <= 0)
      return fail(ErrorCode::usage, fmt::format("\"{}\" is not a number.", text));
    return make(*num, *den);
  }
  const auto point = text.find('.');
  if (point == std::string_view::npos) {
    const auto whole = parse_integer(text, text);
    if (!whole) return tl::unexpected(whole.error());
    return Rational(*whole);
  }
  const std::string_view fraction = text.substr(point + 1);
  if (fraction.empty() || fraction.size() > 17 ||
      fraction.find_first_not_of("0123456789") != std::string_view::npos)
    return fail(ErrorCode::usage, fmt::format("\"{}\" is not a number.", text));
  std::string digits(text.substr(0, point));
  if (digits.empty() || digits == "-")
    return fail(ErrorCode::usage, fmt::format("\"{}\" is not a number.", text));
  digits += fraction;
  const auto num = parse_integer(digits, text);
  if (!num) return tl::unexpected(num.error());
  std::int64_t den = 1;
  for (std::size_t i = 0; i < fraction.size(); ++i) den *= 10;
  return make(*num, den);
}

Expected<Rational> checked_add(const Rational& a, const Rational& b) {
  return checked(cross(a.num(), b.den()) + cross(b.num(), a.den()), cross(a.den(), b.den()));
}
Expected<Rational> checked_sub(const Rational& a, const Rational& b) {
  return checked(cross(a.num(), b.den()) - cross(b.num(), a.den()), cross(a.den(), b.den()));
}
Expected<Rational> checked_mul(const Rational& a, const Rational& b) {
  return checked(cross(a.num(), b.num()), cross(a.den(), b.den()));
}
Expected<Rational> checked_div(const Rational& a, const Rational& b) {
  return checked(cross(a.num(), b.den()), cross(a.den(), b.num()));
}

Rational abs(const Rational& value) { return value.num() < 0 ? -value : value; }

std::string to_string(const Rational& value) {
  return fmt::format("{}/{}", value.num(), value.den());
}

std::string to_fixed(const Rational& value, int digits) {
  const bool negative = value.num() < 0;
  const Wide magnitude =
      negative ? -static_cast<Wide>(value.num()) : static_cast<Wide>(value.num());
  Wide whole = magnitude / value.den();
  Wide rest = magnitude % value.den();
  std::string fraction;
  for (int i = 0; i < digits; ++i) {
    rest *= 10;
    fraction += static_cast<char>('0' + static_cast<int>(rest / value.den()));
    rest %= value.den();
  }
  if (2 * rest >= value.den()) {  // round half away from zero, carrying to the left
    auto at = fraction.rbegin();
    for (; at != fraction.rend() && *at == '9'; ++at) *at = '0';
    if (at == fraction.rend())
      ++whole;
    else
      ++*at;
  }
  const bool zero = whole == 0 && fraction.find_first_not_of('0') == std::string::npos;
  return fmt::format("{}{}{}{}", negative && !zero ? "-" : "",
                     static_cast<unsigned long long>(whole), digits > 0 ? "." : "", fraction);
}

std::string to_decimal(const Rational& value, int digits) {
  std::string text = to_fixed(value, digits);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text;
}

Expected<Rational> parse_frame_rate(std::string_view text) {
  struct Name {
    std::string_view text;
    std::int64_t num;
  };
  constexpr Name kNames[] = {{"23.976", 24000}, {"23.98", 24000}, {"29.97", 30000},
                             {"47.952", 48000}, {"47.95", 48000}, {"59.94", 60000},
                             {"119.88", 120000}};
  for (const Name& name : kNames)
    if (name.text == text) return Rational(name.num, 1001);
  return Rational::parse(text);
}

}  // namespace cleangate
