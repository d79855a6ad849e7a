// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "probes/sink.h"

namespace cleangate::test {

// Keeps everything it is given.
class RecordingSink final : public probes::MeasurementSink {
 public:
  void header(const probes::AssetFacts& facts) override {
    header_facts = facts;
    if (on_header) on_header(facts);
  }
  void rows(const probes::SeriesId& id, std::span<const std::byte> rows) override {
    auto& kept = series[id];
    kept.insert(kept.end(), rows.begin(), rows.end());
  }
  void progress(const probes::Progress& progress) override { last_progress = progress; }
  void facts(const probes::AssetFacts& facts) override { final_facts = facts; }

  std::function<void(const probes::AssetFacts&)> on_header;
  std::optional<probes::AssetFacts> header_facts, final_facts;
  std::map<probes::SeriesId, std::vector<std::byte>> series;
  std::optional<probes::Progress> last_progress;
};

// What a small asset with one picture stream (0) and one stereo stream (1) is.
inline probes::AssetFacts two_stream_facts(std::uint64_t bytes) {
  probes::AssetFacts facts;
  facts.depth = probes::Depth::decode;
  facts.bytes = bytes;
  facts.container.format = "mov";
  facts.streams.resize(2);
  facts.streams[0].index = 0;
  facts.streams[0].kind = probes::StreamKind::video;
  facts.streams[0].codec = "prores";
  probes::VideoFacts video;
  video.width = 1920;
  video.height = 1080;
  facts.streams[0].media = video;
  facts.streams[1].index = 1;
  facts.streams[1].kind = probes::StreamKind::audio;
  facts.streams[1].codec = "pcm_s24le";
  probes::AudioFacts audio;
  audio.channels = 2;
  audio.sample_rate = 48'000;
  facts.streams[1].media = audio;
  return facts;
}

}  // namespace cleangate::test
