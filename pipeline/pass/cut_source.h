// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "core/byte_source.h"

namespace cleangate::pass {

// The beginning of another source, for a demuxer that takes what is behind it for essence.
class CutSource final : public ByteSource {
 public:
  CutSource(ByteSource& source, std::uint64_t size)
      : source_(source), size_(std::min(size, source.size())) {}

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] Expected<std::size_t> read_at(std::uint64_t offset,
                                              std::span<std::byte> into) override {
    if (offset >= size_) return std::size_t{0};
    const auto most = std::min<std::uint64_t>(into.size(), size_ - offset);
    return source_.read_at(offset, into.first(static_cast<std::size_t>(most)));
  }
  [[nodiscard]] std::uint64_t bytes_read() const override { return source_.bytes_read(); }

 private:
  ByteSource& source_;
  const std::uint64_t size_;
};

}  // namespace cleangate::pass
