// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "probes/container/byte_cursor.h"
#include "probes/container/table_reader.h"

// KLV packets and partitions of MXF (SMPTE ST 336, ST 377-1, 6 and 7). Internal to the reader of
// MXF.
namespace cleangate::probes {

// A universal label, a key, a UUID: sixteen bytes.
using Ul = std::array<std::uint8_t, 16>;

[[nodiscard]] Ul read_ul(ByteCursor& cursor);
// Equal but for byte 8, which is only the version of the register that names the label.
[[nodiscard]] bool same_label(const Ul& a, const Ul& b);
// Do the labels begin alike in `count` bytes (byte 8 apart)?
[[nodiscard]] bool same_start(const Ul& a, const Ul& b, std::size_t count);

struct Klv {
  Ul key{};
  std::uint64_t start = 0, value = 0, end = 0;  // offsets in the file; `end` as the length says
  [[nodiscard]] std::uint64_t size() const { return end - value; }
};
// The packet that begins at `at`; nothing where there is no whole key and length.
[[nodiscard]] std::optional<Klv> read_klv(TableReader& reader, std::uint64_t at);
// The same over bytes in memory: offsets count from their first.
[[nodiscard]] std::optional<Klv> klv_in(std::span<const std::byte> bytes, std::uint64_t at);

enum class PartitionKind : std::uint8_t { header, body, footer };

struct Partition {
  PartitionKind kind = PartitionKind::header;
  bool closed = false, complete = false;
  int minor_version = 0;
  std::uint64_t start = 0;   // in the file
  std::uint64_t header = 0;  // first byte after the partition pack
  std::uint64_t footer =
      0;  // offset of the footer partition from the header partition; 0 = unknown
  std::uint64_t header_bytes = 0;
  Ul operational_pattern{};
};

// Nothing when the packet is no partition pack, or is damaged.
[[nodiscard]] std::optional<Partition> read_partition(TableReader& reader, std::uint64_t at);
// Offset of the header partition behind a run-in of at most 64 KiB (ST 377-1, 6.5).
[[nodiscard]] std::optional<std::uint64_t> find_header_partition(TableReader& reader);
// Partition offsets of the random index pack at the end of the file (ST 377-1, 12); empty without
// one.
[[nodiscard]] std::vector<std::uint64_t> read_random_index_pack(TableReader& reader);

}  // namespace cleangate::probes
