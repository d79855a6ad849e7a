// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cmath>

#include "probes/container/channel_labels.h"
#include "probes/container/mov_track.h"

namespace cleangate::probes {
namespace {

std::optional<int> positive(std::uint64_t value) {
  if (value == 0 || value > 0x7fffffff) return std::nullopt;
  return static_cast<int>(value);
}

// Width of one sample where the sample entry is uncompressed or lossless; 0 where it is neither.
int pcm_bits(std::uint32_t type, int stated) {
  switch (type) {
    case fourcc("in24"):
      return 24;
    case fourcc("in32"):
    case fourcc("fl32"):
      return 32;
    case fourcc("fl64"):
      return 64;
    case fourcc("raw "):
    case fourcc("NONE"):
    case fourcc("sowt"):
    case fourcc("twos"):
    case fourcc("lpcm"):
    case fourcc("ipcm"):
    case fourcc("fpcm"):
      return stated;
    default:
      return 0;
  }
}

void read_pcm_config(std::span<const std::byte> content, AudioClaims& audio) {  // ISO/IEC 23003-5
  ByteCursor cursor(content);
  cursor.skip(5);
  const auto bits = positive(cursor.u8());
  if (cursor.ok() && bits) audio.bit_depth = bits;
}

// `alac`: the codec's own record knows depth, channels and rate; the sample entry often does not.
void read_alac(std::span<const std::byte> content, AudioClaims& audio) {
  ByteCursor cursor(content);
  cursor.skip(4 + 4 + 1);
  const auto bits = positive(cursor.u8());
  cursor.skip(3);
  const auto channels = positive(cursor.u8());
  cursor.skip(2 + 4 + 4);
  const auto rate = positive(cursor.u32());
  if (!cursor.ok()) return;
  audio.bit_depth = bits;
  audio.channels = channels;
  audio.sample_rate = rate;
}

void read_flac(std::span<const std::byte> content, AudioClaims& audio) {  // STREAMINFO in `dfLa`
  ByteCursor cursor(content);
  cursor.skip(4 + 4 + 10);
  const std::uint64_t packed = cursor.u64();
  if (!cursor.ok()) return;
  audio.sample_rate = positive(packed >> 44);
  audio.channels = static_cast<int>(packed >> 41 & 7) + 1;
  audio.bit_depth = static_cast<int>(packed >> 36 & 31) + 1;
}

void read_sound_boxes(std::span<const std::byte> boxes, std::uint32_t type, AudioClaims& audio) {
  for_each_child(boxes, [&](std::uint32_t box, std::span<const std::byte> content) {
    const int channels = audio.channels.value_or(0);
    if (box == fourcc("chan")) audio.channel_labels = labels_of_chan(content, channels);
    if (box == fourcc("chnl")) audio.channel_labels = labels_of_chnl(content, channels);
    if (box == fourcc("pcmC")) read_pcm_config(content, audio);
    if (box == fourcc("alac") && type == box) read_alac(content, audio);
    if (box == fourcc("dfLa")) read_flac(content, audio);
    if (box == fourcc("wave") && type != box) read_sound_boxes(content, type, audio);
  });
}

// The fixed fields of a version 2 sound description (QuickTime File Format).
void read_version_2(ByteCursor& entry, std::uint32_t type, AudioClaims& audio) {
  entry.skip(4);  // size of the struct only
  const double rate = std::bit_cast<double>(entry.u64());
  const auto channels = positive(entry.u32());
  entry.skip(4);
  const auto bits = positive(entry.u32());
  entry.skip(12);
  if (!entry.ok() || !(rate >= 1 && rate <= 1e7)) return;
  if (pcm_bits(type, 1) == 0) return;
  audio.channels = channels;
  audio.sample_rate = static_cast<int>(std::lround(rate));
  audio.bit_depth = bits;
}

}  // namespace

void read_sound_entry(ByteCursor entry, std::uint32_t type, int stsd_version, AudioClaims& audio) {
  const int version = entry.u16();
  entry.skip(6);
  const auto channels = positive(entry.u16());
  const int bits = entry.u16();
  entry.skip(4);
  const auto rate = positive(entry.u32() >> 16);
  if (!entry.ok()) return;
  const int width = pcm_bits(type, bits);
  if (version < 2 && width != 0) {  // elsewhere these fields are templates that need not be true
    audio.channels = channels;
    audio.sample_rate = rate;
    audio.bit_depth = width;
  }
  if (version == 1 && stsd_version == 0) entry.skip(16);
  if (version == 2) read_version_2(entry, type, audio);
  read_sound_boxes(entry.rest(), type, audio);
  auto layout = layout_of(audio.channel_labels);
  if (layout && (*layout == "5.1" || *layout == "5.0")) *layout += "(side)";
  audio.channel_layout = layout;
}

namespace {

void read_visual_entry(ByteCursor entry, std::uint32_t type, VideoClaims& video) {
  entry.skip(16);
  video.width = positive(entry.u16());
  video.height = positive(entry.u16());
  entry.skip(14 + 32);
  const int depth = entry.u16();
  const std::int16_t color_table = entry.i16();
  if (!entry.ok()) return;
  if (depth == 32 && (type == fourcc("ap4h") || type == fourcc("ap4x"))) video.alpha = true;
  if (color_table == 0 && depth <= 8) {  // a color table follows, which is no box
    entry.skip(6);
    entry.skip((std::uint64_t{entry.u16()} + 1) * 8);
  }
  read_visual_extensions(entry.rest(), video);
}

// The format a protected entry hides (`sinf`/`frma`, ISO/IEC 14496-12, 8.12).
std::uint32_t original_format(std::span<const std::byte> entry, std::size_t fixed) {
  std::uint32_t format = 0;
  if (entry.size() < fixed) return 0;
  for_each_child(entry.subspan(fixed), [&](std::uint32_t box, std::span<const std::byte> content) {
    if (box != fourcc("sinf")) return;
    for_each_child(content, [&](std::uint32_t inner, std::span<const std::byte> bytes) {
      if (inner == fourcc("frma")) format = ByteCursor(bytes).u32();
    });
  });
  return format;
}

MovTimecodeEntry read_timecode_entry(ByteCursor entry) {
  MovTimecodeEntry timecode;
  entry.skip(4);
  const std::uint32_t flags = entry.u32();
  timecode.time_scale = entry.u32();
  timecode.frame_duration = entry.u32();
  timecode.frames = entry.u8();
  timecode.drop = flags & 1;
  timecode.negative = flags & 4;
  timecode.counter = flags & 8;
  return timecode;
}

}  // namespace

void read_sample_descriptions(std::span<const std::byte> stsd, LanguageField dialect,
                              MovTrack& track) {
  ByteCursor cursor(stsd);
  const int version = cursor.u8();
  cursor.skip(3);
  if (cursor.u32() == 0 || !cursor.ok()) return;
  const std::uint64_t size = cursor.u32();
  std::uint32_t type = cursor.u32();
  if (size < 16 || !cursor.ok()) return;
  const auto body = cursor.take(std::min<std::uint64_t>(size - 8, cursor.left()));
  ByteCursor entry(body);
  entry.skip(8);  // reserved, data reference index
  if (!entry.ok()) return;
  const bool picture = track.handler == fourcc("vide"), sound = track.handler == fourcc("soun");
  if (type == fourcc("encv") || type == fourcc("enca"))
    if (const auto format = original_format(body, picture ? 78 : 28)) type = format;
  track.sample_entry = type;
  if (picture) {
    track.found.video.codec_tag = fourcc_text(type);
    read_visual_entry(entry, type, track.found.video);
  } else if (sound) {
    track.found.audio.codec_tag = fourcc_text(type);
    // ISO files of stsd version 1 have no QuickTime extension (14496-12, AudioSampleEntryV1).
    read_sound_entry(entry, type, dialect == LanguageField::quicktime ? 0 : version,
                     track.found.audio);
  } else if (type == fourcc("tmcd")) {
    track.timecode = read_timecode_entry(entry);
  }
}

std::optional<CaptionFacts> captions_of(const MovTrack& track) {
  struct Known {
    std::uint32_t type;
    const char *carriage, *standard;
  };
  static constexpr Known kKnown[] = {
      {fourcc("c608"), "c608", "cea608"},     {fourcc("c708"), "c708", "cea708"},
      {fourcc("tx3g"), "stream", "mov_text"}, {fourcc("text"), "stream", "mov_text"},
      {fourcc("wvtt"), "stream", "webvtt"},   {fourcc("stpp"), "stream", "ttml"},
      {fourcc("dfxp"), "stream", "ttml"},     {fourcc("sbtt"), "stream", ""},
      {fourcc("stxt"), "stream", ""},         {fourcc("mp4s"), "stream", "dvd_subtitle"}};
  if (track.found.kind == StreamKind::video || track.found.kind == StreamKind::audio)
    return std::nullopt;
  for (const Known& known : kKnown) {
    if (known.type != track.sample_entry) continue;
    if (known.type == fourcc("text") && track.handler != fourcc("text") &&
        track.handler != fourcc("sbtl") && track.handler != fourcc("clcp"))
      return std::nullopt;
    if (known.type == fourcc("mp4s") && track.handler != fourcc("subp")) return std::nullopt;
    CaptionFacts captions;
    captions.carriage = known.carriage;
    captions.stream = static_cast<int>(track.found.native_id);
    if (*known.standard) captions.standards.emplace_back(known.standard);
    return captions;
  }
  return std::nullopt;
}

}  // namespace cleangate::probes
