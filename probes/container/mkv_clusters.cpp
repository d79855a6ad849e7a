// SPDX-License-Identifier: Apache-2.0
#include "probes/container/mkv_clusters.h"

#include <algorithm>

#include "core/crc.h"
#include "probes/container/ebml.h"

namespace cleangate::probes {
namespace {

constexpr std::uint32_t kEbml = 0x1A45DFA3, kSegment = 0x18538067, kCluster = 0x1F43B675,
                        kCrc32 = 0xBF;
constexpr std::size_t kHeaderBytes = 12;        // the longest element header
constexpr std::size_t kCheckBytes = 1 + 1 + 4;  // a CRC-32 element as everybody writes it
constexpr std::size_t kKept = 100;

}  // namespace

void ClusterChecks::saw(std::uint64_t offset, std::span<const std::byte> bytes) {
  if (state_ == State::done || offset + bytes.size() <= next_) return;
  if (offset > next_) {  // what is passed over may be left out; a look ahead comes again
    if (state_ != State::skip || offset > end_) return;
    next_ = offset;
  }
  take(bytes.subspan(static_cast<std::size_t>(next_ - offset)));
}

void ClusterChecks::take(std::span<const std::byte> bytes) {
  while (!bytes.empty() && state_ != State::done) {
    if (state_ == State::skip || state_ == State::contents) {
      const auto count =
          static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), end_ - next_));
      if (state_ == State::contents) sum_ = crc32(bytes.first(count), sum_);
      next_ += count;
      bytes = bytes.subspan(count);
      if (next_ < end_) continue;
      if (state_ == State::contents) end_cluster();
      state_ = State::element;
    } else {
      const std::uint64_t at = next_ - pending_.size();
      pending_.push_back(bytes.front());
      bytes = bytes.subspan(1);
      ++next_;
      if (!step(at)) state_ = State::done;
    }
  }
}

// One more byte of a header that begins at `at`. False: this cannot be followed.
bool ClusterChecks::step(std::uint64_t at) {
  if (state_ == State::checksum) return pending_.size() < kCheckBytes || begin_checksum();
  if (element_in(pending_, 0)) return begin_element(at);
  return pending_.size() < kHeaderBytes;
}

bool ClusterChecks::begin_element(std::uint64_t at) {
  const EbmlElement element = *element_in(pending_, 0);
  pending_.clear();
  if (state_ == State::header && at == 0 && element.id != kEbml) return false;
  if (element.id == kSegment) {
    state_ = State::element;
    return true;
  }
  const std::uint64_t content = at + element.content;
  if (element.unknown_size || element.size > UINT64_MAX - content) return false;
  end_ = content + element.size;
  cluster_ = at;
  const bool checked = element.id == kCluster && element.size >= kCheckBytes;
  state_ = checked ? State::checksum : end_ > next_ ? State::skip : state_;
  return true;
}

// The first bytes of a cluster.
bool ClusterChecks::begin_checksum() {
  const auto first = element_in(pending_, 0);
  const bool sums = first && first->id == kCrc32 && first->size == 4 && first->content == 2;
  stored_ = 0;
  for (std::size_t i = kCheckBytes; sums && i-- > 2;)
    stored_ = stored_ << 8 | std::to_integer<std::uint32_t>(pending_[i]);
  pending_.clear();
  sum_ = 0;
  state_ = sums ? State::contents : State::skip;
  if (next_ < end_) return true;
  if (sums) end_cluster();
  state_ = State::element;
  return true;
}

void ClusterChecks::end_cluster() {
  ++checked_;
  if (sum_ == stored_) return;
  ++broken_;
  if (first_broken_.size() < kKept) first_broken_.push_back(cluster_);
}

}  // namespace cleangate::probes
