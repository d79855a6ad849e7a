// SPDX-License-Identifier: Apache-2.0
#include "probes/container/mov_track.h"

#include <algorithm>
#include <limits>

namespace cleangate::probes {
namespace {

constexpr std::uint64_t kMaxSampleDescriptions = 1u << 20;  // bytes
constexpr std::uint64_t kMaxEdits = 65'536;

std::vector<std::byte> content_of(TableReader& reader, const MovBox& box, std::uint64_t most) {
  return reader.read(box.content, std::min(box.content_size(), most));
}

void read_tkhd(TableReader& reader, const MovBox& box, MovTrack& track) {
  const auto bytes = content_of(reader, box, 96);
  ByteCursor cursor(bytes);
  const std::uint8_t version = cursor.u8();
  cursor.skip(3 + (version == 1 ? 16 : 8));
  const std::uint32_t id = cursor.u32();
  if (cursor.ok()) track.found.native_id = id;
  cursor.skip((version == 1 ? 12 : 8) + 8 + 8);
  MovMatrix matrix;
  matrix.a = cursor.i32();
  matrix.b = cursor.i32();
  cursor.skip(4);
  matrix.c = cursor.i32();
  matrix.d = cursor.i32();
  cursor.skip(4 + 12);
  const std::uint32_t width = cursor.u32(), height = cursor.u32();
  if (!cursor.ok()) return;
  track.matrix = matrix;
  track.width = width;
  track.height = height;
}

void read_mdhd(TableReader& reader, const MovBox& box, LanguageField dialect, MovTrack& track) {
  const auto bytes = content_of(reader, box, 40);
  ByteCursor cursor(bytes);
  const std::size_t width = cursor.u8() == 1 ? 8 : 4;
  cursor.skip(3 + 2 * width);
  const std::uint32_t time_scale = cursor.u32();
  const std::uint64_t duration = cursor.big(width);
  const std::uint16_t language = cursor.u16();
  if (!cursor.ok()) return;
  track.time_scale = time_scale;
  const std::uint64_t unstated =
      width == 8 ? std::numeric_limits<std::uint64_t>::max() : 0xffffffff;
  track.duration = duration == unstated ? 0 : duration;
  track.found.tells_language = true;
  if (!track.found.language) track.found.language = bcp47_of_mdhd(language, dialect);
}

void read_elng(TableReader& reader, const MovBox& box, MovTrack& track) {
  const auto bytes = content_of(reader, box, 128);
  ByteCursor cursor(bytes);
  cursor.skip(4);
  if (auto language = bcp47(cursor.text(cursor.left()))) track.found.language = language;
}

void read_hdlr(TableReader& reader, const MovBox& box, MovTrack& track) {
  const auto bytes = content_of(reader, box, 12);
  ByteCursor cursor(bytes);
  cursor.skip(8);
  track.handler = cursor.u32();
}

void read_elst(TableReader& reader, const MovBox& box, MovTrack& track) {
  const auto bytes = content_of(reader, box, 8 + 20 * kMaxEdits);
  ByteCursor cursor(bytes);
  const bool wide = cursor.u8() == 1;
  cursor.skip(3);
  const std::uint64_t count = std::min<std::uint64_t>(cursor.u32(), kMaxEdits);
  for (std::uint64_t i = 0; i < count; ++i) {
    MovEditEntry edit;
    edit.duration = cursor.big(wide ? 8 : 4);
    edit.media_time = wide ? cursor.i64() : std::int64_t{cursor.i32()};
    edit.rate = cursor.u32();
    if (!cursor.ok()) return;
    track.edits.push_back(edit);
  }
}

void read_tref(TableReader& reader, const MovBox& box, MovTrack& track) {
  for_each_child(reader, box.content, box.end, [&](const MovBox& child) {
    if (child.type != fourcc("tmcd")) return;
    const auto bytes = content_of(reader, child, 4);
    ByteCursor cursor(bytes);
    const std::uint32_t id = cursor.u32();
    if (cursor.ok() && id != 0 && id <= 0x7fffffff)
      track.found.timecode_track = static_cast<int>(id);
  });
}

void note_table(const MovBox& box, MovTrack& track) {
  switch (box.type) {
    case fourcc("stts"):
      track.stts = box;
      break;
    case fourcc("ctts"):
      track.ctts = box;
      break;
    case fourcc("stsc"):
      track.stsc = box;
      break;
    case fourcc("stsz"):
      track.stsz = box;
      break;
    case fourcc("stco"):
      track.stco = box;
      break;
    case fourcc("co64"):
      track.co64 = box;
      break;
    default:
      break;
  }
}

StreamKind kind_of(std::uint32_t handler) {
  switch (handler) {
    case fourcc("vide"):
      return StreamKind::video;
    case fourcc("soun"):
      return StreamKind::audio;
    case fourcc("tmcd"):
      return StreamKind::timecode;
    case fourcc("clcp"):
    case fourcc("sbtl"):
    case fourcc("subt"):
    case fourcc("subp"):
    case fourcc("text"):
      return StreamKind::captions;
    default:
      return StreamKind::data;
  }
}

// The rate the table states when all samples last equally long; the last one may differ.
std::optional<Rational> stated_rate(TableReader& reader, const MovTrack& track) {
  if (!track.stts || track.time_scale == 0) return std::nullopt;
  const auto bytes = content_of(reader, *track.stts, 24);
  ByteCursor cursor(bytes);
  cursor.skip(4);
  const std::uint32_t entries = cursor.u32(), count = cursor.u32(), delta = cursor.u32();
  if (!cursor.ok() || count == 0 || delta == 0) return std::nullopt;
  const std::uint32_t last = entries == 2 ? cursor.u32() : 0;
  if (entries != 1 && !(entries == 2 && cursor.ok() && last == 1 && count > 1)) return std::nullopt;
  if (count == 1 && entries == 1) return std::nullopt;  // a still has no rate
  return Rational(track.time_scale, delta);
}

// Without `pasp` the presentation size of `tkhd` tells the shape of the pixels. Below one percent
// it is a coded size rounded up to blocks, not a shape.
void shape_from_tkhd(MovTrack& track) {
  VideoClaims& video = track.found.video;
  if (video.pixel_aspect || video.clean_aperture || !video.width || !video.height) return;
  const std::int64_t w = track.width >> 16, h = track.height >> 16;
  if (w == 0 || h == 0) return;
  const Rational shape =
      Rational(w * *video.height, std::int64_t{1}) / Rational(h * *video.width, std::int64_t{1});
  if (abs(shape - Rational(1)) > Rational(1, 100)) video.pixel_aspect = shape;
  track.found.presented_as_coded = w == *video.width && h == *video.height;
}

struct TrakWalk {
  TableReader& reader;
  LanguageField dialect;
  MovTrack& track;
  std::optional<MovBox> stsd;

  void descend(const MovBox& parent) {
    for_each_child(reader, parent.content, parent.end,
                   [&](const MovBox& box) { visit(box, parent); });
  }
  void visit(const MovBox& box, const MovBox& parent) {
    switch (box.type) {
      case fourcc("tkhd"):
        return read_tkhd(reader, box, track);
      case fourcc("mdhd"):
        return read_mdhd(reader, box, dialect, track);
      case fourcc("elng"):
        return read_elng(reader, box, track);
      case fourcc("elst"):
        return read_elst(reader, box, track);
      case fourcc("tref"):
        return read_tref(reader, box, track);
      case fourcc("hdlr"):
        if (parent.type == fourcc("mdia")) read_hdlr(reader, box, track);
        return;
      case fourcc("stsd"):
        stsd = box;
        return;
      case fourcc("mdia"):
      case fourcc("minf"):
      case fourcc("stbl"):
      case fourcc("edts"):
        // Each stands in one place only: no file makes this deeper than four.
        if (parent.type == box.type || parent.type == fourcc("stbl")) return;
        return descend(box);
      default:
        return note_table(box, track);
    }
  }
};

}  // namespace

MovTrack read_trak(TableReader& reader, const MovBox& trak, LanguageField dialect) {
  MovTrack track;
  TrakWalk walk{reader, dialect, track, {}};
  walk.descend(trak);
  track.found.kind = kind_of(track.handler);
  if (walk.stsd) {
    const auto bytes = content_of(reader, *walk.stsd, kMaxSampleDescriptions);
    read_sample_descriptions(bytes, dialect, track);
  }
  if (track.found.kind == StreamKind::video) {
    track.found.video.frame_rate = stated_rate(reader, track);
    shape_from_tkhd(track);
  }
  return track;
}

}  // namespace cleangate::probes
