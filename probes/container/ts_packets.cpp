// SPDX-License-Identifier: Apache-2.0
#include "probes/container/ts_packets.h"

#include <algorithm>

namespace cleangate::probes {
namespace {

constexpr std::byte kSync{0x47};
constexpr std::size_t kPids = 8'192, kNullPid = 0x1fff;
constexpr std::size_t kHead = 1'024;

}  // namespace

std::optional<TransportFraming> transport_framing(std::span<const std::byte> head) {
  for (const TransportFraming& framing :
       {TransportFraming{188, 0}, TransportFraming{192, 4}, TransportFraming{204, 0}}) {
    std::uint64_t at = framing.sync;
    int seen = 0;
    while (at < head.size() && head[static_cast<std::size_t>(at)] == kSync) {
      ++seen;
      at += framing.size;
    }
    if (at >= head.size() && (seen >= 3 || (seen > 0 && head.size() <= framing.size * 2)))
      return framing;
  }
  return std::nullopt;
}

void ScrambledPackets::saw(std::uint64_t offset, std::span<const std::byte> bytes) {
  if (no_transport_ || offset + bytes.size() <= next_) return;
  if (offset < next_) bytes = bytes.subspan(static_cast<std::size_t>(next_ - offset));
  if (offset > next_) pending_.clear();  // left out: find the packets anew
  next_ = std::max(offset, next_) + bytes.size();
  pending_.insert(pending_.end(), bytes.begin(), bytes.end());
  if (!framing_) {
    if (pending_.size() < kHead) return;
    framing_ = transport_framing(std::span(pending_).first(kHead));
    no_transport_ = !framing_;
    if (no_transport_) return pending_.clear();
    counts_.resize(kPids);
    pending_.erase(pending_.begin(),
                   pending_.begin() + static_cast<std::ptrdiff_t>(framing_->sync));
  }
  read(pending_);
}

// From one sync byte to the next; where it is not in its place, to the next pair of them.
void ScrambledPackets::read(std::span<const std::byte> packets) {
  const auto size = static_cast<std::size_t>(framing_->size);
  std::size_t at = 0;
  while (at + size < packets.size()) {
    if (packets[at] == kSync && packets[at + size] == kSync) {
      header(packets.subspan(at, 4));
      at += size;
    } else if (packets[at] == kSync && at + 2 * size < packets.size() &&
               packets[at + 2 * size] == kSync) {
      header(packets.subspan(at, 4));  // the next one's sync byte is damaged
      at += 2 * size;
    } else {
      ++at;
    }
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(at));
}

void ScrambledPackets::header(std::span<const std::byte> packet) {
  const unsigned flags =
      std::to_integer<unsigned>(packet[1]) << 8 | std::to_integer<unsigned>(packet[2]);
  const unsigned control = std::to_integer<unsigned>(packet[3]);
  const std::size_t pid = flags & 0x1fff;
  const bool broken = (flags & 0x8000) != 0, payload = (control & 0x10) != 0;
  if (broken || !payload || pid == kNullPid) return;
  ++counts_[pid].packets;
  if (control >> 6 != 0) ++counts_[pid].scrambled;
}

// The last packet has none behind it.
void ScrambledPackets::finish() {
  if (framing_ && pending_.size() + framing_->sync >= framing_->size && pending_[0] == kSync)
    header(pending_);
  pending_.clear();
  no_transport_ = true;
}

std::map<int, ScrambledPackets::Count> ScrambledPackets::scrambled() const {
  std::map<int, Count> found;
  for (std::size_t pid = 0; pid < counts_.size(); ++pid)
    if (counts_[pid].scrambled > 0) found.emplace(static_cast<int>(pid), counts_[pid]);
  return found;
}

}  // namespace cleangate::probes
