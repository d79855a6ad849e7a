// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "probes/audio/peak_row.h"
#include "probes/audio/sound_rows.h"
#include "specs/quantities/sound_bed.h"

namespace cleangate::specs {

extern const Quantity kLoudnessTruePeak, kLoudnessSamplePeak;

namespace {

using probes::AudioPeakRow;
using probes::kPeakRows;

constexpr std::int64_t kReadRows = 65'536;
constexpr double kFullScale = 0x1p24;

// The largest peak of a run of rows and where it stands.
struct Highest {
  std::int64_t peak = -1;  // -1: no row
  std::int64_t row = 0;
  const SoundChannel* channel = nullptr;
};

struct PeakScan {
  Highest inside, touching;
  std::int64_t rows = 0, damaged_rows = 0, not_finite_rows = 0;
};

void raise(Highest& highest, std::int64_t peak, std::int64_t row, const SoundChannel& channel) {
  if (peak > highest.peak) highest = {peak, row, &channel};
}

bool scan(const SoundChannel& channel, const Window& window, std::string_view column,
          PeakScan& result) {
  const std::int64_t count = channel.peak->row_count();
  auto run = rows_in(window, channel.start_s, kPeakRows, count);
  if (!run) return false;
  // The last row ends where the sound ends: a window that reaches there holds it whole.
  const auto sound_end =
      checked_add(channel.start_s, Rational(channel.samples, channel.sample_rate));
  if (window.out_s && sound_end && *window.out_s >= *sound_end) run->inside.end = count;
  std::vector<std::int64_t> peaks, flags;
  for (std::int64_t at = run->touching.first; at < run->touching.end; at += kReadRows) {
    const auto length = static_cast<std::size_t>(std::min(kReadRows, run->touching.end - at));
    peaks.resize(length);
    flags.resize(length);
    if (!channel.peak->read(column, 0, at, peaks) || !channel.peak->read("flags", 0, at, flags))
      return false;
    for (std::size_t i = 0; i < length; ++i) {
      const std::int64_t row = at + static_cast<std::int64_t>(i);
      ++result.rows;
      if (flags[i] & AudioPeakRow::kDamaged) ++result.damaged_rows;
      if (flags[i] & AudioPeakRow::kNotFinite) {
        ++result.not_finite_rows;
        continue;
      }
      raise(result.touching, peaks[i], row, channel);
      if (row >= run->inside.first && row < run->inside.end)
        raise(result.inside, peaks[i], row, channel);
    }
  }
  return true;
}

// Digital silence reads as half a step of the rows where only an interval's lower end needs it.
Rational level(std::int64_t peak) {
  return amplitude_decibels(peak > 0 ? static_cast<double>(peak) / kFullScale : 0.5 / kFullScale);
}

// Nothing when the stream's start is out of range.
std::optional<Span> span_of(const Highest& highest, int soundfield, const Rational& value) {
  const SoundChannel& channel = *highest.channel;
  const std::int64_t first = probes::row_start(kPeakRows, highest.row, channel.sample_rate);
  const std::int64_t end =
      std::min(probes::row_start(kPeakRows, highest.row + 1, channel.sample_rate), channel.samples);
  const auto start_s = checked_add(channel.start_s, Rational(first, channel.sample_rate));
  const auto end_s = checked_add(channel.start_s, Rational(end, channel.sample_rate));
  if (!start_s || !end_s) return std::nullopt;
  Span span;
  span.soundfield = soundfield;
  span.stream = channel.stream;
  span.channel = channel.channel;
  span.first_sample = first;
  span.end_sample = end;
  span.start_s = *start_s;
  span.end_s = *end_s;
  span.value = value;
  return span;
}

void set_value(const PeakScan& found, Reading& reading) {
  if (found.rows == 0) {
    reading.value = Absent{AbsenceKind::undefined, "There is no sound in the measured time."};
  } else if (found.not_finite_rows == found.rows) {
    reading.value = Absent{AbsenceKind::damaged, "Every sample block holds NaN or infinity."};
  } else if (found.touching.peak == 0) {
    reading.value = Absent{AbsenceKind::below_any, "The sound is digital silence."};
  } else {
    const Rational high = level(found.touching.peak);
    // Peaks are stored per 100 ms: one at the window's edge may lie on either side.
    if (found.inside.peak < found.touching.peak)
      reading.value = Interval{level(found.inside.peak), high};
    else
      reading.value = Scalar(high);
    if (const auto span = span_of(found.touching, reading.subject.index, high))
      reading.where.push_back(*span);
  }
}

std::vector<Reading> highest_peak(const Evidence& evidence, const Window& window,
                                  std::string_view column) {
  return for_each_soundfield(evidence, [&](const probes::Soundfield& soundfield, Reading& reading) {
    auto sought = sound_channels(evidence, soundfield, SoundRows::peak);
    if (const auto* missing = std::get_if<Absent>(&sought)) {
      reading.value = *missing;
      return;
    }
    auto& [channels, doubts] = std::get<SoundChannels>(sought);
    PeakScan found;
    for (const SoundChannel& channel : channels) {
      if (scan(channel, window, column, found)) continue;
      reading.value = Absent{AbsenceKind::damaged, "The stored rows of the sound cannot be read."};
      return;
    }
    if (found.damaged_rows > 0)
      doubts.push_back(fmt::format("{:.1f} s of sound (all channels added) come from damaged data.",
                                   static_cast<double>(found.damaged_rows) / kPeakRows));
    if (found.not_finite_rows > 0)
      doubts.push_back(fmt::format(
          "{:.1f} s of sound (all channels added) hold NaN or infinity and were left out.",
          static_cast<double>(found.not_finite_rows) / kPeakRows));
    reading.tainted_because = joined(doubts);
    set_value(found, reading);
  });
}

std::vector<Reading> true_peak(const Evidence& evidence, const Parameters&, const Window& window) {
  return highest_peak(evidence, window, "true_peak");
}

std::vector<Reading> sample_peak(const Evidence& evidence, const Parameters&,
                                 const Window& window) {
  return highest_peak(evidence, window, "sample_peak");
}

constexpr RowNeed kNeeds[] = {{"audio.peak"}};

}  // namespace

const Quantity kLoudnessTruePeak{
    "loudness.true_peak",
    2,
    ValueKind::number,
    Unit::dbtp,
    SubjectKind::soundfield,
    kNeeds,
    {},
    {},
    "maximum true peak level",
    "Largest absolute value of the waveform of any channel of a soundfield, between samples too.",
    "ITU-R BS.1770-5, annex 2",
    true_peak,
    Missing::raises};

const Quantity kLoudnessSamplePeak{"loudness.sample_peak",
                                   2,
                                   ValueKind::number,
                                   Unit::dbfs,
                                   SubjectKind::soundfield,
                                   kNeeds,
                                   {},
                                   {},
                                   "maximum sample peak level",
                                   "Largest absolute sample of any channel of a soundfield.",
                                   "AES17 (full scale)",
                                   sample_peak,
                                   Missing::raises};

}  // namespace cleangate::specs
