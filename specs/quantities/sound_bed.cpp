// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/sound_bed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "probes/audio/energy_code.h"
#include "probes/audio/energy_row.h"
#include "probes/audio/peak_row.h"
#include "probes/audio/sound_rows.h"
#include "specs/quantities/channel_weight.h"
#include "specs/quantities/unreadable.h"
#include "specs/subjects.h"

namespace cleangate::specs {
namespace {

using probes::AudioEnergyRow;
using probes::AudioPeakRow;
using probes::kEnergyRows;
using probes::kPeakRows;

// Streams of one soundfield that start further apart than this are not one soundfield.
constexpr std::int64_t kMaxOffsetRows = 3600 * kEnergyRows;
constexpr std::int64_t kReadRows = 65'536;  // rows read at a time

Absent absent(AbsenceKind kind, std::string because) { return {kind, std::move(because)}; }

std::string payload_name(const std::string& embedded) {
  if (embedded == "dolby_e") return "Dolby E";
  if (embedded == "ac3") return "AC-3";
  if (embedded == "eac3") return "Enhanced AC-3";
  return embedded;
}

template <class Row>
const ColumnReader* find_rows(const Evidence& evidence, int stream, int channel) {
  return evidence.rows(
      {stream, channel, -1, -1, std::string(Row::kType.name), Row::kType.version, {}});
}

// Samples per channel, from the peak rows: only the last one can be partial, and it says how long.
std::optional<std::int64_t> sample_count(const ColumnReader& peak, int sample_rate) {
  const std::int64_t rows = peak.row_count();
  if (rows == 0) return 0;
  std::int64_t flags = 0;
  if (!peak.read("flags", 0, rows - 1, {&flags, 1})) return std::nullopt;
  if (!(flags & AudioPeakRow::kPartial)) return probes::row_start(kPeakRows, rows, sample_rate);
  return probes::row_start(kPeakRows, rows - 1, sample_rate) +
         (flags >> AudioPeakRow::kSamplesShift);
}

std::optional<Absent> find_channel_rows(const Evidence& evidence, SoundChannel& channel,
                                        SoundRows rows) {
  channel.peak = find_rows<AudioPeakRow>(evidence, channel.stream, channel.channel);
  channel.energy = find_rows<AudioEnergyRow>(evidence, channel.stream, channel.channel);
  const bool missing_energy =
      rows == SoundRows::energy_and_peak && channel.counts && !channel.energy;
  if (!channel.peak || missing_energy)
    return absent(AbsenceKind::not_measured,
                  fmt::format("The sound of stream {} channel {} was not measured.", channel.stream,
                              channel.channel + 1));
  const auto samples = sample_count(*channel.peak, channel.sample_rate);
  if (!samples)
    return absent(AbsenceKind::damaged,
                  fmt::format("The stored rows of stream {} channel {} cannot be read.{}",
                              channel.stream, channel.channel + 1, why_unreadable(*channel.peak)));
  channel.samples = *samples;
  return std::nullopt;
}

}  // namespace

std::variant<SoundChannels, Absent> sound_channels(const Evidence& evidence,
                                                   const probes::Soundfield& soundfield,
                                                   SoundRows rows) {
  SoundChannels found;
  if (evidence.status() != probes::Status::measured)
    found.doubts.push_back("The file was not measured to its end.");
  for (std::size_t i = 0; i < soundfield.channels.size(); ++i) {
    const probes::SoundfieldChannel& member = soundfield.channels[i];
    const probes::StreamFacts* stream = find_stream(evidence.facts(), member.stream);
    if (!stream || !stream->audio() || stream->audio()->sample_rate <= 0)
      return absent(
          AbsenceKind::not_measured,
          fmt::format("Stream {} is not an audio stream that could be measured.", member.stream));
    if (stream->audio()->embedded)
      return absent(AbsenceKind::undefined,
                    fmt::format("Stream {} carries {}, not sound.", member.stream,
                                payload_name(*stream->audio()->embedded)));
    if (!stream->start_s && member.stream != soundfield.channels.front().stream)
      found.doubts.push_back(fmt::format("Stream {} does not say when it starts.", member.stream));
    const ChannelWeight weight = channel_weight(soundfield, i);
    SoundChannel channel{member.stream,
                         member.channel,
                         weight.gain,
                         weight.counts,
                         stream->audio()->sample_rate,
                         stream->start_s.value_or(Rational(0))};
    if (!weight.known && rows == SoundRows::energy_and_peak)
      found.doubts.push_back(
          fmt::format("Channel {} of the soundfield ({}) has no known position; it was weighted "
                      "as a front channel.",
                      i + 1, member.label.empty() ? "no label" : member.label));
    if (auto missing = find_channel_rows(evidence, channel, rows)) return *missing;
    found.channels.push_back(channel);
  }
  if (found.channels.empty())
    return absent(AbsenceKind::not_measured, "The soundfield has no channels.");
  return found;
}

Expected<WindowRows> rows_in(const Window& window, const Rational& start_s, int rows_per_second,
                             std::int64_t rows) {
  WindowRows result{{0, rows}, {0, rows}};
  const auto position = [&](const Rational& at) {
    return checked_sub(at, start_s).and_then([&](const Rational& from_start) {
      return checked_mul(from_start, Rational(rows_per_second));
    });
  };
  if (window.in_s) {
    const auto in = position(*window.in_s);
    if (!in) return tl::unexpected(in.error());
    result.touching.first = std::clamp<std::int64_t>(in->floor(), 0, rows);
    result.inside.first = std::clamp<std::int64_t>(in->ceil(), 0, rows);
  }
  if (window.out_s) {
    const auto out = position(*window.out_s);
    if (!out) return tl::unexpected(out.error());
    result.touching.end = std::clamp<std::int64_t>(out->ceil(), result.touching.first, rows);
    result.inside.end = std::clamp<std::int64_t>(out->floor(), 0, rows);
  }
  result.inside.end = std::max(result.inside.end, result.inside.first);
  return result;
}

namespace {

// Adds one channel's rows to the bed. `offset` is the bed row of the channel's row 0.
bool add_channel(const SoundChannel& channel, std::int64_t offset, RowRun bed_rows,
                 std::vector<double>& energy) {
  const std::int64_t rows = channel.energy->row_count();
  const std::int64_t first = std::max<std::int64_t>(0, bed_rows.first - offset);
  const std::int64_t end = std::min(rows, bed_rows.end - offset);
  const double nominal = static_cast<double>(channel.sample_rate) / kEnergyRows;
  std::vector<std::int64_t> codes;
  for (std::int64_t at = first; at < end;) {
    codes.resize(static_cast<std::size_t>(std::min(kReadRows, end - at)));
    if (!channel.energy->read("energy", 0, at, codes)) return false;
    for (const std::int64_t code : codes) {
      const std::int64_t row_first = probes::row_start(kEnergyRows, at, channel.sample_rate);
      const std::int64_t row_end =
          std::min(probes::row_start(kEnergyRows, at + 1, channel.sample_rate), channel.samples);
      const double share =
          static_cast<double>(std::max<std::int64_t>(0, row_end - row_first)) / nominal;
      energy[static_cast<std::size_t>(at + offset - bed_rows.first)] +=
          channel.weight * share * probes::code_to_energy(static_cast<std::uint32_t>(code));
      ++at;
    }
  }
  return true;
}

// A sentence when decoding damage lies inside the window.
Expected<std::optional<std::string>> damage_doubt(const SoundChannel& channel,
                                                  const Window& window) {
  const auto run = rows_in(window, channel.start_s, kPeakRows, channel.peak->row_count());
  if (!run) return tl::unexpected(run.error());
  std::vector<std::int64_t> flags(
      static_cast<std::size_t>(run->touching.end - run->touching.first));
  if (flags.empty()) return std::nullopt;
  if (auto read = channel.peak->read("flags", 0, run->touching.first, flags); !read)
    return tl::unexpected(read.error());
  const auto damaged = [](std::int64_t value) { return (value & AudioPeakRow::kDamaged) != 0; };
  const auto count = std::count_if(flags.begin(), flags.end(), damaged);
  if (count == 0) return std::nullopt;
  const auto first = std::find_if(flags.begin(), flags.end(), damaged) - flags.begin();
  return fmt::format(
      "{:.1f} s of stream {} channel {}, first {:.1f} s after its start, come from damaged data.",
      static_cast<double>(count) / kPeakRows, channel.stream, channel.channel + 1,
      static_cast<double>(run->touching.first + first) / kPeakRows);
}

struct Placement {
  Rational origin_s;
  std::vector<std::int64_t> offsets;  // bed row of each channel's row 0
  std::int64_t rows = 0;              // whole rows of the bed
};

// Lays the channels on the earliest start; offsets are rounded to whole rows.
std::variant<Placement, Absent> place(const std::vector<SoundChannel>& channels) {
  Placement placement;
  placement.origin_s = channels.front().start_s;
  for (const SoundChannel& channel : channels)
    placement.origin_s = std::min(placement.origin_s, channel.start_s);
  for (const SoundChannel& channel : channels) {
    const auto offset =
        checked_sub(channel.start_s, placement.origin_s).and_then([](const Rational& seconds) {
          return checked_mul(seconds, Rational(kEnergyRows));
        });
    if (!offset || offset->round() > kMaxOffsetRows)
      return absent(AbsenceKind::not_measured,
                    "The streams of the soundfield start more than an hour apart.");
    placement.offsets.push_back(offset->round());
    const std::int64_t whole = probes::row_of(kEnergyRows, channel.samples, channel.sample_rate);
    placement.rows = std::max(
        placement.rows, placement.offsets.back() + std::min(whole, channel.energy->row_count()));
  }
  return placement;
}

}  // namespace

std::variant<SoundBed, Absent> sound_bed(const Evidence& evidence,
                                         const probes::Soundfield& soundfield,
                                         const Window& window) {
  auto found = sound_channels(evidence, soundfield, SoundRows::energy_and_peak);
  if (auto* missing = std::get_if<Absent>(&found)) return *missing;
  auto& [channels, doubts] = std::get<SoundChannels>(found);
  std::erase_if(channels, [](const SoundChannel& channel) { return !channel.counts; });
  if (channels.empty())
    return absent(AbsenceKind::undefined, "No channel of the soundfield counts as loudness.");

  const auto placed = place(channels);
  if (const auto* apart = std::get_if<Absent>(&placed)) return *apart;
  const auto& placement = std::get<Placement>(placed);
  const auto run = rows_in(window, placement.origin_s, kEnergyRows, placement.rows);
  if (!run) return absent(AbsenceKind::not_measured, "The window's times are out of range.");

  SoundBed bed;
  const auto origin = checked_add(placement.origin_s, Rational(run->inside.first, kEnergyRows));
  if (!origin) return absent(AbsenceKind::not_measured, "The stream's start is out of range.");
  bed.origin_s = *origin;
  bed.energy.resize(static_cast<std::size_t>(run->inside.end - run->inside.first));
  bed.doubts = std::move(doubts);
  bed.first_row = run->inside.first;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const auto doubt = damage_doubt(channels[i], window);
    if (!doubt || !add_channel(channels[i], placement.offsets[i], run->inside, bed.energy))
      return absent(AbsenceKind::damaged, "The stored rows of the sound cannot be read.");
    if (*doubt) bed.doubts.push_back(**doubt);
  }
  const auto same_stream = [&](const SoundChannel& channel) {
    return channel.stream == channels.front().stream;
  };
  if (std::all_of(channels.begin(), channels.end(), same_stream)) {
    bed.stream = channels.front().stream;
    bed.sample_rate = channels.front().sample_rate;
  }
  return bed;
}

std::vector<Reading> for_each_soundfield(
    const Evidence& evidence,
    const std::function<void(const probes::Soundfield&, Reading&)>& measure) {
  std::vector<Reading> readings;
  for (const probes::Soundfield& soundfield : evidence.facts().soundfields) {
    Reading& reading = readings.emplace_back();
    reading.subject = {SubjectKind::soundfield, soundfield.id};
    measure(soundfield, reading);
  }
  return readings;
}

Rational power_decibels(double ratio) {
  return Rational(std::llround(10e6 * std::log10(ratio)), 1'000'000);
}

Rational amplitude_decibels(double ratio) {
  return Rational(std::llround(20e6 * std::log10(ratio)), 1'000'000);
}

std::optional<std::string> joined(const std::vector<std::string>& sentences) {
  constexpr std::size_t kMost = 4;
  if (sentences.empty()) return std::nullopt;
  if (sentences.size() <= kMost) return fmt::format("{}", fmt::join(sentences, " "));
  return fmt::format("{} And {} more.",
                     fmt::join(sentences.begin(), sentences.begin() + kMost, " "),
                     sentences.size() - kMost);
}

}  // namespace cleangate::specs
