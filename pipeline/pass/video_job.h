// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "pipeline/media/av/decoder.h"
#include "pipeline/pass/picture_meter.h"

namespace cleangate::pass {

// One packet of a job. Frames of packets that are not owned are decoded for others' sake only.
struct JobPacket {
  av::Packet packet;
  std::int64_t ordinal = 0;
  bool owned = true;
  bool expects_frame = false;
  bool new_sequence = false;  // what the decoder still holds comes out first
};
using JobPackets = std::vector<JobPacket>;

struct JobOutcome {
  std::vector<FrameRecord> frames;
  std::vector<av::DecodeError> errors;
  std::uint64_t reserved = 0;  // bytes of the flow, for the pictures that `frames` hold
};

// Decoders and sweeps of one stream, reused by whichever thread needs one next.
class JobBench {
 public:
  JobBench(const av::StreamInfo& stream, std::vector<const probes::PictureAnalyzer*> analyzers,
           const PassTuning& tuning);
  // Opens the first decoder: what fails, fails here.
  [[nodiscard]] Expected<void> prepare();
  // Decodes `packets` from their first, a random-access point. Where frames are missing or
  // damaged and there is a predecessor, tries again from the predecessor's start: what only looked
  // like a random-access point costs time, not frames. `surprised` tells that this gained any.
  [[nodiscard]] JobOutcome run(const JobPackets& packets, const JobPackets* predecessor,
                               bool& surprised);
  // Of a picture that was not decoded by a job.
  [[nodiscard]] FrameRecord measure(const av::Picture& picture, const av::Picture* previous);
  // The seam of two jobs: `record` begins what was decoded together, `previous` ends what was
  // before it.
  void join(FrameRecord& record, const av::Picture& previous);
  [[nodiscard]] bool compares() const { return compares_; }
  [[nodiscard]] const std::vector<const probes::PictureAnalyzer*>& analyzers() const {
    return analyzers_;
  }
  [[nodiscard]] probes::VideoClaims claims() const;
  void keep_claims(const probes::VideoClaims& claims);

 private:
  struct Tools {
    std::unique_ptr<av::VideoDecoder> decoder;
    std::unique_ptr<PictureMeter> meter;
  };
  [[nodiscard]] Tools borrow(bool with_decoder);
  void give_back(Tools tools);
  [[nodiscard]] JobOutcome decode(Tools& tools, const JobPackets* predecessor,
                                  const JobPackets& packets);

  const av::StreamInfo& stream_;
  const std::vector<const probes::PictureAnalyzer*> analyzers_;
  const PassTuning& tuning_;
  const bool compares_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<av::VideoDecoder>> decoders_;
  std::vector<std::unique_ptr<PictureMeter>> meters_;
  probes::VideoClaims claims_;
};

}  // namespace cleangate::pass
