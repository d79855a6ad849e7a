// SPDX-License-Identifier: Apache-2.0
#include "probes/audio/sound_analyzer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "probes/audio/energy_code.h"
#include "probes/audio/sound_rows.h"

namespace cleangate::probes {
namespace {

constexpr int kMaxLanes = 8;
constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

std::uint32_t quantize_peak(float magnitude) {
  const double scaled = static_cast<double>(magnitude) * 0x1p24;
  constexpr std::uint32_t kTop = std::numeric_limits<std::uint32_t>::max();
  return scaled >= kTop ? kTop : static_cast<std::uint32_t>(scaled + 0.5);
}

int lanes_for(int channels) {
  if (channels > 4) return 8;
  return channels > 2 ? 4 : channels;
}

}  // namespace

// Neighboring channels filtered side by side; spare lanes hold silence.
struct SoundAnalyzer::Lanes {
  int first = 0, used = 0, width = 1;
  int count = 0;                                                // samples
  std::array<double, std::size_t{kMaxLanes} * kSlice> samples;  // [sample * width + lane]
  struct Blemish {
    int lane, sample;
  };
  std::vector<Blemish> not_finite;
};

bool SoundAnalyzer::supports(int channels, int sample_rate) {
  return channels >= 1 && channels <= 1024 && sample_rate >= kMinSampleRate &&
         sample_rate <= kMaxSampleRate;
}

SoundAnalyzer::SoundAnalyzer(int channels, int sample_rate)
    : channels_(channels), sample_rate_(sample_rate) {
  if (!supports(channels, sample_rate))
    throw std::invalid_argument("SoundAnalyzer: channel count or sample rate is not supported.");
  weighting_ = k_weighting(sample_rate);
  interpolation_ = interpolation_for(sample_rate);
  state_.resize(static_cast<std::size_t>(channels));
}

void SoundAnalyzer::feed(const AudioBlock& block) {
  if (finished_) throw std::logic_error("SoundAnalyzer: fed after finish.");
  if (block.channels != channels_ || block.sample_rate != sample_rate_)
    throw std::invalid_argument("SoundAnalyzer: the block is of another format than the stream.");
  for (std::int64_t from = 0; from < block.samples;) {
    // A slice stays inside one peak row, so that its flags belong to that row alone.
    const std::int64_t row_end =
        row_start(kPeakRows, row_of(kPeakRows, samples_, sample_rate_) + 1, sample_rate_);
    const int count = static_cast<int>(
        std::min({std::int64_t{kSlice}, block.samples - from, row_end - samples_}));
    feed_slice(block, from, count);
    from += count;
    samples_ += count;
    if (samples_ < row_end) continue;
    for (Channel& channel : state_) {
      channel.flags_before = channel.flags;
      channel.flags = 0;
    }
  }
}

void SoundAnalyzer::feed_slice(const AudioBlock& block, std::int64_t from, int count) {
  Lanes lanes;
  lanes.count = count;
  for (int first = 0; first < channels_; first += lanes.width) {
    lanes.first = first;
    lanes.width = lanes_for(channels_ - first);
    lanes.used = std::min(lanes.width, channels_ - first);
    lanes.not_finite.clear();
    if (lanes.used < lanes.width) lanes.samples.fill(0);
    for (int lane = 0; lane < lanes.used; ++lane) load(block, from, lanes, lane);
    weigh(lanes);
  }
}

// Takes one channel's samples: flags, peaks, and its lane for the K filter.
void SoundAnalyzer::load(const AudioBlock& block, std::int64_t from, Lanes& lanes, int lane) {
  Channel& channel = state_[static_cast<std::size_t>(lanes.first + lane)];
  if (block.damaged) channel.flags |= AudioPeakRow::kDamaged;
  std::array<double, kSlice> wide;
  std::array<float, kSlice> narrow;
  const std::span<double> samples(wide.data(), static_cast<std::size_t>(lanes.count));
  copy_channel(block, lanes.first + lane, from, samples);
  if (!all_finite(wide.data(), lanes.count)) {
    channel.flags |= AudioPeakRow::kNotFinite;
    for (int n = 0; n < lanes.count; ++n) {
      double& sample = wide[static_cast<std::size_t>(n)];
      if (std::isfinite(sample)) continue;
      sample = 0;
      lanes.not_finite.push_back({lane, n});
    }
  }
  bound_samples(wide.data(), narrow.data(), lanes.count);
  interpolate(channel, narrow.data(), lanes.count);
  double* out = lanes.samples.data() + lane;
  for (const double sample : samples) {
    *out = sample;
    out += lanes.width;
  }
}

void SoundAnalyzer::weigh(Lanes& lanes) {
  std::array<double, 4 * kMaxLanes> memory{};
  std::array<double, kMaxLanes> energy{};
  const auto width = static_cast<std::size_t>(lanes.width);
  const std::span<Channel> group(state_.data() + lanes.first, static_cast<std::size_t>(lanes.used));
  for (std::size_t lane = 0; lane < group.size(); ++lane) {
    for (std::size_t m = 0; m < 4; ++m) memory[m * width + lane] = group[lane].memory[m];
    energy[lane] = group[lane].energy;
  }
  std::int64_t row = row_of(kEnergyRows, samples_, sample_rate_);
  for (int at = 0; at < lanes.count;) {
    const std::int64_t row_end = row_start(kEnergyRows, row + 1, sample_rate_);
    const int end = static_cast<int>(std::min<std::int64_t>(lanes.count, row_end - samples_));
    weigh_lanes(lanes.width, lanes.samples.data() + static_cast<std::size_t>(at) * width, end - at,
                weighting_, memory.data(), energy.data());
    for (const auto& [lane, sample] : lanes.not_finite)
      if (sample >= at && sample < end) energy[static_cast<std::size_t>(lane)] = kNoNumber;
    at = end;
    if (samples_ + end < row_end) continue;
    const auto length = static_cast<double>(row_end - row_start(kEnergyRows, row, sample_rate_));
    for (std::size_t lane = 0; lane < group.size(); ++lane)
      group[lane].energy_rows.push_back({energy_to_code(energy[lane] / length)});
    energy.fill(0);
    // A memory that only rings out ends before it becomes denormal (and slow).
    for (double& value : memory)
      if (std::fabs(value) < 1e-30) value = 0;
    ++row;
  }
  for (std::size_t lane = 0; lane < group.size(); ++lane) {
    for (std::size_t m = 0; m < 4; ++m) group[lane].memory[m] = memory[m * width + lane];
    group[lane].energy = energy[lane];
  }
}

// Raises the open peak rows by `count` samples (at most kSlice) that follow those before. The row
// before the one that `samples_` lies in stays open for the first kInterpolatorDelay samples.
void SoundAnalyzer::interpolate(Channel& channel, const float* samples, int count) const {
  std::array<float, kInterpolatorPast + kSlice> joined;
  std::copy(channel.past.begin(), channel.past.end(), joined.begin());
  std::copy(samples, samples + count, joined.begin() + kInterpolatorPast);
  const float* const x = joined.data() + kInterpolatorPast;

  const std::int64_t row = row_of(kPeakRows, samples_, sample_rate_);
  const std::int64_t rest = row_start(kPeakRows, row, sample_rate_) + kInterpolatorDelay - samples_;
  int at = 0;
  if (row > 0 && rest > 0) {
    at = static_cast<int>(std::min<std::int64_t>(rest, count));
    raise_peaks(interpolation_, x, at, channel.peaks);
    if (at == rest) close_peak_row(channel, channel.flags_before);
  }
  raise_peaks(interpolation_, x + at, count - at, channel.peaks);
  std::copy(x + count - kInterpolatorPast, x + count, channel.past.begin());
}

void SoundAnalyzer::close_peak_row(Channel& channel, std::uint32_t flags) const {
  AudioPeakRow row;
  row.flags = flags;
  if (flags & AudioPeakRow::kNotFinite) {
    row.true_peak = row.sample_peak = std::numeric_limits<std::uint32_t>::max();
  } else {
    row.sample_peak = quantize_peak(channel.peaks.at);
    row.true_peak = quantize_peak(std::max(channel.peaks.between, channel.peaks.at));
  }
  channel.peak_rows.push_back(row);
  channel.peaks = {};
}

void SoundAnalyzer::finish() {
  if (finished_) return;
  finished_ = true;
  if (samples_ == 0) return;
  const std::int64_t energy_start =
      row_start(kEnergyRows, row_of(kEnergyRows, samples_, sample_rate_), sample_rate_);
  const std::int64_t peak_start =
      row_start(kPeakRows, row_of(kPeakRows, samples_, sample_rate_), sample_rate_);
  const std::array<float, kInterpolatorPast + kInterpolatorPast> silence{};
  for (Channel& channel : state_) {
    if (samples_ > energy_start)
      channel.energy_rows.push_back(
          {energy_to_code(channel.energy / static_cast<double>(samples_ - energy_start))});
    if (samples_ > peak_start) {
      interpolate(channel, silence.data(), kInterpolatorPast);
      close_peak_row(channel, channel.flags | AudioPeakRow::kPartial |
                                  static_cast<std::uint32_t>(samples_ - peak_start)
                                      << AudioPeakRow::kSamplesShift);
    } else {
      std::array<float, kInterpolatorPast + kInterpolatorPast> tail{};
      std::copy(channel.past.begin(), channel.past.end(), tail.begin());
      raise_peaks(interpolation_, tail.data() + kInterpolatorPast, kInterpolatorPast,
                  channel.peaks);
      close_peak_row(channel, channel.flags_before);
    }
  }
}

std::vector<AudioEnergyRow> SoundAnalyzer::take_energy_rows(int channel) {
  return std::exchange(state_.at(static_cast<std::size_t>(channel)).energy_rows, {});
}

std::vector<AudioPeakRow> SoundAnalyzer::take_peak_rows(int channel) {
  return std::exchange(state_.at(static_cast<std::size_t>(channel)).peak_rows, {});
}

}  // namespace cleangate::probes
