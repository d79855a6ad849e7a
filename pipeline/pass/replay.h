// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "pipeline/pass/decoded_piece.h"
#include "pipeline/pass/video_job.h"

namespace cleangate::pass {

// What an earlier pass remembered of decoding one video stream, handed over in its place. All
// pieces but the last stand for their packets; the last, the seam, is decoded again: it must come
// out as it is remembered, and gives the picture that the first new frame is compared with.
//
// Throws std::runtime_error when what is remembered does not fit the stream: the pass fails, and
// is to be run without a memory.
class Replay {
 public:
  // Null where nothing of this stream on this basis is worth going on from.
  [[nodiscard]] static std::unique_ptr<Replay> open(
      DecodeMemory& memory, const av::StreamInfo& stream,
      const std::vector<const probes::PictureAnalyzer*>& analyzers);

  [[nodiscard]] const Cut& resume() const { return seam_.begin; }
  [[nodiscard]] PieceHead head() const { return seam_.head(stream_); }
  [[nodiscard]] const probes::VideoClaims& claims() const { return seam_.claims; }

  // Once the packet `ordinal` is expected: the next piece, when all of its packets have been.
  [[nodiscard]] std::optional<JobOutcome> due(std::int64_t ordinal);
  [[nodiscard]] bool handed_all() const { return next_ + 1 == chain_.size(); }

  // What was decoded, in order; with what is remembered in the place of what belongs to the seam.
  [[nodiscard]] JobOutcome join(JobOutcome decoded);
  // No more will be decoded: the seam, if it has not been given.
  [[nodiscard]] JobOutcome rest();

 private:
  struct Link {
    PieceHead head;
    std::size_t index = 0;  // in the memory
  };
  Replay(DecodeMemory& memory, const av::StreamInfo& stream,
         const std::vector<const probes::PictureAnalyzer*>& analyzers);
  [[nodiscard]] std::optional<DecodedPiece> load(const Link& link) const;
  [[nodiscard]] bool choose_seam();
  void compare(FrameRecord& decoded);
  [[nodiscard]] bool same_rows(const FrameRecord& a, const FrameRecord& b) const;
  void give_seam(JobOutcome& into);

  DecodeMemory& memory_;
  const int stream_;
  const Sha256 basis_;
  const std::vector<const probes::PictureAnalyzer*>& analyzers_;
  std::vector<Link> chain_;
  std::size_t next_ = 0;  // of the chain, to be handed over
  std::optional<DecodedPiece> loaded_;
  std::vector<std::int64_t> leading_;  // behind the end of the piece before loaded_

  DecodedPiece seam_;
  std::map<std::int64_t, std::size_t> remembered_;  // packets of the seam's frames
  std::set<std::int64_t> seen_;                     // of them
  std::shared_ptr<const av::Picture> picture_;      // of the last that was decoded
  std::int64_t pictured_ = 0;
  bool given_ = false;
};

}  // namespace cleangate::pass
