// SPDX-License-Identifier: Apache-2.0
#include "core/audio_block.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace cleangate {
namespace {

template <class Sample>
std::vector<double> interleaved(SampleType type, const std::vector<Sample>& samples, int channel) {
  const void* planes[] = {samples.data()};
  AudioBlock block{type,  SampleArrangement::interleaved,
                   2,     48000,
                   0,     static_cast<std::int64_t>(samples.size()) / 2,
                   planes};
  std::vector<double> out(samples.size() / 2);
  copy_channel(block, channel, 0, std::span<double>(out));
  return out;
}

TEST(AudioBlock, FullScaleIsOneInEveryType) {
  using std::numeric_limits;
  EXPECT_EQ(interleaved<std::uint8_t>(SampleType::u8, {0, 128, 192, 255}, 0),
            (std::vector{-1.0, 0.5}));
  EXPECT_EQ(interleaved<std::int16_t>(SampleType::s16, {-32768, 0, 16384, 1}, 0),
            (std::vector{-1.0, 0.5}));
  EXPECT_EQ(interleaved<std::int16_t>(SampleType::s16, {-32768, 0, 16384, 1}, 1),
            (std::vector{0.0, 0x1p-15}));
  EXPECT_EQ(interleaved<std::int32_t>(SampleType::s32,
                                      {numeric_limits<std::int32_t>::min(), 1, 256, 0}, 0),
            (std::vector{-1.0, 0x1p-23}));
  EXPECT_EQ(
      interleaved<std::int64_t>(SampleType::s64, {numeric_limits<std::int64_t>::min(), 0, 0, 0}, 0),
      (std::vector{-1.0, 0.0}));
  EXPECT_EQ(interleaved<float>(SampleType::f32, {-1.5F, 0, 0.25F, 0}, 0),
            (std::vector{-1.5, 0.25}));
  EXPECT_EQ(interleaved<double>(SampleType::f64, {-1.5, 0, 0.1, 0}, 0), (std::vector{-1.5, 0.1}));
}

TEST(AudioBlock, PlanarChannelsAndOffsets) {
  const std::vector<float> left{1, 2, 3, 4}, right{5, 6, 7, 8};
  const void* planes[] = {left.data(), right.data()};
  const AudioBlock block{SampleType::f32, SampleArrangement::planar, 2, 48000, 0, 4, planes};
  std::vector<float> out(2);
  copy_channel(block, 1, 1, std::span<float>(out));
  EXPECT_EQ(out, (std::vector<float>{6, 7}));
}

}  // namespace
}  // namespace cleangate
