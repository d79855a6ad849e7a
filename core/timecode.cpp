// SPDX-License-Identifier: Apache-2.0
#include "core/timecode.h"

#include <fmt/format.h>

#include <charconv>

namespace cleangate {
namespace {

constexpr std::int64_t kSecondsPerDay = 24 * 60 * 60;

// Labels skipped at the start of nine minutes out of ten: 2 per 30 nominal frames (ST
// 12-1:2014, 5.2.2).
std::int64_t dropped_per_minute(TimecodeFormat format) {
  return format.drop_frame() == DropFrame::drop ? format.nominal() / 15 : 0;
}

std::int64_t labels_per_minute(TimecodeFormat format) {
  return std::int64_t{format.nominal()} * 60 - dropped_per_minute(format);
}

std::int64_t labels_per_ten_minutes(TimecodeFormat format) {
  return std::int64_t{format.nominal()} * 600 - 9 * dropped_per_minute(format);
}

}  // namespace

Expected<TimecodeFormat> TimecodeFormat::make(int nominal, DropFrame drop) {
  if (nominal < 1 || nominal > 999)
    return fail(ErrorCode::usage,
                fmt::format("A timecode cannot count {} frames a second.", nominal));
  if (drop == DropFrame::drop && nominal % 30 != 0)
    return fail(ErrorCode::usage,
                fmt::format("There is no drop-frame timecode at {} frames a second.", nominal));
  return TimecodeFormat(nominal, drop);
}

Expected<TimecodeFormat> TimecodeFormat::for_rate(const Rational& frame_rate, DropFrame drop) {
  if (frame_rate <= Rational(0) || frame_rate > Rational(999))
    return fail(ErrorCode::usage, fmt::format("There is no timecode at {} frames a second.",
                                              to_decimal(frame_rate, 3)));
  return make(static_cast<int>(frame_rate.round()), drop);
}

std::int64_t TimecodeFormat::labels_per_day() const { return labels_per_ten_minutes(*this) * 144; }

Expected<Timecode> Timecode::make(int hours, int minutes, int seconds, int frames,
                                  TimecodeFormat format) {
  const Timecode timecode(hours, minutes, seconds, frames, format);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59 ||
      frames < 0 || frames >= format.nominal())
    return fail(ErrorCode::usage, fmt::format("{} is not a timecode at {} frames a second.",
                                              to_string(timecode), format.nominal()));
  if (seconds == 0 && minutes % 10 != 0 && frames < dropped_per_minute(format))
    return fail(ErrorCode::usage,
                fmt::format("{} is a label that drop-frame timecode skips.", to_string(timecode)));
  return timecode;
}

Timecode Timecode::from_frames(std::int64_t frames, TimecodeFormat format) {
  const std::int64_t day = format.labels_per_day();
  frames %= day;
  if (frames < 0) frames += day;
  // Put the skipped labels back, then count as if none were skipped.
  const std::int64_t dropped = dropped_per_minute(format);
  if (dropped > 0) {
    const std::int64_t tens = frames / labels_per_ten_minutes(format);
    const std::int64_t within = frames % labels_per_ten_minutes(format);
    const std::int64_t first_minute = std::int64_t{format.nominal()} * 60;
    const std::int64_t later_minutes =
        within < first_minute ? 0 : (within - first_minute) / labels_per_minute(format) + 1;
    frames += dropped * (9 * tens + later_minutes);
  }
  const std::int64_t nominal = format.nominal();
  const std::int64_t seconds = frames / nominal;
  return Timecode(static_cast<int>(seconds / 3600 % 24), static_cast<int>(seconds / 60 % 60),
                  static_cast<int>(seconds % 60), static_cast<int>(frames % nominal), format);
}

Expected<Timecode> Timecode::parse(std::string_view text, TimecodeFormat format) {
  const auto wrong = [&] {
    return fail(ErrorCode::usage, fmt::format("\"{}\" is not a timecode.", text));
  };
  const std::size_t last = text.find_last_of(":;,.");
  if (text.size() < 11 || text.size() > 12 || last != 8 || text[2] != ':' || text[5] != ':')
    return wrong();
  const bool drop = text[8] != ':';
  if (drop != (format.drop_frame() == DropFrame::drop))
    return fail(
        ErrorCode::usage,
        fmt::format("\"{}\" is written as {}drop-frame timecode, and {}drop-frame is asked for.",
                    text, drop ? "" : "non-", drop ? "non-" : ""));
  const auto field = [&](std::size_t at, std::size_t count) {
    int value = -1;
    const char* end = text.data() + at + count;
    const auto [stop, error] = std::from_chars(text.data() + at, end, value);
    return error == std::errc{} && stop == end ? value : -1;
  };
  return make(field(0, 2), field(3, 2), field(6, 2), field(9, text.size() - 9), format);
}

std::int64_t Timecode::frame_number() const {
  const std::int64_t minutes = std::int64_t{hours_} * 60 + minutes_;
  const std::int64_t counted = (minutes * 60 + seconds_) * format_.nominal() + frames_;
  return counted - dropped_per_minute(format_) * (minutes - minutes / 10);
}

Timecode Timecode::plus_frames(std::int64_t count) const {
  return from_frames(frame_number() + count % format_.labels_per_day(), format_);
}

std::string to_string(const Timecode& timecode) {
  const bool drop = timecode.format().drop_frame() == DropFrame::drop;
  return fmt::format("{:02}:{:02}:{:02}{}{:02}", timecode.hours(), timecode.minutes(),
                     timecode.seconds(), drop ? ';' : ':', timecode.frames());
}

static_assert(kSecondsPerDay == 144 * 600);

}  // namespace cleangate
