// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/digest.h"
#include "pipeline/media/av/stream_info.h"
#include "pipeline/pass/hashing.h"
#include "probes/bitstream/stream_probe.h"

namespace cleangate::pass {

// The identity of one stream's essence, so that a re-wrap keeps it: codec configuration and
// payload in decode order, no timestamps, no container framing. docs/essence-digest.md says exactly
// what is covered.
class EssenceDigest : private probes::NalUnitSink {
 public:
  explicit EssenceDigest(const av::StreamInfo& stream);
  void add(std::span<const std::byte> payload);
  [[nodiscard]] Sha256 finish();

  // Of the configuration and the first 32 packets, or 64 KiB where the essence is one byte string:
  // names candidates for a re-wrap cheaply, never an identity. The whole digest's after `finish`
  // where there is less.
  [[nodiscard]] const std::optional<Sha256>& hint() const { return hint_; }
  [[nodiscard]] bool suffice_for_hint(std::int64_t packets, std::uint64_t bytes) const;

 private:
  enum class Shape { byte_string, nal_units, packets };
  void nal(std::span<const std::byte> unit) override;
  void add_payload(std::span<const std::byte> payload);
  void add_configuration(std::span<const std::byte> record);

  Shape shape_ = Shape::packets;
  bool hevc_ = false;
  probes::NalLayout layout_;
  std::set<std::string> parameter_sets_;  // seen so far, whole units
  Sha256Hasher sha256_;
  std::uint64_t digested_ = 0;  // packets or bytes, until the hint is known
  std::optional<Sha256> hint_;
};

}  // namespace cleangate::pass
