// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/probes/container/bytes.h"

// A QuickTime movie with a picture track, a sound track and a timecode track, made of parts that a
// test may replace.
namespace cleangate::test {

struct MovParts {
  std::string brand = "qt  ";
  Bytes matrix = identity();
  Bytes sample_entry_boxes;  // behind the fixed fields of the picture's sample entry
  Bytes sound_boxes;         // behind those of the sound's
  int channels = 2;
  std::uint16_t language = 0x15c7;  // "eng" packed
  Bytes extra_media_boxes;          // in `mdia` of the picture
  Bytes edits;                      // `edts` of the picture
  std::uint32_t drop_flag = 0, timecode_base = 25, timecode_scale = 25, timecode_duration = 1;
  std::vector<std::uint32_t> labels{90'000};       // 01:00:00:00 at 25
  std::vector<std::uint32_t> label_durations{50};  // media ticks
  bool moov_first = false;
  std::uint64_t essence_bytes = 1'000;

  static Bytes identity() {
    return Bytes().u32(0x10000).u32(0).u32(0).u32(0).u32(0x10000).u32(0).u32(0).u32(0).u32(
        0x40000000);
  }
};

inline Bytes full_box(std::string_view type, const Bytes& content) {
  return box(type, Bytes().u32(0).add(content));
}

inline Bytes tkhd(std::uint32_t id, const Bytes& matrix, std::uint32_t width,
                  std::uint32_t height) {
  return full_box("tkhd", Bytes()
                              .u32(0)
                              .u32(0)
                              .u32(id)
                              .u32(0)
                              .u32(50)
                              .zeros(16)
                              .add(matrix)
                              .u32(width << 16)
                              .u32(height << 16));
}

inline Bytes mdhd(std::uint32_t scale, std::uint32_t duration, std::uint16_t language) {
  return full_box("mdhd", Bytes().u32(0).u32(0).u32(scale).u32(duration).u16(language).u16(0));
}

inline Bytes hdlr(std::string_view type) {
  return full_box("hdlr", Bytes().u32(0).add(type).zeros(13));
}

inline Bytes stsd(std::string_view type, const Bytes& fields) {
  return full_box("stsd", Bytes().u32(1).add(box(type, Bytes().zeros(6).u16(1).add(fields))));
}

inline Bytes visual_fields(std::uint16_t width, std::uint16_t height, const Bytes& boxes) {
  return Bytes().zeros(16).u16(width).u16(height).zeros(14).zeros(32).u16(24).u16(0xffff).add(
      boxes);
}

inline Bytes sound_fields(int channels, const Bytes& boxes) {
  return Bytes()
      .zeros(8)
      .u16(static_cast<std::uint64_t>(channels))
      .u16(16)
      .zeros(4)
      .u32(48'000u << 16)
      .add(boxes);
}

inline Bytes picture_trak(const MovParts& parts) {
  const Bytes stbl = box("stbl", stsd("apch", visual_fields(1'920, 1'080, parts.sample_entry_boxes))
                                     .add(full_box("stts", Bytes().u32(1).u32(50).u32(1))));
  const Bytes mdia = box("mdia", mdhd(25, 50, parts.language)
                                     .add(parts.extra_media_boxes)
                                     .add(hdlr("vide"))
                                     .add(box("minf", stbl)));
  return box("trak", tkhd(1, parts.matrix, 1'920, 1'080)
                         .add(parts.edits)
                         .add(box("tref", box("tmcd", Bytes().u32(3))))
                         .add(mdia));
}

inline Bytes sound_trak(const MovParts& parts) {
  const Bytes stbl = box("stbl", stsd("in24", sound_fields(parts.channels, parts.sound_boxes)));
  return box(
      "trak",
      tkhd(2, MovParts::identity(), 0, 0)
          .add(box("mdia", mdhd(48'000, 96'000, 0x7fff).add(hdlr("soun")).add(box("minf", stbl)))));
}

// `offset` is where the first label lies in the file; the others follow.
inline Bytes timecode_trak(const MovParts& parts, std::uint32_t offset) {
  const Bytes entry = Bytes()
                          .u32(0)
                          .u32(parts.drop_flag)
                          .u32(parts.timecode_scale)
                          .u32(parts.timecode_duration)
                          .u8(parts.timecode_base)
                          .u8(0);
  Bytes durations = Bytes().u32(parts.label_durations.size());
  for (const auto duration : parts.label_durations) durations.u32(1).u32(duration);
  const auto count = parts.labels.size();
  const Bytes stbl = box("stbl", stsd("tmcd", entry)
                                     .add(full_box("stts", durations))
                                     .add(full_box("stsc", Bytes().u32(1).u32(1).u32(count).u32(1)))
                                     .add(full_box("stsz", Bytes().u32(4).u32(count)))
                                     .add(full_box("stco", Bytes().u32(1).u32(offset))));
  return box("trak",
             tkhd(3, MovParts::identity(), 0, 0)
                 .add(box("mdia", mdhd(25, 50, 0).add(hdlr("tmcd")).add(box("minf", stbl)))));
}

inline Bytes movie(const MovParts& parts) {
  const Bytes ftyp = box("ftyp", Bytes(parts.brand).u32(0).add(parts.brand));
  Bytes essence;
  for (const auto label : parts.labels) essence.u32(label);
  essence.zeros(parts.essence_bytes);
  const Bytes mdat = box("mdat", essence);
  const auto moov_at = [&](std::uint64_t labels_at) {
    const Bytes mvhd = full_box("mvhd", Bytes()
                                            .u32(0)
                                            .u32(0)
                                            .u32(600)
                                            .u32(1'200)
                                            .u32(0x10000)
                                            .u16(0x100)
                                            .zeros(10)
                                            .add(MovParts::identity())
                                            .zeros(24)
                                            .u32(4));
    return box("moov", Bytes(mvhd)
                           .add(picture_trak(parts))
                           .add(sound_trak(parts))
                           .add(timecode_trak(parts, static_cast<std::uint32_t>(labels_at))));
  };
  if (!parts.moov_first) return Bytes(ftyp).add(mdat).add(moov_at(ftyp.size() + 8));
  const std::uint64_t size = moov_at(0).size();
  return Bytes(ftyp).add(moov_at(ftyp.size() + size + 8)).add(mdat);
}

}  // namespace cleangate::test
