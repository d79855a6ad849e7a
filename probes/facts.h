// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/color.h"
#include "core/digest.h"
#include "core/fact.h"
#include "core/rational.h"
#include "core/timecode.h"

// What one asset *is*: the shape of an ASSET in `measure --json`
// (docs/schema/measurement.schema.json) minus the measurements. Fact<T> keeps absent (not
// applicable or not looked for), unknown (null) and known apart. Plain members are always known.
namespace cleangate::probes {

enum class Depth : std::uint8_t { header, packets, decode };

enum class StreamKind : std::uint8_t { video, audio, captions, timecode, data };
enum class Scan : std::uint8_t { progressive, interlaced, mixed };
enum class FieldOrder : std::uint8_t { top, bottom };  // the field presented first
enum class RateMode : std::uint8_t { constant, variable };
enum class BitRateMode : std::uint8_t { constant, variable };

struct CleanAperture {  // in pixels; offsets from the center, as ISO/IEC 14496-12 `clap`
  Rational width, height, horizontal_offset, vertical_offset;
  friend bool operator==(const CleanAperture&, const CleanAperture&) = default;
};

struct Chromaticity {  // CIE 1931 x, y in units of 0.00002 (SMPTE ST 2086)
  std::uint32_t x = 0, y = 0;
  friend bool operator==(const Chromaticity&, const Chromaticity&) = default;
};

struct MasteringDisplay {  // SMPTE ST 2086
  Chromaticity red, green, blue, white_point;
  std::uint32_t luminance_min = 0, luminance_max = 0;  // 0.0001 cd/m2
  std::string carrier;                                 // "bitstream" | "container"
  friend bool operator==(const MasteringDisplay&, const MasteringDisplay&) = default;
};

struct ContentLight {  // CTA-861.3, cd/m2
  std::uint32_t max_cll = 0, max_fall = 0;
  friend bool operator==(const ContentLight&, const ContentLight&) = default;
};

struct DolbyVision {  // Dolby Vision configuration record
  int profile = 0, level = 0, compatibility_id = 0;
  bool rpu_present = false, el_present = false, bl_present = false;
  friend bool operator==(const DolbyVision&, const DolbyVision&) = default;
};

struct Hdr {
  std::vector<std::string> formats;  // "pq10" | "hlg" | "hdr10" | "hdr10plus" | "dolby_vision"
  std::optional<MasteringDisplay> mastering;
  std::optional<ContentLight> content_light;
  std::optional<DolbyVision> dolby_vision;
  friend bool operator==(const Hdr&, const Hdr&) = default;
};

struct Gop {
  std::int64_t length_max = 0;  // frames from one random-access point to the next
  Rational length_mean;
  std::int64_t b_frames_max = 0;  // consecutive B pictures
  bool closed = true;             // no leading picture refers to an earlier GOP
  bool intra_only = false;
  friend bool operator==(const Gop&, const Gop&) = default;
};

struct BitRate {  // bit/s of the payload over the presented duration
  std::int64_t mean = 0;
  Fact<std::int64_t> max_1s;  // largest second, slid packet by packet
  Fact<BitRateMode> mode;     // measured
  friend bool operator==(const BitRate&, const BitRate&) = default;
};

// Half-open run of presented frames of one stream.
struct FrameRun {
  std::int64_t first = 0, end = 0;
  friend bool operator==(const FrameRun&, const FrameRun&) = default;
};

struct VideoFacts {
  Fact<std::int64_t> frame_count;  // presented frames
  int width = 0,
      height = 0;  // as coded for presentation (bitstream cropping applied, clean aperture not)
  Fact<Rational> pixel_aspect, display_aspect;
  Fact<int> rotation;  // degrees clockwise to present upright: 0, 90, 180, 270
  Fact<CleanAperture> clean_aperture;
  Fact<int> afd;              // SMPTE ST 2016-1 code 0..15
  Fact<Rational> frame_rate;  // frames, never fields; unknown when variable without a nominal
  Fact<RateMode> frame_rate_mode;
  std::vector<FrameRun> rate_deviations;  // frames off the grid (variable only)
  Fact<Scan> scan;
  Fact<FieldOrder> field_order;     // absent when progressive
  Fact<std::string> chroma;         // "4:2:0" …, "4:0:0"; "4:4:4" for RGB
  Fact<std::string> chroma_siting;  // "left" | "center" | "topleft" …
  Fact<int> bit_depth;
  Fact<bool> alpha;
  Fact<bool> rgb;  // coded as R'G'B' (or X'Y'Z')
  ColorDescription color;
  Fact<Hdr> hdr;
  Fact<Gop> gop;
  friend bool operator==(const VideoFacts&, const VideoFacts&) = default;
};

struct AudioFacts {
  int channels = 0;
  Fact<std::string> channel_layout;         // "mono", "stereo", "5.1", "5.1(side)" …
  std::vector<std::string> channel_labels;  // "L","R","C","LFE","Ls","Rs" … as the file states
                                            // them; empty = it states none
  int sample_rate = 0;                      // Hz
  Fact<int> bit_depth;                      // of PCM and lossless codecs; absent for lossy ones
  Fact<std::int64_t> sample_count;          // presented samples per channel
  // Samples that the container asks to drop of what the decoder gives, at the beginning of packets
  // and at their end, summed (priming, padding, edit lists); known without decoding.
  Fact<std::int64_t> trimmed_start, trimmed_end;
  Fact<std::string> embedded;  // "dolby_e" | "ac3" | … : SMPTE ST 337 bursts, JSON key "data"
  friend bool operator==(const AudioFacts&, const AudioFacts&) = default;
};

struct StreamFacts {
  int index = 0;
  StreamKind kind = StreamKind::data;
  std::optional<std::string>
      native_id;  // track id, PID, MXF track number … as the container calls it
  std::optional<int> program_id;
  std::string codec;                 // libav's codec name: "prores", "h264", "pcm_s24le"
  Fact<std::string> profile, level;  // "422 HQ", "High 4:2:2 Intra", "Main 10"; "4.1"
  Fact<std::string> codec_tag;       // four-character code, or "0x0000001b"
  Fact<BitRate> bit_rate;
  Fact<std::string> language;  // BCP 47
  Rational time_base{1, 1};    // seconds per tick
  Fact<Rational> start_s,
      duration_s;  // exact; on the asset's timeline (zero = earliest presented instant)
  Fact<Sha256> essence_digest;
  Fact<Sha256> essence_hint;  // of the codec configuration and the first packets; no identity
  std::variant<std::monostate, VideoFacts, AudioFacts> media;
  friend bool operator==(const StreamFacts&, const StreamFacts&) = default;

  [[nodiscard]] const VideoFacts* video() const { return std::get_if<VideoFacts>(&media); }
  [[nodiscard]] const AudioFacts* audio() const { return std::get_if<AudioFacts>(&media); }
  [[nodiscard]] VideoFacts* video() { return std::get_if<VideoFacts>(&media); }
  [[nodiscard]] AudioFacts* audio() { return std::get_if<AudioFacts>(&media); }
};

struct ContainerFacts {
  std::string format;                     // mov|mp4|mxf|matroska|webm|mpegts|mpegps|wav|avi|…
  Fact<std::string> brand;                // major brand, four characters as stored
  Fact<std::string> operational_pattern;  // "OP1a", "OPAtom", …
  Fact<Rational> duration_s;
  Fact<std::int64_t> bit_rate;       // file bytes * 8 / duration
  Fact<bool> fast_start;             // moov before mdat
  Fact<bool> edit_lists;             // any edit list that does more than state the whole media
  Fact<std::string> start_timecode;  // the primary timecode's start
  friend bool operator==(const ContainerFacts&, const ContainerFacts&) = default;
};

enum class TimecodeSource : std::uint8_t {
  material_package,
  file_package,
  system_item,
  tmcd,
  gop,
  sei,
  bext
};

struct TimecodeDiscontinuity {
  std::int64_t frame = 0;  // presented frame at which the label is not the successor
  std::string expected, found;
  friend bool operator==(const TimecodeDiscontinuity&, const TimecodeDiscontinuity&) = default;
};

struct TimecodeFacts {
  TimecodeSource source = TimecodeSource::tmcd;
  std::optional<int> stream;
  Fact<std::string> start;
  Fact<Rational> rate;  // labels a second
  Fact<bool> drop_frame;
  std::vector<TimecodeDiscontinuity> discontinuities;  // first 100
  bool primary = false;
  std::string primary_because;  // why it was chosen, for people; empty unless primary
  friend bool operator==(const TimecodeFacts&, const TimecodeFacts&) = default;
};

enum class Grouping : std::uint8_t { mca, container, sidecar, profile, user, assumed };

struct SoundfieldChannel {
  int stream = 0, channel = 0;  // channel counts from 0 within its stream
  std::string label;            // "L","R","C","LFE","Ls","Rs","M" …
  friend bool operator==(const SoundfieldChannel&, const SoundfieldChannel&) = default;
};

struct Soundfield {
  int id = 1;          // from 1, in file order
  std::string layout;  // "1.0" | "2.0" | "5.1" | "7.1" …
  std::vector<SoundfieldChannel> channels;
  std::optional<std::string> language;  // BCP 47
  std::string role = "main";            // main|me|dx|ad|commentary …
  Grouping grouping = Grouping::assumed;
  friend bool operator==(const Soundfield&, const Soundfield&) = default;
};

struct CaptionService {
  std::string name;  // "CC1", "S1" …
  std::optional<std::string> language;
  Fact<std::int64_t> cues;  // unknown until captions are decoded
  Fact<Rational> first_s, last_s;
  friend bool operator==(const CaptionService&, const CaptionService&) = default;
};

struct CaptionFacts {
  std::string carriage;  // a53|c608|c708|st436|stream|sidecar
  std::optional<int> stream;
  std::optional<std::string> path;
  std::vector<std::string> standards;
  std::vector<CaptionService> services;
  friend bool operator==(const CaptionFacts&, const CaptionFacts&) = default;
};

struct ConflictVoice {
  std::string by;  // container|bitstream|sidecar|…
  std::string value;
  friend bool operator==(const ConflictVoice&, const ConflictVoice&) = default;
};

struct Conflict {
  std::string field;  // "streams[0].field_order"
  std::vector<ConflictVoice> values;
  friend bool operator==(const Conflict&, const Conflict&) = default;
};

// A defect of the bytes seen while reading or decoding (house.md 6.7).
struct Damage {
  int stream = -1;  // -1: the container itself
  std::optional<std::int64_t>
      frame;  // decoded frame (video) or sample (audio) in presentation order
  std::string message;
  friend bool operator==(const Damage&, const Damage&) = default;
};

struct DecodeFacts {
  std::int64_t frames = 0;  // decoded video frames, all streams
  std::int64_t damaged_frames = 0;
  std::vector<Damage> errors;  // the first of each stream; `errors_total` counts all
  std::int64_t errors_total = 0;
  std::string decoder;  // "libavcodec 59.37.100", CPU class for float decoders
  friend bool operator==(const DecodeFacts&, const DecodeFacts&) = default;
};

enum class Status : std::uint8_t {
  measured,
  partial,
  unreadable,
  not_media,
  refused,
  crashed,
  timed_out,
  out_of_memory,
  cancelled
};

struct AssetFacts {
  Depth depth = Depth::header;  // what was asked for; what it cannot know is unknown
  std::uint64_t bytes = 0;
  Fact<Sha256> content_id;
  std::map<std::string, std::string> digests;  // "md5": hex, when asked
  ContainerFacts container;
  std::vector<TimecodeFacts> timecodes;
  std::vector<StreamFacts> streams;
  std::vector<Soundfield> soundfields;
  std::vector<CaptionFacts> captions;
  std::vector<Conflict> conflicts;
  std::optional<DecodeFacts> decode;     // absent unless depth is decode
  std::vector<Damage> container_damage;  // truncation, checksum, structure: seen at any depth
  friend bool operator==(const AssetFacts&, const AssetFacts&) = default;
};

[[nodiscard]] std::string_view to_string(Depth);
[[nodiscard]] std::string_view to_string(StreamKind);
[[nodiscard]] std::string_view to_string(Scan);
[[nodiscard]] std::string_view to_string(FieldOrder);
[[nodiscard]] std::string_view to_string(RateMode);
[[nodiscard]] std::string_view to_string(BitRateMode);
[[nodiscard]] std::string_view to_string(TimecodeSource);
[[nodiscard]] std::string_view to_string(Grouping);
[[nodiscard]] std::string_view to_string(Status);

// The JSON of the contract (one object, UTF-8). `facts_from_json` validates untrusted text: unknown
// keys, wrong types, absurd sizes (over 4,096 streams, 1e6 list entries) are errors.
[[nodiscard]] std::string to_json(const AssetFacts& facts);
[[nodiscard]] Expected<AssetFacts> facts_from_json(std::string_view json);

}  // namespace cleangate::probes
