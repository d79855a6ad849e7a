// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "pipeline/media/av/decoder.h"
#include "pipeline/pass/format_join.h"
#include "pipeline/pass/sink_gate.h"
#include "probes/bitstream/stream_probe.h"
#include "probes/picture/frame_time_row.h"
#include "probes/picture/picture_analyzers.h"

namespace cleangate::pass {

// What the demuxer and the packet probe say of one packet of a video stream.
struct PacketNote {
  std::optional<std::int64_t> pts, dts;
  std::int64_t duration = 0;
  probes::RandomAccess access = probes::RandomAccess::none;
  bool expects_frame = false;  // a frame of its own must come out of it
  bool unknown = false;        // may or may not give one: it is missed only when decoding it failed
  bool second_field = false;
  bool key = false, discard = false, corrupt = false, encrypted = false;
  bool referenced = true;         // later pictures may be predicted from it
  bool lacks_references = false;  // PacketClass
  bool damaged = false;           // PacketClass
  bool changes_sets = false, restates_sets = false, new_sequence = false;  // PacketClass
  std::shared_ptr<const probes::PictureFormat> format = nullptr;           // PacketClass
};

// One decoded frame, measured.
struct FrameRecord {
  std::int64_t packet = 0;  // ordinal in its stream
  std::uint32_t geometry = 0;
  probes::PictureFormat format;  // as decoded; width 0: not known
  bool damaged = false, interlaced = false, top_field_first = false, repeat_field = false;
  std::vector<std::byte> rows;  // of each wanted analyzer, one after the other
  std::string unmeasured;       // why its picture rows say nothing; empty: they do
  // Rows that tell of two frames compare it with the frame of this packet; none: with no frame.
  static constexpr std::int64_t kAlone = -1;
  std::int64_t compared_with = kAlone;
  bool finished = false;  // `rows` are as they were written before: nothing is to be done to them
  // The picture itself, while a neighbor that was decoded apart may have to be compared with it.
  std::shared_ptr<const av::Picture> picture;
};

// Puts the rows of one video stream in presentation order: the decoder's order, with a damaged row
// for each frame that it never gave. Damage spreads to what is predicted from it. Its output
// depends on the packets and the frames alone, never on who decoded them when.
class Presenter {
 public:
  Presenter(SinkGate& gate, int stream, std::vector<const probes::PictureAnalyzer*> analyzers);

  // Hears of every frame in the order they were appended, once its row is written, with the rows
  // of all analyzers and the number of rows before it. Before the first packet.
  using Settled = std::function<void(const FrameRecord&, std::int64_t row)>;
  void on_settled(Settled hear) { settled_ = std::move(hear); }
  // FormatJoin; before the first packet.
  void decoder_tells_anew() { formats_.decoder_tells_anew(); }

  // Packets in decode order.
  void expect(const PacketNote& note);
  // Frames in presentation order, with what libav said while their packets were decoded.
  void append(std::vector<FrameRecord> frames, std::vector<av::DecodeError> errors);
  void finish();

  struct Outcome {
    std::int64_t frames = 0;     // rows
    std::int64_t presented = 0;  // rows not marked unpresented
    std::int64_t damaged = 0;
    std::vector<probes::Damage> errors;  // the first ones, at most one a frame
    // The damaged frames, by their own fault or by what they are predicted from; 1 where only
    // something went wrong that no frame shows.
    std::int64_t errors_total = 0;
    // Of the presented frames that are not damaged: the first one's, and each other in turn.
    std::vector<probes::PictureFormat> formats;
  };
  [[nodiscard]] Outcome outcome() const;

 private:
  struct Packet {
    PacketNote note;
    std::int64_t picture = 0;  // ordinal in decode order, fields of one frame counted once
    bool given = false;        // a frame came out of it
    bool settled = false;      // its row, if it has one, has been written
    bool damaged = false;
    bool missed = false;  // taken for a frame that the decoder never gave
    std::set<std::string> errors;
  };
  [[nodiscard]] Packet* packet(std::int64_t ordinal);
  void blame(av::DecodeError error);
  [[nodiscard]] static bool lacks_frame(const Packet& packet);
  void settle_ready();
  void look_ahead();
  void settle(FrameRecord& frame);
  [[nodiscard]] bool is_due(const Packet& lost, const Packet* next) const;
  void settle_missing(const Packet* next);
  [[nodiscard]] bool never_presented(std::int64_t ordinal, const Packet& lost) const;
  void write_missing(std::int64_t ordinal, Packet& packet);
  void write(FrameRecord& frame, const probes::FrameTimeRow& row);
  void report(std::int64_t row, const Packet& packet, const std::string& otherwise);
  [[nodiscard]] bool inherits_damage(std::int64_t ordinal, const Packet& packet) const;
  [[nodiscard]] probes::FrameTimeRow time_row(std::int64_t ordinal, const Packet& packet);
  [[nodiscard]] std::int64_t inferred_pts();
  [[nodiscard]] std::optional<std::int64_t> delay_ahead() const;
  void forget_settled();
  void forget_unanswered();
  void forget_accesses();
  void flush();

  SinkGate& gate_;
  const int stream_;
  const std::vector<const probes::PictureAnalyzer*> analyzers_;
  Settled settled_;
  mutable std::mutex mutex_;
  std::deque<Packet> packets_;
  std::int64_t first_packet_ = 0;  // ordinal of packets_.front()
  struct Access {
    std::int64_t packet = 0;
    std::optional<std::int64_t> pts;
    probes::RandomAccess kind = probes::RandomAccess::none;
  };
  std::deque<Access> accesses_;
  std::optional<Access> first_access_;
  std::set<std::int64_t> spreading_;  // damaged packets that others are predicted from
  std::deque<FrameRecord> queue_;
  std::size_t marked_ = 0;  // frames of the queue whose packets are marked given
  static constexpr std::int64_t kNone = -1;
  std::int64_t newest_given_ = 0;  // picture of the newest packet marked given; kNone: of any
  std::int64_t pictures_ = 0;      // seen so far
  std::int64_t previous_ = FrameRecord::kAlone;  // packet of the frame before; none: it is damaged
  std::optional<std::int64_t> first_inherited_;  // the first row damaged by others alone
  std::int64_t last_pts_ = 0, last_duration_ = 0;
  // Decoding times of packets whose frames have no row yet: the k-th frame that is presented comes
  // as long after the k-th of them as any other does. Empty ones: of packets that have none.
  std::deque<std::optional<std::int64_t>> slots_;
  std::optional<std::int64_t> delay_;  // of presentation behind its slot, where a pts told it
  bool any_row_ = false, ended_ = false;
  std::vector<std::byte> time_rows_;
  std::vector<std::vector<std::byte>> picture_rows_;
  std::optional<av::DecodeError> without_frame_;
  FormatJoin formats_;
  Outcome outcome_;
};

}  // namespace cleangate::pass
