// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/sweep_kernels.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace cleangate::probes
