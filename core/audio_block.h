// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace cleangate {

// Sample types as decoders give them. Integers are full scale at their width (u8 is offset binary);
// 24-bit PCM arrives in s32, left-aligned.
enum class SampleType : std::uint8_t { u8, s16, s32, s64, f32, f64 };
enum class SampleArrangement : std::uint8_t { interleaved, planar };

// Consecutive samples of every channel of one stream, borrowed.
struct AudioBlock {
  SampleType type = SampleType::s16;
  SampleArrangement arrangement = SampleArrangement::planar;
  int channels = 0;
  int sample_rate = 0;  // Hz
  std::int64_t first_sample =
      0;  // index of the first sample of this block in its stream, counted in decoded samples
  std::int64_t samples = 0;             // per channel
  const void* const* planes = nullptr;  // `channels` pointers when planar, one when interleaved
  bool damaged = false;                 // decoded from damaged or concealed data
};

// Converts samples [from, from+out.size()) of one channel to double, full scale = 1.0, exact for
// every integer type up to s32.
void copy_channel(const AudioBlock& block, int channel, std::int64_t from, std::span<double> out);
void copy_channel(const AudioBlock& block, int channel, std::int64_t from,
                  std::span<float> out);  // rounds 32-bit integers

}  // namespace cleangate
