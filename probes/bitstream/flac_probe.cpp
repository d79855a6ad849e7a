// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/crc.h"
#include "probes/bitstream/basic_probe.h"
#include "probes/bitstream/bit_reader.h"
#include "probes/bitstream/codec_probes.h"

namespace cleangate::probes {
namespace {

constexpr std::size_t kMostDamage = 1000;

// RFC 9639: STREAMINFO (8.2), frame header (9.1) and its two checks (9.1.8, 9.3).
class FlacProbe final : public BasicProbe {
 public:
  explicit FlacProbe(const StreamDescription& description) : index_(description.index) {
    audio_.codec = description.codec;
    auto info = description.configuration;
    // Bare STREAMINFO, or a stream's head: "fLaC" and the header of the first metadata block.
    if (info.size() >= 42 && byte_at(info, 0) == 'f' && byte_at(info, 1) == 'L')
      info = info.subspan(8);
    if (info.size() < 34) return;
    BitReader bits(info.subspan(10));
    const int rate = bits.i(20), channels = bits.i(3) + 1, depth = bits.i(5) + 1;
    if (rate > 0) audio_.sample_rate = rate;
    audio_.channels = channels;
    audio_.bit_depth = depth;
  }

  PacketClass observe(const PacketView& packet) override {
    if (!packet.bytes.empty()) check(packet.bytes);
    return {RandomAccess::closed, '?', false, false};
  }
  [[nodiscard]] std::vector<Damage> damage() const override { return damage_; }

 private:
  void check(std::span<const std::byte> frame) {
    const auto header = header_size(frame);
    if (!header)
      report("has no valid header");
    else if (Crc8::of(frame.first(*header)) != 0)
      report("fails the checksum of its header");
    else if (Crc16::of(frame) != 0)
      report("fails its checksum");
    if (header) sample_ += block_;
    ++frame_;
  }

  void report(std::string_view what) {
    if (damage_.size() >= kMostDamage) return;
    damage_.push_back({index_, sample_, fmt::format("FLAC frame {} {}.", frame_, what)});
  }

  // Bytes of the header, its CRC-8 included; sets the block's samples per channel.
  std::optional<std::size_t> header_size(std::span<const std::byte> frame) {
    BitReader bits(frame);
    if (bits.u(15) != 0x7ffc) return std::nullopt;
    bits.skip(1);
    const auto block = bits.u(4), rate = bits.u(4);
    bits.skip(8);
    unsigned lead = bits.u(8);
    int more = 0;  // bytes of the UTF-8-like number after the first
    if (lead >= 0xc0)
      for (more = 0, lead <<= 1; (lead & 0x80) != 0 && more < 7; lead <<= 1) ++more;
    bits.skip(static_cast<std::size_t>(more) * 8);
    if (block == 0) return std::nullopt;
    if (block == 1)
      block_ = 192;
    else if (block <= 5)
      block_ = 144 << block;
    else if (block == 6)
      block_ = bits.i(8) + 1;
    else if (block == 7)
      block_ = bits.i(16) + 1;
    else
      block_ = 256 << (block - 8);
    if (rate == 12) bits.skip(8);
    if (rate == 13 || rate == 14) bits.skip(16);
    bits.skip(8);
    if (!bits.ok()) return std::nullopt;
    return bits.position() / 8;
  }

  int index_;
  std::int64_t sample_ = 0, frame_ = 0, block_ = 0;
  std::vector<Damage> damage_;
};

}  // namespace

std::unique_ptr<StreamProbe> make_flac_probe(const StreamDescription& description) {
  return std::make_unique<FlacProbe>(description);
}

}  // namespace cleangate::probes
