// SPDX-License-Identifier: Apache-2.0
// Headers of coded sound: AAC, AC-3, E-AC-3, MPEG audio, Opus, ALAC.
#include <fmt/format.h>

#include <array>
#include <string_view>

#include "probes/bitstream/basic_probe.h"
#include "probes/bitstream/bit_reader.h"
#include "probes/bitstream/codec_probes.h"
#include "probes/bitstream/mpeg_audio.h"
#include "probes/bitstream/sound_length.h"

namespace cleangate::probes {
namespace {

class AudioProbe : public BasicProbe {
 public:
  explicit AudioProbe(const StreamDescription& description) : index_(description.index) {
    audio_.codec = description.codec;
  }
  PacketClass observe(const PacketView& packet) override {
    if (!packet.bytes.empty()) read(packet.bytes);
    ++packets_;
    PacketClass kind{RandomAccess::closed, '?', false, false};
    kind.sound = length(packet.bytes);
    return kind;
  }
  [[nodiscard]] std::vector<Damage> damage() const override { return damage_; }

 protected:
  virtual void read(std::span<const std::byte>) {}
  // What its header says of the frame that a packet begins with. Decoders play the part of it that
  // is there.
  void note_size(std::span<const std::byte> packet, std::uint64_t stated) {
    if (packet.size() >= stated || damage_.size() >= kMostDamage) return;
    damage_.push_back({index_, std::nullopt,
                       fmt::format("Of the {} bytes of sound frame {} of stream {}, only {} are "
                                   "there.",
                                   stated, packets_, index_, packet.size())});
  }
  [[nodiscard]] virtual std::optional<Rational> length(std::span<const std::byte>) const {
    return std::nullopt;
  }

 private:
  static constexpr std::size_t kMostDamage = 100;
  int index_;
  std::int64_t packets_ = 0;
  std::vector<Damage> damage_;
};

// ISO/IEC 14496-3: AudioSpecificConfig (1.6.2.1) and ADTS (1.A.2).
class AacProbe final : public AudioProbe {
 public:
  explicit AacProbe(const StreamDescription& description) : AudioProbe(description) {
    configured_ = !description.configuration.empty();
    if (configured_) read_configuration(description.configuration);
  }

 private:
  static constexpr std::array<int, 13> kRates{96000, 88200, 64000, 48000, 44100, 32000, 24000,
                                              22050, 16000, 12000, 11025, 8000,  7350};
  // Table 1.19 in libav's names; 7 is left out, which many encoders write for another 7.1.
  static constexpr std::array<std::string_view, 16> kLayouts{
      "", "mono", "stereo", "3.0",       "4.0", "5.0", "5.1", "",
      "", "",     "",       "6.1(back)", "7.1", "",    "",    ""};
  static constexpr std::array<int, 16> kChannels{0, 1, 2, 3, 4, 5, 6, 8, 0, 0, 0, 7, 8, 24, 8, 0};

  static int object_type(BitReader& bits) {
    const int type = bits.i(5);
    return type == 31 ? 32 + bits.i(6) : type;
  }
  static int rate(BitReader& bits) {
    const auto index = bits.u(4);
    if (index == 15) return bits.i(24);
    return index < kRates.size() ? kRates[index] : 0;
  }

  void read_configuration(std::span<const std::byte> config) {
    BitReader bits(config);
    int type = object_type(bits);
    int core_rate = rate(bits), output_rate = core_rate;
    const auto channels = static_cast<std::size_t>(bits.i(4));
    bool sbr = type == 5 || type == 29, ps = type == 29, told = sbr;
    if (sbr) {
      output_rate = rate(bits);
      type = object_type(bits);
    }
    if (!bits.ok() || core_rate == 0) return;
    const bool general = type == 2 || type == 1 || type == 3 || type == 4;
    read_length(type, core_rate, bits);
    if (general && !sbr) {  // 4.4.1, then the backward compatible extension
      bits.skip(1);
      if (bits.flag()) bits.skip(14);
      bits.skip(1);
      if (channels != 0 && bits.ok() && bits.left() >= 16 && bits.u(11) == 0x2b7 &&
          object_type(bits) == 5) {
        told = true;
        sbr = bits.flag();
        if (sbr) output_rate = rate(bits);
        if (sbr && bits.left() >= 12 && bits.u(11) == 0x548) ps = bits.flag();
      }
    }
    settle(type, sbr, ps, told, core_rate, output_rate, channels);
  }

  // frameLengthFlag (4.4.1, 4.6.20): the first bit of what follows, in the types named here.
  void read_length(int type, int core_rate, BitReader bits) {
    const bool shorter = bits.flag();
    if (!bits.ok()) return;
    if (type >= 1 && type <= 4) frame_ = Rational(shorter ? 960 : 1024, core_rate);
    if (type == 23 || type == 39) frame_ = Rational(shorter ? 480 : 512, core_rate);
  }

  // Spectral band replication need not be announced: a low rate without a word about it leaves
  // profile and rate to the decoder.
  void settle(int type, bool sbr, bool ps, bool told, int core_rate, int rate,
              std::size_t configuration) {
    settled_ = true;
    const bool may_hide_sbr = type == 2 && !told && core_rate <= 24000;
    if (!may_hide_sbr) {
      audio_.profile = name(type, sbr, ps);
      if (rate > 0) audio_.sample_rate = rate;
    }
    const int channels = kChannels[configuration];
    if (channels <= 0 || (may_hide_sbr && channels == 1)) return;
    audio_.channels = ps ? 2 : channels;
    const std::string_view layout = ps ? "stereo" : kLayouts[configuration];
    if (!layout.empty()) audio_.channel_layout = layout;
  }

  static std::optional<std::string> name(int type, bool sbr, bool ps) {
    if (ps) return "HE-AACv2";
    if (sbr) return "HE-AAC";
    switch (type) {
      case 1:
        return "Main";
      case 2:
        return "LC";
      case 3:
        return "SSR";
      case 4:
        return "LTP";
      case 23:
        return "LD";
      case 39:
        return "ELD";
      case 42:
        return "xHE-AAC";
      default:
        return std::nullopt;
    }
  }

  void read(std::span<const std::byte> packet) override {
    if (configured_) return;
    const auto header = adts_header(packet);
    if (!header) return;
    note_size(packet, header->size);
    if (settled_) return;
    settle(header->object_type, false, false, false, header->sample_rate, header->sample_rate,
           static_cast<std::size_t>(header->channel_configuration));
  }

  [[nodiscard]] std::optional<Rational> length(std::span<const std::byte> packet) const override {
    return configured_ ? frame_ : adts_length(packet);
  }

  bool settled_ = false, configured_ = false;
  std::optional<Rational> frame_;
};

// ETSI TS 102 366: AC-3 (4.3) and E-AC-3 (annex E 1.2).
class Ac3Probe final : public AudioProbe {
 public:
  using AudioProbe::AudioProbe;

 private:
  static constexpr std::array<int, 8> kChannels{2, 1, 2, 3, 3, 4, 4, 5};

  [[nodiscard]] std::optional<Rational> length(std::span<const std::byte> packet) const override {
    return ac3_length(packet);
  }

  void read(std::span<const std::byte> packet) override {
    BitReader bits(packet);
    if (bits.u(16) != 0x0b77 || audio_.channels) return;
    const unsigned id = byte_at(packet, 5) >> 3;
    if (id <= 10)
      read_ac3(bits);
    else if (id <= 16)
      read_eac3(bits, packet);
  }

  void read_ac3(BitReader& bits) {
    bits.skip(16);
    const auto rate = bits.u(2);
    bits.skip(6 + 5 + 3);
    const auto mode = static_cast<std::size_t>(bits.i(3));
    if ((mode & 1) != 0 && mode != 1) bits.skip(2);
    if ((mode & 4) != 0) bits.skip(2);
    if (mode == 2) bits.skip(2);
    const bool lfe = bits.flag();
    if (bits.ok()) settle(rate_of(rate), mode, lfe);
  }

  // A dependent substream adds channels that this header does not count.
  void read_eac3(BitReader& bits, std::span<const std::byte> packet) {
    const auto type = bits.u(2), substream = bits.u(3);
    const std::size_t words = bits.u(11) + 1;
    const auto rate = bits.u(2);
    const auto code = bits.u(2);
    const int hertz = rate == 3 ? rate_of(code) / 2 : rate_of(rate);
    const auto mode = static_cast<std::size_t>(bits.i(3));
    const bool lfe = bits.flag();
    if (!bits.ok() || type != 0 || substream != 0) return;
    const bool more = words * 2 + 4 <= packet.size();
    const bool dependent = more && byte_at(packet, words * 2) == 0x0b &&
                           byte_at(packet, words * 2 + 1) == 0x77 &&
                           byte_at(packet, words * 2 + 2) >> 6 == 1;
    if (hertz > 0) audio_.sample_rate = hertz;
    if (!dependent) settle(hertz, mode, lfe);
  }

  static int rate_of(unsigned code) {
    constexpr std::array<int, 4> kRates{48000, 44100, 32000, 0};
    return kRates[code & 3];
  }

  void settle(int rate, std::size_t mode, bool lfe) {
    // libav's names of acmod with and without the low-frequency channel.
    constexpr std::array<const char*, 8> kPlain{"stereo",    "mono", "stereo",     "3.0",
                                                "3.0(back)", "4.0",  "quad(side)", "5.0(side)"};
    constexpr std::array<const char*, 8> kLfe{nullptr, nullptr, "2.1",   "3.1",
                                              nullptr, "4.1",   nullptr, "5.1(side)"};
    if (rate > 0) audio_.sample_rate = rate;
    audio_.channels = kChannels[mode] + (lfe ? 1 : 0);
    if (const char* layout = lfe ? kLfe[mode] : kPlain[mode]; layout && mode != 0)
      audio_.channel_layout = layout;
  }
};

// ISO/IEC 11172-3 2.4.1.3 and 13818-3.
class MpegAudioProbe final : public AudioProbe {
 public:
  using AudioProbe::AudioProbe;

 private:
  void read(std::span<const std::byte> packet) override {
    const auto header = mpeg_audio_header(packet);
    if (!header) return;
    // What is no header of this stream tells no size of its frames.
    if (!audio_.channels || audio_.sample_rate == header->sample_rate)
      note_size(packet, header->size);
    if (audio_.channels) return;
    audio_.sample_rate = header->sample_rate;
    audio_.channels = header->mono ? 1 : 2;
    constexpr std::array<const char*, 4> kLayers{"", "Layer 1", "Layer 2", "Layer 3"};
    audio_.profile = kLayers[static_cast<std::size_t>(header->layer)];
  }
  [[nodiscard]] std::optional<Rational> length(std::span<const std::byte> packet) const override {
    return mpeg_audio_length(packet);
  }
};

// RFC 7845 5.1. Opus always decodes at 48 kHz.
class OpusProbe final : public AudioProbe {
 public:
  explicit OpusProbe(const StreamDescription& description) : AudioProbe(description) {
    const auto head = description.configuration;
    constexpr std::string_view kMagic = "OpusHead";
    for (std::size_t i = 0; i < kMagic.size(); ++i)
      if (byte_at(head, i) != static_cast<unsigned char>(kMagic[i])) return;
    if (head.size() < 19 || byte_at(head, 9) == 0) return;
    audio_.channels = static_cast<int>(byte_at(head, 9));
    audio_.sample_rate = 48000;
  }

 private:
  [[nodiscard]] std::optional<Rational> length(std::span<const std::byte> packet) const override {
    return opus_length(packet);
  }
};

// The ALAC magic cookie: ALACSpecificConfig, bare or inside an `alac` atom.
class AlacProbe final : public AudioProbe {
 public:
  explicit AlacProbe(const StreamDescription& description) : AudioProbe(description) {
    auto cookie = description.configuration;
    if (cookie.size() >= 36) cookie = cookie.subspan(12);
    if (cookie.size() < 24) return;
    BitReader bits(cookie.subspan(4));
    const std::uint32_t frame = BitReader(cookie).u(32);
    bits.skip(8);
    const int depth = bits.i(8);
    bits.skip(24);
    const int channels = bits.i(8);
    bits.skip(16 + 32 + 32);
    const std::uint32_t rate = bits.u(32);
    if (depth != 16 && depth != 20 && depth != 24 && depth != 32) return;
    audio_.bit_depth = depth;
    if (channels > 0) audio_.channels = channels;
    if (rate == 0 || rate >= 1'000'000) return;
    audio_.sample_rate = static_cast<int>(rate);
    if (frame > 0) frame_ = Rational(frame, rate);
  }

 private:
  [[nodiscard]] std::optional<Rational> length(std::span<const std::byte>) const override {
    return frame_;
  }
  std::optional<Rational> frame_;  // the last one may be shorter
};

template <class Probe>
std::unique_ptr<StreamProbe> make(const StreamDescription& description) {
  return std::make_unique<Probe>(description);
}

}  // namespace

std::unique_ptr<StreamProbe> make_coded_audio_probe(const StreamDescription& description) {
  const std::string& codec = description.codec;
  if (codec == "aac") return make<AacProbe>(description);
  if (codec == "ac3" || codec == "eac3") return make<Ac3Probe>(description);
  if (codec == "mp1" || codec == "mp2" || codec == "mp3") return make<MpegAudioProbe>(description);
  if (codec == "opus") return make<OpusProbe>(description);
  if (codec == "alac") return make<AlacProbe>(description);
  return nullptr;
}

}  // namespace cleangate::probes
