// SPDX-License-Identifier: Apache-2.0
#include "probes/container/table_reader.h"

#include <algorithm>

#include "probes/container/byte_cursor.h"

namespace cleangate::probes {

std::vector<std::byte> TableReader::read(std::uint64_t offset, std::uint64_t count) {
  if (error_ || offset >= size_) return {};
  count = std::min({count, size_ - offset, kMaxPiece, budget_});
  if (count == 0) return {};
  if (head_ && count <= head_->size() && offset <= head_->size() - count) {
    const auto from = head_->begin() + static_cast<std::ptrdiff_t>(offset);
    return {from, from + static_cast<std::ptrdiff_t>(count)};
  }
  std::vector<std::byte> bytes(static_cast<std::size_t>(count));
  const auto got = source_.read_at(offset, bytes);
  if (!got) {
    error_ = got.error();
    return {};
  }
  bytes.resize(std::min(bytes.size(), *got));
  budget_ -= bytes.size();
  return bytes;
}

std::span<const std::byte> TableReader::head() {
  if (!head_) head_ = read(0, kHead);
  return *head_;
}

std::string with_commas(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string bytes_text(std::uint64_t count) {
  return with_commas(count) + (count == 1 ? " byte" : " bytes");
}

Damage container_damage(std::string message) {
  Damage damage;
  damage.message = std::move(message);
  return damage;
}

std::string ByteCursor::text(std::uint64_t count) {
  const auto bytes = take(count);
  std::string out(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return out.substr(0, out.find('\0'));
}

std::string fourcc_text(std::uint32_t code) {
  std::string text(4, '?');
  for (std::size_t i = 0; i < 4; ++i) {
    const auto c = static_cast<unsigned char>(code >> (24 - 8 * i));
    if (c >= 0x20 && c < 0x7f) text[i] = static_cast<char>(c);
  }
  return text;
}

}  // namespace cleangate::probes
