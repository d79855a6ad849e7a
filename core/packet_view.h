// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/rational.h"

namespace cleangate {

// One packet of one stream in file (decode) order, borrowed for one turn of the loop.
struct PacketView {
  int stream = 0;
  std::optional<std::int64_t>
      pts;  // ticks of the stream's time base; empty = the container says nothing
  std::optional<std::int64_t> dts;
  std::int64_t duration = 0;             // ticks; 0 = unknown
  std::optional<std::int64_t> position;  // byte offset in the file, where the demuxer tells it
  bool key = false;
  bool corrupt = false;  // the demuxer flagged it
  bool discard = false;  // decode, never present (edit lists)
  std::span<const std::byte>
      bytes;  // payload as stored (MP4: length-prefixed NAL units; TS, MXF: Annex B)
  std::span<const std::byte> a53;  // closed captions the demuxer passed as side data, if any
};

}  // namespace cleangate
