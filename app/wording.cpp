// SPDX-License-Identifier: Apache-2.0
#include "app/wording.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/core.h>

namespace cleangate::app {
namespace {

// `value` in the largest of the units 1, 10^3, 10^6 … that leaves at least 1, with three digits.
std::string scaled(double value, const std::array<std::string_view, 5>& units) {
  std::size_t unit = 0;
  while (unit + 1 < units.size() && value >= 999.5) {
    value /= 1000;
    ++unit;
  }
  const int digits = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f} {}", value, digits, units[unit]);
}

const probes::TimecodeFacts* primary(const probes::AssetFacts& facts) {
  const auto found = std::find_if(facts.timecodes.begin(), facts.timecodes.end(),
                                  [](const probes::TimecodeFacts& t) { return t.primary; });
  return found == facts.timecodes.end() ? nullptr : &*found;
}

const probes::VideoFacts* video_of(const probes::AssetFacts& facts, std::optional<int> stream) {
  for (const probes::StreamFacts& one : facts.streams)
    if (one.video() && (!stream || one.index == *stream)) return one.video();
  return nullptr;
}

// Labels that pass until presented frame `frame`, or until `time` for runs of sound.
std::optional<std::int64_t> label_count(const probes::VideoFacts* video, const Rational& rate,
                                        std::optional<std::int64_t> frame, const Rational& time) {
  if (!frame) {
    const auto count = checked_mul(time, rate);
    return count ? std::optional(count->floor()) : std::nullopt;
  }
  if (!video || !video->frame_rate.is_known() || !video->frame_rate_mode.is_known() ||
      *video->frame_rate_mode != probes::RateMode::constant || *video->frame_rate <= Rational(0))
    return std::nullopt;
  const auto labels_per_frame = checked_div(rate, *video->frame_rate);
  if (!labels_per_frame) return std::nullopt;
  const auto count = checked_mul(*labels_per_frame, Rational(*frame));
  return count ? std::optional(count->floor()) : std::nullopt;
}

}  // namespace

std::string bytes_text(std::uint64_t bytes) {
  return scaled(static_cast<double>(bytes), {"B", "kB", "MB", "GB", "TB"});
}

std::string bit_rate_text(std::int64_t rate) {
  return scaled(static_cast<double>(std::max<std::int64_t>(rate, 0)),
                {"b/s", "kb/s", "Mb/s", "Gb/s", "Tb/s"});
}

std::string duration_text(const Rational& time) {
  const auto scaled_time = checked_mul(time, Rational(1000));
  if (!scaled_time) return "over 290,000 years";
  const std::int64_t rounded = scaled_time->round();
  const std::int64_t ms = std::llabs(rounded);
  const char* sign = rounded < 0 ? "-" : "";
  if (ms < 60'000) return fmt::format("{}{}.{:03} s", sign, ms / 1000, ms % 1000);
  return fmt::format("{}{}:{:02}:{:02}.{:03}", sign, ms / 3'600'000, ms / 60'000 % 60,
                     ms / 1000 % 60, ms % 1000);
}

std::string count_text(std::int64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

SpanLabels labels_of(const probes::AssetFacts& facts, const specs::Span& span) {
  const probes::TimecodeFacts* timecode = primary(facts);
  if (!timecode || !timecode->start.is_known() || !timecode->rate.is_known()) return {};
  const bool drop = timecode->drop_frame.is_known() && *timecode->drop_frame;
  const auto format =
      TimecodeFormat::for_rate(*timecode->rate, drop ? DropFrame::drop : DropFrame::non_drop);
  if (!format) return {};
  const auto start = Timecode::parse(*timecode->start, *format);
  if (!start) return {};
  const probes::VideoFacts* video = video_of(facts, span.stream);
  const auto in = label_count(video, *timecode->rate, span.first_frame, span.start_s);
  const auto out = label_count(video, *timecode->rate, span.end_frame, span.end_s);
  if (!in || !out) return {};
  if (!timecode->discontinuities.empty() && timecode->discontinuities.front().frame < *out)
    return {};
  return {to_string(start->plus_frames(*in)), to_string(start->plus_frames(*out))};
}

std::string where_text(const probes::AssetFacts& facts, const specs::Span& span) {
  const SpanLabels labels = labels_of(facts, span);
  std::string text = "at " + (labels.in ? *labels.in : duration_text(span.start_s));
  const auto length = checked_sub(span.end_s, span.start_s);
  if (length && *length > Rational(0)) text += fmt::format(" for {}", duration_text(*length));
  if (span.first_frame && span.end_frame) {
    const std::int64_t last = std::max(*span.first_frame, *span.end_frame - 1);
    text += last == *span.first_frame ? fmt::format(" (frame {})", last)
                                      : fmt::format(" (frames {} to {})", *span.first_frame, last);
  }
  if (span.channel) text += fmt::format(", channel {}", *span.channel + 1);
  return text;
}

}  // namespace cleangate::app
