// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cmath>

#include "probes/audio/sound_analyzer.h"

// The checkpoint of a SoundAnalyzer: "CGS1", then little-endian: channels u32, sample rate u32,
// samples u64, finished u32; per channel four f64 filter memories, f64 energy sum, eleven f32 past
// samples, two f32 peaks, two u32 flag words. What samples imply (open rows, coefficients) is not
// stored.
namespace cleangate::probes {
namespace {

constexpr std::uint32_t kMagic = 0x31534743;
constexpr std::size_t kHeadBytes = 4 + 4 + 4 + 8 + 4;
constexpr std::size_t kChannelBytes = 5 * 8 + (kInterpolatorPast + 2 + 2) * 4;
constexpr std::int64_t kMaxSamples = std::int64_t{1} << 50;

class Writer {
 public:
  template <class Word>
  void put(Word word) {
    for (std::size_t i = 0; i < sizeof(Word); ++i)
      bytes_.push_back(static_cast<std::byte>(word >> (8 * i) & 0xFF));
  }
  void put_double(double value) { put(std::bit_cast<std::uint64_t>(value)); }
  void put_float(float value) { put(std::bit_cast<std::uint32_t>(value)); }
  [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

// Reads a checkpoint whose length was checked.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  template <class Word>
  [[nodiscard]] Word get() {
    Word word = 0;
    for (std::size_t i = 0; i < sizeof(Word); ++i)
      word |= static_cast<Word>(std::to_integer<Word>(bytes_[i]) << (8 * i));
    bytes_ = bytes_.subspan(sizeof(Word));
    return word;
  }
  // What a filter or a peak can hold: finite, and no more than bounded samples reach.
  [[nodiscard]] double get_double() { return checked(std::bit_cast<double>(get<std::uint64_t>())); }
  [[nodiscard]] float get_float() {
    return static_cast<float>(checked(std::bit_cast<float>(get<std::uint32_t>())));
  }
  // A sum of squares, or NaN where the row holds no number.
  [[nodiscard]] double get_energy() {
    const double energy = std::bit_cast<double>(get<std::uint64_t>());
    if (!std::isnan(energy) && !(energy >= 0 && energy < 0x1p200)) sound_ = false;
    return energy;
  }
  [[nodiscard]] bool sound() const { return sound_; }

 private:
  double checked(double value) {
    if (!(std::fabs(value) < 0x1p80)) sound_ = false;
    return value;
  }
  std::span<const std::byte> bytes_;
  bool sound_ = true;
};

}  // namespace

std::vector<std::byte> SoundAnalyzer::save() const {
  Writer out;
  out.put(kMagic);
  out.put(static_cast<std::uint32_t>(channels_));
  out.put(static_cast<std::uint32_t>(sample_rate_));
  out.put(static_cast<std::uint64_t>(samples_));
  out.put(static_cast<std::uint32_t>(finished_ ? 1 : 0));
  for (const Channel& channel : state_) {
    for (const double value : channel.memory) out.put_double(value);
    out.put_double(channel.energy);
    for (const float value : channel.past) out.put_float(value);
    out.put_float(channel.peaks.between);
    out.put_float(channel.peaks.at);
    out.put(channel.flags);
    out.put(channel.flags_before);
  }
  return out.take();
}

Expected<SoundAnalyzer> SoundAnalyzer::restore(std::span<const std::byte> checkpoint) {
  const auto damaged = [] {
    return fail(ErrorCode::damaged, "The checkpoint of the sound analysis is damaged.");
  };
  if (checkpoint.size() < kHeadBytes) return damaged();
  Reader in(checkpoint);
  const bool known = in.get<std::uint32_t>() == kMagic;
  const auto channels = in.get<std::uint32_t>();
  const auto sample_rate = in.get<std::uint32_t>();
  const auto samples = in.get<std::uint64_t>();
  const auto finished = in.get<std::uint32_t>();
  if (!known || channels > 1024 || sample_rate > kMaxSampleRate || samples > kMaxSamples ||
      finished > 1 || !supports(static_cast<int>(channels), static_cast<int>(sample_rate)) ||
      checkpoint.size() != kHeadBytes + channels * kChannelBytes)
    return damaged();
  SoundAnalyzer sound(static_cast<int>(channels), static_cast<int>(sample_rate));
  sound.samples_ = static_cast<std::int64_t>(samples);
  sound.finished_ = finished == 1;
  for (Channel& channel : sound.state_) {
    for (double& value : channel.memory) value = in.get_double();
    channel.energy = in.get_energy();
    for (float& value : channel.past) value = in.get_float();
    channel.peaks.between = in.get_float();
    channel.peaks.at = in.get_float();
    channel.flags = in.get<std::uint32_t>();
    channel.flags_before = in.get<std::uint32_t>();
    if (channel.peaks.between < 0 || channel.peaks.at < 0) return damaged();
  }
  if (!in.sound()) return damaged();
  return sound;
}

}  // namespace cleangate::probes
