// SPDX-License-Identifier: Apache-2.0
#include "core/block_log.h"

#include <array>

#include "core/crc.h"

namespace cleangate {
namespace {

std::array<std::byte, 4> little_endian(std::uint32_t value) {
  std::array<std::byte, 4> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>(value >> (8 * i) & 0xFF);
  return bytes;
}

std::uint32_t number(std::span<const std::byte> bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value |= std::to_integer<std::uint32_t>(bytes[i]) << (8 * i);
  return value;
}

}  // namespace

void append_block(std::vector<std::byte>& log, std::span<const std::byte> bytes) {
  const auto length = little_endian(static_cast<std::uint32_t>(bytes.size()));
  const auto check = little_endian(crc32(bytes, crc32(length)));
  log.insert(log.end(), length.begin(), length.end());
  log.insert(log.end(), check.begin(), check.end());
  log.insert(log.end(), bytes.begin(), bytes.end());
}

Expected<std::optional<std::span<const std::byte>>> BlockReader::next() {
  std::array<std::byte, kBlockPrefixBytes> prefix{};
  const auto head = source_.read_at(end_, prefix);
  if (!head) return tl::unexpected(head.error());
  if (*head < prefix.size()) return std::nullopt;
  const std::span<const std::byte> length = std::span(prefix).first(4);
  const std::uint32_t bytes = number(length);
  const std::uint64_t begin = end_ + prefix.size();
  if (bytes > kMostBlockBytes || begin > source_.size() || bytes > source_.size() - begin)
    return std::nullopt;
  bytes_.resize(bytes);
  const auto body = source_.read_at(begin, bytes_);
  if (!body) return tl::unexpected(body.error());
  if (*body < bytes || crc32(bytes_, crc32(length)) != number(std::span(prefix).last(4)))
    return std::nullopt;
  place_ = {begin, bytes};
  end_ = begin + bytes;
  return std::span<const std::byte>(bytes_);
}

}  // namespace cleangate
