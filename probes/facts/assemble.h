// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "probes/bitstream/packet_index.h"
#include "probes/bitstream/stream_probe.h"
#include "probes/claims.h"
#include "probes/container/container.h"
#include "probes/facts.h"

namespace cleangate::probes {

// Everything a pass has learnt about one stream, by voice.
struct StreamObservation {
  int index = 0;
  StreamKind kind = StreamKind::data;
  std::optional<std::int64_t> native_id;
  std::optional<int> program_id;
  std::string codec;
  std::uint32_t codec_tag = 0;
  Rational time_base{1, 1};
  std::optional<std::string> language;  // as the demuxer passes it (ISO 639-2 or BCP 47)
  std::optional<std::int64_t> start_ticks, duration_ticks;  // as the container's tables say
  VideoClaims demuxer_video;  // what libav's demuxer took from the container
  AudioClaims demuxer_audio;
  VideoClaims bitstream_video;  // StreamProbe
  AudioClaims bitstream_audio;
  VideoClaims
      decoder_video;  // what the decoder reported; fills gaps, never contradicts the bitstream
  AudioClaims decoder_audio;
  std::optional<PacketIndex::Timing> timing;  // depth packets and deeper
  Fact<Gop> gop;
  Fact<BitRate> bit_rate;
  std::vector<TimecodeFacts> timecodes;
  std::vector<CaptionFacts> captions;
  std::optional<std::string> embedded_audio;
  bool embedded_looked_for = false;
  // Every form in turn, the first included: the decoder's where it ran, else the headers'.
  std::vector<PictureFormat> picture_formats;
  std::vector<SoundFormat> sound_formats;
  std::optional<std::int64_t> decoded_frames;  // presented, depth decode
  std::optional<std::int64_t> decoded_samples;
  // Decoded, and dropped as the container asks (priming, padding): at the beginning of packets, at
  // their end. Empty where packets were not read.
  std::optional<std::int64_t> trimmed_start, trimmed_end;
  std::optional<Sha256> essence_digest, essence_hint;
};

struct AssetObservation {
  Depth depth = Depth::header;
  std::uint64_t bytes = 0;
  std::optional<Sha256> content_id;
  std::map<std::string, std::string> digests;
  std::string demuxer_format;  // libav's short name list: "mov,mp4,m4a,3gp,3g2,mj2"
  std::optional<Rational> demuxer_duration_s;
  ContainerFindings container;
  std::vector<StreamObservation> streams;
  std::vector<Damage> damage;  // seen while demuxing
  std::optional<DecodeFacts> decode;
};

// Joins the voices: the packet index decides rates and counts, the bitstream outranks the container
// where both describe the pixels, the container where it describes presentation (aspect, clean
// aperture, rotation, edit list); every disagreement is kept as a Conflict.
[[nodiscard]] AssetFacts assemble(const AssetObservation& observation);

// Soundfields by the rules of docs/soundfields.md; called by assemble, public for `--soundfields`
// and tests.
[[nodiscard]] std::vector<Soundfield> group_soundfields(
    const std::vector<StreamFacts>& streams, const std::vector<std::pair<int, McaGroup>>& mca);

}  // namespace cleangate::probes
