// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/rational.h"
#include "probes/claims.h"
#include "probes/facts.h"

namespace cleangate::av {

struct CodecSetup;  // what a decoder needs; libav's

// One stream as the demuxer's tables tell, before any decoding.
struct StreamInfo {
  int index = 0;
  probes::StreamKind kind = probes::StreamKind::data;
  std::optional<std::int64_t> native_id;
  std::optional<int> program_id;
  std::string codec;            // libav's name; "none" when unknown
  std::uint32_t codec_tag = 0;  // as stored, little-endian FourCC
  Rational time_base{1, 1};
  std::optional<std::string> language;
  std::optional<std::int64_t> start_ticks, duration_ticks;
  probes::VideoClaims video;
  probes::AudioClaims audio;
  std::vector<std::byte> configuration;  // codec configuration record
  int bits_per_sample = 0;               // PCM
  int width = 0, height = 0;             // 0 = not known yet
  bool intra_only = false;               // every packet of this codec is one whole picture
  bool pcm = false;                      // samples as they are
  // A bare stream: its container states no times and no rate, libav makes them up (25 frames/s).
  bool bare = false;
  std::string undecodable;  // why it cannot be decoded here, one sentence; empty = it can
  std::shared_ptr<const CodecSetup> setup;
};

}  // namespace cleangate::av
