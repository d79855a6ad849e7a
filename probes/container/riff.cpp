// SPDX-License-Identifier: Apache-2.0
#include "probes/container/riff.h"

#include <algorithm>

#include "probes/container/readers.h"
#include "probes/container/tail.h"

namespace cleangate::probes {
namespace {

constexpr int kMaxChunks = 20'000;

std::string form_name(std::uint32_t id) { return fourcc_text(id); }

// Sizes that do not fit 32 bits stand in `ds64` (EBU Tech 3306, ITU-R BS.2088).
struct LongSizes {
  std::uint64_t data = 0;
};

LongSizes read_ds64(TableReader& reader, const RiffChunk& chunk) {
  const auto bytes = reader.read(chunk.content, std::min<std::uint64_t>(chunk.size, 28));
  ByteCursor cursor(bytes);
  cursor.skip(8);
  LongSizes sizes;
  sizes.data = cursor.le64();
  return sizes;
}

struct FormHeader {
  bool long_sizes = false;  // RF64, BW64
  std::uint32_t size = 0;
};

FormHeader read_form_header(TableReader& reader) {
  const auto bytes = reader.read(0, 8);
  ByteCursor cursor(bytes);
  FormHeader head;
  head.long_sizes = cursor.u32() != fourcc("RIFF");
  head.size = cursor.le32();
  return head;
}

bool is_form(std::uint32_t id) {
  return id == fourcc("RIFF") || id == fourcc("RF64") || id == fourcc("BW64");
}

// What stands where the next chunk would begin is none: tags and padding are nobody's loss. Other
// bytes behind the end that the form states may be anything, a second recording too, and nobody
// looks at them: a pass would be one of the whole file.
bool ends_here(TableReader& reader, const RiffChunk& chunk, const FormHeader& head, bool has_data,
               ContainerFindings& found) {
  const std::uint64_t left = reader.size() - std::min(reader.size(), chunk.content);
  if (chunk.size <= left && !is_form(chunk.id)) return false;
  if (only_tags_or_padding(reader, chunk.start)) return true;
  const std::uint64_t end = std::uint64_t{head.size} + 8;
  const bool behind = has_data && !head.long_sizes && chunk.start >= end && end > 12;
  if (!behind && !(has_data && is_form(chunk.id))) return false;
  found.damage.push_back(container_damage(
      "Behind the " + bytes_text(chunk.start) + " of its RIFF form the file has " +
      bytes_text(reader.size() - chunk.start) + " of something else, which are not measured."));
  return true;
}

// A data chunk whose size stands in `ds64`, or was never written because the recording was not
// finished: then everything after its header is sound.
void settle_data_size(RiffChunk& data, std::uint64_t room, const FormHeader& head,
                      const LongSizes& sizes, ContainerFindings& found) {
  if (head.long_sizes && data.size == 0xffffffff && sizes.data != 0) {
    data.size = sizes.data;
    return;
  }
  const bool unwritten = data.size == 0 && (head.size == 0 || head.size == 0xffffffff) && room > 0;
  if (data.size != 0xffffffff && !unwritten) return;
  if (data.size == room) return;
  data.size = room;
  found.damage.push_back(container_damage("The size of the data chunk was never written; " +
                                          bytes_text(room) + " follow its header."));
}

}  // namespace

std::optional<RiffChunk> read_chunk(TableReader& reader, std::uint64_t at, RiffOrder order) {
  const auto bytes = reader.read(at, 8);
  ByteCursor cursor(bytes);
  RiffChunk chunk;
  chunk.id = cursor.u32();
  chunk.size = order == RiffOrder::little ? cursor.le32() : cursor.u32();
  if (!cursor.ok()) return std::nullopt;
  chunk.start = at;
  chunk.content = at + 8;
  return chunk;
}

void report_short_chunk(std::uint64_t missing, std::uint32_t id, ContainerFindings& found) {
  found.damage.push_back(container_damage("The file ends " + bytes_text(missing) + " before its " +
                                          form_name(id) + " chunk does."));
}

void read_wave(TableReader& reader, ContainerFindings& found) {
  found.format = "wav";
  const FormHeader head = read_form_header(reader);
  TrackFindings track;
  track.native_id = 1;
  track.kind = StreamKind::audio;
  LongSizes sizes;
  bool has_data = false;
  std::uint64_t at = 12;
  for (int i = 0; i < kMaxChunks && at < reader.size(); ++i) {
    auto chunk = read_chunk(reader, at, RiffOrder::little);
    if (!chunk) break;  // fewer than eight bytes: what some writers leave behind
    if (chunk->id == 0 && chunk->size == 0) break;  // padding
    if (chunk->id == fourcc("ds64")) sizes = read_ds64(reader, *chunk);
    const std::uint64_t room = reader.size() - std::min(reader.size(), chunk->content);
    const bool unsettled = chunk->id == fourcc("data") && !has_data;
    if (!unsettled && ends_here(reader, *chunk, head, has_data, found)) break;
    if (chunk->id == fourcc("data") && has_data) {
      found.damage.push_back(container_damage("Behind the first data chunk there is another of " +
                                              bytes_text(std::min(chunk->size, room)) +
                                              ", which is not measured."));
      at = chunk->content + chunk->size + (chunk->size & 1);
      continue;
    }
    if (chunk->id == fourcc("data")) settle_data_size(*chunk, room, head, sizes, found);
    if (chunk->size > room) report_short_chunk(chunk->size - room, chunk->id, found);
    if (chunk->id == fourcc("data")) {
      has_data = true;
      found.essence_end = chunk->content + std::min(chunk->size, room);
    }
    read_wave_chunk(reader, *chunk, track, found);
    if (chunk->size > room) break;
    at = chunk->content + chunk->size + (chunk->size & 1);
  }
  if (!has_data)
    found.damage.push_back(container_damage("The file has no data chunk: it holds no sound."));
  found.tracks.push_back(std::move(track));
}

}  // namespace cleangate::probes
