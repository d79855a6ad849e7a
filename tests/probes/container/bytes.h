// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "probes/container/container.h"

// Files made in a test, byte by byte.
namespace cleangate::test {

class Bytes {
 public:
  Bytes() = default;
  explicit Bytes(std::string_view text) { add(text); }

  Bytes& big(std::uint64_t value, int count) {
    for (int i = count; i-- > 0;) bytes_.push_back(static_cast<std::byte>(value >> (8 * i)));
    return *this;
  }
  Bytes& little(std::uint64_t value, int count) {
    for (int i = 0; i < count; ++i) bytes_.push_back(static_cast<std::byte>(value >> (8 * i)));
    return *this;
  }
  Bytes& u8(std::uint64_t value) { return big(value, 1); }
  Bytes& u16(std::uint64_t value) { return big(value, 2); }
  Bytes& u32(std::uint64_t value) { return big(value, 4); }
  Bytes& u64(std::uint64_t value) { return big(value, 8); }
  Bytes& le16(std::uint64_t value) { return little(value, 2); }
  Bytes& le32(std::uint64_t value) { return little(value, 4); }
  Bytes& zeros(std::size_t count) {
    bytes_.resize(bytes_.size() + count);
    return *this;
  }
  Bytes& add(std::string_view text) {
    for (const char c : text) bytes_.push_back(static_cast<std::byte>(c));
    return *this;
  }
  Bytes& add(const Bytes& other) {
    bytes_.insert(bytes_.end(), other.bytes_.begin(), other.bytes_.end());
    return *this;
  }
  Bytes& add(std::initializer_list<int> values) {
    for (const int value : values) bytes_.push_back(static_cast<std::byte>(value));
    return *this;
  }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] const std::vector<std::byte>& all() const { return bytes_; }
  [[nodiscard]] Bytes first(std::size_t count) const {
    Bytes cut;
    cut.bytes_.assign(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(count));
    return cut;
  }
  std::byte& operator[](std::size_t at) { return bytes_[at]; }

 private:
  std::vector<std::byte> bytes_;
};

// An ISO base media box (or QuickTime atom).
inline Bytes box(std::string_view type, const Bytes& content) {
  return Bytes().u32(8 + content.size()).add(type).add(content);
}

// A RIFF chunk, padded to an even size.
inline Bytes chunk(std::string_view id, const Bytes& content) {
  Bytes out = Bytes(id).le32(content.size()).add(content);
  if (content.size() % 2) out.u8(0);
  return out;
}

// An EBML element with an eight-byte size.
inline Bytes element(std::uint32_t id, const Bytes& content) {
  const int length = id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1;
  return Bytes().big(id, length).u64(std::uint64_t{1} << 56 | content.size()).add(content);
}
inline Bytes number_element(std::uint32_t id, std::uint64_t value) {
  return element(id, Bytes().u32(value));
}

inline probes::ContainerFindings read(const Bytes& file) {
  const auto source = memory_source(file.all());
  auto found = probes::read_container(*source);
  return found ? *found : probes::ContainerFindings{};
}

inline std::vector<std::string> messages(const probes::ContainerFindings& found) {
  std::vector<std::string> out;
  for (const auto& damage : found.damage) out.push_back(damage.message);
  return out;
}

}  // namespace cleangate::test
