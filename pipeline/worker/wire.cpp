// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/wire.h"

#include <bit>

namespace cleangate::worker {

void WireWriter::integer(std::uint64_t value, int width) {
  for (int i = 0; i < width; ++i)
    bytes_.push_back(static_cast<std::byte>((value >> (8 * i)) & 0xff));
}

void WireWriter::f64(double value) { u64(std::bit_cast<std::uint64_t>(value)); }

void WireWriter::text(std::string_view value) {
  u32(static_cast<std::uint32_t>(value.size()));
  raw(std::as_bytes(std::span(value)));
}

void WireWriter::raw(std::span<const std::byte> value) {
  bytes_.insert(bytes_.end(), value.begin(), value.end());
}

std::uint64_t WireReader::integer(int width) {
  const auto count = static_cast<std::size_t>(width);
  if (bytes_.size() < count) {
    intact_ = false;
    bytes_ = {};
    return 0;
  }
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i)
    value |= std::to_integer<std::uint64_t>(bytes_[i]) << (8 * i);
  bytes_ = bytes_.subspan(count);
  return value;
}

double WireReader::f64() { return std::bit_cast<double>(u64()); }

bool WireReader::flag() {
  const std::uint8_t value = u8();
  if (value > 1) intact_ = false;
  return value == 1;
}

std::string WireReader::text(std::size_t limit) {
  const std::uint32_t length = u32();
  if (length > limit || length > bytes_.size()) {
    intact_ = false;
    bytes_ = {};
    return {};
  }
  std::string value(reinterpret_cast<const char*>(bytes_.data()), length);
  bytes_ = bytes_.subspan(length);
  return value;
}

std::span<const std::byte> WireReader::remainder() {
  const auto rest = bytes_;
  bytes_ = {};
  return rest;
}

}  // namespace cleangate::worker
