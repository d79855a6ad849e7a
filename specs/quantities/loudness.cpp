// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <optional>

#include "probes/audio/sound_rows.h"
#include "specs/quantities/loudness_fold.h"
#include "specs/quantities/sound_bed.h"

namespace cleangate::specs {

extern const Quantity kLoudnessIntegrated, kLoudnessRange, kLoudnessMomentaryMax,
    kLoudnessShortTermMax;

namespace {

constexpr double kOffsetDb = -0.691;  // BS.1770-5 annex 1, equation 2

Rational lufs(double energy) {
  return Rational(std::llround(1e6 * (kOffsetDb + 10 * std::log10(energy))), 1'000'000);
}

Absent undefined(std::string because) { return {AbsenceKind::undefined, std::move(because)}; }
Absent not_applicable(std::string because) {
  return {AbsenceKind::not_applicable, std::move(because)};
}
Absent no_number() {
  return {AbsenceKind::damaged,
          "The sound holds samples that are no numbers (NaN, infinite or absurdly large)."};
}

// Runs `fold` on the bed of every soundfield; it sets the value.
template <class Fold>
std::vector<Reading> fold_beds(const Evidence& evidence, const Window& window, Fold fold) {
  return for_each_soundfield(evidence, [&](const probes::Soundfield& soundfield, Reading& reading) {
    auto found = sound_bed(evidence, soundfield, window);
    if (const auto* missing = std::get_if<Absent>(&found)) {
      reading.value = *missing;
      return;
    }
    const auto& bed = std::get<SoundBed>(found);
    reading.tainted_because = joined(bed.doubts);
    if (bed.energy.empty())
      reading.value = undefined("There is no sound in the measured time.");
    else
      fold(bed, reading);
  });
}

std::vector<Reading> integrated(const Evidence& evidence, const Parameters& parameters,
                                const Window& window) {
  const std::string gate = parameters.text("gate");
  return fold_beds(evidence, window, [&](const SoundBed& bed, Reading& reading) {
    if (gate != "relative" && gate != "none") {
      reading.value = Absent{AbsenceKind::not_measured,
                             "The gate \"" + gate + "\" is not known; it is relative or none."};
      return;
    }
    const bool gated = gate == "relative";
    const auto energy = gated ? gated_energy(bed.energy) : mean_energy(bed.energy);
    if (energy && std::isnan(*energy))
      reading.value = no_number();
    else if (gated && bed.energy.size() < kBlockRows)
      reading.value = undefined("The sound is shorter than one gating block of 400 ms.");
    else if (!energy)
      reading.value = undefined("There is no sound above the -70 LUFS gate.");
    else if (*energy <= 0)
      reading.value = undefined("There is no sound at all.");
    else
      reading.value = Scalar(lufs(*energy));
  });
}

std::vector<Reading> range(const Evidence& evidence, const Parameters&, const Window& window) {
  return fold_beds(evidence, window, [](const SoundBed& bed, Reading& reading) {
    const auto energies = range_energies(bed.energy);
    if (energies && std::isnan(energies->high))
      reading.value = no_number();
    else if (bed.energy.size() < kShortTermRows)
      reading.value = not_applicable("The sound is shorter than 3 s.");
    else if (!energies)
      reading.value = undefined("There is no sound above the -70 LUFS gate.");
    else
      reading.value = Scalar(power_decibels(energies->high / energies->low));
  });
}

// Nothing when the stream's start is out of range.
std::optional<Span> span_of(const SoundBed& bed, int soundfield, std::size_t first,
                            std::size_t rows, const Rational& value) {
  const auto length = static_cast<std::int64_t>(rows);
  const auto start_s =
      checked_add(bed.origin_s, Rational(static_cast<std::int64_t>(first), probes::kEnergyRows));
  if (!start_s) return std::nullopt;
  const auto end_s = checked_add(*start_s, Rational(length, probes::kEnergyRows));
  if (!end_s) return std::nullopt;
  Span span;
  span.soundfield = soundfield;
  span.start_s = *start_s;
  span.end_s = *end_s;
  span.value = value;
  if (bed.stream) {
    const std::int64_t row = bed.first_row + static_cast<std::int64_t>(first);
    span.stream = bed.stream;
    span.first_sample = probes::row_start(probes::kEnergyRows, row, bed.sample_rate);
    span.end_sample = probes::row_start(probes::kEnergyRows, row + length, bed.sample_rate);
  }
  return span;
}

// Sound shorter than the window is heard by a meter with silence around it: so it is measured, and
// a maximum still binds it. Of longer sound no window that reaches beyond its ends is the loudest.
std::vector<Reading> loudest(const Evidence& evidence, const Window& window, std::size_t rows) {
  return fold_beds(evidence, window, [&](const SoundBed& bed, Reading& reading) {
    std::vector<double> padded;
    if (bed.energy.size() < rows) {
      padded = bed.energy;
      padded.resize(rows, 0.0);
    }
    const auto found = loudest_window(padded.empty() ? bed.energy : padded, rows);
    if (!found) {
      reading.value = undefined("There is no sound in the measured time.");
      return;
    }
    if (found->passed_over) {
      auto doubts = bed.doubts;
      doubts.push_back(no_number().because);
      reading.tainted_because = joined(doubts);
    }
    if (found->energy <= 0) {
      reading.value = found->passed_over
                          ? no_number()
                          : Absent{AbsenceKind::below_any, "The sound is digital silence."};
      return;
    }
    const Rational value = lufs(found->energy);
    reading.value = Scalar(value);
    const std::size_t heard = std::min(rows, bed.energy.size());
    if (const auto span = span_of(bed, reading.subject.index, found->first, heard, value))
      reading.where.push_back(*span);
  });
}

std::vector<Reading> momentary_max(const Evidence& evidence, const Parameters&,
                                   const Window& window) {
  return loudest(evidence, window, kBlockRows);
}

std::vector<Reading> short_term_max(const Evidence& evidence, const Parameters&,
                                    const Window& window) {
  return loudest(evidence, window, kShortTermRows);
}

constexpr RowNeed kNeeds[] = {{"audio.energy"}, {"audio.peak"}};
constexpr ParameterInfo kGate[] = {
    {"gate", Unit::none, ValueKind::text, "relative",
     "relative: BS.1770-2 and later, gated; none: BS.1770-1, the mean of everything"}};

}  // namespace

const Quantity kLoudnessIntegrated{
    "loudness.integrated",
    1,
    ValueKind::number,
    Unit::lufs,
    SubjectKind::soundfield,
    kNeeds,
    kGate,
    {},
    "programme loudness",
    "Loudness of a whole soundfield, gated at -70 LUFS and 10 LU below the mean.",
    "ITU-R BS.1770-5, annex 1",
    integrated,
    Missing::either};

const Quantity kLoudnessRange{
    "loudness.range",
    1,
    ValueKind::number,
    Unit::lu,
    SubjectKind::soundfield,
    kNeeds,
    {},
    {},
    "loudness range",
    "Spread of the short-term loudness of a soundfield, from its 10th to its 95th percentile.",
    "EBU Tech 3342",
    range,
    Missing::either};

const Quantity kLoudnessMomentaryMax{"loudness.momentary_max",
                                     2,
                                     ValueKind::number,
                                     Unit::lufs,
                                     SubjectKind::soundfield,
                                     kNeeds,
                                     {},
                                     {},
                                     "maximum momentary loudness",
                                     "Loudest 400 ms of a soundfield, looked for every 10 ms.",
                                     "EBU Tech 3341",
                                     momentary_max,
                                     Missing::raises};

const Quantity kLoudnessShortTermMax{"loudness.short_term_max",
                                     2,
                                     ValueKind::number,
                                     Unit::lufs,
                                     SubjectKind::soundfield,
                                     kNeeds,
                                     {},
                                     {},
                                     "maximum short-term loudness",
                                     "Loudest 3 s of a soundfield, looked for every 10 ms.",
                                     "EBU Tech 3341",
                                     short_term_max,
                                     Missing::raises};

}  // namespace cleangate::specs
