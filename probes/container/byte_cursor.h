// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace cleangate::probes {

// Walks over bytes in memory. A read past the end gives zeros and makes `ok()` false for good, so
// that a parser checks once per structure, not once per field.
class ByteCursor {
 public:
  ByteCursor() = default;
  explicit ByteCursor(std::span<const std::byte> bytes) : bytes_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }

  // Big-endian and little-endian unsigned integers of 1 to 8 bytes.
  std::uint64_t big(std::size_t count) {
    std::uint64_t value = 0;
    for (const std::byte b : take(count)) value = value << 8 | std::to_integer<std::uint64_t>(b);
    return value;
  }
  std::uint64_t little(std::size_t count) {
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (const std::byte b : take(count)) {
      value |= std::to_integer<std::uint64_t>(b) << shift;
      shift += 8;
    }
    return value;
  }
  std::uint8_t u8() { return static_cast<std::uint8_t>(big(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(big(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(big(4)); }
  std::uint64_t u64() { return big(8); }
  std::int16_t i16() { return static_cast<std::int16_t>(u16()); }
  std::int32_t i32() { return static_cast<std::int32_t>(u32()); }
  std::int64_t i64() { return static_cast<std::int64_t>(u64()); }
  std::uint16_t le16() { return static_cast<std::uint16_t>(little(2)); }
  std::uint32_t le32() { return static_cast<std::uint32_t>(little(4)); }
  std::uint64_t le64() { return little(8); }

  void skip(std::uint64_t count) { take(count); }
  // The next `count` bytes, or none when there are fewer.
  std::span<const std::byte> take(std::uint64_t count) {
    if (!ok_ || count > left()) {
      ok_ = false;
      return {};
    }
    const auto taken = bytes_.subspan(at_, static_cast<std::size_t>(count));
    at_ += taken.size();
    return taken;
  }
  std::span<const std::byte> rest() { return take(left()); }
  // Bytes as characters, up to the first NUL.
  std::string text(std::uint64_t count);

 private:
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

// Four characters as a number, the way big-endian formats compare them.
[[nodiscard]] constexpr std::uint32_t fourcc(const char (&name)[5]) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(name[i]);
  return value;
}
// The four characters back; bytes that do not print become '?'.
[[nodiscard]] std::string fourcc_text(std::uint32_t code);

}  // namespace cleangate::probes
