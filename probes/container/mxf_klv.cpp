// SPDX-License-Identifier: Apache-2.0
#include "probes/container/mxf_klv.h"

#include <algorithm>
#include <limits>

namespace cleangate::probes {
namespace {

constexpr Ul kPartition{0x06, 0x0e, 0x2b, 0x34, 0x02, 0x05, 0x01, 0x01,
                        0x0d, 0x01, 0x02, 0x01, 0x01, 0x02, 0x00, 0x00};
constexpr Ul kRandomIndexPack{0x06, 0x0e, 0x2b, 0x34, 0x02, 0x05, 0x01, 0x01,
                              0x0d, 0x01, 0x02, 0x01, 0x01, 0x11, 0x01, 0x00};
constexpr std::uint64_t kMaxRunIn = 65'536;
constexpr std::size_t kPackBytes = 88;  // of the value of a partition pack, before its batch

}  // namespace

Ul read_ul(ByteCursor& cursor) {
  Ul label{};
  const auto bytes = cursor.take(16);
  for (std::size_t i = 0; i < bytes.size(); ++i) label[i] = std::to_integer<std::uint8_t>(bytes[i]);
  return label;
}

bool same_start(const Ul& a, const Ul& b, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    if (i != 7 && a[i] != b[i]) return false;
  return true;
}

bool same_label(const Ul& a, const Ul& b) { return same_start(a, b, 16); }

std::optional<Klv> klv_in(std::span<const std::byte> bytes, std::uint64_t at) {
  if (at >= bytes.size()) return std::nullopt;
  ByteCursor cursor(bytes.subspan(static_cast<std::size_t>(at)));
  Klv klv;
  klv.key = read_ul(cursor);
  std::uint64_t length = cursor.u8();
  if (length == 0x80) return std::nullopt;  // indefinite: not allowed in MXF
  if (length > 0x80) length = length <= 0x88 ? cursor.big(length & 0x7f) : 0;
  if (!cursor.ok() || klv.key[0] != 0x06 || klv.key[1] != 0x0e || klv.key[2] != 0x2b ||
      klv.key[3] != 0x34)
    return std::nullopt;
  klv.start = at;
  klv.value = at + cursor.at();
  if (length > std::numeric_limits<std::uint64_t>::max() / 2) return std::nullopt;
  klv.end = klv.value + length;
  return klv;
}

std::optional<Klv> read_klv(TableReader& reader, std::uint64_t at) {
  const auto bytes = reader.read(at, 25);
  auto klv = klv_in(bytes, 0);
  if (!klv) return std::nullopt;
  klv->start += at;
  klv->value += at;
  klv->end += at;
  return klv;
}

std::optional<Partition> read_partition(TableReader& reader, std::uint64_t at) {
  const auto klv = read_klv(reader, at);
  if (!klv || !same_start(klv->key, kPartition, 13)) return std::nullopt;
  const int kind = klv->key[13], status = klv->key[14];
  if (kind < 2 || kind > 4 || status < 1 || status > 4) return std::nullopt;
  const auto bytes = reader.read(klv->value, std::min<std::uint64_t>(klv->size(), kPackBytes));
  ByteCursor cursor(bytes);
  Partition partition;
  partition.kind = static_cast<PartitionKind>(kind - 2);
  partition.closed = status == 2 || status == 4;
  partition.complete = status >= 3;
  partition.start = at;
  partition.header = klv->end;
  cursor.skip(2);
  partition.minor_version = cursor.u16();
  cursor.skip(4 + 8 + 8);
  partition.footer = cursor.u64();
  partition.header_bytes = cursor.u64();
  cursor.skip(8 + 4 + 8 + 4);
  partition.operational_pattern = read_ul(cursor);
  if (!cursor.ok()) return std::nullopt;
  return partition;
}

std::optional<std::uint64_t> find_header_partition(TableReader& reader) {
  const auto matches = [](std::span<const std::byte> at) {
    ByteCursor cursor(at);
    return same_start(read_ul(cursor), kPartition, 14) && cursor.ok();
  };
  if (matches(reader.read(0, 16))) return 0;
  const auto head = reader.read(0, kMaxRunIn + 16);
  const std::span<const std::byte> bytes(head);
  for (std::size_t at = 1; at + 16 <= bytes.size(); ++at)
    if (bytes[at] == std::byte{0x06} && matches(bytes.subspan(at))) return at;
  return std::nullopt;
}

std::vector<std::uint64_t> read_random_index_pack(TableReader& reader) {
  if (reader.size() < 4) return {};
  const auto tail = reader.read(reader.size() - 4, 4);
  ByteCursor length_at(tail);
  const std::uint64_t length = length_at.u32();
  if (!length_at.ok() || length < 21 || length > reader.size() || length > (1u << 20)) return {};
  const auto klv = read_klv(reader, reader.size() - length);
  if (!klv || !same_label(klv->key, kRandomIndexPack) || klv->end != reader.size()) return {};
  const auto bytes = reader.read(klv->value, klv->size());
  ByteCursor cursor(bytes);
  std::vector<std::uint64_t> offsets;
  while (cursor.left() >= 16) {
    cursor.skip(4);
    offsets.push_back(cursor.u64());
  }
  return offsets;
}

}  // namespace cleangate::probes
