// SPDX-License-Identifier: Apache-2.0
#include <ebur128.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "probes/audio/sound_rows.h"
#include "tests/specs/quantities/sound_evidence.h"
#include "tests/support/shared_media.h"

// Agreement with libebur128, which shares no code with ours.
namespace cleangate::specs {
namespace {

using test::evidence_of;
using test::Sound;
using test::value;

struct Peer {
  double integrated = 0, momentary_max = -HUGE_VAL, short_term_max = -HUGE_VAL, true_peak = 0,
         sample_peak = 0;
  std::optional<double> range;
};

// EBU Tech 3342's own procedure, in decibels as it is published, on short-term loudness at 10 Hz.
// (The peer's range takes a value a second: several tenths of an LU off on short files.)
std::optional<double> range_of(std::vector<double> short_term) {
  const auto mean = [](const std::vector<double>& levels) {
    double power = 0;
    for (const double level : levels) power += std::pow(10.0, level / 10);
    return 10 * std::log10(power / static_cast<double>(levels.size()));
  };
  std::erase_if(short_term, [](double level) { return !(level >= -70); });
  if (short_term.empty()) return std::nullopt;
  const double gate = mean(short_term) - 20;
  std::erase_if(short_term, [&](double level) { return !(level >= gate); });
  std::sort(short_term.begin(), short_term.end());
  const auto element = [&](double percent) {
    const auto last = static_cast<double>(short_term.size() - 1);
    return short_term[static_cast<std::size_t>(std::lround(last * percent / 100))];
  };
  return element(95) - element(10);
}

Peer measure_with_peer(const Sound& sound) {
  const auto channels = static_cast<unsigned>(sound.channels.size());
  ebur128_state* state = ebur128_init(channels, static_cast<unsigned long>(sound.rate),
                                      EBUR128_MODE_I | EBUR128_MODE_S | EBUR128_MODE_TRUE_PEAK);
  // Its default for six channels is L R C LFE Ls Rs; eight need telling (rear before side here).
  if (channels == 5) {
    constexpr std::array kPlaces = {EBUR128_LEFT, EBUR128_RIGHT, EBUR128_CENTER,
                                    EBUR128_LEFT_SURROUND, EBUR128_RIGHT_SURROUND};
    for (unsigned c = 0; c < 5; ++c) ebur128_set_channel(state, c, kPlaces[c]);
  }
  if (channels == 8) {
    constexpr std::array kPlaces = {EBUR128_LEFT,  EBUR128_RIGHT, EBUR128_CENTER, EBUR128_UNUSED,
                                    EBUR128_Mp135, EBUR128_Mm135, EBUR128_Mp090,  EBUR128_Mm090};
    for (unsigned c = 0; c < 8; ++c) ebur128_set_channel(state, c, kPlaces[c]);
  }
  Peer peer;
  std::vector<double> interleaved, short_term;
  std::int64_t from = 0, count = 0;
  for (std::int64_t row = 0; from < sound.samples(); ++row, from += count) {
    // The rows' own grid, which at odd rates is uneven.
    const std::int64_t end = probes::row_start(probes::kEnergyRows, row + 1, sound.rate);
    count = std::min(end, sound.samples()) - from;
    interleaved.clear();
    for (std::int64_t n = from; n < from + count; ++n)
      for (const auto& channel : sound.channels)
        interleaved.push_back(channel[static_cast<std::size_t>(n)]);
    ebur128_add_frames_double(state, interleaved.data(), static_cast<std::size_t>(count));
    double now = 0;
    if (from + count >= sound.rate * 2 / 5 && ebur128_loudness_momentary(state, &now) == 0)
      peer.momentary_max = std::max(peer.momentary_max, now);
    if (from + count >= sound.rate * 3 && ebur128_loudness_shortterm(state, &now) == 0) {
      peer.short_term_max = std::max(peer.short_term_max, now);
      if (row % 10 == 9 && from + count == end) short_term.push_back(now);
    }
  }
  ebur128_loudness_global(state, &peer.integrated);
  peer.range = range_of(short_term);
  for (unsigned c = 0; c < channels; ++c) {
    double peak = 0;
    ebur128_true_peak(state, c, &peak);
    peer.true_peak = std::max(peer.true_peak, peak);
    ebur128_sample_peak(state, c, &peak);
    peer.sample_peak = std::max(peer.sample_peak, peak);
  }
  ebur128_destroy(&state);
  return peer;
}

double decibels(double amplitude) { return 20 * std::log10(amplitude); }

void expect_agreement(const Sound& sound, const std::string& what, double loudness_tolerance,
                      double peak_tolerance) {
  const Peer peer = measure_with_peer(sound);
  const auto evidence = evidence_of(sound);
  EXPECT_NEAR(value(evidence, "loudness.integrated"), peer.integrated, loudness_tolerance) << what;
  EXPECT_NEAR(value(evidence, "loudness.momentary_max"), peer.momentary_max, loudness_tolerance)
      << what;
  EXPECT_NEAR(value(evidence, "loudness.short_term_max"), peer.short_term_max, loudness_tolerance)
      << what;
  const double range = value(evidence, "loudness.range");
  ASSERT_EQ(peer.range.has_value(), !std::isnan(range)) << what;
  if (peer.range) {
    EXPECT_NEAR(range, *peer.range, 2 * loudness_tolerance) << what;
  }
  EXPECT_NEAR(value(evidence, "loudness.true_peak"), decibels(peer.true_peak), peak_tolerance)
      << what;
  EXPECT_NEAR(value(evidence, "loudness.sample_peak"), decibels(peer.sample_peak), 0.0001) << what;
}

// Noise without its highest octave. Above 0.43 of the sample rate the document's interpolator and
// the peer's differ by design: on white noise they are 0.7 dB apart.
Sound programme_like(int rate, int channels, unsigned seed) {
  Sound sound = test::wandering_noise(rate, channels, 12, seed);
  for (auto& channel : sound.channels) {
    std::array<double, 4> memory{};
    for (double& sample : channel)
      for (double& low : memory) sample = low += 0.35 * (sample - low);
  }
  return sound;
}

TEST(AgreementWithLibebur128, LayoutsAt48k) {
  for (const int channels : {1, 2, 5, 6, 8})
    expect_agreement(programme_like(48000, channels, static_cast<unsigned>(channels)),
                     std::to_string(channels) + " channels", 0.02, 0.05);
}

// Its high pass keeps the 48 kHz numerator at every rate, so that its gain drifts by +0.0036 dB at
// 44.1 kHz, -0.02 dB at 96 kHz, +0.2 dB at 8 kHz; ours keeps the gain of 48 kHz.
TEST(AgreementWithLibebur128, Rates) {
  for (const int rate : {32000, 44100, 88200, 96000})
    expect_agreement(programme_like(rate, 2, static_cast<unsigned>(rate)),
                     std::to_string(rate) + " Hz", rate == 44100 ? 0.02 : 0.03, 0.05);
}

// A minimal reader of PCM WAV: fmt and data chunks, 16, 24 and 32 bits.
std::optional<Sound> read_wav(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto little = [&](std::size_t at, int size) {
    std::uint32_t number = 0;
    for (int i = size - 1; i >= 0; --i)
      number = number << 8 | static_cast<std::uint8_t>(bytes.at(at + static_cast<std::size_t>(i)));
    return number;
  };
  if (bytes.size() < 44 || bytes.substr(0, 4) != "RIFF" || bytes.substr(8, 4) != "WAVE")
    return std::nullopt;
  std::size_t channels = 0, width = 0;
  Sound sound;
  for (std::size_t at = 12; at + 8 <= bytes.size();) {
    const std::string id = bytes.substr(at, 4);
    const std::size_t size = std::min<std::size_t>(little(at + 4, 4), bytes.size() - at - 8);
    if (id == "fmt ") {
      if (little(at + 8, 2) != 1) return std::nullopt;
      channels = little(at + 10, 2);
      sound.rate = static_cast<int>(little(at + 12, 4));
      width = little(at + 22, 2) / 8;
    } else if (id == "data" && channels > 0 && width >= 2 && width <= 4) {
      sound.channels.resize(channels);
      for (std::size_t n = 0; n < size / (channels * width); ++n)
        for (std::size_t c = 0; c < channels; ++c) {
          const std::uint32_t raw =
              little(at + 8 + (n * channels + c) * width, static_cast<int>(width));
          sound.channels[c].push_back(static_cast<std::int32_t>(raw << (32 - 8 * width)) /
                                      2147483648.0);
        }
      return sound;
    }
    at += 8 + size + size % 2;
  }
  return std::nullopt;
}

// The published loudness of the files of loudness_expected.csv.
TEST(RealSound, PublishedLoudness) {
  CLEANGATE_SHARED_MEDIA(media);
  std::ifstream table(media / "_ground_truth/dev/loudness_expected.csv");
  if (!table) GTEST_SKIP() << "no loudness_expected.csv beside the real media";
  std::string line;
  std::getline(table, line);  // file,present,metric,expected,tol_low,tol_high,unit,source
  int checked = 0;
  while (std::getline(table, line)) {
    std::vector<std::string> fields(1);
    for (const char each : line)
      each == ',' ? (void)fields.emplace_back() : fields.back().push_back(each);
    ASSERT_GE(fields.size(), 6u) << line;
    const auto sound = read_wav(media / fields[0]);
    if (!sound || fields[2] != "I") continue;
    const double measured = value(evidence_of(*sound), "loudness.integrated");
    EXPECT_GE(measured, std::stod(fields[3]) + std::stod(fields[4])) << line;
    EXPECT_LE(measured, std::stod(fields[3]) + std::stod(fields[5])) << line;
    ++checked;
  }
  EXPECT_GT(checked, 0);
}

TEST(RealSound, WavesAgreeWithLibebur128) {
  CLEANGATE_SHARED_MEDIA(media);
  int checked = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(media / "audio")) {
    if (entry.path().extension() != ".wav") continue;
    const auto sound = read_wav(entry.path());
    if (!sound || sound->samples() < 4 * sound->rate || sound->channels.size() > 6) continue;
    expect_agreement(*sound, entry.path().filename().string(), 0.02, 0.15);
    ++checked;
  }
  EXPECT_GT(checked, 0);
}

// FLAC is decoded by the ffmpeg program, where there is one, to 32-bit floats.
std::optional<Sound> decode_flac(const std::filesystem::path& path, int rate, int channels) {
  const std::string command =
      "ffmpeg -v quiet -i '" + path.string() + "' -f f32le - 2>/dev/null </dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), &pclose);
  if (!pipe) return std::nullopt;
  Sound sound{rate, std::vector<std::vector<double>>(static_cast<std::size_t>(channels))};
  std::vector<float> frame(static_cast<std::size_t>(channels));
  while (std::fread(frame.data(), sizeof(float), frame.size(), pipe.get()) == frame.size())
    for (std::size_t c = 0; c < frame.size(); ++c) sound.channels[c].push_back(frame[c]);
  if (sound.samples() == 0) return std::nullopt;
  return sound;
}

TEST(RealSound, FlacsAgreeWithLibebur128) {
  CLEANGATE_SHARED_MEDIA(media);
  struct File {
    const char* name;
    int rate, channels;
  };
  int checked = 0;
  for (const File& file :
       {File{"20 - samplerate 39kHz.flac", 39000, 2},
        File{"19 - samplerate 35467Hz.flac", 35467, 2},
        File{"21 - samplerate 22050Hz.flac", 22050, 2}, File{"60 - mono audio.flac", 44100, 1},
        File{"40 - 5 channels (5.0).flac", 44100, 5},
        File{"41 - 6 channels (5.1).flac", 44100, 6}}) {
    const auto path = media / "audio/flac-test-files/subset" / file.name;
    if (!std::filesystem::exists(path)) continue;
    const auto sound = decode_flac(path, file.rate, file.channels);
    if (!sound) GTEST_SKIP() << "the ffmpeg program is not there";
    if (sound->samples() < 4 * sound->rate) continue;
    expect_agreement(*sound, file.name, file.rate < 32000 ? 0.06 : 0.02, 0.15);
    ++checked;
  }
  EXPECT_GT(checked, 0);
}

}  // namespace
}  // namespace cleangate::specs
