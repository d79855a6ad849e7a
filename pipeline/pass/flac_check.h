// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/audio_block.h"
#include "pipeline/pass/hashing.h"

namespace cleangate::pass {

// The MD5 of the sound that a FLAC's STREAMINFO states, against that of what was decoded (RFC 9639,
// 8.2): the only thing that tells whether the encoder's frames are what it was given.
class FlacCheck {
 public:
  // Nothing where STREAMINFO (bare, or behind "fLaC") states no MD5 or no number of samples.
  [[nodiscard]] static std::unique_ptr<FlacCheck> make(std::span<const std::byte> configuration);

  void add(const AudioBlock& block);
  // What is wrong, once everything was added. A stream that was cut and put into another container
  // has fewer samples than its STREAMINFO tells of: that MD5 is not its own, and says nothing.
  [[nodiscard]] std::optional<std::string> finish();

 private:
  FlacCheck() = default;
  int channels_ = 0, bits_ = 0;
  std::int64_t expected_ = 0, seen_ = 0;  // samples per channel
  std::string stated_;                    // lower-case hex
  std::unique_ptr<NamedHasher> hasher_;
  std::vector<std::byte> packed_;
};

}  // namespace cleangate::pass
