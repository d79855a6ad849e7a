// SPDX-License-Identifier: Apache-2.0
#pragma once

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

 private:
  enum class Shape { byte_string, nal_units, packets };
  void nal(std::span<const std::byte> unit) override;
  void add_configuration(std::span<const std::byte> record);

  Shape shape_ = Shape::packets;
  bool hevc_ = false;
  probes::NalLayout layout_;
  std::set<std::string> parameter_sets_;  // seen so far, whole units
  Sha256Hasher sha256_;
};

}  // namespace cleangate::pass
