// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>

#include "core/video_frame.h"
#include "pipeline/pass/decode_memory.h"
#include "pipeline/pass/pass.h"
#include "probes/picture/picture_analyzers.h"

// Private to the pass and its tests: what the pass otherwise decides by itself.
namespace cleangate::pass {

enum class DecodeMode : std::uint8_t { automatic, jobs, linear };

struct PassTuning {
  DecodeMode mode = DecodeMode::automatic;
  int frames_per_job = 0;  // 0: by codec
  int linear_threads = 0;  // libav's, in linear mode; 0: one more than the pass has
  std::span<const probes::PictureAnalyzer> analyzers = probes::picture_analyzers();
  DecodeMemory* memory = nullptr;  // null: nothing is remembered
  // Sees every decoded frame that is appended, on any thread, with its stream and the ordinal of
  // its packet.
  std::function<void(int stream, std::int64_t packet, const VideoFrame&)> inspect;
  // Hears how a video stream was decoded, once it is done.
  struct Way {
    int stream = 0;
    std::int64_t jobs = 0;
    bool linear = false;       // at the end
    bool surprised = false;    // a job had to go back to its predecessor
    std::int64_t resumed = 0;  // the packet decoding began at
  };
  std::function<void(const Way&)> way;
};

[[nodiscard]] Expected<void> measure_tuned(ByteSource& source,
                                           const probes::MeasureRequest& request,
                                           probes::MeasurementSink& sink, std::stop_token stop,
                                           const PassTuning& tuning);

}  // namespace cleangate::pass
