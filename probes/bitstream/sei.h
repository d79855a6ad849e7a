// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "probes/bitstream/a53.h"
#include "probes/bitstream/bit_reader.h"
#include "probes/claims.h"

namespace cleangate::probes {

// Payload types that H.264 annex D and HEVC annex D share.
namespace sei {
inline constexpr unsigned kPicTiming = 1;
inline constexpr unsigned kRegisteredUserData = 4;
inline constexpr unsigned kRecoveryPoint = 6;
inline constexpr unsigned kTimeCode = 136;  // HEVC
inline constexpr unsigned kMasteringDisplay = 137;
inline constexpr unsigned kContentLight = 144;
inline constexpr unsigned kAlternativeTransfer = 147;
}  // namespace sei

// Calls each(type, payload) for every complete message of an SEI RBSP (H.264 7.3.2.3).
template <class Each>
void each_sei_message(std::span<const std::byte> rbsp, Each&& each) {
  std::size_t i = 0;
  const auto number = [&] {
    unsigned value = 0;
    while (i < rbsp.size() && byte_at(rbsp, i) == 0xff && value < (1U << 30)) {
      value += 255;
      ++i;
    }
    return value + byte_at(rbsp, i++);
  };
  while (i + 2 < rbsp.size()) {  // the trailing bits are one byte at least
    const unsigned type = number();
    const unsigned size = number();
    if (i > rbsp.size() || size > rbsp.size() - i) return;
    each(type, rbsp.subspan(i, size));
    i += size;
  }
}

// What SEI messages and user data say of the whole stream.
class UserData {
 public:
  explicit UserData(VideoClaims& claims) : claims_(claims) {}
  // Messages whose meaning does not depend on the codec; others are ignored.
  void sei(unsigned type, std::span<const std::byte> payload, std::optional<std::int64_t> pts);
  // MPEG-2 user data after its start code.
  void mpeg2(std::span<const std::byte> data, std::optional<std::int64_t> pts);
  // A/53 cc_data the demuxer passed beside the packet.
  void side_data(std::span<const std::byte> triplets, std::optional<std::int64_t> pts) {
    captions.add(pts, triplets);
  }
  // ITU-T T.35 message with its country code (also in AV1 metadata).
  void registered(std::span<const std::byte> payload, std::optional<std::int64_t> pts);

  // The preferred transfer replaces the VUI's (HEVC E.3.1): HLG behind a BT.2020 signal.
  void apply_preferred_transfer(VideoClaims& claims) const {
    if (preferred_transfer_) claims.color.transfer = *preferred_transfer_;
  }

  CaptionServices captions;

 private:
  bool atsc(std::span<const std::byte> data, std::optional<std::int64_t> pts);
  VideoClaims& claims_;
  std::optional<TransferCharacteristics> preferred_transfer_;
};

}  // namespace cleangate::probes
