// SPDX-License-Identifier: Apache-2.0
#include "app/measurements.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "specs/memory.h"
#include "specs/quantities/dead_pixels.h"

namespace cleangate::app {
namespace {

using specs::Absent;
using specs::Evidence;
using specs::Quantity;
using specs::Reading;
using specs::Scalar;

// Readings of a quantity over the whole file with its default parameters; nothing when there is no
// such quantity, nothing it could be asked of, or its rows were not taken.
std::optional<std::vector<Reading>> readings(const Evidence& evidence, std::string_view id) {
  const Quantity* quantity = specs::find_quantity(id);
  if (!quantity) return std::nullopt;
  auto all = specs::default_readings(evidence, *quantity);
  const bool taken = std::none_of(all.begin(), all.end(), [](const Reading& reading) {
    const auto* absent = std::get_if<Absent>(&reading.value);
    return absent && absent->kind == specs::AbsenceKind::not_measured;
  });
  if (all.empty() || !taken) return std::nullopt;
  return all;
}

std::optional<Rational> scalar(const Reading& reading) {
  const auto* value = std::get_if<Scalar>(&reading.value);
  const auto* number = value ? std::get_if<Rational>(value) : nullptr;
  return number ? std::optional(*number) : std::nullopt;
}

// Why a reading has no number, or a number that is not to be relied on.
std::optional<std::string> because(const Reading& reading) {
  if (const auto* absent = std::get_if<Absent>(&reading.value)) return absent->because;
  return reading.tainted_because;
}

void add_because(std::optional<std::string>& to, const Reading& reading) {
  const auto why = because(reading);
  if (!why || (to && to->find(*why) != std::string::npos)) return;
  to = to ? *to + " " + *why : *why;
}

// Fills one member of `Row` per subject from each quantity; nothing when none was taken.
template <class Row>
struct Part {
  std::string_view quantity;
  std::optional<Rational> Row::*member;
};

template <class Row, std::size_t N>
std::optional<std::vector<Row>> gather(const Evidence& evidence, const Part<Row> (&parts)[N],
                                       int Row::*subject) {
  std::map<int, Row> rows;
  bool any = false;
  for (const Part<Row>& part : parts) {
    const auto all = readings(evidence, part.quantity);
    if (!all) continue;
    any = true;
    for (const Reading& reading : *all) {
      Row& row = rows[reading.subject.index];
      row.*subject = reading.subject.index;
      row.*(part.member) = scalar(reading);
      add_because(row.because, reading);
    }
  }
  if (!any) return std::nullopt;
  std::vector<Row> out;
  out.reserve(rows.size());
  for (auto& [index, row] : rows) out.push_back(std::move(row));
  return out;
}

constexpr Part<SoundfieldLoudness> kLoudness[] = {
    {"loudness.integrated", &SoundfieldLoudness::integrated_lufs},
    {"loudness.range", &SoundfieldLoudness::range_lu},
    {"loudness.momentary_max", &SoundfieldLoudness::momentary_max_lufs},
    {"loudness.short_term_max", &SoundfieldLoudness::short_term_max_lufs},
    {"loudness.true_peak", &SoundfieldLoudness::true_peak_dbtp},
    {"loudness.sample_peak", &SoundfieldLoudness::sample_peak_dbfs}};

constexpr Part<LumaLevels> kLevels[] = {{"picture.luma_min", &LumaLevels::min},
                                        {"picture.luma_p1", &LumaLevels::p1},
                                        {"picture.luma_p50", &LumaLevels::p50},
                                        {"picture.luma_p99", &LumaLevels::p99},
                                        {"picture.luma_max", &LumaLevels::max}};

void note_defaults(std::string_view id, Measurements& taken) {
  if (const Quantity* quantity = specs::find_quantity(id))
    for (const specs::ParameterInfo& parameter : quantity->parameters)
      taken.defaults.push_back(
          {std::string(id), std::string(parameter.name), std::string(parameter.default_value)});
}

struct RunsShown {
  const char *name, *quantity, *none = "";
  const char* open = "Some runs cannot be told from the stored rows, or lie in damaged pictures.";
};
constexpr const char* kFlashesOpen =
    "Some pictures flash with changes that take several frames, change their size or transfer "
    "characteristics, or are damaged: undecided.";
constexpr RunsShown kRuns[] = {
    {"programme", "layout.programme", "none: black or color bars alone",
     "Beside it stands what may belong to it: a still, a quiet scene or a damaged picture."},
    {"black", "picture.black"},
    {"freeze", "picture.freeze"},
    {"bars", "picture.bars"},
    {"cadence_breaks", "picture.cadence_breaks"},
    {"line_dropouts", "picture.line_dropouts"},
    {"column_dropouts", "picture.column_dropouts"},
    {"luminance_flashes", "photosensitivity.luminance", "screened, no risk found", kFlashesOpen},
    {"red_flashes", "photosensitivity.red", "screened, no risk found", kFlashesOpen}};

void take_runs(const Evidence& evidence, const RunsShown& shown, Measurements& taken) {
  const auto all = readings(evidence, shown.quantity);
  if (!all) return;
  PictureRuns found;
  found.name = shown.name;
  found.none = shown.none;
  for (const Reading& reading : *all) {
    if (const auto* spans = std::get_if<specs::Spans>(&reading.value)) {
      found.runs.insert(found.runs.end(), spans->runs.begin(), spans->runs.end());
      if (!spans->undecided.empty()) found.undecided.emplace_back(shown.open);
    }
    if (const auto why = because(reading)) found.undecided.push_back(*why);
  }
  taken.runs.push_back(std::move(found));
  note_defaults(shown.quantity, taken);
}

void take_active_picture(const Evidence& evidence, Measurements& taken) {
  constexpr std::string_view kIds[] = {"picture.active_x", "picture.active_y",
                                       "picture.active_width", "picture.active_height"};
  constexpr std::int64_t ActivePicture::*kMembers[] = {
      &ActivePicture::x, &ActivePicture::y, &ActivePicture::width, &ActivePicture::height};
  std::map<int, ActivePicture> found;
  std::map<int, int> known;
  for (std::size_t i = 0; i < std::size(kIds); ++i) {
    const auto all = readings(evidence, kIds[i]);
    if (!all) return;
    for (const Reading& reading : *all)
      if (const auto number = scalar(reading)) {
        found[reading.subject.index].stream = reading.subject.index;
        found[reading.subject.index].*(kMembers[i]) = number->round();
        ++known[reading.subject.index];
      }
  }
  taken.active_picture.emplace();
  for (const auto& [index, picture] : found)
    if (known[index] == static_cast<int>(std::size(kIds))) taken.active_picture->push_back(picture);
}

void take_scan(const Evidence& evidence, Measurements& taken) {
  struct Part {
    std::string_view quantity;
    std::optional<std::string> PictureScan::*member;
  };
  constexpr Part kParts[] = {{"picture.scan", &PictureScan::scan},
                             {"picture.field_order", &PictureScan::field_order},
                             {"picture.cadence", &PictureScan::cadence},
                             {"picture.scan_against_flags", &PictureScan::against_flags}};
  std::map<int, PictureScan> found;
  for (const Part& part : kParts) {
    const auto all = readings(evidence, part.quantity);
    if (!all) return;
    for (const Reading& reading : *all) {
      PictureScan& scan = found[reading.subject.index];
      scan.stream = reading.subject.index;
      if (const auto* value = std::get_if<Scalar>(&reading.value))
        scan.*(part.member) = std::get<std::string>(*value);
      // What keeps the scan from being known keeps the others.
      const auto* absent = std::get_if<Absent>(&reading.value);
      const bool has_none = absent && absent->kind == specs::AbsenceKind::not_applicable;
      if (!has_none && !scan.because) add_because(scan.because, reading);
    }
  }
  taken.scan.emplace();
  for (auto& [index, scan] : found) taken.scan->push_back(std::move(scan));
}

void take_dead_pixels(const Evidence& evidence, Measurements& taken) {
  DeadPixels all;
  bool looked_for = false;
  for (const probes::StreamFacts& stream : evidence.facts().streams) {
    if (!stream.video()) continue;
    const auto placed = specs::dead_pixels_of(evidence, stream.index);
    looked_for = looked_for || placed || placed.error().kind != specs::AbsenceKind::not_measured;
    if (!placed) {
      all.undecided.push_back(placed.error().because);
      continue;
    }
    if (!all.found) all.found.emplace();
    for (const specs::PlacedPixel& pixel : placed->pixels)
      all.found->push_back({stream.index, pixel.x, pixel.y, pixel.span});
    if (placed->tainted_because) all.undecided.push_back(*placed->tainted_because);
  }
  if (!looked_for) return;
  taken.dead_pixels = std::move(all);
  note_defaults("picture.dead_pixels", taken);
}

// Neither picture nor sound is cut finer than its own frames: up to one frame of the picture, or
// the longest usual frame of coded sound (AC-3: 1536 samples, 32 ms at 48 kHz), is no cut at all.
Rational least_notable(const probes::AssetFacts& facts) {
  Rational least(1536, 48000);
  for (const probes::StreamFacts& stream : facts.streams) {
    const auto* video = stream.video();
    if (video && video->frame_rate.is_known() && *video->frame_rate > Rational(0))
      least = std::max(least, Rational(1) / *video->frame_rate);
  }
  return least;
}

void take_ends(const Evidence& evidence, Measurements& taken) {
  const auto apart = readings(evidence, "file.av_duration_difference");
  const auto difference = apart ? scalar(apart->front()) : std::nullopt;
  if (!difference) return;
  std::map<Rational, int> ends;  // of each end, the first stream that has it
  for (const probes::StreamFacts& stream : evidence.facts().streams)
    if (stream.video() || stream.audio())
      ends.emplace(*stream.start_s + *stream.duration_s, stream.index);
  if (ends.empty()) return;
  taken.av_ends = EndsApart{*difference, ends.begin()->second, ends.rbegin()->second,
                            *difference > least_notable(evidence.facts())};
}

}  // namespace

Measurements take_measurements(const specs::Evidence& evidence) {
  Measurements taken;
  for (const RunsShown& shown : kRuns) take_runs(evidence, shown, taken);
  taken.loudness = gather(evidence, kLoudness, &SoundfieldLoudness::soundfield);
  if (taken.loudness) note_defaults("loudness.integrated", taken);
  taken.levels = gather(evidence, kLevels, &LumaLevels::stream);
  take_active_picture(evidence, taken);
  take_scan(evidence, taken);
  take_dead_pixels(evidence, taken);
  take_ends(evidence, taken);
  return taken;
}

}  // namespace cleangate::app
