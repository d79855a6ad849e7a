// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/crc.h"
#include "probes/container/byte_cursor.h"
#include "probes/container/readers.h"
#include "probes/container/tail.h"

// A FLAC stream of its own (RFC 9639): whether its last frame is the last one that STREAMINFO tells
// of. A stream cut between two frames shows it nowhere else.
namespace cleangate::probes {
namespace {

constexpr std::uint64_t kTail = 512u << 10;  // the largest frame anyone writes, and more
constexpr std::size_t kShortestFrame = 8;

struct StreamInfo {
  unsigned block = 0;         // samples of every frame but the last, where all are alike
  std::uint64_t samples = 0;  // per channel; 0 = not told
};

// Where "fLaC" stands: behind an ID3v2 tag, if there is one.
std::uint64_t start_of(TableReader& reader) {
  ByteCursor cursor(reader.head());
  if (cursor.u8() != 'I' || cursor.u8() != 'D' || cursor.u8() != '3') return 0;
  cursor.skip(3);
  std::uint64_t size = 0;
  for (int i = 0; i < 4; ++i) size = size << 7 | (cursor.u8() & 127u);
  return 10 + size;
}

std::optional<StreamInfo> read_stream_info(TableReader& reader) {
  const auto bytes = reader.read(start_of(reader), 42);
  ByteCursor cursor(bytes);
  if (cursor.u32() != fourcc("fLaC") || (cursor.u8() & 127) != 0) return std::nullopt;
  cursor.skip(3);
  StreamInfo info;
  const unsigned least = cursor.u16(), most = cursor.u16();
  if (least == most) info.block = most;
  cursor.skip(6);
  info.samples = cursor.u64() & 0xf'ffff'ffff;
  return cursor.ok() ? std::optional(info) : std::nullopt;
}

// The number in a frame's header (9.1.5), coded like UTF-8 in up to seven bytes.
std::uint64_t coded_number(ByteCursor& cursor) {
  const unsigned lead = cursor.u8();
  int more = 0;
  while (more < 7 && (lead << more & 0x80) != 0) ++more;
  std::uint64_t number = more == 0 ? lead : lead & (0x7fu >> more);
  for (int i = 1; i < more; ++i) number = number << 6 | (cursor.u8() & 63u);
  return number;
}

// Samples of a frame by the code of its header; 0 where the header's end tells, or nobody.
std::uint64_t block_of(unsigned code, ByteCursor& cursor) {
  if (code == 1) return 192;
  if (code >= 2 && code <= 5) return 144u << code;
  if (code == 6) return cursor.u8() + 1u;
  if (code == 7) return cursor.u16() + 1u;
  return code >= 8 ? 256u << (code - 8) : 0;
}

// Samples up to the end of the frame that `bytes` are, from its first byte to its last; nothing
// where they are no frame: both checksums must hold (9.1.8, 9.3).
std::optional<std::uint64_t> end_of_frame(std::span<const std::byte> bytes,
                                          const StreamInfo& info) {
  ByteCursor cursor(bytes);
  const unsigned sync = cursor.u16();
  if (sync >> 1 != 0x7ffc || bytes.size() < kShortestFrame) return std::nullopt;
  const unsigned codes = cursor.u8();
  cursor.skip(1);
  const std::uint64_t number = coded_number(cursor);
  const std::uint64_t block = block_of(codes >> 4, cursor);
  if ((codes & 15) == 12) cursor.skip(1);
  if ((codes & 15) == 13 || (codes & 15) == 14) cursor.skip(2);
  cursor.skip(1);
  if (!cursor.ok() || block == 0 || Crc8::of(bytes.first(cursor.at())) != 0 ||
      Crc16::of(bytes) != 0)
    return std::nullopt;
  const bool numbers_samples = (sync & 1) != 0;
  if (!numbers_samples && info.block == 0) return std::nullopt;
  return (numbers_samples ? number : number * info.block) + block;
}

struct LastFrame {
  std::size_t end = 0;        // behind it, in the bytes
  std::uint64_t samples = 0;  // up to there
};

// Zeros may stand behind it, and its checksum may end in as many as two. The checksum holds with
// any number of them (zeros leave a remainder of zero at zero), so the longest is taken: a decoder
// passes over a zero too many, and one too few is a frame cut short.
std::optional<LastFrame> last_frame(std::span<const std::byte> bytes, const StreamInfo& info) {
  std::size_t padded = bytes.size();
  while (padded > 0 && bytes[padded - 1] == std::byte{0}) --padded;
  for (std::size_t at = padded; at-- > 0;) {
    if (bytes[at] != std::byte{0xff}) continue;
    for (std::size_t end = std::min(padded + 2, bytes.size()); end >= padded; --end)
      if (const auto samples = end_of_frame(bytes.subspan(at, end - at), info))
        return LastFrame{end, *samples};
  }
  return std::nullopt;
}

}  // namespace

void read_flac(TableReader& reader, ContainerFindings& found) {
  found.format = "flac";
  const auto info = read_stream_info(reader);
  if (!info || info->samples == 0) return;
  const std::uint64_t size = end_before_tags(reader);
  const std::uint64_t from = size > kTail ? size - kTail : 0;
  const auto tail = reader.read(from, size - from);
  const auto last = last_frame(tail, *info);
  if (!last) return;
  found.essence_end = from + last->end;
  if (last->samples < info->samples)
    found.damage.push_back(container_damage("The file ends after " + with_commas(last->samples) +
                                            " of the " + with_commas(info->samples) +
                                            " samples that its STREAMINFO tells of."));
}

}  // namespace cleangate::probes
