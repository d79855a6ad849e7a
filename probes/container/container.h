// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/byte_source.h"
#include "probes/claims.h"
#include "probes/facts.h"

// Tables that libav does not tell, or bends: read by our own parsers from the ByteSource, tables
// only, never essence.
namespace cleangate::probes {

// One edit of a track: presented [start, start+duration) of the movie shows media from `media_time`
// (movie and media time scales resolved).
struct Edit {
  Rational start_s, duration_s;
  std::optional<Rational> media_s;  // empty edit when absent
  friend bool operator==(const Edit&, const Edit&) = default;
};

// One MCA label subdescriptor group (SMPTE ST 377-4) resolved for a track.
struct McaGroup {
  std::string id;      // group key: channels with the same id form one soundfield
  std::string layout;  // "5.1", "2.0" …
  std::string label;   // label of this channel: "L" …
  int channel = 0;     // channel of the track it labels, from 0
  std::optional<std::string> language, role;
  friend bool operator==(const McaGroup&, const McaGroup&) = default;
};

struct TrackFindings {
  std::int64_t native_id =
      0;  // MOV track_ID, MXF TrackID of the material package, WAV 1, Matroska TrackNumber
  VideoClaims video;  // what the container says
  AudioClaims audio;
  std::optional<std::string> language;  // BCP 47; und and empty are absent
  std::vector<Edit> edits;
  std::vector<McaGroup> mca;
  std::optional<int> timecode_track;  // MOV tref tmcd
  std::optional<Rational> origin_s;
  friend bool operator==(const TrackFindings&, const TrackFindings&) = default;
};

struct ContainerFindings {
  std::string format;  // "" when no parser of ours knows it (libav's name stands then)
  Fact<std::string> brand, operational_pattern;
  Fact<bool> fast_start, edit_lists;
  std::vector<TrackFindings> tracks;
  std::vector<TimecodeFacts>
      timecodes;  // tmcd, material/file package, bext; `stream` holds the native id until resolved
  std::vector<CaptionFacts>
      captions;  // c608, c708, st436 tracks; `stream` holds the native id until resolved
  std::vector<Damage> damage;  // truncation, boxes beyond the end, missing footer, short chunks
  std::optional<std::uint64_t>
      essence_end;  // first byte after the last essence, where the tables tell
};

// Recognizes the file by its first bytes and reads its tables. A file no parser knows gives empty
// findings, not an error; a known one whose tables are damaged gives what could be read, with
// `damage`.
[[nodiscard]] Expected<ContainerFindings> read_container(ByteSource& source);

}  // namespace cleangate::probes
