// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <vector>

#include "probes/audio/sound_analyzer.h"

// Sound made in a test, and what SoundAnalyzer makes of it.
namespace cleangate::test {

struct Sound {
  int rate = 48000;
  std::vector<std::vector<double>> channels;  // full scale 1.0

  [[nodiscard]] std::int64_t samples() const {
    return channels.empty() ? 0 : static_cast<std::int64_t>(channels.front().size());
  }
};

[[nodiscard]] inline Sound silence(int rate, int channels, double seconds) {
  return {rate, std::vector<std::vector<double>>(
                    static_cast<std::size_t>(channels),
                    std::vector<double>(static_cast<std::size_t>(std::llround(seconds * rate))))};
}

// Appends a sine to every channel, one peak level (dBFS) a channel; `phase` in degrees.
inline void add_tone(Sound& sound, double seconds, double hertz, const std::vector<double>& dbfs,
                     double phase = 0) {
  const auto count = static_cast<std::size_t>(std::llround(seconds * sound.rate));
  for (std::size_t c = 0; c < sound.channels.size(); ++c) {
    const double amplitude = std::pow(10.0, dbfs[c] / 20);
    for (std::size_t n = 0; n < count; ++n)
      sound.channels[c].push_back(
          amplitude * std::sin(2 * std::numbers::pi *
                               (hertz * static_cast<double>(n) / sound.rate + phase / 360)));
  }
}

inline void add_silence(Sound& sound, double seconds) {
  for (auto& channel : sound.channels)
    channel.resize(channel.size() + static_cast<std::size_t>(std::llround(seconds * sound.rate)));
}

// White noise whose level wanders, each channel on its own; the same on every machine.
[[nodiscard]] inline Sound wandering_noise(int rate, int channels, double seconds, unsigned seed) {
  Sound sound = silence(rate, channels, seconds);
  std::mt19937 random(seed);
  const auto uniform = [&] { return static_cast<double>(random()) / 4294967296.0 * 2 - 1; };
  for (auto& channel : sound.channels) {
    double level = 0.1;
    for (std::size_t n = 0; n < channel.size(); ++n) {
      if (n % static_cast<std::size_t>(rate / 2) == 0) level = 0.3 * std::pow(10.0, uniform());
      channel[n] = std::clamp(level * uniform(), -1.0, 1.0);
    }
  }
  return sound;
}

struct SoundRowsOf {
  std::vector<std::vector<probes::AudioEnergyRow>> energy;
  std::vector<std::vector<probes::AudioPeakRow>> peak;
};

inline void take_rows(probes::SoundAnalyzer& analyzer, SoundRowsOf& rows) {
  rows.energy.resize(static_cast<std::size_t>(analyzer.channels()));
  rows.peak.resize(static_cast<std::size_t>(analyzer.channels()));
  for (int c = 0; c < analyzer.channels(); ++c) {
    const auto at = static_cast<std::size_t>(c);
    for (const auto& row : analyzer.take_energy_rows(c)) rows.energy[at].push_back(row);
    for (const auto& row : analyzer.take_peak_rows(c)) rows.peak[at].push_back(row);
  }
}

inline void feed_part(probes::SoundAnalyzer& analyzer, const Sound& sound, std::int64_t from,
                      std::int64_t count, bool damaged = false) {
  std::vector<const void*> planes;
  for (const auto& channel : sound.channels) planes.push_back(channel.data() + from);
  analyzer.feed({SampleType::f64, SampleArrangement::planar,
                 static_cast<int>(sound.channels.size()), sound.rate, from, count, planes.data(),
                 damaged});
}

// Rows of a whole sound, fed in blocks of `block` samples.
[[nodiscard]] inline SoundRowsOf rows_of(const Sound& sound, std::int64_t block = 4096) {
  probes::SoundAnalyzer analyzer(static_cast<int>(sound.channels.size()), sound.rate);
  SoundRowsOf rows;
  for (std::int64_t from = 0; from < sound.samples(); from += block) {
    feed_part(analyzer, sound, from, std::min(block, sound.samples() - from));
    take_rows(analyzer, rows);
  }
  analyzer.finish();
  take_rows(analyzer, rows);
  return rows;
}

}  // namespace cleangate::test
