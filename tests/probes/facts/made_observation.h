// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "probes/facts/assemble.h"

// What a file with one picture or sound stream, or several, would be seen as.
namespace cleangate::probes {

inline StreamObservation video(int index = 0) {
  StreamObservation seen;
  seen.index = index;
  seen.kind = StreamKind::video;
  seen.native_id = index + 1;
  seen.codec = "h264";
  seen.codec_tag = 0x31637661;  // avc1
  seen.time_base = Rational(1, 25);
  seen.bitstream_video.width = 1920;
  seen.bitstream_video.height = 1080;
  return seen;
}

inline StreamObservation audio(int index = 1) {
  StreamObservation seen;
  seen.index = index;
  seen.kind = StreamKind::audio;
  seen.native_id = index + 1;
  seen.codec = "pcm_s24le";
  seen.time_base = Rational(1, 48000);
  seen.demuxer_audio.channels = 2;
  seen.demuxer_audio.sample_rate = 48000;
  return seen;
}

inline AssetObservation asset(std::vector<StreamObservation> streams,
                              Depth depth = Depth::packets) {
  AssetObservation seen;
  seen.depth = depth;
  seen.bytes = 1'000'000;
  seen.demuxer_format = "mov,mp4,m4a,3gp,3g2,mj2";
  seen.streams = std::move(streams);
  return seen;
}

}  // namespace cleangate::probes
