// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/media/av/decoder.h"
#include "pipeline/pass/flac_check.h"
#include "pipeline/pass/flow.h"
#include "pipeline/pass/sink_gate.h"
#include "probes/audio/sound_analyzer.h"
#include "probes/bitstream/format_track.h"
#include "probes/bitstream/pcm_scanner.h"

namespace cleangate::pass {

// One audio stream, decoded and measured in order on a strand of its own, beside the others. When
// channel count or sample rate change midway the series end there, with a damage entry: samples of
// another soundfield are not theirs.
class AudioLane : private av::AudioDecoder::Sink {
 public:
  AudioLane(Flow& flow, SinkGate& gate, const av::StreamInfo& stream);

  void packet(const av::Packet& packet);
  void finish();  // no more packets

  // Once the flow has finished.
  [[nodiscard]] std::optional<std::int64_t> samples() const;  // presented, per channel
  [[nodiscard]] const std::vector<probes::Damage>& errors() const { return errors_; }
  [[nodiscard]] std::int64_t errors_total() const { return errors_total_; }
  // The first form, and the one that ended the measurement.
  [[nodiscard]] const std::vector<probes::SoundFormat>& formats() const {
    return formats_.formats();
  }
  [[nodiscard]] const probes::AudioClaims& claims() const { return claims_; }
  // Data where sound should be, in the samples of lossless codecs. What PCM holds, its packets
  // tell.
  [[nodiscard]] std::optional<std::string> embedded() const {
    return scanner_ ? scanner_->found() : std::nullopt;
  }

 private:
  using Batch = std::vector<av::Packet>;
  void post();
  void work(const Batch& batch, bool last);
  void block(const AudioBlock& block) override;
  void decode(const av::Packet& packet);
  void conceal(const av::Packet& packet);
  enum class Blank { silence, damage };
  void fill(std::int64_t ticks, Blank what);
  void place(const AudioBlock& block);
  void hand_rows();
  void report(std::string text);

  Flow& flow_;
  SinkGate& gate_;
  const av::StreamInfo& stream_;
  const bool wants_energy_, wants_peak_;
  Strand strand_;
  std::shared_ptr<Batch> open_;
  std::uint64_t open_bytes_ = 0;

  std::unique_ptr<av::AudioDecoder> decoder_;
  std::unique_ptr<probes::SoundAnalyzer> analyzer_;
  std::unique_ptr<FlacCheck> flac_;
  std::unique_ptr<probes::PcmScanner> scanner_;
  probes::AudioClaims claims_;
  bool begun_ = false, closed_ = false;
  int channels_ = 0, rate_ = 0;
  std::int64_t ordinal_ = 0;
  std::int64_t samples_ = 0, blocks_ = 0;
  std::int64_t lost_ticks_ = 0;  // of packets without samples, not yet filled
  probes::SoundFormatTrack formats_;
  std::vector<probes::Damage> errors_;
  std::int64_t errors_total_ = 0;
};

}  // namespace cleangate::pass
