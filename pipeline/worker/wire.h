// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Values as bytes: little-endian integers of fixed width, texts as a 32-bit length and their bytes.
namespace cleangate::worker {

class WireWriter {
 public:
  void u8(std::uint8_t value) { integer(value, 1); }
  void u16(std::uint16_t value) { integer(value, 2); }
  void u32(std::uint32_t value) { integer(value, 4); }
  void i32(std::int32_t value) { integer(static_cast<std::uint32_t>(value), 4); }
  void u64(std::uint64_t value) { integer(value, 8); }
  void i64(std::int64_t value) { integer(static_cast<std::uint64_t>(value), 8); }
  void f64(double value);
  void text(std::string_view value);
  void raw(std::span<const std::byte> value);
  [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  void integer(std::uint64_t value, int width);
  std::vector<std::byte> bytes_;
};

// Reads untrusted bytes: what is missing or out of range reads as zero or empty and makes `intact`
// false for good, so that a whole record is read first and asked about once.
class WireReader {
 public:
  explicit WireReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(integer(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(integer(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(integer(4)); }
  std::int32_t i32() { return static_cast<std::int32_t>(u32()); }
  std::uint64_t u64() { return integer(8); }
  std::int64_t i64() { return static_cast<std::int64_t>(integer(8)); }
  double f64();
  bool flag();                             // 0 or 1, nothing else
  std::string text(std::size_t limit);     // at most `limit` bytes
  std::span<const std::byte> remainder();  // everything not read yet

  // Nothing was missing or out of range.
  [[nodiscard]] bool intact() const { return intact_; }
  // Intact, and nothing is left over.
  [[nodiscard]] bool finished() const { return intact_ && bytes_.empty(); }

 private:
  std::uint64_t integer(int width);
  std::span<const std::byte> bytes_;
  bool intact_ = true;
};

}  // namespace cleangate::worker
