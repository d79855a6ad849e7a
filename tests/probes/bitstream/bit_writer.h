// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cleangate::test {

// Makes bitstreams, most significant bit first.
class BitWriter {
 public:
  BitWriter& u(int bits, std::uint64_t value) {
    for (int i = bits - 1; i >= 0; --i) {
      if (used_ % 8 == 0) bytes_.push_back(std::byte{0});
      if (value >> i & 1) bytes_.back() |= std::byte{1} << (7 - used_ % 8);
      ++used_;
    }
    return *this;
  }
  BitWriter& ue(std::uint64_t value) {
    int length = 0;
    while ((value + 1) >> (length + 1)) ++length;
    return u(length, 0).u(length + 1, value + 1);
  }
  BitWriter& se(std::int64_t value) {
    return ue(static_cast<std::uint64_t>(value > 0 ? value * 2 - 1 : -value * 2));
  }
  // rbsp_trailing_bits: a one, then zeros to the byte.
  BitWriter& trail() {
    u(1, 1);
    while (used_ % 8) u(1, 0);
    return *this;
  }
  BitWriter& align() {
    while (used_ % 8) u(1, 0);
    return *this;
  }
  [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
  std::size_t used_ = 0;
};

// Bytes of small integers.
template <class... Values>
[[nodiscard]] std::vector<std::byte> bytes_of(Values... values) {
  return {static_cast<std::byte>(values)...};
}

inline void append(std::vector<std::byte>& to, const std::vector<std::byte>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

// Emulation prevention: a 03 wherever two zeros would be followed by a byte of 0..3.
[[nodiscard]] inline std::vector<std::byte> escaped(const std::vector<std::byte>& rbsp) {
  std::vector<std::byte> out;
  int zeros = 0;
  for (const std::byte b : rbsp) {
    if (zeros >= 2 && b <= std::byte{3}) {
      out.push_back(std::byte{3});
      zeros = 0;
    }
    zeros = b == std::byte{0} ? zeros + 1 : 0;
    out.push_back(b);
  }
  return out;
}

}  // namespace cleangate::test
