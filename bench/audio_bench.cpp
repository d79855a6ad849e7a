// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <ebur128.h>

#include <algorithm>
#include <random>
#include <vector>

#include "probes/audio/sound_analyzer.h"

// All sound rows of a stream against libebur128 with everything those rows answer (integrated,
// range, true peak), on the same ten seconds in the same run. `real_time` is seconds of sound a
// second of CPU; the second number of each name is the channel count.
namespace {

constexpr int kSeconds = 10;
constexpr std::int64_t kBlock = 1024;

std::vector<float> noise(int rate, int channels) {
  std::mt19937 random(1);
  std::vector<float> samples(static_cast<std::size_t>(rate) * kSeconds *
                             static_cast<std::size_t>(channels));
  for (float& sample : samples)
    sample = static_cast<float>(static_cast<std::int32_t>(random())) * 0x1p-32F;
  return samples;
}

void count(benchmark::State& state) {
  state.counters["real_time"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * kSeconds, benchmark::Counter::kIsRate);
}

void sound_rows(benchmark::State& state) {
  const int rate = static_cast<int>(state.range(0)), channels = static_cast<int>(state.range(1));
  const auto samples = noise(rate, channels);
  for (auto _ : state) {
    cleangate::probes::SoundAnalyzer analyzer(channels, rate);
    for (std::int64_t from = 0; from < std::int64_t{rate} * kSeconds; from += kBlock) {
      const void* plane = samples.data() + from * channels;
      const std::int64_t length = std::min(kBlock, std::int64_t{rate} * kSeconds - from);
      analyzer.feed({cleangate::SampleType::f32, cleangate::SampleArrangement::interleaved,
                     channels, rate, from, length, &plane, false});
    }
    analyzer.finish();
    for (int c = 0; c < channels; ++c) {
      benchmark::DoNotOptimize(analyzer.take_energy_rows(c));
      benchmark::DoNotOptimize(analyzer.take_peak_rows(c));
    }
  }
  count(state);
}

void libebur128(benchmark::State& state) {
  const int rate = static_cast<int>(state.range(0)), channels = static_cast<int>(state.range(1));
  const auto samples = noise(rate, channels);
  for (auto _ : state) {
    ebur128_state* peer =
        ebur128_init(static_cast<unsigned>(channels), static_cast<unsigned long>(rate),
                     EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK);
    for (std::int64_t from = 0; from < std::int64_t{rate} * kSeconds; from += kBlock)
      ebur128_add_frames_float(
          peer, samples.data() + from * channels,
          static_cast<std::size_t>(std::min(kBlock, std::int64_t{rate} * kSeconds - from)));
    double loudness = 0;
    ebur128_loudness_global(peer, &loudness);
    benchmark::DoNotOptimize(loudness);
    ebur128_destroy(&peer);
  }
  count(state);
}

void layouts(benchmark::internal::Benchmark* bench) {
  for (const int channels : {1, 2, 6, 8}) bench->Args({48000, channels});
  bench->Args({96000, 2})->Unit(benchmark::kMillisecond);
}
BENCHMARK(sound_rows)->Apply(layouts);
BENCHMARK(libebur128)->Apply(layouts);

}  // namespace

BENCHMARK_MAIN();
