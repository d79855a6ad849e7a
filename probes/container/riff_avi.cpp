// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "probes/container/readers.h"
#include "probes/container/riff.h"

// AVI (and OpenDML, whose file is several RIFF forms): headers of the streams, and where `movi`
// ends.
namespace cleangate::probes {
namespace {

constexpr int kMaxChunks = 20'000;
constexpr std::size_t kMaxStreams = 4'096;

std::uint32_t little_fourcc(std::uint32_t value) {  // as stored, first character first
  return value << 24 | (value << 8 & 0xff0000) | (value >> 8 & 0xff00) | value >> 24;
}

void read_strh(TableReader& reader, const RiffChunk& chunk, TrackFindings& track) {
  const auto bytes = reader.read(chunk.content, std::min<std::uint64_t>(chunk.size, 48));
  ByteCursor cursor(bytes);
  const std::uint32_t type = cursor.u32();
  cursor.skip(4 + 4 + 4 + 4);
  const std::uint32_t scale = cursor.le32(), rate = cursor.le32();
  if (!cursor.ok()) return;
  if (type == fourcc("vids")) track.kind = StreamKind::video;
  if (type == fourcc("auds")) track.kind = StreamKind::audio;
  if (type == fourcc("txts")) track.kind = StreamKind::captions;
  if (type == fourcc("vids") && scale != 0 && rate != 0)
    track.video.frame_rate = Rational(rate, scale);
}

void read_strf(TableReader& reader, const RiffChunk& chunk, TrackFindings& track,
               ContainerFindings& found) {
  if (track.kind == StreamKind::audio) {
    RiffChunk format = chunk;
    format.id = fourcc("fmt ");
    return read_wave_chunk(reader, format, track, found);
  }
  if (track.kind != StreamKind::video) return;
  const auto bytes = reader.read(chunk.content, std::min<std::uint64_t>(chunk.size, 40));
  ByteCursor cursor(bytes);
  cursor.skip(4);
  const std::int64_t width = static_cast<std::int32_t>(cursor.le32());
  const std::int64_t height = static_cast<std::int32_t>(cursor.le32());  // negative: top line first
  cursor.skip(4);
  const std::uint32_t compression = cursor.le32();
  if (!cursor.ok()) return;
  if (width > 0 && width < 1'000'000) track.video.width = static_cast<int>(width);
  const std::int64_t lines = height < 0 ? -height : height;
  if (lines > 0 && lines < 1'000'000) track.video.height = static_cast<int>(lines);
  if (compression > 0xffff) track.video.codec_tag = fourcc_text(little_fourcc(compression));
}

// OpenDML video properties header: aspect of the frame.
void read_vprp(TableReader& reader, const RiffChunk& chunk, TrackFindings& track) {
  const auto bytes = reader.read(chunk.content, std::min<std::uint64_t>(chunk.size, 32));
  ByteCursor cursor(bytes);
  cursor.skip(4 + 4 + 4 + 4 + 4);
  const std::int64_t y = cursor.le16(), x = cursor.le16();  // low half: height
  const std::int64_t width = cursor.le32(), height = cursor.le32();
  if (!cursor.ok() || x == 0 || y == 0 || width == 0 || height == 0) return;
  const auto aspect = checked_mul(Rational(x, y), Rational(height, width));
  if (aspect) track.video.pixel_aspect = *aspect;
}

void read_strl(TableReader& reader, std::uint64_t at, std::uint64_t end, ContainerFindings& found) {
  TrackFindings track;
  track.native_id = static_cast<std::int64_t>(found.tracks.size());
  for (int i = 0; i < 64 && at < end; ++i) {
    const auto chunk = read_chunk(reader, at, RiffOrder::little);
    if (!chunk) break;
    if (chunk->id == fourcc("strh")) read_strh(reader, *chunk, track);
    if (chunk->id == fourcc("strf")) read_strf(reader, *chunk, track, found);
    if (chunk->id == fourcc("vprp")) read_vprp(reader, *chunk, track);
    if (chunk->id == fourcc("indx")) found.seek_index = true;
    at = chunk->content + chunk->size + (chunk->size & 1);
  }
  found.tracks.push_back(std::move(track));
}

void read_hdrl(TableReader& reader, std::uint64_t at, std::uint64_t end, ContainerFindings& found) {
  for (int i = 0; i < kMaxChunks && at < end && found.tracks.size() < kMaxStreams; ++i) {
    const auto chunk = read_chunk(reader, at, RiffOrder::little);
    if (!chunk) return;
    const std::uint64_t chunk_end = std::min(end, chunk->content + chunk->size);
    const auto type = reader.read(chunk->content, 4);
    if (chunk->id == fourcc("LIST") && ByteCursor(type).u32() == fourcc("strl"))
      read_strl(reader, chunk->content + 4, chunk_end, found);
    at = chunk->content + chunk->size + (chunk->size & 1);
  }
}

// Chunks of one RIFF form of the file.
void read_form(TableReader& reader, std::uint64_t at, std::uint64_t end, ContainerFindings& found) {
  for (int i = 0; i < kMaxChunks && at < end; ++i) {
    const auto chunk = read_chunk(reader, at, RiffOrder::little);
    if (!chunk || (chunk->id == 0 && chunk->size == 0)) return;
    const std::uint64_t claimed = chunk->content + chunk->size;
    if (chunk->id == fourcc("idx1")) found.seek_index = true;
    if (chunk->id == fourcc("LIST")) {
      const auto bytes = reader.read(chunk->content, 4);
      const std::uint32_t type = ByteCursor(bytes).u32();
      if (type == fourcc("hdrl"))
        read_hdrl(reader, chunk->content + 4, std::min(claimed, reader.size()), found);
      if (type == fourcc("movi")) found.essence_end = std::min(claimed, reader.size());
      if (claimed > reader.size()) report_short_chunk(claimed - reader.size(), type, found);
    } else if (claimed > reader.size()) {
      report_short_chunk(claimed - reader.size(), chunk->id, found);
    }
    at = claimed + (chunk->size & 1);
  }
}

}  // namespace

void read_avi(TableReader& reader, ContainerFindings& found) {
  found.format = "avi";
  found.seek_index = false;
  std::uint64_t at = 0;
  for (int i = 0; i < kMaxChunks && at < reader.size(); ++i) {
    const auto form = read_chunk(reader, at, RiffOrder::little);
    if (!form || form->id != fourcc("RIFF")) break;
    const std::uint64_t end = form->content + form->size;
    read_form(reader, form->content + 4, std::min(end, reader.size()), found);
    at = end + (form->size & 1);
  }
}

}  // namespace cleangate::probes
