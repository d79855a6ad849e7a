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

// PCM whose samples fill only the upper bits of their words: 24 in 32, 20 in 24.
struct PcmWords {
  int word_bits = 0, sample_bits = 0;
};

struct TrackFindings {
  // MOV track_ID, MXF TrackID of the material package, Matroska TrackNumber, MPEG-TS PID, MPEG-PS
  // stream_id, AVI stream number from 0; WAV and AIFF 1. What libav gives as AVStream.id, except
  // where it gives none (WAV, AIFF, AVI, Matroska): there the order of the tracks tells.
  std::int64_t native_id = 0;
  std::optional<StreamKind> kind;  // as far as the tables tell
  std::optional<int> program_id;   // MPEG-TS program_number
  VideoClaims video;               // what the container says
  AudioClaims audio;
  std::optional<PcmWords> pcm_words;    // WAVE_FORMAT_EXTENSIBLE, where the two differ
  std::optional<std::string> language;  // BCP 47; und and empty are absent
  bool tells_language = false;          // the format has a field for it, and it was read
  std::vector<Edit> edits;  // MOV: every entry of the track's edit list, in order; absent = none
  std::vector<McaGroup> mca;
  std::optional<int> timecode_track;  // MOV tref tmcd
  // MOV without `pasp`: the presentation size of `tkhd` is the coded size, so that pixels are
  // square unless the bitstream says otherwise.
  bool presented_as_coded = false;
  std::optional<Rational> origin_s;
  friend bool operator==(const TrackFindings&, const TrackFindings&) = default;
};

// What the partitions of an MXF file say of it (SMPTE ST 377-1, 7).
struct Partitions {
  bool closed = false;    // header metadata final: header or footer partition is closed
  bool complete = false;  // … and complete
  bool footer = false;    // a footer partition is where the header or the random index pack says
  bool random_index_pack = false;
  int minor_version = 0;  // 2: ST 377-1:2004 (377M), 3: ST 377-1:2009 and later
  friend bool operator==(const Partitions&, const Partitions&) = default;
};

struct ContainerFindings {
  std::string format;        // "" when no parser of ours knows it (libav's name stands then)
  std::uint64_t begins = 0;  // first byte of the format, behind a run-in (MXF)
  Fact<std::string> brand, operational_pattern;
  Fact<bool> fast_start;
  // True when an edit list of any track does more than state the whole media from its first sample
  // at rate 1: an offset (empty edit), a trim at either end, several entries, another rate. An edit
  // that only skips the encoder's priming samples (AAC) trims too, and counts.
  Fact<bool> edit_lists;
  std::optional<Partitions> partitions;  // MXF
  Fact<bool> seek_index;  // Matroska Cues, AVI idx1 or indx: is there one; absent elsewhere
  // bext TimeReference: samples since midnight at the track's sample rate (EBU Tech 3285). A label
  // needs a frame rate that a WAV does not have, hence `start` of its timecode is unknown.
  std::optional<std::uint64_t> bext_time_reference;
  std::vector<std::string> metadata;  // blocks present, as the format names them: "bext", "iXML",
                                      // "axml", "chna", "udta", "XMP_" …
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
