// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "pipeline/media/av/demuxer.h"
#include "pipeline/pass/audio_lane.h"
#include "pipeline/pass/essence_digest.h"
#include "pipeline/pass/frame_times.h"
#include "pipeline/pass/video_lane.h"
#include "probes/bitstream/packet_index.h"
#include "probes/facts/assemble.h"

namespace cleangate::pass {

// Everything that happens to one stream in the pass: packet probe, packet index, essence digest,
// and, at depth decode, decoding.
class StreamLane {
 public:
  StreamLane(Flow& flow, SinkGate& gate, const av::StreamInfo& stream,
             const probes::MeasureRequest& request, const PassTuning& tuning);

  void packet(const av::Packet& packet, double share_of_file);
  void finish();  // no more packets
  void close();   // after the flow has finished

  // After close() everything; before, what the tables and the configuration tell.
  [[nodiscard]] probes::StreamObservation observe();
  // Adds this stream's part: its first `most` errors, and all of them to the total.
  void add_decode(probes::DecodeFacts& facts, std::size_t most) const;
  [[nodiscard]] std::vector<probes::Damage> packet_damage() const { return probe_->damage(); }
  // Enough has been seen for the essence hint.
  [[nodiscard]] bool hinted() const { return essence_.suffice_for_hint(packets_, payload_bytes_); }
  [[nodiscard]] probes::StreamKind kind() const { return stream_.kind; }
  // The time reached, for progress.
  [[nodiscard]] double seconds() const { return seconds_; }

 private:
  [[nodiscard]] std::int64_t bare_duration(std::int64_t guessed) const;
  [[nodiscard]] PacketNote note_of(const PacketView& view, const probes::PacketClass& kind) const;
  void digest(const av::Packet& packet);
  void post_digest();

  Flow& flow_;
  const av::StreamInfo& stream_;
  const probes::Depth depth_;
  std::unique_ptr<probes::StreamProbe> probe_;
  probes::PacketIndex index_;
  const bool hints_;
  std::int64_t packets_ = 0;
  std::uint64_t payload_bytes_ = 0;
  EssenceDigest essence_;
  Strand essence_strand_;
  std::shared_ptr<std::vector<av::Packet>> undigested_;
  std::uint64_t undigested_bytes_ = 0;
  SinkGate& gate_;
  std::unique_ptr<FrameTimes> times_;
  std::unique_ptr<VideoLane> video_;
  std::unique_ptr<AudioLane> audio_;
  av::Packet::Trim trimmed_;
  double seconds_ = 0;
  bool closed_ = false;
};

}  // namespace cleangate::pass
