// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "probes/container/container.h"
#include "probes/container/language.h"
#include "probes/container/mov_boxes.h"

// What the boxes of one `trak` say, before edits and timecode are resolved. Internal to the reader
// of MOV and MP4.
namespace cleangate::probes {

struct MovMatrix {  // ISO/IEC 14496-12, 6.2.2; a b c d in 16.16 (the rest does not rotate)
  std::int32_t a = 0x10000, b = 0, c = 0, d = 0x10000;
};

struct MovEditEntry {
  std::uint64_t duration = 0;    // movie ticks
  std::int64_t media_time = 0;   // media ticks; -1: empty edit
  std::uint32_t rate = 0x10000;  // 16.16
};

struct MovTimecodeEntry {  // sample entry `tmcd` (QuickTime File Format, "Timecode Sample
                           // Description")
  bool drop = false, negative = false, counter = false;
  std::uint32_t time_scale = 0, frame_duration = 0;
  int frames = 0;  // labels a second, rounded
};

struct MovTrack {
  TrackFindings found;
  std::uint32_t handler = 0;
  std::uint32_t sample_entry = 0;  // type of the first sample entry
  std::uint32_t time_scale = 0;    // media ticks a second
  std::uint64_t duration = 0;      // media ticks; 0 = not stated (fragmented)
  MovMatrix matrix;
  std::uint32_t width = 0, height = 0;  // presentation size of `tkhd`, 16.16
  std::vector<MovEditEntry> edits;
  std::optional<MovTimecodeEntry> timecode;
  std::optional<MovBox> stts, ctts, stsc, stsz, stco, co64;
};

// Reads `trak` with all its tables' places. `quicktime` tells the dialect of the language field and
// of sound sample entries.
[[nodiscard]] MovTrack read_trak(TableReader& reader, const MovBox& trak, LanguageField dialect);

// Reads the first entry of `stsd` (content of the box) into track.found.
void read_sample_descriptions(std::span<const std::byte> stsd, LanguageField dialect,
                              MovTrack& track);
// The boxes after the fixed fields of a visual or a sound sample entry.
void read_visual_extensions(std::span<const std::byte> boxes, VideoClaims& video);
void read_sound_entry(ByteCursor entry, std::uint32_t type, int stsd_version, AudioClaims& audio);

void read_dolby_vision(std::span<const std::byte> record, VideoClaims& video);
// Field order codes that QuickTime and Matroska share: 1 and 9 show the top field first, 6 and 14
// the bottom field.
[[nodiscard]] std::optional<FieldOrder> field_order_of(std::uint64_t code);

// Labels of the channels as `chan` (Core Audio layout tags and descriptions) and `chnl` (ISO/IEC
// 23091-3 speaker positions) state them; empty when they state none. `channels` is the track's
// count, 0 when unknown.
[[nodiscard]] std::vector<std::string> labels_of_chan(std::span<const std::byte> chan,
                                                      int channels);
[[nodiscard]] std::vector<std::string> labels_of_chnl(std::span<const std::byte> chnl,
                                                      int channels);

// Start label and continuity of a timecode track. Reads its samples (4 bytes each, at most 262,144
// of them; the first one only where a fragmented file has none in its tables: then `start` is
// unknown).
[[nodiscard]] TimecodeFacts read_timecode_track(TableReader& reader, const MovTrack& track);

// Captions a track of this sample entry carries; nothing when it carries none.
[[nodiscard]] std::optional<CaptionFacts> captions_of(const MovTrack& track);

}  // namespace cleangate::probes
