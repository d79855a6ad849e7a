// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/crc.h"
#include "probes/bitstream/basic_probe.h"
#include "probes/bitstream/bit_reader.h"
#include "probes/bitstream/codec_probes.h"

namespace cleangate::probes {
namespace {

constexpr std::size_t kMostDamage = 1000;

// State after a 1 in every state, RFC 9043 3.8.1.4. After a 0: 256 less the entry of 256 - state.
constexpr std::array<std::uint8_t, 256> kAfterOne{
    0,   0,   0,   0,   0,   0,   0,   0,   20,  21,  22,  23,  24,  25,  26,  27,  28,  29,  30,
    31,  32,  33,  34,  35,  36,  37,  37,  38,  39,  40,  41,  42,  43,  44,  45,  46,  47,  48,
    49,  50,  51,  52,  53,  54,  55,  56,  56,  57,  58,  59,  60,  61,  62,  63,  64,  65,  66,
    67,  68,  69,  70,  71,  72,  73,  74,  75,  75,  76,  77,  78,  79,  80,  81,  82,  83,  84,
    85,  86,  87,  88,  89,  90,  91,  92,  93,  94,  94,  95,  96,  97,  98,  99,  100, 101, 102,
    103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 114, 115, 116, 117, 118, 119, 120,
    121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133, 133, 134, 135, 136, 137, 138,
    139, 140, 141, 142, 143, 144, 145, 146, 147, 148, 149, 150, 151, 152, 152, 153, 154, 155, 156,
    157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167, 168, 169, 170, 171, 171, 172, 173, 174,
    175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188, 189, 190, 190, 191, 192,
    194, 194, 195, 196, 197, 198, 199, 200, 201, 202, 202, 204, 205, 206, 207, 208, 209, 209, 210,
    211, 212, 213, 215, 215, 216, 217, 218, 219, 220, 220, 222, 223, 224, 225, 226, 227, 227, 229,
    229, 230, 231, 232, 234, 234, 235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 247,
    248, 248, 0,   0,   0,   0,   0,   0,   0};

using States = std::array<std::uint8_t, 32>;

// Range coder, RFC 9043 3.8.1.
class RangeDecoder {
 public:
  explicit RangeDecoder(std::span<const std::byte> bytes) : bytes_(bytes) {
    low_ = byte_at(bytes, 0) << 8 | byte_at(bytes, 1);
  }

  bool bit(std::uint8_t& state) {
    const std::uint32_t upper = range_ * state >> 8;
    range_ -= upper;
    const bool one = low_ >= range_;
    if (one) {
      low_ -= range_;
      range_ = upper;
      state = kAfterOne[state];
    } else {
      state = static_cast<std::uint8_t>(256 - kAfterOne[(256U - state) & 255]);
    }
    if (range_ < 0x100) {
      range_ <<= 8;
      low_ = low_ << 8 | byte_at(bytes_, next_);
      if (next_++ > bytes_.size() + 2) ok_ = false;
    }
    return one;
  }
  std::int64_t unsigned_symbol(States& states) { return magnitude(states).first; }
  void skip_signed(States& states) {
    const auto [value, exponent] = magnitude(states);
    if (value != 0) bit(states[11 + static_cast<std::size_t>(std::min(exponent, 10))]);
  }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  // 3.8.1.2: a zero flag, the exponent in unary, the mantissa.
  std::pair<std::int64_t, int> magnitude(States& states) {
    if (bit(states[0])) return {0, 0};
    int exponent = 0;
    while (ok_ && bit(states[1 + static_cast<std::size_t>(std::min(exponent, 9))]))
      if (++exponent > 31) ok_ = false;
    if (!ok_) return {0, 0};
    std::int64_t value = 1;
    for (int i = exponent - 1; i >= 0; --i)
      value = value * 2 + (bit(states[22 + static_cast<std::size_t>(std::min(i, 9))]) ? 1 : 0);
    return {value, exponent};
  }

  std::span<const std::byte> bytes_;
  std::uint32_t low_ = 0, range_ = 0xff00;
  std::size_t next_ = 2;
  bool ok_ = true;
};

States fresh() {
  States states;
  states.fill(128);
  return states;
}

struct Configuration {
  std::int64_t version = 0, colorspace = 0, depth = 0, log2_h = 0, log2_v = 0, slices = 0, ec = 0;
  bool chroma = false, alpha = false, intra = false;
};

// Number of quantization contexts of one set (4.9), or 0 when damaged.
std::int64_t read_quantization(RangeDecoder& range) {
  std::int64_t contexts = 1;
  for (int table = 0; table < 5; ++table) {
    States states = fresh();
    std::int64_t filled = 0, steps = 0;
    while (filled < 128 && range.ok()) {
      filled += range.unsigned_symbol(states) + 1;
      ++steps;
    }
    if (filled != 128) return 0;
    contexts *= 2 * steps - 1;
    if (contexts > 32768) return 0;
  }
  return (contexts + 1) / 2;
}

// 4.2 and 4.3, version 3 and later.
std::optional<Configuration> read_configuration(std::span<const std::byte> record) {
  RangeDecoder range(record);
  States states = fresh();
  Configuration c;
  c.version = range.unsigned_symbol(states);
  if (c.version < 3 || c.version > 4) return std::nullopt;
  range.unsigned_symbol(states);  // micro_version
  if (range.unsigned_symbol(states) > 1)
    for (int i = 1; i < 256 && range.ok(); ++i) range.skip_signed(states);
  c.colorspace = range.unsigned_symbol(states);
  c.depth = range.unsigned_symbol(states);
  c.chroma = range.bit(states[0]);
  c.log2_h = range.unsigned_symbol(states);
  c.log2_v = range.unsigned_symbol(states);
  c.alpha = range.bit(states[0]);
  c.slices = (range.unsigned_symbol(states) + 1) * (range.unsigned_symbol(states) + 1);
  const std::int64_t sets = range.unsigned_symbol(states);
  if (!range.ok() || sets < 1 || sets > 8 || c.depth > 16 || c.log2_h > 4 || c.log2_v > 4)
    return std::nullopt;
  std::array<std::int64_t, 8> contexts{};
  for (std::int64_t i = 0; i < sets; ++i) {
    contexts[static_cast<std::size_t>(i)] = read_quantization(range);
    if (contexts[static_cast<std::size_t>(i)] == 0) return std::nullopt;
  }
  for (std::int64_t i = 0; i < sets; ++i) {
    if (!range.bit(states[0])) continue;  // states_coded
    std::array<States, 32> deltas;
    deltas.fill(fresh());
    for (std::int64_t k = 0; k < contexts[static_cast<std::size_t>(i)] * 32 && range.ok(); ++k)
      range.skip_signed(deltas[static_cast<std::size_t>(k % 32)]);
  }
  c.ec = range.unsigned_symbol(states);
  c.intra = range.unsigned_symbol(states) != 0;
  if (!range.ok()) return std::nullopt;
  return c;
}

// RFC 9043. Every slice of version 3 ends with its size and, where ec is 1, with a CRC-32 over all
// of it.
class Ffv1Probe final : public BasicProbe {
 public:
  explicit Ffv1Probe(const StreamDescription& description) : index_(description.index) {
    video_.codec = description.codec;
    const auto record = description.configuration;
    if (record.size() < 6) return;
    if (Crc32::of(record) != 0) {
      damage_.push_back(
          {index_, std::nullopt, "The FFV1 configuration record fails its checksum."});
      return;
    }
    configuration_ = read_configuration(record);
    if (configuration_) describe(*configuration_);
  }

  PacketClass observe(const PacketView& packet) override {
    if (packet.bytes.empty()) return {RandomAccess::none, '?', true, false};
    std::uint8_t state = 128;
    const bool key = RangeDecoder(packet.bytes).bit(state);
    // What ec may be besides 0 and 1, no standard says yet.
    const bool sound = !configuration_ || configuration_->ec > 1 || check(packet.bytes);
    ++frame_;
    PacketClass result{key ? RandomAccess::closed : RandomAccess::none, key ? 'I' : 'P'};
    result.damaged = !sound;
    return result;
  }
  [[nodiscard]] std::vector<Damage> damage() const override { return damage_; }

 private:
  void describe(const Configuration& c) {
    video_.profile = fmt::format("Version {}", c.version);
    video_.bit_depth = c.depth == 0 ? 8 : static_cast<int>(c.depth);
    video_.alpha = c.alpha;
    video_.rgb = c.colorspace == 1;
    if (c.colorspace == 1)
      video_.chroma = "4:4:4";
    else if (!c.chroma)
      video_.chroma = "4:0:0";
    else if (c.log2_h == 0 && c.log2_v == 0)
      video_.chroma = "4:4:4";
    else if (c.log2_h == 1 && c.log2_v <= 1)
      video_.chroma = c.log2_v == 0 ? "4:2:2" : "4:2:0";
    else if (c.log2_h == 2 && c.log2_v == 0)
      video_.chroma = "4:1:1";
    else if (c.log2_h == 2 && c.log2_v == 2)
      video_.chroma = "4:1:0";
  }

  // Slices are found from the end of the frame backward (4.5).
  bool check(std::span<const std::byte> frame) {
    const bool checksums = configuration_->ec == 1;
    const std::size_t footer = checksums ? 3 + 1 + 4 : 3;
    std::size_t end = frame.size();
    std::int64_t seen = 0;
    while (end > 0 && seen <= configuration_->slices) {
      if (end < footer) return report("ends in a slice without a footer");
      const std::size_t at = end - footer;
      const std::size_t size =
          byte_at(frame, at) << 16 | byte_at(frame, at + 1) << 8 | byte_at(frame, at + 2);
      if (size > at) return report("has a slice that is longer than what there is of the frame");
      if (checksums && Crc32::of(frame.subspan(at - size, size + footer)) != 0)
        return report("has a slice that fails its checksum");
      end = at - size;
      ++seen;
    }
    if (seen == configuration_->slices) return true;
    return report(fmt::format("has {} slices of {}", seen, configuration_->slices));
  }

  bool report(std::string_view what) {
    if (damage_.size() < kMostDamage)
      damage_.push_back({index_, frame_, fmt::format("FFV1 frame {} {}.", frame_, what)});
    return false;
  }

  int index_;
  std::optional<Configuration> configuration_;
  std::int64_t frame_ = 0;
  std::vector<Damage> damage_;
};

}  // namespace

std::unique_ptr<StreamProbe> make_ffv1_probe(const StreamDescription& description) {
  return std::make_unique<Ffv1Probe>(description);
}

}  // namespace cleangate::probes
