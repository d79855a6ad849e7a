// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probes/facts.h"

// What one voice (the container, the bitstream, a sidecar) says of one stream. An empty member says
// nothing; "unspecified" is no statement. Facts are assembled from the voices
// (probes/facts/assemble.h): where two speak and differ, a Conflict keeps both.
namespace cleangate::probes {

struct VideoClaims {
  std::optional<std::string> codec, profile, level, codec_tag;
  std::optional<int> width, height;
  std::optional<Rational> pixel_aspect;
  std::optional<Rational> frame_rate;  // nominal, as stated; the packet index decides
  std::optional<Scan> scan;
  std::optional<FieldOrder> field_order;
  std::optional<std::string> chroma, chroma_siting;
  std::optional<int> bit_depth;
  std::optional<bool> alpha, rgb;
  ColorDescription color;
  std::optional<int> rotation;
  std::optional<CleanAperture> clean_aperture;
  std::optional<int> afd;
  std::optional<MasteringDisplay> mastering;
  std::optional<ContentLight> content_light;
  std::optional<DolbyVision> dolby_vision;
  bool hdr10plus = false;  // ST 2094-40 metadata seen
  friend bool operator==(const VideoClaims&, const VideoClaims&) = default;
};

struct AudioClaims {
  std::optional<std::string> codec, profile, codec_tag;
  std::optional<int> channels, sample_rate, bit_depth;
  std::optional<std::string> channel_layout;
  std::vector<std::string> channel_labels;
  friend bool operator==(const AudioClaims&, const AudioClaims&) = default;
};

}  // namespace cleangate::probes
