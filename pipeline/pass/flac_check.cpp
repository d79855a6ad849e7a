// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/flac_check.h"

#include <fmt/format.h>

#include "probes/bitstream/bit_reader.h"

namespace cleangate::pass {
namespace {

constexpr std::size_t kStreamInfo = 34;

// Sample `i` of a channel as a number of `bits` bits, from a word where it stands at the top.
template <class Word>
std::int32_t sample_at(const AudioBlock& block, int channel, std::int64_t i, int bits) {
  const bool planar = block.arrangement == SampleArrangement::planar;
  const auto* plane = static_cast<const Word*>(block.planes[planar ? channel : 0]);
  const Word word = plane[planar ? i : i * block.channels + channel];
  return static_cast<std::int32_t>(word) >> (static_cast<int>(sizeof(Word)) * 8 - bits);
}

}  // namespace

std::unique_ptr<FlacCheck> FlacCheck::make(std::span<const std::byte> info) {
  if (info.size() >= kStreamInfo + 8 && info[0] == std::byte{'f'}) info = info.subspan(8);
  if (info.size() < kStreamInfo) return nullptr;
  probes::BitReader bits(info.subspan(10));
  bits.skip(20);
  std::unique_ptr<FlacCheck> check(new FlacCheck);
  check->channels_ = bits.i(3) + 1;
  check->bits_ = bits.i(5) + 1;
  check->expected_ = static_cast<std::int64_t>(bits.u(4)) << 32;
  check->expected_ |= bits.u(32);
  bool any = false;
  for (const std::byte b : info.subspan(18, 16)) {
    check->stated_ += fmt::format("{:02x}", std::to_integer<unsigned>(b));
    any = any || b != std::byte{0};
  }
  auto hasher = NamedHasher::make("md5");
  if (!any || check->expected_ == 0 || !hasher) return nullptr;
  check->hasher_ = std::move(*hasher);
  return check;
}

void FlacCheck::add(const AudioBlock& block) {
  seen_ += block.samples;
  const bool narrow = block.type == SampleType::s16;
  if (block.channels != channels_ || (!narrow && block.type != SampleType::s32) ||
      bits_ > (narrow ? 16 : 32)) {
    hasher_.reset();
    return;
  }
  if (!hasher_) return;
  const int bytes = (bits_ + 7) / 8;
  packed_.clear();
  packed_.reserve(static_cast<std::size_t>(block.samples) * static_cast<std::size_t>(channels_) *
                  static_cast<std::size_t>(bytes));
  for (std::int64_t i = 0; i < block.samples; ++i)
    for (int channel = 0; channel < channels_; ++channel) {
      const std::int32_t sample = narrow ? sample_at<std::int16_t>(block, channel, i, bits_)
                                         : sample_at<std::int32_t>(block, channel, i, bits_);
      for (int byte = 0; byte < bytes; ++byte)
        packed_.push_back(static_cast<std::byte>(sample >> (8 * byte) & 0xff));
    }
  hasher_->update(packed_);
}

std::optional<std::string> FlacCheck::finish() {
  if (!hasher_ || seen_ != expected_) return std::nullopt;
  const std::string found = hasher_->finish();
  if (found == stated_) return std::nullopt;
  return fmt::format("The MD5 of the decoded sound is {}, its STREAMINFO states {}.", found,
                     stated_);
}

}  // namespace cleangate::pass
