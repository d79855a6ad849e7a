// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/rational.h"

namespace cleangate {

enum class DropFrame { non_drop, drop };

// How labels count. `nominal` is the rounded timecode base (ST 12-1: 24, 25, 30, 48, 50, 60, 100,
// 120): 30 for 30000/1001. Drop-frame exists for 30 (;00 and ;01 skipped every minute not divisible
// by ten) and 60 (;00 to ;03) [ST 12-1:2014, 5.2.2].
class TimecodeFormat {
 public:
  // nominal 1..999; drop only where ST 12-1 defines it (30, 60, and their multiples 120).
  [[nodiscard]] static Expected<TimecodeFormat> make(int nominal, DropFrame drop);
  // Nominal base of a frame rate: round(rate).
  [[nodiscard]] static Expected<TimecodeFormat> for_rate(const Rational& frame_rate,
                                                         DropFrame drop);

  [[nodiscard]] int nominal() const { return nominal_; }
  [[nodiscard]] DropFrame drop_frame() const { return drop_; }
  [[nodiscard]] std::int64_t labels_per_day() const;
  friend bool operator==(const TimecodeFormat&, const TimecodeFormat&) = default;

 private:
  TimecodeFormat(int nominal, DropFrame drop) : nominal_(nominal), drop_(drop) {}
  int nominal_;
  DropFrame drop_;
};

// A label, not a time. Counts labels of its format from 00:00:00:00; wraps at 24 hours.
class Timecode {
 public:
  [[nodiscard]] static Expected<Timecode> make(int hours, int minutes, int seconds, int frames,
                                               TimecodeFormat format);
  // Number of frames after 00:00:00:00; taken modulo a day (negative counts wrap backward).
  [[nodiscard]] static Timecode from_frames(std::int64_t frames, TimecodeFormat format);
  // "10:00:00:00", "01:00:00;00" (';' or ',' or '.' before the frames means drop-frame). The
  // separator must agree with the format.
  [[nodiscard]] static Expected<Timecode> parse(std::string_view text, TimecodeFormat format);

  [[nodiscard]] int hours() const { return hours_; }
  [[nodiscard]] int minutes() const { return minutes_; }
  [[nodiscard]] int seconds() const { return seconds_; }
  [[nodiscard]] int frames() const { return frames_; }
  [[nodiscard]] TimecodeFormat format() const { return format_; }
  [[nodiscard]] std::int64_t frame_number() const;
  [[nodiscard]] Timecode plus_frames(std::int64_t count) const;
  friend bool operator==(const Timecode&, const Timecode&) = default;

 private:
  Timecode(int h, int m, int s, int f, TimecodeFormat format)
      : hours_(h), minutes_(m), seconds_(s), frames_(f), format_(format) {}
  int hours_, minutes_, seconds_, frames_;
  TimecodeFormat format_;
};

// "10:00:00:00"; drop-frame with ';' before the frames.
[[nodiscard]] std::string to_string(const Timecode& timecode);

}  // namespace cleangate
