// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "probes/picture/fields.h"
#include "probes/picture/frame_time_row.h"
#include "specs/parameters.h"
#include "specs/quantities/field_frames.h"
#include "specs/quantity.h"
#include "tests/probes/picture/made_frame.h"
#include "tests/support/row_evidence.h"

namespace cleangate::test {

// A stream whose every field is taken of a moving scene at a time of its own.
class FieldStream {
 public:
  static constexpr int kWidth = 192, kHeight = 96, kTexture = 512, kCell = 24;

  // `grain`: of the picture, the same wherever a moment is shown again.
  explicit FieldStream(int bits = 8, unsigned grain = 0) : bits_(bits), grain_(grain) {
    Noise noise(3);
    for (int& value : texture_) value = static_cast<int>(noise() % 160);
    probes::StreamFacts stream;
    stream.kind = probes::StreamKind::video;
    stream.time_base = Rational(1, 25);
    stream.start_s = Rational(0);
    probes::VideoFacts video;
    video.frame_rate = Rational(25);
    stream.media = video;
    evidence_.facts_.streams.push_back(stream);
  }

  // The top field shows the scene at one time, the bottom field at another. `lines`: only the lines
  // below are taken at these times, all above at `rest`.
  FieldStream& add(int top, int bottom, int lines = 0, int rest = 0) {
    return put(luma_frame(kWidth, kHeight, bits_, [&](int x, int y) {
      return sample(x, y, y < lines ? rest : y % 2 == 0 ? top : bottom);
    }));
  }
  FieldStream& progressive(int frames) {
    for (int i = 0; i < frames; ++i, time_ += 2) add(time_, time_);
    return *this;
  }
  FieldStream& interlaced(int frames, bool top_first) {
    for (int i = 0; i < frames; ++i, time_ += 2)
      top_first ? add(time_, time_ + 1) : add(time_ + 1, time_);
    return *this;
  }
  // Pictures shown for so many fields in turn; `skip` fields are left out first.
  FieldStream& pulled(const std::vector<int>& fields, int frames, bool top_first, int skip = 0) {
    std::vector<int> times;
    for (std::size_t i = 0; times.size() < static_cast<std::size_t>(2 * frames + skip);
         ++i, time_ += 2)
      times.insert(times.end(), static_cast<std::size_t>(fields[i % fields.size()]), time_);
    times.erase(times.begin(), times.begin() + skip);
    for (std::size_t i = 0; i < static_cast<std::size_t>(frames); ++i)
      top_first ? add(times[2 * i], times[2 * i + 1]) : add(times[2 * i + 1], times[2 * i]);
    return *this;
  }
  FieldStream& skip(int fields) {
    time_ += fields;
    return *this;
  }
  FieldStream& still(int frames) {
    for (int i = 0; i < frames; ++i) add(time_, time_);
    return *this;
  }
  FieldStream& damaged(int frames = 1) {
    for (int i = 0; i < frames; ++i) {
      rows_.push_back(probes::FieldsRow::damaged());
      times_.push_back(time_row(probes::FrameTimeRow::kDamaged));
    }
    before_.reset();
    return *this;
  }
  // Flags of the frames from one on; those that are missing have none.
  FieldStream& flagged(std::uint32_t flags, std::size_t first = 0) {
    for (std::size_t i = first; i < times_.size(); ++i)
      if (!(times_[i].flags & probes::FrameTimeRow::kDamaged)) times_[i].flags |= flags;
    return *this;
  }
  FieldStream& forget_rate() {
    std::get<probes::VideoFacts>(evidence_.facts_.streams[0].media).frame_rate =
        Fact<Rational>::unknown();
    return *this;
  }
  [[nodiscard]] int frames() const { return static_cast<int>(rows_.size()); }

  const RowEvidence& evidence() {
    evidence_.set(RowEvidence::id<probes::FieldsRow>(0), rows_);
    evidence_.set(RowEvidence::id<probes::FrameTimeRow>(0), times_);
    return evidence_;
  }
  specs::FieldFrames field_frames() { return specs::FieldFrames::of(evidence(), 0).value(); }

  specs::Reading read(std::string_view id, const specs::Window& window = {}) {
    const specs::Quantity* quantity = specs::find_quantity(id);
    if (!quantity) throw std::logic_error("no such quantity");
    auto readings = quantity->evaluate(evidence(), specs::default_parameters(*quantity), window);
    if (readings.size() != 1) throw std::logic_error("not one reading");
    return std::move(readings.front());
  }
  // Its text; why there is none.
  std::string text(std::string_view id) {
    const specs::Reading reading = read(id);
    if (const auto* absent = std::get_if<specs::Absent>(&reading.value)) return absent->because;
    return std::get<std::string>(std::get<specs::Scalar>(reading.value));
  }
  std::vector<std::pair<std::int64_t, std::int64_t>> runs(std::string_view id) {
    return frames_of(std::get<specs::Spans>(read(id).value).runs);
  }
  std::vector<std::pair<std::int64_t, std::int64_t>> undecided(std::string_view id,
                                                               const specs::Window& window = {}) {
    return frames_of(std::get<specs::Spans>(read(id, window).value).undecided);
  }

 private:
  static std::vector<std::pair<std::int64_t, std::int64_t>> frames_of(
      const std::vector<specs::Span>& spans) {
    std::vector<std::pair<std::int64_t, std::int64_t>> found;
    for (const specs::Span& span : spans) found.emplace_back(*span.first_frame, *span.end_frame);
    return found;
  }
  // A smooth texture that moves by three samples and, every other time, one line; in its last
  // quarter it stands.
  std::uint32_t sample(int x, int y, int time) const {
    const int right = x >= kWidth * 3 / 4 ? x : x + 3 * time, down = y + time / 2;
    const auto at = [&](int u, int v) {
      return texture_[static_cast<std::size_t>((u / kCell * 37 + v / kCell * 101) % kTexture)];
    };
    const int fx = right % kCell, fy = down % kCell, gx = kCell - fx, gy = kCell - fy;
    const int mean =
        (at(right, down) * gx * gy + at(right + kCell, down) * fx * gy +
         at(right, down + kCell) * gx * fy + at(right + kCell, down + kCell) * fx * fy) /
        (kCell * kCell);
    const unsigned grain =
        grain_ == 0 ? 0
                    : Noise(static_cast<unsigned>((time * kHeight + y) * kWidth + x))() % grain_;
    return (static_cast<unsigned>(mean) + 40 + grain) << (bits_ - 8);
  }
  FieldStream& put(std::unique_ptr<MadeFrame> made) {
    sweep_.run(made->frame, before_ ? &before_->frame : nullptr);
    rows_.push_back(probes::analyze_fields(sweep_));
    times_.push_back(time_row(0));
    before_ = std::move(made);
    return *this;
  }
  [[nodiscard]] probes::FrameTimeRow time_row(std::uint32_t flags) const {
    probes::FrameTimeRow row;
    row.pts = static_cast<std::int64_t>(times_.size());
    row.duration = 1;
    row.flags = flags;
    return row;
  }

  int bits_;
  unsigned grain_;
  int time_ = 0;
  std::array<int, kTexture> texture_{};
  std::unique_ptr<MadeFrame> before_;
  std::vector<probes::FieldsRow> rows_;
  std::vector<probes::FrameTimeRow> times_;
  probes::FrameSweep sweep_;
  RowEvidence evidence_;
};

using FrameRuns = std::vector<std::pair<std::int64_t, std::int64_t>>;

}  // namespace cleangate::test
