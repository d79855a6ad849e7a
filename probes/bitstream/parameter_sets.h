// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string_view>
#include <utility>

namespace cleangate::probes {

// The parameter sets (or sequence headers) in force, by kind and number: what a decoder that has
// read everything up to here knows. A decoder that begins later knows only those of the codec
// configuration and those it meets itself.
class ParameterSetTrack {
 public:
  // Those of the codec configuration come before the first packet.
  void begin_packet() {
    ++packet_;
    here_ = 0;
    changed_ = false;
  }
  void see(int kind, int id, std::span<const std::byte> bytes) {
    const std::size_t digest =
        std::hash<std::string_view>{}({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    Set& set = sets_[{kind, id}];
    if (set.packet != packet_) ++here_;
    if (packet_ > 0 && (set.packet < 0 || set.digest != digest)) changed_ = true;
    set = {digest, packet_};
  }

  // The packet brought a set that was not in force in this form.
  [[nodiscard]] bool changed() const { return changed_; }
  // The packet carries every set in force.
  [[nodiscard]] bool restated() const { return here_ == sets_.size(); }

 private:
  struct Set {
    std::size_t digest = 0;
    std::int64_t packet = -1;  // that brought it last; 0: the configuration
  };
  std::map<std::pair<int, int>, Set> sets_;
  std::int64_t packet_ = 0;
  std::size_t here_ = 0;
  bool changed_ = false;
};

}  // namespace cleangate::probes
