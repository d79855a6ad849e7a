// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "probes/facts.h"

namespace cleangate::probes {

// Finds which caption services the cc_data of a stream carry (ATSC A/53 Part 4, CTA-708 cc_data
// triplets). CEA-608: a channel counts once a caption mode (RCL, RU2-RU4, RDC) and then a printable
// character came for it, with odd parity. CEA-708: a service counts once a complete DTVCC packet
// held a block of it.
class CaptionServices {
 public:
  // cc_data triplets of one picture, in decode order; put into presentation order by `pts` here
  // (pictures without pts are taken as they come).
  void add(std::optional<std::int64_t> pts, std::span<const std::byte> triplets);
  void finish();
  // One entry with carriage a53, or none when no service was seen.
  [[nodiscard]] std::vector<CaptionFacts> facts() const;

 private:
  void take(std::span<const std::byte> triplets);
  void take_608(int field, unsigned first, unsigned second);
  void take_708(bool start, std::byte first, std::byte second);
  void close_packet();

  struct Field {
    int channel = -1;  // 0 or 1 once a control code has chosen
    std::array<bool, 2> captioning{};
    bool xds = false;
  };
  std::multimap<std::int64_t, std::vector<std::byte>> waiting_;
  std::array<Field, 2> fields_;
  std::bitset<4> channels_;   // CC1..CC4
  std::bitset<64> services_;  // S1..S63
  std::vector<std::byte> packet_;
  std::size_t packet_size_ = 0;
};

// The cc_data triplets of an ATSC user data structure that begins after the identifier "GA94"
// (user_data_type_code first), or nothing.
[[nodiscard]] std::span<const std::byte> a53_triplets(std::span<const std::byte> user_data);

}  // namespace cleangate::probes
