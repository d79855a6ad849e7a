// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/dts_sync.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace cleangate::probes {
namespace {

constexpr int kEnough = 3;  // frames that come where the one before said
constexpr std::uint32_t kLeastBytes = 96;

using Words = std::array<std::uint16_t, 5>;

// The 28 bits behind the sync word: FTYPE, SHORT, CPF, NBLKS and FSIZE.
std::optional<std::uint32_t> header_bits(const Words& words) {
  if (words[0] == 0x7FFE && words[1] == 0x8001)
    return (std::uint32_t{words[2]} << 16 | words[3]) >> 4;
  // 14 bits in each word, under its sign.
  if (words[0] != 0x1FFF || words[1] != 0xE800 || words[2] >> 4 != 0x07F) return std::nullopt;
  std::uint64_t bits = 0;
  for (std::size_t i = 1; i < words.size(); ++i) bits = bits << 14 | (words[i] & 0x3FFFu);
  return static_cast<std::uint32_t>(bits >> 10 & 0xFFFFFFFu);
}

Words swapped(Words words) {
  for (std::uint16_t& word : words) word = static_cast<std::uint16_t>(word << 8 | word >> 8);
  return words;
}

}  // namespace

std::optional<DtsDetector::Header> DtsDetector::header() const {
  auto bits = header_bits(last_);
  if (!bits) bits = header_bits(swapped(last_));
  // A normal frame of whole blocks.
  if (!bits || *bits >> 22 != 0x3F) return std::nullopt;
  const std::uint32_t blocks = (*bits >> 14 & 0x7F) + 1, bytes = (*bits & 0x3FFF) + 1;
  if (blocks < 8 || (blocks & (blocks - 1)) != 0 || bytes < kLeastBytes) return std::nullopt;
  return Header{std::int64_t{blocks} * 32 * 2, bytes};
}

void DtsDetector::add(std::uint16_t word) {
  std::copy(last_.begin() + 1, last_.end(), last_.begin());
  last_.back() = word;
  ++position_;
  if (const auto seen = header()) {
    const std::int64_t apart = position_ - frame_;
    // In real time, or each behind the other; 14-bit words take an eighth more.
    const bool alike = seen->words == header_.words && std::abs(seen->bytes - header_.bytes) <= 8;
    const bool due = frame_ >= 0 && alike &&
                     (apart == seen->words ||
                      (apart * 2 >= seen->bytes && apart * 2 <= seen->bytes * 8 / 7 + 4));
    in_a_row_ = due ? in_a_row_ + 1 : 0;
    found_ = found_ || in_a_row_ >= kEnough;
    frame_ = position_;
    header_ = *seen;
  }
}

}  // namespace cleangate::probes
