// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "core/crc.h"
#include "probes/container/readers.h"
#include "probes/container/tail.h"
#include "probes/container/ts_packets.h"
#include "probes/container/ts_tables.h"

namespace cleangate::probes {
namespace {

constexpr std::uint64_t kLookedAt = 1u << 20;  // tables repeat every 100 ms or so
constexpr std::uint64_t kPiece = 1u << 16;
constexpr std::size_t kMaxPrograms = 256;

// Zero over a section that carries its own.
bool crc_holds(std::span<const std::byte> section) { return Crc32::of(section, ~0U) == 0; }

// Joins the sections of one PID from packet payloads.
class Sections {
 public:
  // Calls each(section) for every whole section with a true CRC.
  template <class Each>
  void add(std::span<const std::byte> payload, bool starts, Each&& each) {
    if (starts) {
      if (payload.empty()) return;
      const auto pointer = std::to_integer<std::size_t>(payload[0]);
      if (pointer + 1 > payload.size()) return;
      pending_.clear();
      payload = payload.subspan(pointer + 1);
      open_ = true;
    }
    if (!open_) return;
    pending_.insert(pending_.end(), payload.begin(), payload.end());
    while (pending_.size() >= 3 && pending_[0] != std::byte{0xff}) {
      const std::size_t length = 3 + (std::to_integer<std::size_t>(pending_[1]) & 15) * 256 +
                                 std::to_integer<std::size_t>(pending_[2]);
      if (pending_.size() < length) break;
      const std::span<const std::byte> section(pending_.data(), length);
      if (length >= 12 && crc_holds(section)) each(section);
      pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(length));
    }
    if (pending_.size() > 8'192 || (!pending_.empty() && pending_[0] == std::byte{0xff}))
      open_ = false;
  }

 private:
  std::vector<std::byte> pending_;
  bool open_ = false;
};

struct Programs {
  std::map<int, int> pmt_of;  // PID of the map table -> program number
  std::map<int, bool> seen;
  [[nodiscard]] bool complete() const { return !pmt_of.empty() && seen.size() == pmt_of.size(); }
};

void read_association(std::span<const std::byte> section, Programs& programs) {
  ByteCursor cursor(section.first(section.size() - 4));
  if (cursor.u8() != 0x00) return;
  cursor.skip(7);
  while (cursor.left() >= 4 && programs.pmt_of.size() < kMaxPrograms) {
    const int number = cursor.u16();
    const int pid = cursor.u16() & 0x1fff;
    if (number != 0) programs.pmt_of.emplace(pid, number);
  }
}

class TableWalk {
 public:
  explicit TableWalk(ContainerFindings& found) : found_(found) {}

  void packet(std::span<const std::byte> bytes) {
    ByteCursor cursor(bytes);
    cursor.skip(1);
    const std::uint16_t flags = cursor.u16();
    const std::uint8_t control = cursor.u8();
    if (flags & 0x8000 || !(control & 0x10)) return;  // broken, or no payload
    if (control & 0x20) cursor.skip(cursor.u8());
    if (!cursor.ok()) return;
    const int pid = flags & 0x1fff;
    const bool wanted = pid == 0 || programs_.pmt_of.contains(pid);
    if (!wanted) return;
    sections_[pid].add(cursor.rest(), flags & 0x4000, [&](std::span<const std::byte> section) {
      if (pid == 0)
        read_association(section, programs_);
      else
        read_map(section, pid);
    });
  }
  [[nodiscard]] bool complete() const { return programs_.complete(); }

 private:
  void read_map(std::span<const std::byte> section, int pid) {
    if (section[0] != std::byte{0x02} || programs_.seen.contains(pid)) return;
    const int number = std::to_integer<int>(section[3]) * 256 + std::to_integer<int>(section[4]);
    if (number != programs_.pmt_of[pid]) return;
    programs_.seen[pid] = true;
    read_program_map(section, number, found_);
  }

  ContainerFindings& found_;
  Programs programs_;
  std::map<int, Sections> sections_;
};

// Behind the last whole packet: a part of one, or something else.
void check_last_packet(TableReader& reader, const TransportFraming& framing,
                       ContainerFindings& found) {
  const std::uint64_t rest = reader.size() % framing.size, end = reader.size() - rest;
  if (rest == 0 || only_tags_or_padding(reader, end)) return;
  const auto sync = reader.read(end + framing.sync, 1);
  const bool begins_packet = framing.sync > 0 && rest <= framing.sync;
  if (begins_packet || (!sync.empty() && sync[0] == std::byte{0x47}))
    found.damage.push_back(container_damage("The file ends inside a transport packet: its last " +
                                            std::to_string(framing.size) + " bytes are only " +
                                            std::to_string(rest) + "."));
  else
    found.damage.push_back(container_damage("The last " + bytes_text(rest) +
                                            " of the file are no part of a transport packet."));
}

}  // namespace

bool is_transport_stream(std::span<const std::byte> head) {
  return transport_framing(head).has_value();
}

void read_transport_stream(TableReader& reader, ContainerFindings& found) {
  const auto framing = transport_framing(reader.head());
  if (!framing) return;
  found.format = "mpegts";
  check_last_packet(reader, *framing, found);
  TableWalk walk(found);
  const std::uint64_t piece = kPiece / framing->size * framing->size;
  for (std::uint64_t at = 0; at < std::min(reader.size(), kLookedAt) && !walk.complete();
       at += piece) {
    const auto bytes = reader.read(at, piece);
    const std::span<const std::byte> all(bytes);
    for (std::size_t p = static_cast<std::size_t>(framing->sync); p + 188 <= all.size();
         p += static_cast<std::size_t>(framing->size))
      if (all[p] == std::byte{0x47}) walk.packet(all.subspan(p, 188));
    if (bytes.size() < piece) break;
  }
}

}  // namespace cleangate::probes
