// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probes/bitstream/stream_probe.h"

namespace cleangate::probes {

// A probe that claims nothing until a derived one fills in what it has read.
class BasicProbe : public StreamProbe {
 public:
  PacketClass observe(const PacketView&) override { return {}; }
  void finish() override {}
  [[nodiscard]] VideoClaims video() const override { return video_; }
  [[nodiscard]] AudioClaims audio() const override { return audio_; }
  [[nodiscard]] std::vector<TimecodeFacts> timecodes() const override { return {}; }
  [[nodiscard]] std::vector<CaptionFacts> captions() const override { return {}; }
  [[nodiscard]] std::optional<std::string> embedded_audio() const override { return {}; }
  [[nodiscard]] std::vector<Damage> damage() const override { return {}; }

 protected:
  VideoClaims video_;
  AudioClaims audio_;
};

}  // namespace cleangate::probes
