// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/audio_block.h"
#include "probes/bitstream/dts_sync.h"
#include "probes/bitstream/st337.h"

namespace cleangate::probes {

// Looks in the samples of a stream for what is no sound: SMPTE ST 337 bursts and bare DTS. The
// samples are integers of 16 bits or more, as the stream stores them or as a lossless decoder gives
// them back.
class PcmScanner {
 public:
  // More than 64 channels, or none, are not looked at.
  explicit PcmScanner(int channels);

  [[nodiscard]] bool looks() const { return !frame_.empty(); }
  // The place for one sample of every channel, left-aligned in 24 bits; scan() looks at it.
  [[nodiscard]] std::span<std::uint32_t> frame() { return frame_; }
  void scan();
  // Decoded samples; those of 8 bits, of floating point or of another count of channels are passed
  // over.
  void add(const AudioBlock& block);

  [[nodiscard]] std::optional<std::string> found() const;  // "dolby_e", "ac3", "dts" …

 private:
  St337Detector bursts_;
  DtsDetector dts_;
  std::vector<std::uint32_t> frame_;
};

}  // namespace cleangate::probes
