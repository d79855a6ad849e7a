// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "pipeline/pass/decode_memory.h"

namespace cleangate::worker {

using pass::PieceHead;

// What the parent does with the pieces of decoding that a worker hands over (pass/decode_memory.h),
// so that a worker after it can go on. Called from the thread that measures.
class Checkpoints {
 public:
  virtual ~Checkpoints() = default;
  // A read-only descriptor of what was kept for this file before, -1: nothing. A log of blocks
  // (core/block_log.h): the first is the keeper's own, each other one a `block` as it was given.
  [[nodiscard]] virtual int earlier() const = 0;
  virtual void keep(std::span<const std::byte> block) = 0;
  // The worker takes up what was kept: a stream is decoded from here on.
  virtual void goes_on(const PieceHead& head) = 0;
};

}  // namespace cleangate::worker
