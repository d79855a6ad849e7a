// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/pcm_scanner.h"

#include <cstddef>

namespace cleangate::probes {
namespace {

constexpr int kMostChannels = 64;

// The 24 bits at the top of sample `i` of a channel.
template <class Word>
std::uint32_t top_24(const AudioBlock& block, int channel, std::int64_t i) {
  const bool planar = block.arrangement == SampleArrangement::planar;
  const auto* plane = static_cast<const Word*>(block.planes[planar ? channel : 0]);
  const Word word = plane[planar ? i : i * block.channels + channel];
  return static_cast<std::uint32_t>(word) << (32 - 8 * sizeof(Word)) >> 8;
}

template <class Word>
void scan_block(const AudioBlock& block, PcmScanner& scanner) {
  for (std::int64_t i = 0; i < block.samples; ++i) {
    int channel = 0;
    for (std::uint32_t& value : scanner.frame()) value = top_24<Word>(block, channel++, i);
    scanner.scan();
  }
}

}  // namespace

PcmScanner::PcmScanner(int channels)
    : bursts_(channels),
      frame_(channels > 0 && channels <= kMostChannels ? static_cast<std::size_t>(channels) : 0) {}

void PcmScanner::scan() {
  if (frame_.size() == 2)
    for (const std::uint32_t value : frame_) dts_.add(static_cast<std::uint16_t>(value >> 8));
  bursts_.add(frame_);
}

void PcmScanner::add(const AudioBlock& block) {
  if (!looks() || static_cast<std::size_t>(block.channels) != frame_.size()) return;
  if (block.type == SampleType::s16) scan_block<std::int16_t>(block, *this);
  if (block.type == SampleType::s32) scan_block<std::int32_t>(block, *this);
}

std::optional<std::string> PcmScanner::found() const {
  auto found = bursts_.found();
  if (!found && dts_.found()) found = "dts";
  return found;
}

}  // namespace cleangate::probes
