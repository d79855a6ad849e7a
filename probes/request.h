// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "probes/facts.h"

namespace cleangate::probes {

// What to find out about one asset.
// In `rows` at Depth::packets: series "video.frame_time" with these parameters, one row a frame as
// the packets have it, without what only a decoder tells (geometry is 0, flags of scan and damage
// are clear); none where a frame has no time of its own.
inline constexpr const char* kPacketTimes = "packets";

struct MeasureRequest {
  Depth depth = Depth::decode;
  // At Depth::header: reads on until the first video stream (or, without one, the first of sound)
  // has its StreamFacts::essence_hint.
  bool essence_hints = false;
  std::vector<std::string> rows;  // row names wanted; empty = every row there is
  std::vector<std::string>
      digests;      // besides SHA-256: "md5", "sha1", "xxh64", "xxh3_64", "xxh3_128", "c4"
  int threads = 1;  // the one budget: TBB and libav share it
  std::uint64_t memory_bytes = 768ull << 20;  // in-flight packets, frames and rows
  friend bool operator==(const MeasureRequest&, const MeasureRequest&) = default;
};

}  // namespace cleangate::probes
