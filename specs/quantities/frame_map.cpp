// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/frame_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "probes/picture/frame_time_row.h"
#include "specs/quantities/unreadable.h"
#include "specs/subjects.h"

namespace cleangate::specs {
namespace {

using probes::FrameTimeRow;

tl::unexpected<Absent> absent(AbsenceKind kind, std::string because) {
  return tl::unexpected(Absent{kind, std::move(because)});
}

std::optional<std::string> coverage(const Evidence& evidence, const probes::StreamFacts& facts,
                                    std::int64_t presented) {
  const probes::VideoFacts* video = facts.video();
  if (video && video->frame_count.is_known() && *video->frame_count > presented)
    return fmt::format("Only {} of the {} frames of stream {} were measured.", presented,
                       *video->frame_count, facts.index);
  if (evidence.status() != probes::Status::measured)
    return fmt::format("Stream {} was measured in part only.", facts.index);
  return std::nullopt;
}

}  // namespace

tl::expected<FrameMap, Absent> FrameMap::of(const Evidence& evidence, int stream) {
  const probes::StreamFacts* facts = find_stream(evidence.facts(), stream);
  const probes::SeriesId id{
      stream, -1, -1, -1, std::string(FrameTimeRow::kType.name), FrameTimeRow::kType.version, {}};
  const ColumnReader* reader = evidence.rows(id);
  const auto pts = read_column(evidence, id, "pts");
  auto flags = read_column(evidence, id, "flags");
  if (!facts || !reader)
    return absent(AbsenceKind::not_measured,
                  fmt::format("The frames of stream {} were not decoded.", stream));
  if (!pts || !flags)
    return absent(AbsenceKind::damaged,
                  fmt::format("The stored frame times of stream {} cannot be read.{}", stream,
                              why_unreadable(*reader)));

  FrameMap map;
  map.stream_ = stream;
  map.flags_ = std::move(*flags);
  for (std::size_t row = 0; row < map.flags_.size(); ++row) {
    if (map.flags_[row] & FrameTimeRow::kUnpresented) continue;
    map.rows_.push_back(static_cast<std::int64_t>(row));
    map.ticks_.push_back((*pts)[row]);
  }
  if (map.rows_.empty())
    return absent(AbsenceKind::undefined, fmt::format("Stream {} presents no frame.", stream));
  const probes::VideoFacts* video = facts->video();
  if (video && video->frame_count.is_known() && *video->frame_count < map.frame_count())
    return absent(
        AbsenceKind::not_measured,
        fmt::format("Stream {} was decoded as {} pictures of its {} frames (single fields); "
                    "its frames are not put together yet.",
                    stream, map.frame_count(), *video->frame_count));
  if (!map.set_clock(*facts))
    return absent(AbsenceKind::damaged,
                  fmt::format("The timestamps of stream {} are out of range.", stream));
  std::int64_t last_duration = 0;
  if (!reader->read("duration", 0, map.rows_.back(), std::span(&last_duration, 1)))
    last_duration = 0;
  map.set_end(*facts, last_duration);
  map.incomplete_ = coverage(evidence, *facts, map.frame_count());
  map.untimed_ = map.doubt_times(*facts);
  return map;
}

// Timestamps come from the file: every later sum must fit 64 bits, or the map is refused.
bool FrameMap::set_clock(const probes::StreamFacts& facts) {
  time_base_ = facts.time_base;
  start_ = facts.start_s.value_or(Rational(0));
  if (time_base_ <= Rational(0)) return false;
  constexpr std::int64_t kLargest = std::int64_t{1} << 61;
  const std::int64_t first = ticks_.front();
  std::int64_t latest = 0;
  for (std::int64_t& tick : ticks_) {
    if (tick > kLargest || tick < -kLargest || first > kLargest || first < -kLargest) return false;
    latest = std::max(latest, tick - first);
    furthest_back_ = std::max(furthest_back_, latest - (tick - first));
    tick = latest;
  }
  __extension__ using Wide = __int128;
  const Wide common =
      Wide{time_base_.den()} / std::gcd(time_base_.den(), start_.den()) * start_.den();
  const auto seconds = [](const Rational& value) {
    return Wide{value.num() < 0 ? -Wide{value.num()} : Wide{value.num()}} / value.den() + 2;
  };
  const Wide span = (Wide{latest} + 1) * time_base_.num() / time_base_.den() + 2;
  return common < kLargest && (seconds(start_) + span) * common < kLargest;
}

void FrameMap::set_end(const probes::StreamFacts& facts, std::int64_t last_duration) {
  const Rational last = start_s(frame_count() - 1);
  if (facts.duration_s.is_known()) {
    const auto end = checked_add(start_, *facts.duration_s);
    if (end && *end > last) {
      end_ = *end;
      return;
    }
  }
  const probes::VideoFacts* video = facts.video();
  Expected<Rational> length = Rational(0);
  if (last_duration > 0)
    length = checked_mul(Rational(last_duration), time_base_);
  else if (video && video->frame_rate.is_known() && *video->frame_rate > Rational(0))
    length = checked_div(Rational(1), *video->frame_rate);
  else if (frame_count() > 1)
    length = last - start_s(frame_count() - 2);
  const auto end = length ? checked_add(last, *length) : length;
  end_ = end ? *end : last;
}

// Inferred times are as good as the frame rate that they fit.
std::optional<std::string> FrameMap::doubt_times(const probes::StreamFacts& facts) const {
  const auto inferred = [&](std::int64_t row) {
    return (flags_[at(row)] & FrameTimeRow::kNoPts) != 0;
  };
  const auto back = checked_mul(Rational(furthest_back_), time_base_);
  if (!back || *back >= Rational(1))
    return fmt::format("The times of stream {} begin again: how long its frames last is not known.",
                       facts.index);
  if (frame_count() < 2 || std::none_of(rows_.begin(), rows_.end(), inferred)) return std::nullopt;
  const probes::VideoFacts* video = facts.video();
  if (!video || !video->frame_rate.is_known() || *video->frame_rate <= Rational(0))
    return fmt::format(
        "Stream {} states neither times nor a frame rate: how long its frames last "
        "is not known.",
        facts.index);
  const bool variable =
      video->frame_rate_mode.is_known() && *video->frame_rate_mode == probes::RateMode::variable;
  const auto due = checked_div(Rational(frame_count() - 1), *video->frame_rate);
  const auto off = due ? checked_sub(start_s(frame_count() - 1) - start_, *due) : due;
  if (variable || (off && abs(*off) * *video->frame_rate <= Rational(1))) return std::nullopt;
  return fmt::format("The times of stream {} are inferred and do not fit its frame rate.",
                     facts.index);
}

std::optional<std::int64_t> FrameMap::frame_of(std::int64_t row) const {
  const auto found = std::lower_bound(rows_.begin(), rows_.end(), row);
  if (found == rows_.end() || *found != row) return std::nullopt;
  return found - rows_.begin();
}

bool FrameMap::damaged(std::int64_t frame) const {
  return (flags_[at(row_of(frame))] & FrameTimeRow::kDamaged) != 0;
}

bool FrameMap::key(std::int64_t frame) const {
  return flags_[at(row_of(frame))] & probes::FrameTimeRow::kKey;
}

bool FrameMap::interlaced(std::int64_t frame) const {
  return flags_[at(row_of(frame))] & probes::FrameTimeRow::kInterlaced;
}

bool FrameMap::top_field_first(std::int64_t frame) const {
  return flags_[at(row_of(frame))] & probes::FrameTimeRow::kTopFieldFirst;
}

Rational FrameMap::start_s(std::int64_t frame) const {
  if (frame >= frame_count()) return end_;
  return start_ + Rational(ticks_[at(frame)]) * time_base_;
}

std::pair<std::int64_t, std::int64_t> FrameMap::frames_in(const Window& window) const {
  // Containers round instants to their ticks: a frame that was meant to start at the window's edge
  // may be stamped up to a tick early. Ticks as long as a quarter of a frame count frames exactly.
  const auto ticks = checked_mul(time_base_, Rational(4 * frame_count()));
  const Rational slack = ticks && *ticks <= end_ - start_ ? time_base_ : Rational(0);
  const auto first_from = [&](const Rational& edge) {
    const Rational instant = edge - slack;
    std::int64_t low = 0, high = frame_count();
    while (low < high) {
      const std::int64_t middle = (low + high) / 2;
      if (start_s(middle) < instant || (slack > Rational(0) && start_s(middle) == instant))
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  };
  const std::int64_t first = window.in_s ? first_from(*window.in_s) : 0;
  const std::int64_t end = window.out_s ? first_from(*window.out_s) : frame_count();
  return {first, std::max(first, end)};
}

Span FrameMap::span(std::int64_t first, std::int64_t end) const {
  Span span;
  span.stream = stream_;
  span.first_frame = first;
  span.end_frame = end;
  span.start_s = start_s(first);
  span.end_s = start_s(end);
  return span;
}

std::vector<Subject> video_subjects(const Evidence& evidence) {
  std::vector<Subject> subjects;
  for (const probes::StreamFacts& stream : evidence.facts().streams)
    if (stream.kind == probes::StreamKind::video)
      subjects.push_back({SubjectKind::video_stream, stream.index});
  return subjects;
}

}  // namespace cleangate::specs
