// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// The clusters of a Matroska file, which hold its packets.
namespace cleangate::probes {

// Checks each cluster against the CRC-32 element it begins with (RFC 8794, 11.3.1), as its bytes
// come by. Demuxers pass over these.
class ClusterChecks {
 public:
  // Bytes of the file as they are read: in order, though some may come again, and looks ahead may
  // stand between. Nothing is checked behind what never came. What is no Matroska file is ignored.
  void saw(std::uint64_t offset, std::span<const std::byte> bytes);
  // Where the clusters begin that do not match; of many the first, `broken()` counts all.
  [[nodiscard]] const std::vector<std::uint64_t>& first_broken() const { return first_broken_; }
  [[nodiscard]] std::uint64_t broken() const { return broken_; }
  [[nodiscard]] std::uint64_t checked() const { return checked_; }

 private:
  enum class State : std::uint8_t { header, element, checksum, contents, skip, done };
  void take(std::span<const std::byte> bytes);
  [[nodiscard]] bool step(std::uint64_t at);
  bool begin_element(std::uint64_t at);
  bool begin_checksum();
  void end_cluster();

  State state_ = State::header;
  std::uint64_t next_ = 0;          // first byte not taken
  std::vector<std::byte> pending_;  // of a header that is not whole yet
  std::uint64_t cluster_ = 0;       // where it begins
  std::uint64_t end_ = 0;           // of what is skipped or summed
  std::uint32_t stored_ = 0, sum_ = 0;
  std::uint64_t broken_ = 0, checked_ = 0;
  std::vector<std::uint64_t> first_broken_;
};

}  // namespace cleangate::probes
