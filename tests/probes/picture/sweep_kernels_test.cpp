// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/sweep_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

TEST(SweepKernels, CountTheSameAtEveryLevel) {
  test::Noise noise(1);
  std::vector<std::uint16_t> line(2051), next(2051);
  for (auto* each : {&line, &next})
    for (std::uint16_t& sample : *each) sample = static_cast<std::uint16_t>(noise());
  for (const int width : {1, 2, 31, 32, 33, 2051})
    for (int level = 0; level <= static_cast<int>(best_cpu_level()); ++level) {
      const auto run = [&](CpuLevel cpu) {
        std::vector<std::uint16_t> above(2051), sums(2051);
        LumaLine task{line.data(),  next.data(), width, 1023, 96, {8, 16, 32, 64, 128, 256},
                      above.data(), sums.data()};
        const LineCounts counts = sweep_kernels(cpu).line16(task);
        return std::tuple(counts.above, counts.contrast_max, counts.contrast_above, above, sums);
      };
      EXPECT_EQ(run(static_cast<CpuLevel>(level)), run(CpuLevel::baseline)) << width;
    }
}

TEST(LumaHistogram, CountsEverySampleOnceOverManyFolds) {
  for (const int bits : {1, 8, 10, 12, 13, 16})
    for (int level = 0; level <= static_cast<int>(best_cpu_level()); ++level) {
      LumaHistogram histogram(sweep_kernels(static_cast<CpuLevel>(level)));
      for (int round = 0; round < 2; ++round) {
        histogram.reset(bits);
        test::Noise noise(static_cast<unsigned>(bits));
        std::vector<std::uint32_t> expected(std::size_t{1} << bits);
        std::vector<std::uint16_t> line;
        for (int i = 0; i < 200; ++i) {
          line.assign(1 + noise() % 5000, static_cast<std::uint16_t>(noise()));
          for (std::size_t x = 0; x < line.size(); x += 3)
            line[x] = static_cast<std::uint16_t>(noise());
          for (const std::uint16_t sample : line) ++expected[sample & (expected.size() - 1)];
          histogram.add(line.data(), static_cast<int>(line.size()));
        }
        const auto counts = histogram.counts();
        EXPECT_TRUE(std::equal(counts.begin(), counts.end(), expected.begin(), expected.end()))
            << bits;
      }
    }
}

// Black, with something in it: counted at once where it is even, one by one where it is not.
template <class Sample>
void count_even(int bits) {
  std::vector<Sample> line(3000, static_cast<Sample>(~0u << bits | 1u));  // bits above the depth
  line[1100] = line[2303] = 0;
  for (int level = 0; level <= static_cast<int>(best_cpu_level()); ++level)
    for (const int width : {1, 255, 256, 257, 1099, 1101, 2303, 2304, 3000}) {
      LumaHistogram histogram(sweep_kernels(static_cast<CpuLevel>(level)));
      histogram.reset(bits);
      for (int i = 0; i < 100; ++i) histogram.add(line.data(), width);
      const auto zeros = 100 * std::count(line.begin(), line.begin() + width, 0);
      const auto counts = histogram.counts();
      EXPECT_EQ(counts[0], zeros) << width;
      EXPECT_EQ(counts[1], 100 * width - zeros) << width;
    }
}

TEST(LumaHistogram, CountsEvenLines) {
  count_even<std::uint8_t>(8);
  count_even<std::uint8_t>(5);
  for (const int bits : {8, 10, 12, 14}) count_even<std::uint16_t>(bits);
}

}  // namespace
}  // namespace cleangate::probes
