// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/byte_source.h"

namespace cleangate::worker {

// Hands reads through and counts how many parts of the file have been touched for the first time:
// a loop that reads the same bytes for ever does not advance. Readable from any thread.
class AdvanceSource final : public ByteSource {
 public:
  explicit AdvanceSource(std::unique_ptr<ByteSource> inner);

  [[nodiscard]] std::uint64_t size() const override { return inner_->size(); }
  [[nodiscard]] std::uint64_t bytes_read() const override { return inner_->bytes_read(); }
  [[nodiscard]] Expected<std::size_t> read_at(std::uint64_t offset,
                                              std::span<std::byte> into) override;

  [[nodiscard]] std::uint64_t advances() const { return advances_.load(std::memory_order_relaxed); }

 private:
  std::unique_ptr<ByteSource> inner_;
  std::uint64_t part_bytes_;
  std::vector<std::atomic<bool>> touched_;
  std::atomic<std::uint64_t> advances_{0};
};

}  // namespace cleangate::worker
