// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "specs/quantity.h"

// From the rows of a video stream to presented frames and seconds: what every quantity over
// pictures needs.
namespace cleangate::specs {

// Presented frames count from 0 in presentation order; rows cover every decoded frame, unpresented
// ones included. Seconds are exact on the asset's timeline: frame 0 starts at the stream's start_s,
// frame n starts (pts(n) - pts(0)) * time base later. Where timestamps go backward, a frame starts
// when the one before it does. A frame ends where the next one starts; the last one at the
// stream's end: start_s + duration_s, or, where the facts do not know it, after its own duration,
// the frame rate's, or that of the frame before.
class FrameMap {
 public:
  // From the video.frame_time rows and the stream's facts; else why there is none.
  [[nodiscard]] static tl::expected<FrameMap, Absent> of(const Evidence& evidence, int stream);

  [[nodiscard]] int stream() const { return stream_; }
  [[nodiscard]] std::int64_t row_count() const { return static_cast<std::int64_t>(flags_.size()); }
  [[nodiscard]] std::int64_t frame_count() const { return static_cast<std::int64_t>(rows_.size()); }
  [[nodiscard]] std::int64_t row_of(std::int64_t frame) const { return rows_[at(frame)]; }
  // The presented frame of a row; none for unpresented ones.
  [[nodiscard]] std::optional<std::int64_t> frame_of(std::int64_t row) const;
  [[nodiscard]] bool damaged(std::int64_t frame) const;
  [[nodiscard]] bool key(std::int64_t frame) const;         // its packet is marked so
  [[nodiscard]] bool interlaced(std::int64_t frame) const;  // as the decoder flags it
  [[nodiscard]] bool top_field_first(std::int64_t frame) const;

  [[nodiscard]] Rational start_s(std::int64_t frame) const;  // frame_count() gives the stream's end
  [[nodiscard]] Rational end_s(std::int64_t frame) const { return start_s(frame + 1); }
  // Frames [first, end) that start inside the window; within a tick of its edge, on the edge.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> frames_in(const Window& window) const;
  [[nodiscard]] Span span(std::int64_t first, std::int64_t end) const;

  // Why the rows do not cover the whole stream, where they do not: a sentence for
  // Reading::tainted_because.
  [[nodiscard]] const std::optional<std::string>& incomplete() const { return incomplete_; }
  // Why its seconds are made up, where neither the container nor the frame rate tells them:
  // likewise a sentence. Frames can be counted, how long they last cannot be told.
  [[nodiscard]] const std::optional<std::string>& untimed() const { return untimed_; }

 private:
  static std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }
  bool set_clock(const probes::StreamFacts& facts);
  void set_end(const probes::StreamFacts& facts, std::int64_t last_duration);
  [[nodiscard]] std::optional<std::string> doubt_times(const probes::StreamFacts& facts) const;

  int stream_ = 0;
  std::vector<std::int64_t> flags_;  // FrameTimeRow::Flag, per row
  std::vector<std::int64_t> rows_;   // per presented frame
  std::vector<std::int64_t> ticks_;  // start, per presented frame, after the first; never falling
  std::int64_t furthest_back_ = 0;   // of a frame behind the latest before it, in ticks
  Rational start_, time_base_, end_;
  std::optional<std::string> incomplete_, untimed_;
};

// The video streams of the asset, as subjects.
[[nodiscard]] std::vector<Subject> video_subjects(const Evidence& evidence);

}  // namespace cleangate::specs
