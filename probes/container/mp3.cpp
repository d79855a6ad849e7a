// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "probes/bitstream/mpeg_audio.h"
#include "probes/container/byte_cursor.h"
#include "probes/container/readers.h"
#include "probes/container/tail.h"

// MPEG audio without a container: whether the bytes that its first frame tells of are there.
namespace cleangate::probes {
namespace {

constexpr std::size_t kLongestFrame = 1'441;    // 320 kb/s at 32 kHz
constexpr std::uint64_t kSearched = 64u << 10;  // behind the tags, for the first frame

// Bytes of the ID3v2 tag that begins there (ID3v2.4, 3.1); 0 = none.
std::uint64_t tag_size(std::span<const std::byte> bytes) {
  ByteCursor cursor(bytes);
  if (cursor.u8() != 'I' || cursor.u8() != 'D' || cursor.u8() != '3') return 0;
  cursor.skip(2);
  const bool footer = (cursor.u8() & 0x10) != 0;
  std::uint64_t size = 0;
  for (int i = 0; i < 4; ++i) size = size << 7 | (cursor.u8() & 127u);
  return 10 + size + (footer ? 10 : 0);
}

// Behind every tag; there may be several.
std::uint64_t behind_tags(TableReader& reader) {
  std::uint64_t at = 0;
  for (int tags = 0; tags < 16; ++tags) {
    const auto bytes = reader.read(at, 10);
    const std::uint64_t size = tag_size(bytes);
    if (size == 0) return at;
    at += size;
  }
  return at;
}

// A frame of its own size: another follows it, or nothing does. A tag may stand before other sound
// too, whose bytes look like a header here and there.
bool is_frame(std::span<const std::byte> from, const MpegAudioHeader& header, std::uint64_t left) {
  if (header.size >= left) return true;
  if (header.size >= from.size()) return false;
  return mp3_header(from.subspan(static_cast<std::size_t>(header.size))).has_value();
}

// Frames follow each other from `at` to the end of what is there, tags aside: a few in a row stand
// in the packets of other formats too.
bool only_frames(std::span<const std::byte> bytes, std::size_t at) {
  int frames = 0;
  for (; at + 4 <= bytes.size(); ++frames) {
    const auto header = mp3_header(bytes.subspan(at));
    if (!header || header->size < 4) return false;
    at += static_cast<std::size_t>(header->size);
  }
  return frames >= 8;
}

}  // namespace

void read_mp3_behind_junk(TableReader& reader, ContainerFindings& found) {
  const auto bytes = reader.read(0, std::min(kSearched, end_before_tags(reader)));
  const std::span<const std::byte> all(bytes);
  std::size_t at = 0;
  while (at < all.size() && !only_frames(all, at)) ++at;
  if (at >= all.size()) return;
  found.format = "mp3";
  bool tagged = false;
  for (std::size_t tag = 0; tag < at; ++tag) {
    if (tag_size(all.subspan(tag)) != at - tag) continue;
    tagged = true;
    at = tag;
  }
  // The rest of a frame that was cut, and nothing else.
  if (!tagged && at <= kLongestFrame) return;
  const auto junk = all.first(at);
  if (std::any_of(junk.begin(), junk.end(), [](std::byte b) { return b != std::byte{0}; }))
    found.damage.push_back(
        container_damage("The first " + bytes_text(at) +
                         " are nothing that is known; MPEG audio begins behind them."));
}

void read_mp3(TableReader& reader, ContainerFindings& found) {
  const std::uint64_t from = behind_tags(reader);
  const auto bytes = reader.read(from, kSearched);
  const std::span<const std::byte> all(bytes);
  for (std::size_t at = 0; at + 4 <= all.size(); ++at) {
    if (all[at] != std::byte{0xff}) continue;
    const auto header = mp3_header(all.subspan(at));
    const std::uint64_t there = reader.size() - std::min(reader.size(), from + at);
    if (!header || !is_frame(all.subspan(at), *header, there)) continue;
    found.format = "mp3";
    const auto table = mp3_table(all.subspan(at));
    if (!table) return;
    // Some count a frame more than they write.
    if (table->bytes > there + header->size)
      found.damage.push_back(container_damage(
          "Of the " + bytes_text(table->bytes) + " of sound that its " + std::string(table->by) +
          " header tells of, only " + with_commas(there) + " are there."));
    return;
  }
}

}  // namespace cleangate::probes
