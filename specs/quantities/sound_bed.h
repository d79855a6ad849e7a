// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "specs/quantity.h"

// What the loudness quantities share: the rows of a soundfield's channels, laid on one timeline.
namespace cleangate::specs {

// One channel of a soundfield with its rows found.
struct SoundChannel {
  int stream = 0, channel = 0;  // channel counts from 0 within its stream
  double weight = 1.0;          // BS.1770-5
  bool counts = true;           // in a loudness sum; peaks look at every channel
  int sample_rate = 0;          // Hz
  Rational start_s;             // of sample 0 on the asset's timeline
  std::int64_t samples = 0;     // measured
  const ColumnReader* energy = nullptr;
  const ColumnReader* peak = nullptr;
};

struct SoundChannels {
  std::vector<SoundChannel> channels;
  std::vector<std::string> doubts;  // sentences for Reading::tainted_because
};

enum class SoundRows { energy_and_peak, peak };
// The channels, or why this soundfield cannot be measured: its rows were not taken, or it carries
// data instead of sound (SMPTE ST 337).
[[nodiscard]] std::variant<SoundChannels, Absent> sound_channels(
    const Evidence& evidence, const probes::Soundfield& soundfield, SoundRows rows);

// The weighted energy of a soundfield per 10 ms inside a window.
struct SoundBed {
  Rational origin_s;  // start of the first row
  // Sum over the channels of weight times mean square; NaN where a channel's row holds no number.
  // Whole rows only: a shorter one at the end of the sound is no part of any block.
  std::vector<double> energy;
  std::vector<std::string> doubts;
  std::optional<int>
      stream;           // where one stream carries the whole soundfield, with its rate and the
  int sample_rate = 0;  // row of the stream that the first row of the bed is
  std::int64_t first_row = 0;
};
[[nodiscard]] std::variant<SoundBed, Absent> sound_bed(const Evidence& evidence,
                                                       const probes::Soundfield& soundfield,
                                                       const Window& window);

// Rows that touch a window and those that lie whole inside it, of a channel with `rows` rows.
struct RowRun {
  std::int64_t first = 0, end = 0;
};
struct WindowRows {
  RowRun touching, inside;
};
[[nodiscard]] Expected<WindowRows> rows_in(const Window& window, const Rational& start_s,
                                           int rows_per_second, std::int64_t rows);

// Calls `measure` for every soundfield; the reading's subject is set here.
[[nodiscard]] std::vector<Reading> for_each_soundfield(
    const Evidence& evidence,
    const std::function<void(const probes::Soundfield&, Reading&)>& measure);

// A level in millionths, from a power or amplitude ratio: 10 log10 or 20 log10. The ratio is > 0.
[[nodiscard]] Rational power_decibels(double ratio);
[[nodiscard]] Rational amplitude_decibels(double ratio);

// Sentences joined into one, nothing when there are none.
[[nodiscard]] std::optional<std::string> joined(const std::vector<std::string>& sentences);

}  // namespace cleangate::specs
