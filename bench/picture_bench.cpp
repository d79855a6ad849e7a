// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "probes/picture/luma.h"
#include "probes/picture/picture_analyzers.h"

// Cost of one frame on one core: sweep and every picture analyzer.
namespace cleangate::probes {
namespace {

enum class Content { noisy, flat, letterbox };

// Planar 4:2:2; two of different seeds differ by their grain.
struct MadeFrame {
  MadeFrame(int width, int height, int bits, Content content, unsigned seed = 1) {
    frame.width = width;
    frame.height = height;
    frame.layout.component_count = 3;
    frame.layout.log2_chroma_w = 1;
    const int bytes = bits > 8 ? 2 : 1;
    for (std::uint8_t i = 0; i < 3; ++i) {
      const int across = i == 0 ? width : width / 2;
      planes[i].resize(static_cast<std::size_t>(across) * static_cast<std::size_t>(height) *
                       static_cast<std::size_t>(bytes));
      fill(planes[i], across, height, bits, content, seed + i);
      frame.layout.components[i] = {i, 0, static_cast<std::uint16_t>(bytes), 0,
                                    static_cast<std::uint8_t>(bits)};
      frame.planes[i] = {planes[i].data(), static_cast<std::ptrdiff_t>(across) * bytes};
    }
  }
  static void fill(std::vector<std::byte>& plane, int width, int height, int bits, Content content,
                   unsigned seed) {
    const auto bytes = static_cast<std::size_t>(bits > 8 ? 2 : 1);
    std::byte* at = plane.data();
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x, at += bytes) {
        seed = seed * 1664525u + 1013904223u;
        const bool bar = content != Content::noisy &&
                         (content == Content::flat || y < height / 8 || y >= height * 7 / 8);
        const unsigned code8 = 16 + static_cast<unsigned>((x + y) % 180) + (seed >> 27);
        const auto code = static_cast<std::uint16_t>(
            bar ? 16u << (bits - 8)
                : code8 << (bits - 8) | (seed >> 20 & ((1u << (bits - 8)) - 1)));
        std::memcpy(at, &code, bytes);
      }
  }
  std::array<std::vector<std::byte>, 3> planes;
  VideoFrame frame;
};

void sweep(benchmark::State& state, int width, int height, int bits, Content content,
           CpuLevel level) {
  if (level > best_cpu_level()) return state.SkipWithError("not on this machine");
  const MadeFrame made(width, height, bits, content), before(width, height, bits, content, 7);
  FrameSweep sweep({16, level});
  std::vector<std::byte> row(LumaRow::kType.size);
  for (auto _ : state) {
    sweep.run(made.frame, &before.frame);
    for (const PictureAnalyzer& analyzer : picture_analyzers()) {
      row.resize(analyzer.type->size);
      analyzer.measure(sweep, row);
    }
    benchmark::DoNotOptimize(row.data());
  }
  state.SetItemsProcessed(state.iterations());
}

void add(const std::string& name, int width, int height, int bits, Content content,
         CpuLevel level = best_cpu_level()) {
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    sweep(state, width, height, bits, content, level);
  })->Unit(benchmark::kMillisecond);
}

}  // namespace
}  // namespace cleangate::probes

int main(int argc, char** argv) {
  using namespace cleangate::probes;
  add("hd_10bit", 1920, 1080, 10, Content::noisy);
  add("hd_10bit_baseline", 1920, 1080, 10, Content::noisy, CpuLevel::baseline);
  add("hd_10bit_v3", 1920, 1080, 10, Content::noisy, CpuLevel::x86_64_v3);
  add("hd_10bit_v4", 1920, 1080, 10, Content::noisy, CpuLevel::x86_64_v4);
  add("hd_10bit_flat_black", 1920, 1080, 10, Content::flat);
  add("hd_10bit_letterbox", 1920, 1080, 10, Content::letterbox);
  add("small_10bit", 480, 270, 10, Content::noisy);  // a sixteenth: all in the cache
  add("hd_8bit", 1920, 1080, 8, Content::noisy);
  add("hd_12bit", 1920, 1080, 12, Content::noisy);
  add("hd_16bit", 1920, 1080, 16, Content::noisy);
  add("uhd_10bit", 3840, 2160, 10, Content::noisy);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
