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
//
// A frame is a packet that is neither hidden, nor a second field, nor marked `discard`. Where no
// frame has a pts (AVI), or only some have, the times are those of the dts: the frames are shown in
// the same steps; `missing_pts` tells.
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
    std::optional<std::int64_t> decoding_ticks;  // from the first dts to the last
    // Sound: that the last packet is stated to last, and no more than any other lasts.
    std::int64_t last_ticks = 0;
    bool backward_dts = false, missing_pts = false;
    // The first packet, counted from 0, that is decoded a second or more before the one before it.
    std::optional<std::int64_t> restart;
    // Sound: times at which most of a packet or more is missing between two that follow each other,
    // in ticks, all together, and where the first of them begins; not between the first two
    // packets. Clocks that jitter have them too.
    std::int64_t gap_ticks = 0;
    std::optional<std::int64_t> first_gap;
    // Sound: packets that begin no later than the one before them, and are marked to be dropped for
    // it (fragments of MP4 whose samples last no time).
    std::int64_t dropped = 0;
  };
  // `nominal` (container or bitstream) breaks ties between grids that fit equally well.
  [[nodiscard]] Timing timing(std::optional<Window> presented,
                              std::optional<Rational> nominal) const;
  // Lengths run from one closed or open access point to the next, the last one to the end; gradual
  // refresh is no access point. Open means that an access point really has leading pictures (by
  // pts, or, without pts, a B picture right after it). Unknown when no packet was classified.
  [[nodiscard]] Fact<Gop> gop() const;
  // Over all packets. `max_1s` slides by dts (pts where there is none), the bits of a packet
  // flowing evenly until the next one; it is unknown under one second. The mode is constant when
  // every full second lies within 10 % of the mean; unknown under two seconds.
  [[nodiscard]] Fact<BitRate> bit_rate() const;
  [[nodiscard]] std::int64_t packet_count() const {
    return static_cast<std::int64_t>(packets_.size());
  }
  [[nodiscard]] std::int64_t payload_bytes() const { return payload_bytes_; }

 private:
  struct Packet {
    std::int64_t pts, dts;  // kNone where the container says nothing
    std::uint32_t size;
    char picture;
    std::uint8_t flags;  // RandomAccess in the two lowest bits, then kNoFrame and kDiscard
  };
  static_assert(sizeof(Packet) <= 24);
  struct Extent {
    std::int64_t first = 0, end = 0;
  };
  struct Curve;
  void note_gap(const PacketView& packet, const std::optional<Rational>& own);
  [[nodiscard]] std::int64_t sound_length(const PacketView& packet,
                                          const std::optional<Rational>& own) const;
  [[nodiscard]] Curve cumulative(std::int64_t first, std::int64_t ticks) const;
  [[nodiscard]] std::vector<std::int64_t> frame_times(bool& missing) const;
  [[nodiscard]] std::vector<std::int64_t> shown_behind() const;
  [[nodiscard]] std::optional<Extent> extent() const;
  [[nodiscard]] std::int64_t longest_b_run() const;

  StreamKind kind_;
  Rational time_base_;
  std::vector<Packet> packets_;
  std::int64_t payload_bytes_ = 0;
  std::optional<std::int64_t> last_pts_;  // greatest time seen, and the duration of its packet
  std::int64_t last_duration_ = 0;
  std::optional<std::int64_t> last_dts_;
  std::optional<std::int64_t> sound_pts_, sound_end_;  // of the packet before
  std::optional<std::int64_t> least_step_;             // from one of them to the next
  std::int64_t gap_ticks_ = 0;
  std::optional<std::int64_t> first_gap_;
  std::int64_t dropped_ = 0;
  bool backward_dts_ = false;
  std::optional<std::int64_t> restart_;
};

}  // namespace cleangate::probes
