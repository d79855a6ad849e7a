// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "specs/quantity.h"
#include "tests/probes/audio/signals.h"
#include "tests/support/row_evidence.h"

// Evidence made from sound: streams measured by SoundAnalyzer, soundfields over them.
namespace cleangate::test {

// Adds a measured audio stream; its index is the number of streams before.
inline int add_stream(RowEvidence& evidence, const Sound& sound, const Rational& start_s = 0) {
  const int index = static_cast<int>(evidence.facts_.streams.size());
  probes::StreamFacts& stream = evidence.facts_.streams.emplace_back();
  stream.index = index;
  stream.kind = probes::StreamKind::audio;
  stream.start_s = start_s;
  probes::AudioFacts audio;
  audio.channels = static_cast<int>(sound.channels.size());
  audio.sample_rate = sound.rate;
  stream.media = audio;
  const SoundRowsOf rows = rows_of(sound);
  for (std::size_t c = 0; c < rows.energy.size(); ++c) {
    const int channel = static_cast<int>(c);
    evidence.set(RowEvidence::id<probes::AudioEnergyRow>(index, channel), rows.energy[c]);
    evidence.set(RowEvidence::id<probes::AudioPeakRow>(index, channel), rows.peak[c]);
  }
  return index;
}

inline probes::Soundfield& add_soundfield(RowEvidence& evidence,
                                          std::vector<probes::SoundfieldChannel> channels) {
  probes::Soundfield& soundfield = evidence.facts_.soundfields.emplace_back();
  soundfield.id = static_cast<int>(evidence.facts_.soundfields.size());
  soundfield.channels = std::move(channels);
  return soundfield;
}

[[nodiscard]] inline std::vector<std::string> usual_labels(std::size_t channels) {
  switch (channels) {
    case 1:
      return {"M"};
    case 2:
      return {"L", "R"};
    case 5:
      return {"L", "R", "C", "Ls", "Rs"};
    case 6:
      return {"L", "R", "C", "LFE", "Ls", "Rs"};
    case 8:
      return {"L", "R", "C", "LFE", "Lrs", "Rrs", "Lss", "Rss"};
    default:
      return std::vector<std::string>(channels);
  }
}

// One stream, one soundfield over all of its channels.
[[nodiscard]] inline RowEvidence evidence_of(const Sound& sound) {
  RowEvidence evidence;
  const int stream = add_stream(evidence, sound);
  const auto labels = usual_labels(sound.channels.size());
  std::vector<probes::SoundfieldChannel> channels;
  for (std::size_t c = 0; c < labels.size(); ++c)
    channels.push_back({stream, static_cast<int>(c), labels[c]});
  add_soundfield(evidence, std::move(channels));
  return evidence;
}

[[nodiscard]] inline std::vector<specs::Reading> evaluate(const specs::Evidence& evidence,
                                                          std::string_view id,
                                                          const specs::Window& window = {}) {
  const specs::Quantity* quantity = specs::find_quantity(id);
  return quantity->evaluate(evidence, specs::default_parameters(*quantity), window);
}

// The reading of the first soundfield.
[[nodiscard]] inline specs::Reading read(const specs::Evidence& evidence, std::string_view id,
                                         const specs::Window& window = {}) {
  return evaluate(evidence, id, window).at(0);
}

// Its number; NaN when there is none.
[[nodiscard]] inline double number(const specs::Reading& reading) {
  const auto* scalar = std::get_if<specs::Scalar>(&reading.value);
  if (!scalar || !std::holds_alternative<Rational>(*scalar)) return std::nan("");
  return std::get<Rational>(*scalar).to_double();
}

[[nodiscard]] inline double value(const specs::Evidence& evidence, std::string_view id,
                                  const specs::Window& window = {}) {
  return number(read(evidence, id, window));
}

[[nodiscard]] inline std::optional<specs::AbsenceKind> absence(const specs::Reading& reading) {
  const auto* absent = std::get_if<specs::Absent>(&reading.value);
  return absent ? std::optional(absent->kind) : std::nullopt;
}

}  // namespace cleangate::test
