// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "probes/facts.h"

namespace cleangate::probes {

// What to find out about one asset.
struct MeasureRequest {
  Depth depth = Depth::decode;
  std::vector<std::string> rows;  // row names wanted; empty = every row there is
  std::vector<std::string>
      digests;      // besides SHA-256: "md5", "sha1", "xxh64", "xxh3_64", "xxh3_128", "c4"
  int threads = 1;  // the one budget: TBB and libav share it
  std::uint64_t memory_bytes = 768ull << 20;  // in-flight packets, frames and rows
  friend bool operator==(const MeasureRequest&, const MeasureRequest&) = default;
};

}  // namespace cleangate::probes
