// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace cleangate::probes {

// DTS Coherent Acoustics put bare into the 16-bit samples of a PCM stream, as on DTS CDs and in
// their WAV copies: frames of one size that begin with a sync word (ETSI TS 102 114, 5.3), in words
// of 16 or of 14 bits and in either byte order. Played as sound it is noise.
class DtsDetector {
 public:
  // The next 16-bit word: samples of all channels in turn.
  void add(std::uint16_t word) {
    if (completes_sync(word)) {
      const std::int64_t distance = position_ - last_;
      steady_ = last_ >= 0 && distance == distance_ ? steady_ + 1 : 0;
      distance_ = distance;
      last_ = position_;
      found_ = found_ || steady_ >= kEnough;
    }
    before_ = word;
    ++position_;
  }
  [[nodiscard]] bool found() const { return found_; }

 private:
  static constexpr int kEnough = 3;  // equal distances
  // The two words of a sync word, as samples of either byte order give them.
  static constexpr std::array<std::array<std::uint16_t, 2>, 4> kSyncs{
      {{0x7FFE, 0x8001}, {0xFE7F, 0x0180}, {0x1FFF, 0xE800}, {0xFF1F, 0x00E8}}};
  static bool is_sync(std::uint16_t first, std::uint16_t second) {
    return std::any_of(kSyncs.begin(), kSyncs.end(),
                       [&](const auto& sync) { return first == sync[0] && second == sync[1]; });
  }
  [[nodiscard]] bool completes_sync(std::uint16_t word) const { return is_sync(before_, word); }

  std::uint16_t before_ = 0;
  std::int64_t position_ = 0, last_ = -1, distance_ = 0;
  int steady_ = 0;
  bool found_ = false;
};

}  // namespace cleangate::probes
