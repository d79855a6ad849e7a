// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cleangate::probes {

// Finds SMPTE ST 337 bursts (Dolby E, AC-3 …) in the samples of a PCM stream: preambles Pa, Pb of
// the 16-, 20- and 24-bit modes followed by a Pc whose data mode agrees, three times or more at a
// steady distance (within two samples: 1601 and 1602 alternate at 29.97 frames/s). Carriage: a pair
// of channels, one channel alone, or one of two mono streams that share a pair.
class St337Detector {
 public:
  explicit St337Detector(int channels);
  // One sample of every channel in order, left-aligned in 24 bits.
  void add(std::span<const std::uint32_t> frame);
  // "dolby_e", "ac3", "eac3", "dts", "aac", "mpeg_audio", "st338_<n>"; "st337" where only the half
  // without Pc is there.
  [[nodiscard]] std::optional<std::string> found() const;

 private:
  // Bursts of one kind in one carriage.
  struct Bursts {
    std::int64_t last = -1, distance = 0;
    int type = -1, count = 0;
  };
  struct Channel {
    std::uint32_t before = 0, before_that = 0;
    Bursts alone, first_half, second_half;
  };
  struct Pair {
    int mode = -1;  // of a Pa, Pb just seen
    Bursts bursts;
  };
  void see(Bursts& bursts, int type);
  [[nodiscard]] bool completes_pair(std::size_t channel, int mode) const;

  std::vector<Channel> channels_;
  std::vector<Pair> pairs_;
  std::int64_t position_ = 0;
  std::optional<int> type_;
  bool half_ = false;
};

}  // namespace cleangate::probes
