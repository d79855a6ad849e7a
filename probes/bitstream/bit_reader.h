// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cleangate::probes {

// Reads bits, most significant first. Beyond the end every read gives 0 and `ok()` turns false for
// good; nothing is ever read out of bounds.
class BitReader {
 public:
  explicit BitReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t position() const { return position_; }  // bits
  [[nodiscard]] std::size_t left() const { return bytes_.size() * 8 - position_; }

  // Unsigned of 0..32 bits.
  std::uint32_t u(int bits) {
    if (bits <= 0) return 0;
    const auto count = static_cast<std::size_t>(std::min(bits, 32));
    if (left() < count) return overrun();
    std::uint64_t value = 0;
    const std::size_t last = (position_ + count + 7) / 8;
    for (std::size_t i = position_ / 8; i < last; ++i)
      value = value << 8 | std::to_integer<std::uint64_t>(bytes_[i]);
    value >>= last * 8 - position_ - count;
    position_ += count;
    return static_cast<std::uint32_t>(value & ((std::uint64_t{1} << count) - 1));
  }
  int i(int bits) { return static_cast<int>(u(std::min(bits, 31))); }
  bool flag() { return u(1) != 0; }
  std::uint64_t u64(int bits) {
    const std::uint64_t high = u(bits - 32);
    return high << 32 | u(std::min(bits, 32));
  }

  // Exp-Golomb (ITU-T H.264 9.1); codes longer than 32 bits are damage.
  std::uint32_t ue() {
    int zeros = 0;
    while (ok_ && zeros < 32 && !flag()) ++zeros;
    if (zeros >= 32) return overrun();
    return ok_ ? (std::uint32_t{1} << zeros) - 1 + u(zeros) : 0;
  }
  std::int32_t se() {
    const std::uint32_t code = ue();
    const auto half = static_cast<std::int32_t>(code / 2 + (code & 1));
    return code & 1 ? half : -half;
  }

  void skip(std::size_t bits) {
    if (bits > left())
      overrun();
    else
      position_ += bits;
  }
  void align() { skip((8 - position_ % 8) % 8); }
  // The bytes from here (aligned up) to the end.
  [[nodiscard]] std::span<const std::byte> rest() const {
    return bytes_.subspan(std::min(bytes_.size(), (position_ + 7) / 8));
  }

 private:
  std::uint32_t overrun() {
    ok_ = false;
    position_ = bytes_.size() * 8;
    return 0;
  }

  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

// The payload of a NAL unit after `header` bytes without emulation prevention (H.264 7.3.1, HEVC
// 7.3.1.1), at most `limit` bytes of it.
[[nodiscard]] inline std::vector<std::byte> unescape(std::span<const std::byte> unit,
                                                     std::size_t header,
                                                     std::size_t limit = SIZE_MAX) {
  std::vector<std::byte> payload;
  if (unit.size() <= header) return payload;
  const auto body = unit.subspan(header);
  payload.reserve(std::min(limit, body.size()));
  int zeros = 0;
  for (const std::byte b : body) {
    if (payload.size() >= limit) break;
    if (zeros >= 2 && b == std::byte{3}) {
      zeros = 0;
      continue;
    }
    zeros = b == std::byte{0} ? zeros + 1 : 0;
    payload.push_back(b);
  }
  return payload;
}

[[nodiscard]] inline unsigned byte_at(std::span<const std::byte> bytes, std::size_t i) {
  return i < bytes.size() ? std::to_integer<unsigned>(bytes[i]) : 0U;
}

}  // namespace cleangate::probes
