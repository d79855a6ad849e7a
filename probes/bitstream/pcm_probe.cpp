// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "probes/bitstream/basic_probe.h"
#include "probes/bitstream/codec_probes.h"
#include "probes/bitstream/pcm_scanner.h"

namespace cleangate::probes {
namespace {

struct Format {
  std::string_view codec;
  int bits;
  bool big_endian, carries_data;  // integers of 16 bits and more can hold ST 337 bursts
};
constexpr std::array<Format, 20> kFormats{
    {{"pcm_s16le", 16, false, true},  {"pcm_s16be", 16, true, true},
     {"pcm_s24le", 24, false, true},  {"pcm_s24be", 24, true, true},
     {"pcm_s32le", 32, false, true},  {"pcm_s32be", 32, true, true},
     {"pcm_u8", 8, false, false},     {"pcm_s8", 8, false, false},
     {"pcm_u16le", 16, false, false}, {"pcm_u16be", 16, true, false},
     {"pcm_u24le", 24, false, false}, {"pcm_u24be", 24, true, false},
     {"pcm_u32le", 32, false, false}, {"pcm_u32be", 32, true, false},
     {"pcm_f32le", 32, false, false}, {"pcm_f32be", 32, true, false},
     {"pcm_f64le", 64, false, false}, {"pcm_f64be", 64, true, false},
     {"pcm_s64le", 64, false, false}, {"pcm_s64be", 64, true, false}}};

class PcmProbe final : public BasicProbe {
 public:
  PcmProbe(const StreamDescription& description, const Format& format)
      : format_(format), scanner_(description.channels) {
    audio_.codec = description.codec;
    // 20-bit sound travels in 24-bit words; the container knows.
    const int stated = description.bits_per_sample;
    audio_.bit_depth = stated > 0 && stated < format.bits ? stated : format.bits;
    if (description.channels > 0) audio_.channels = description.channels;
    if (description.sample_rate > 0) audio_.sample_rate = description.sample_rate;
  }

  PacketClass observe(const PacketView& packet) override {
    if (format_.carries_data && scanner_.looks()) scan(packet.bytes);
    return {RandomAccess::closed, '?', false, false};
  }
  [[nodiscard]] std::optional<std::string> embedded_audio() const override {
    return scanner_.found();
  }

 private:
  void scan(std::span<const std::byte> bytes) {
    const auto width = static_cast<std::size_t>(format_.bits / 8);
    const std::size_t stride = width * scanner_.frame().size();
    for (std::size_t at = 0; at + stride <= bytes.size(); at += stride) {
      const std::byte* sample = bytes.data() + at;
      for (std::uint32_t& value : scanner_.frame()) {
        value = top_24(sample, width);
        sample += width;
      }
      scanner_.scan();
    }
  }

  // The 24 most significant bits of a sample.
  [[nodiscard]] std::uint32_t top_24(const std::byte* sample, std::size_t width) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      std::uint32_t byte = 0;
      if (i < width)
        byte = std::to_integer<std::uint32_t>(sample[format_.big_endian ? i : width - 1 - i]);
      value = value << 8 | byte;
    }
    return value;
  }

  Format format_;
  PcmScanner scanner_;
};

}  // namespace

std::unique_ptr<StreamProbe> make_pcm_probe(const StreamDescription& description) {
  for (const Format& format : kFormats)
    if (format.codec == description.codec) return std::make_unique<PcmProbe>(description, format);
  return nullptr;
}

}  // namespace cleangate::probes
