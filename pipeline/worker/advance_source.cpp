// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/advance_source.h"

#include <algorithm>

namespace cleangate::worker {
namespace {

constexpr std::uint64_t kMostParts = 65'536, kSmallestPart = 4096;

std::uint64_t part_size(std::uint64_t size) {
  return std::max(kSmallestPart, (size + kMostParts - 1) / kMostParts);
}

}  // namespace

AdvanceSource::AdvanceSource(std::unique_ptr<ByteSource> inner)
    : inner_(std::move(inner)),
      part_bytes_(part_size(inner_->size())),
      touched_(static_cast<std::size_t>(inner_->size() / part_bytes_ + 1)) {}

Expected<std::size_t> AdvanceSource::read_at(std::uint64_t offset, std::span<std::byte> into) {
  const auto count = inner_->read_at(offset, into);
  if (!count || *count == 0) return count;
  const std::uint64_t last = (offset + *count - 1) / part_bytes_;
  for (std::uint64_t part = offset / part_bytes_; part <= last && part < touched_.size(); ++part)
    if (!touched_[static_cast<std::size_t>(part)].exchange(true, std::memory_order_relaxed))
      advances_.fetch_add(1, std::memory_order_relaxed);
  return count;
}

}  // namespace cleangate::worker
