// SPDX-License-Identifier: Apache-2.0
#include "core/audio_block.h"

namespace cleangate {
namespace {

// The step between two samples of one channel, and its first one.
template <class Sample>
struct Lane {
  const Sample* first;
  std::size_t step;
};

template <class Sample>
Lane<Sample> lane(const AudioBlock& block, int channel, std::int64_t from) {
  if (block.arrangement == SampleArrangement::planar)
    return {static_cast<const Sample*>(block.planes[channel]) + from, 1};
  const std::size_t step = static_cast<std::size_t>(block.channels);
  return {static_cast<const Sample*>(block.planes[0]) + static_cast<std::size_t>(from) * step +
              static_cast<std::size_t>(channel),
          step};
}

template <class Sample, class Out>
void convert(const AudioBlock& block, int channel, std::int64_t from, std::span<Out> out, Out scale,
             Out offset) {
  const Lane<Sample> source = lane<Sample>(block, channel, from);
  const Sample* at = source.first;
  for (Out& sample : out) {
    sample = (static_cast<Out>(*at) - offset) * scale;
    at += source.step;
  }
}

template <class Out>
void copy(const AudioBlock& block, int channel, std::int64_t from, std::span<Out> out) {
  if (out.empty()) return;
  switch (block.type) {
    case SampleType::u8:
      return convert<std::uint8_t>(block, channel, from, out, Out(0x1p-7), Out(128));
    case SampleType::s16:
      return convert<std::int16_t>(block, channel, from, out, Out(0x1p-15), Out(0));
    case SampleType::s32:
      return convert<std::int32_t>(block, channel, from, out, Out(0x1p-31), Out(0));
    case SampleType::s64:
      return convert<std::int64_t>(block, channel, from, out, Out(0x1p-63), Out(0));
    case SampleType::f32:
      return convert<float>(block, channel, from, out, Out(1), Out(0));
    case SampleType::f64:
      return convert<double>(block, channel, from, out, Out(1), Out(0));
  }
}

}  // namespace

void copy_channel(const AudioBlock& block, int channel, std::int64_t from, std::span<double> out) {
  copy<double>(block, channel, from, out);
}

void copy_channel(const AudioBlock& block, int channel, std::int64_t from, std::span<float> out) {
  copy<float>(block, channel, from, out);
}

}  // namespace cleangate
