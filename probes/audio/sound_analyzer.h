// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/audio_block.h"
#include "core/error.h"
#include "probes/audio/energy_row.h"
#include "probes/audio/k_weighting.h"
#include "probes/audio/peak_row.h"
#include "probes/audio/sound_kernels.h"

namespace cleangate::probes {

// Measures `audio.energy` and `audio.peak` of every channel of one audio stream. Rows are the same
// bytes however the stream is cut into blocks, and across save and restore.
//
//   SoundAnalyzer sound(channels, sample_rate);
//   for each decoded block, in order: sound.feed(block); hand over take_energy_rows(channel), …
//   sound.finish(); hand over the rest.
//
// A peak row is complete six samples after its end (the interpolator looks ahead), or at finish,
// which lets the interpolator ring out into the last row. A stream without samples has no rows. A
// sample that is not finite makes its rows say so and passes the filters as zero.
class SoundAnalyzer {
 public:
  // Up to 1,024 channels, kMinSampleRate to kMaxSampleRate. What is not supported is not measured.
  [[nodiscard]] static bool supports(int channels, int sample_rate);

  SoundAnalyzer(int channels,
                int sample_rate);  // throws std::invalid_argument where supports() is false

  // The next samples of the stream. Throws std::invalid_argument when the block's channel count or
  // sample rate is not the stream's: a stream that changes them midway needs another analyzer.
  void feed(const AudioBlock& block);
  // No more samples: closes the last rows. Feeding again is an error (std::logic_error).
  void finish();

  // Rows completed since they were last taken, in order.
  [[nodiscard]] std::vector<AudioEnergyRow> take_energy_rows(int channel);
  [[nodiscard]] std::vector<AudioPeakRow> take_peak_rows(int channel);

  // A checkpoint: filter memories and the open rows, without the completed rows (take them first).
  // The restored analyzer goes on as if it had never stopped.
  [[nodiscard]] std::vector<std::byte> save() const;
  [[nodiscard]] static Expected<SoundAnalyzer> restore(std::span<const std::byte> checkpoint);

  [[nodiscard]] int channels() const { return channels_; }
  [[nodiscard]] int sample_rate() const { return sample_rate_; }
  [[nodiscard]] std::int64_t samples() const { return samples_; }  // fed so far, per channel

 private:
  static constexpr int kSlice = 256;  // samples looked at in one go

  struct Channel {
    std::array<double, 4> memory{};  // of the two sections of the K filter
    double energy = 0;               // sum of squares of the open energy row; NaN: no number
    std::array<float, kInterpolatorPast> past{};  // the newest samples, newest last
    Peaks peaks;                                  // of the open peak row
    std::uint32_t flags = 0;         // of the peak row that the newest sample belongs to
    std::uint32_t flags_before = 0;  // of the row before it, open for kInterpolatorDelay samples
    std::vector<AudioEnergyRow> energy_rows;
    std::vector<AudioPeakRow> peak_rows;
  };
  struct Lanes;

  void feed_slice(const AudioBlock& block, std::int64_t from, int count);
  void load(const AudioBlock& block, std::int64_t from, Lanes& lanes, int lane);
  void weigh(Lanes& lanes);
  void interpolate(Channel& channel, const float* samples, int count) const;
  void close_peak_row(Channel& channel, std::uint32_t flags) const;

  int channels_ = 0;
  int sample_rate_ = 0;
  KWeighting weighting_;
  Interpolation interpolation_ = Interpolation::quarter_points;
  std::int64_t samples_ = 0;
  bool finished_ = false;
  std::vector<Channel> state_;
};

}  // namespace cleangate::probes
