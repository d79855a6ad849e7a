// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/packet_view.h"
#include "probes/bitstream/stream_probe.h"
#include "probes/facts.h"

namespace cleangate::probes {

// What the packets of one stream say about time, GOPs and rate. A by-product of the one pass;
// memory per packet at most 24 bytes.
class PacketIndex {
 public:
  PacketIndex(StreamKind kind, Rational time_base);
  void add(const PacketView& packet, const PacketClass& classified);

  // `presented` is the edit list's window in ticks (half-open), where there is one.
  struct Window {
    std::int64_t start = 0, end = 0;
  };
  struct Timing {
    Fact<std::int64_t> frame_count;
    Fact<Rational> frame_rate;  // contract: constant when every time lies within one tick of an
                                // exact rational grid
    Fact<RateMode> mode;
    std::vector<FrameRun> deviations;
    std::optional<std::int64_t> first_pts,
        end_pts;  // ticks; end = last pts + its duration (the grid's step when unstated)
    bool backward_dts = false, missing_pts = false;
  };
  // `nominal` (container or bitstream) breaks ties between grids that fit equally well.
  [[nodiscard]] Timing timing(std::optional<Window> presented,
                              std::optional<Rational> nominal) const;
  [[nodiscard]] Fact<Gop> gop() const;
  [[nodiscard]] Fact<BitRate> bit_rate() const;
  [[nodiscard]] std::int64_t packet_count() const;
  [[nodiscard]] std::int64_t payload_bytes() const;
};

}  // namespace cleangate::probes
