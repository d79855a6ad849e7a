// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/st337.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace cleangate::probes {
namespace {

constexpr int kEnough = 3;
constexpr std::int64_t kJitter = 2;
constexpr int kUnknownType = 100;

// ST 337 table 5, left-aligned in 24 bits: 16-, 20- and 24-bit mode.
constexpr std::array<std::uint32_t, 3> kPa{0xf87200, 0x6f8720, 0x96f872};
constexpr std::array<std::uint32_t, 3> kPb{0x4e1f00, 0x54e1f0, 0xa54e1f};

int mode_of(std::uint32_t sample, const std::array<std::uint32_t, 3>& words) {
  for (std::size_t mode = 0; mode < words.size(); ++mode)
    if (sample == words[mode]) return static_cast<int>(mode);
  return -1;
}

// Data type of a Pc (its 16 bits on top of the word) whose data mode is `mode`, or -1. Null,
// time stamp and pause bursts stand between bursts of sound and name nothing.
int type_of(std::uint32_t pc, int mode) {
  const auto word = static_cast<int>(pc >> 8);
  if ((word >> 5 & 3) != mode) return -1;
  const int type = word & 31;
  return type == 0 || type == 2 || type == 3 ? -1 : type;
}

}  // namespace

St337Detector::St337Detector(int channels)
    : channels_(static_cast<std::size_t>(std::clamp(channels, 0, 64))),
      pairs_(channels_.size() / 2) {}

void St337Detector::see(Bursts& bursts, int type) {
  const std::int64_t distance = bursts.last < 0 ? 0 : position_ - bursts.last;
  const bool steady =
      bursts.type == type && bursts.distance > 0 && std::abs(distance - bursts.distance) <= kJitter;
  if (bursts.count == 0 || bursts.type != type)
    bursts.count = 1;
  else
    bursts.count = steady ? bursts.count + 1 : 2;
  bursts.type = type;
  bursts.distance = distance;
  bursts.last = position_;
  if (bursts.count < kEnough) return;
  if (type == kUnknownType)
    half_ = true;
  else if (!type_)
    type_ = type;
}

// The channel before held the Pa of the same pair: that burst's Pc speaks.
bool St337Detector::completes_pair(std::size_t channel, int mode) const {
  return channel % 2 == 1 && mode_of(channels_[channel - 1].before_that, kPa) == mode;
}

void St337Detector::add(std::span<const std::uint32_t> frame) {
  const std::size_t count = std::min(frame.size(), channels_.size());
  for (std::size_t c = 0; c < count; ++c) {
    Channel& channel = channels_[c];
    const std::uint32_t sample = frame[c];
    const int pa = mode_of(channel.before, kPa);
    if (pa >= 0) {
      if (const int type = type_of(sample, pa); type >= 0) see(channel.first_half, type);
    } else if (const int pb = mode_of(channel.before, kPb); pb >= 0) {
      if (mode_of(channel.before_that, kPa) == pb) {
        if (const int type = type_of(sample, pb); type >= 0) see(channel.alone, type);
      } else if (sample >> 8 != 0 && !completes_pair(c, pb)) {
        see(channel.second_half, kUnknownType);
      }
    }
    channel.before_that = channel.before;
    channel.before = sample;
  }
  for (std::size_t p = 0; p * 2 + 1 < count; ++p) {
    Pair& pair = pairs_[p];
    if (pair.mode >= 0) {
      if (const int type = type_of(frame[p * 2], pair.mode); type >= 0) see(pair.bursts, type);
    }
    const int mode = mode_of(frame[p * 2], kPa);
    pair.mode = mode >= 0 && frame[p * 2 + 1] == kPb[static_cast<std::size_t>(mode)] ? mode : -1;
  }
  ++position_;
}

std::optional<std::string> St337Detector::found() const {
  if (!type_) return half_ ? std::optional<std::string>("st337") : std::nullopt;
  switch (*type_) {  // ST 338; 21 is IEC 61937's number of Enhanced AC-3
    case 1:
      return "ac3";
    case 16:
    case 21:
      return "eac3";
    case 28:
      return "dolby_e";
    case 4:
    case 5:
    case 6:
    case 8:
    case 9:
      return "mpeg_audio";
    case 7:
    case 10:
      return "aac";
    case 11:
    case 12:
    case 13:
    case 17:
      return "dts";
    default:
      return fmt::format("st338_{}", *type_);
  }
}

}  // namespace cleangate::probes
