// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "pipeline/pass/decoded_piece.h"

namespace cleangate::pass {

// Gathers what the decoding of one video stream gives into pieces from cut to cut, and hands each
// to the memory when it is complete: when a frame of a later piece has been settled, in the
// decoder's order. What does not come in that order ends the gathering: nothing is guessed.
class DecodeKeeper {
 public:
  // Begins at `begin`: what comes of packets before it is known already. `claims`: the decoder's.
  DecodeKeeper(DecodeMemory& memory, int stream, const Sha256& basis, Cut begin,
               std::function<probes::VideoClaims()> claims);

  // Decoding could begin anew here. Growing; before any frame of it is settled.
  void cut(Cut cut);
  // Nowhere from here on.
  void no_more_cuts();
  // What was said while packets were decoded; before their frames.
  void errors(const std::vector<av::DecodeError>& errors);
  // A frame whose row is written, with its rows; `row` is the number of rows before it.
  void frame(const FrameRecord& frame, std::int64_t row);

 private:
  [[nodiscard]] bool before_begin(std::int64_t packet) const;
  [[nodiscard]] bool before(const Cut& cut, std::int64_t packet) const;
  void emit(const Cut& end);
  void stop();

  DecodeMemory& memory_;
  const int stream_;
  const Sha256 basis_;
  const Cut origin_;
  const std::function<probes::VideoClaims()> claims_;
  std::mutex mutex_;
  DecodedPiece piece_;     // being gathered; its errors are those of all packets from its first on
  std::deque<Cut> cuts_;   // ahead
  std::size_t bytes_ = 0;  // of the piece's rows
  bool stopped_ = false, cutting_ = true, numbered_ = false;
};

}  // namespace cleangate::pass
