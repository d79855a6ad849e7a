// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "probes/container/byte_cursor.h"
#include "probes/container/table_reader.h"
#include "probes/container/walks.h"

// Data packets of ASF (Advanced Systems Format Specification, revision 01.20.03, 5.2): the media
// objects of a stream are numbered one after the other, so that a number left out is an object
// lost.
namespace cleangate::probes {
namespace {

constexpr std::size_t kGuid = 16, kObject = 24, kDataObject = 50;
using Guid = std::array<std::uint8_t, kGuid>;
constexpr Guid kHeader{0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11,
                       0xa6, 0xd9, 0x00, 0xaa, 0x00, 0x62, 0xce, 0x6c};
constexpr Guid kData{0x36, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11,
                     0xa6, 0xd9, 0x00, 0xaa, 0x00, 0x62, 0xce, 0x6c};
constexpr Guid kFileProperties{0xa1, 0xdc, 0xab, 0x8c, 0x47, 0xa9, 0xcf, 0x11,
                               0x8e, 0xe4, 0x00, 0xc0, 0x0c, 0x20, 0x53, 0x65};

bool begins_with(std::span<const std::byte> bytes, const Guid& guid) {
  return bytes.size() >= kGuid &&
         std::equal(guid.begin(), guid.end(), bytes.begin(),
                    [](std::uint8_t a, std::byte b) { return a == std::to_integer<int>(b); });
}

// A field of 0, 1, 2 or 4 bytes, as two bits of a flags byte say.
struct Field {
  unsigned type = 0;
  std::uint64_t of(ByteCursor& cursor) const {
    return type == 0 ? 0 : cursor.little(std::size_t{1} << (type - 1));
  }
};

struct Numbering {
  std::optional<std::uint32_t> last;
  std::uint64_t size = 0, seen = 0;  // of the last object, bytes; size 0 = not told
  std::int64_t lost = 0, whole = 0, part = 0;
  std::uint64_t lost_at = 0, part_at = 0;  // the packet in which it first shows
};

class AsfWalk final : public PartReader {
 public:
  AsfWalk() : PartReader("data packet") {}
  Step read(std::uint64_t at, std::span<const std::byte> head) override;
  void cut(std::uint64_t at, std::uint64_t missing) override;
  void rest(std::uint64_t at, std::span<const std::byte> head) override;
  void finish() override;

 private:
  void read_header(std::span<const std::byte> header);
  [[nodiscard]] Step begin_data(std::uint64_t at, std::span<const std::byte> head);
  [[nodiscard]] bool read_packet(std::uint64_t at, std::span<const std::byte> packet);
  [[nodiscard]] bool read_payload(std::uint64_t at, ByteCursor& cursor, unsigned property,
                                  std::optional<Field> length, std::uint64_t padding);
  void object(std::uint64_t at, Numbering& stream, std::uint32_t number, std::uint32_t mask,
              std::uint64_t size);

  std::uint64_t packet_size_ = 0, packets_left_ = 0;
  std::uint64_t unreadable_ = 0, first_unreadable_ = 0;
  bool broadcast_ = false, in_data_ = false;
  std::map<unsigned, Numbering> streams_;
};

PartReader::Step AsfWalk::read(std::uint64_t at, std::span<const std::byte> head) {
  if (in_data_) {
    if (packets_left_ == 0) return stop();
    if (head.size() < packet_size_) return more(static_cast<std::size_t>(packet_size_));
    if (!read_packet(at, head.first(static_cast<std::size_t>(packet_size_))) && unreadable_++ == 0)
      first_unreadable_ = at;
    --packets_left_;
    return part(packet_size_);
  }
  if (head.size() < kObject) return more(kObject);
  if (begins_with(head, kData)) return begin_data(at, head);
  ByteCursor cursor(head.subspan(kGuid));
  const std::uint64_t size = cursor.le64();
  if (!begins_with(head, kHeader)) return part(size);
  constexpr std::uint64_t kMostHeader = 1 << 20;
  if (size <= kMostHeader && head.size() < size) return more(static_cast<std::size_t>(size));
  if (size <= kMostHeader && size >= 30) read_header(head.first(static_cast<std::size_t>(size)));
  return part(size);
}

// The size of the packets, which is one for all (3.2), and whether their number is known.
void AsfWalk::read_header(std::span<const std::byte> header) {
  std::uint64_t at = 30;
  while (at + kObject <= header.size()) {
    const auto object = header.subspan(static_cast<std::size_t>(at));
    ByteCursor cursor(object);
    cursor.skip(kGuid);
    const std::uint64_t size = cursor.le64();
    if (size < kObject || size > object.size()) return;
    if (begins_with(object, kFileProperties)) {
      cursor.skip(kGuid + 8 + 8 + 8 + 8 + 8 + 8);
      broadcast_ = (cursor.le32() & 1) != 0;
      const std::uint32_t least = cursor.le32(), most = cursor.le32();
      if (cursor.ok() && least == most && most <= 1 << 16) packet_size_ = most;
    }
    at += size;
  }
}

PartReader::Step AsfWalk::begin_data(std::uint64_t at, std::span<const std::byte> head) {
  if (head.size() < kDataObject) return more(kDataObject);
  ByteCursor cursor(head.subspan(kGuid + 8 + kGuid));
  packets_left_ = cursor.le64();
  if (packet_size_ == 0 || broadcast_ || packets_left_ == 0 || at == 0) return stop();
  in_data_ = true;
  return part(kDataObject);
}

bool AsfWalk::read_packet(std::uint64_t at, std::span<const std::byte> packet) {
  ByteCursor cursor(packet);
  unsigned flags = cursor.u8();
  if (flags & 0x80) {  // error correction data (5.2.1)
    cursor.skip(flags & 0x0f);
    flags = cursor.u8();
  }
  const unsigned property = cursor.u8();
  const bool several = (flags & 1) != 0;
  Field{flags >> 5 & 3}.of(cursor);  // the packet's length
  Field{flags >> 1 & 3}.of(cursor);  // a sequence, reserved
  const std::uint64_t padding = Field{flags >> 3 & 3}.of(cursor);
  cursor.skip(4 + 2);
  if (!cursor.ok() || padding > cursor.left()) return false;
  if (!several) return read_payload(at, cursor, property, std::nullopt, padding);
  const unsigned payloads = cursor.u8();
  for (unsigned i = 0; i < (payloads & 0x3f); ++i)
    if (!read_payload(at, cursor, property, Field{payloads >> 6}, padding)) return false;
  return (payloads & 0x3f) != 0;
}

bool AsfWalk::read_payload(std::uint64_t at, ByteCursor& cursor, unsigned property,
                           std::optional<Field> length, std::uint64_t padding) {
  const unsigned stream = cursor.u8() & 0x7f;
  const Field number_type{property >> 4 & 3};
  const auto number = static_cast<std::uint32_t>(number_type.of(cursor));
  Field{property >> 2 & 3}.of(cursor);  // the offset into the object
  const std::uint64_t replicated = Field{property & 3}.of(cursor);
  const auto told = cursor.take(replicated);
  if (!cursor.ok() || padding > cursor.left()) return false;
  const std::uint64_t size = length ? length->of(cursor) : cursor.left() - padding;
  const auto bytes = cursor.take(size);
  if (!cursor.ok() || stream == 0 || number_type.type == 0) return false;
  const std::uint32_t mask = UINT32_MAX >> (32 - (8u << (number_type.type - 1)));
  Numbering& numbering = streams_[stream];
  if (replicated != 1) {
    const std::uint64_t whole = replicated >= 8 ? ByteCursor(told).le32() : 0;
    object(at, numbering, number, mask, whole);
    numbering.seen += bytes.size();
    return true;
  }
  // Compressed payloads (5.2.3.2): whole objects with a byte of length before each.
  ByteCursor inside(bytes);
  for (std::uint32_t i = 0; inside.left() > 0; ++i) {
    const std::uint64_t count = inside.u8();
    inside.skip(count);
    if (!inside.ok()) return false;
    object(at, numbering, (number + i) & mask, mask, count);
    numbering.seen += count;
  }
  return true;
}

void AsfWalk::object(std::uint64_t at, Numbering& stream, std::uint32_t number, std::uint32_t mask,
                     std::uint64_t size) {
  if (stream.last == number) return;
  if (stream.last) {
    const std::uint32_t left_out = (number - *stream.last - 1) & mask;
    // Numbers that go back begin anew.
    if (left_out > 0 && left_out <= mask / 2) {
      if (stream.lost == 0) stream.lost_at = at;
      stream.lost += left_out;
    }
    const bool lacks = stream.size > 0 && stream.seen < stream.size;
    if (lacks && stream.part++ == 0) stream.part_at = at;
    if (!lacks) ++stream.whole;
  }
  stream.last = number;
  stream.size = size;
  stream.seen = 0;
}

void AsfWalk::cut(std::uint64_t at, std::uint64_t missing) {
  if (in_data_ || packet_size_ > 0) PartReader::cut(at, missing);
}

void AsfWalk::rest(std::uint64_t at, std::span<const std::byte> head) {
  if (!in_data_ || packets_left_ == 0) return;
  PartReader::cut(at, packet_size_ - std::min<std::uint64_t>(packet_size_, head.size()));
}

void AsfWalk::finish() {
  if (in_data_ && packets_left_ > 0)
    tell("The file ends " + with_commas(packets_left_) +
         " data packets before its data object does.");
  if (unreadable_ > 0)
    tell("Of the data packets, " + with_commas(unreadable_) +
         " hold nothing that can be read; the first begins at byte " +
         with_commas(first_unreadable_) + ".");
  for (const auto& [number, stream] : streams_) {
    const std::string name = " of ASF stream " + std::to_string(number);
    if (stream.lost > 0)
      tell("Of the media objects" + name + ", " +
           with_commas(static_cast<std::uint64_t>(stream.lost)) +
           " are missing; the first before the data packet at byte " + with_commas(stream.lost_at) +
           ".");
    // Where most of them are so, the writer counts otherwise.
    if (stream.part > 0 && stream.part < stream.whole)
      tell("Of the media objects" + name + ", " +
           with_commas(static_cast<std::uint64_t>(stream.part)) +
           " are not whole; the first before the data packet at byte " +
           with_commas(stream.part_at) + ".");
  }
}

}  // namespace

PartReaderPtr walk_asf(std::span<const std::byte> head) {
  return begins_with(head, kHeader) ? std::make_unique<AsfWalk>() : nullptr;
}

}  // namespace cleangate::probes
