// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "probes/container/byte_cursor.h"
#include "probes/container/readers.h"

namespace cleangate::probes {
namespace {

constexpr std::uint64_t kLookedAt = 1u << 19;  // streams begin within the first second or so
constexpr int kPrivate1 = 0xbd, kPackHeader = 0xba, kProgramEnd = 0xb9;

// Sub-stream of private stream 1 as DVD numbers it: AC-3, DTS, LPCM, pictures of subtitles.
std::optional<StreamKind> kind_of_private(int sub_stream) {
  if (sub_stream >= 0x80 && sub_stream <= 0x8f) return StreamKind::audio;
  if (sub_stream >= 0xa0 && sub_stream <= 0xaf) return StreamKind::audio;
  if (sub_stream >= 0x20 && sub_stream <= 0x3f) return StreamKind::captions;
  return std::nullopt;
}

// Size of the payload header of an MPEG-2 PES packet, from its third byte on.
std::size_t pes_header_size(std::span<const std::byte> content) {
  if (content.size() < 3 || (std::to_integer<int>(content[0]) & 0xc0) != 0x80) return 0;
  return 3 + std::to_integer<std::size_t>(content[2]);
}

void note_stream(int id, std::span<const std::byte> content, std::set<int>& seen,
                 ContainerFindings& found) {
  TrackFindings track;
  if (id >= 0xe0 && id <= 0xef) track.kind = StreamKind::video;
  if (id >= 0xc0 && id <= 0xdf) track.kind = StreamKind::audio;
  track.native_id = 0x100 + id;
  if (id == kPrivate1) {
    const std::size_t header = pes_header_size(content);
    if (header == 0 || header >= content.size()) return;
    const int sub_stream = std::to_integer<int>(content[header]);
    track.kind = kind_of_private(sub_stream);
    track.native_id = sub_stream;
  }
  if (!track.kind || !seen.insert(static_cast<int>(track.native_id)).second) return;
  if (track.kind == StreamKind::captions) {
    CaptionFacts captions;
    captions.carriage = "stream";
    captions.stream = static_cast<int>(track.native_id);
    captions.standards.emplace_back("dvd_subtitle");
    found.captions.push_back(std::move(captions));
  }
  found.tracks.push_back(std::move(track));
}

// Bytes of a pack header, MPEG-2 (with stuffing) or MPEG-1.
std::size_t pack_header_size(std::span<const std::byte> at) {
  if (at.size() < 14) return at.size();
  if ((std::to_integer<int>(at[4]) & 0xc0) == 0x40)
    return 14 + (std::to_integer<std::size_t>(at[13]) & 7);
  return 12;
}

}  // namespace

void read_program_stream(TableReader& reader, ContainerFindings& found) {
  found.format = "mpegps";
  const auto bytes = reader.read(0, kLookedAt);
  const std::span<const std::byte> all(bytes);
  std::set<int> seen;
  for (std::size_t at = 0; at + 6 <= all.size();) {
    ByteCursor cursor(all.subspan(at));
    const std::uint32_t code = cursor.u32();
    const int id = static_cast<int>(code & 0xff);
    if (code >> 8 != 1 || id < kProgramEnd) {  // lost: look for the next start code
      ++at;
      continue;
    }
    if (id == kPackHeader) {
      at += pack_header_size(all.subspan(at));
      continue;
    }
    if (id == kProgramEnd) {
      at += 4;
      continue;
    }
    const std::size_t length = cursor.u16();
    note_stream(id, all.subspan(at + 6, std::min(length, all.size() - at - 6)), seen, found);
    at += 6 + length;
  }
}

}  // namespace cleangate::probes
