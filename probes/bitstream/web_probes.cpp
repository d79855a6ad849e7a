// SPDX-License-Identifier: Apache-2.0
// VP8, VP9 and AV1: headers of frames, of which some are never shown; Theora's rate.
#include <fmt/format.h>

#include <array>
#include <string_view>

#include "probes/bitstream/basic_probe.h"
#include "probes/bitstream/bit_reader.h"
#include "probes/bitstream/codec_probes.h"
#include "probes/bitstream/sei.h"
#include "probes/bitstream/vui.h"

namespace cleangate::probes {
namespace {

std::string subsampling(bool x, bool y) { return !x ? "4:4:4" : y ? "4:2:0" : "4:2:2"; }

// RFC 6386 9.1.
class Vp8Probe final : public BasicProbe {
 public:
  explicit Vp8Probe(const StreamDescription& description) {
    video_.codec = description.codec;
    video_.chroma = "4:2:0";
    video_.bit_depth = 8;
    video_.scan = Scan::progressive;
  }
  PacketClass observe(const PacketView& packet) override {
    if (packet.bytes.size() < 3) return {RandomAccess::none, '?', true, false};
    const unsigned tag = byte_at(packet.bytes, 0);
    const bool key = (tag & 1) == 0, shown = (tag & 0x10) != 0;
    if (key && !video_.width && packet.bytes.size() >= 10 && byte_at(packet.bytes, 3) == 0x9d) {
      const auto side = [&](std::size_t at) {
        return static_cast<int>((byte_at(packet.bytes, at + 1) << 8 | byte_at(packet.bytes, at)) &
                                0x3fff);
      };
      video_.width = side(6);
      video_.height = side(8);
    }
    return {key ? RandomAccess::closed : RandomAccess::none, key ? 'I' : 'P', !shown, false};
  }
};

// VP9 bitstream specification: annex B (superframes), 6.2 (uncompressed header).
class Vp9Probe final : public BasicProbe {
 public:
  explicit Vp9Probe(const StreamDescription& description) {
    video_.codec = description.codec;
    video_.scan = Scan::progressive;
  }

  PacketClass observe(const PacketView& packet) override {
    key_ = intra_ = shown_ = false;
    bool first = true;
    each_frame(packet.bytes, [&](std::span<const std::byte> frame) {
      read(frame, first);
      first = false;
    });
    return {key_ ? RandomAccess::closed : RandomAccess::none, intra_ ? 'I' : 'P', !shown_, false};
  }

 private:
  template <class Each>
  void each_frame(std::span<const std::byte> packet, Each&& each) {
    if (packet.empty()) return;
    const unsigned marker = byte_at(packet, packet.size() - 1);
    const std::size_t frames = (marker & 7) + 1, width = (marker >> 3 & 3) + 1;
    const std::size_t index = 2 + frames * width;
    if (marker >> 5 != 6 || packet.size() < index ||
        byte_at(packet, packet.size() - index) != marker)
      return each(packet);
    std::size_t at = 0, entry = packet.size() - index + 1;
    const std::size_t end = packet.size() - index;
    for (std::size_t i = 0; i < frames; ++i) {
      std::size_t size = 0;
      for (std::size_t b = 0; b < width; ++b)
        size |= std::size_t{byte_at(packet, entry++)} << (8 * b);
      if (size == 0 || size > end - at) return;
      each(packet.subspan(at, size));
      at += size;
    }
  }

  void read(std::span<const std::byte> frame, bool first) {
    BitReader bits(frame);
    if (bits.u(2) != 2) return;
    const unsigned low = bits.u(1), profile = bits.u(1) << 1 | low;
    if (profile == 3) bits.skip(1);
    if (bits.flag()) {  // show_existing_frame
      shown_ = true;
      return;
    }
    const bool key = !bits.flag();
    const bool shown = bits.flag();
    bits.skip(1);  // error_resilient_mode
    if (!bits.ok()) return;
    shown_ |= shown;
    bool intra = key;
    if (key && first) key_ = true;
    if (!key && !shown) intra = bits.flag();
    if (first) intra_ = intra;
    if (key && !video_.profile && bits.u(24) == 0x498342) describe(bits, profile);
  }

  void describe(BitReader& bits, unsigned profile) {
    const int depth = profile >= 2 ? (bits.flag() ? 12 : 10) : 8;
    const auto space = bits.u(3);
    bool x = true, y = true;
    SignalRange range = SignalRange::full;
    if (space != 7) {
      range = bits.flag() ? SignalRange::full : SignalRange::narrow;
      if (profile & 1) {
        x = bits.flag();
        y = bits.flag();
        bits.skip(1);
      }
    } else {
      x = y = false;
      bits.skip(1);
    }
    const int width = bits.i(16) + 1, height = bits.i(16) + 1;
    if (!bits.ok()) return;
    // Table of color_space: unknown, BT.601, BT.709, SMPTE 170M, 240M, BT.2020, reserved, RGB.
    constexpr std::array<unsigned, 8> kMatrices{2, 5, 1, 6, 7, 9, 2, 0};
    video_.profile = fmt::format("Profile {}", profile);
    video_.bit_depth = depth;
    video_.chroma = subsampling(x, y);
    video_.color.range = range;
    video_.color.matrix = static_cast<MatrixCoefficients>(kMatrices[space]);
    video_.rgb = space == 7;
    video_.width = width;
    video_.height = height;
  }

  bool key_ = false, intra_ = false, shown_ = false;
};

// AV1 bitstream specification 5.5 (sequence header) and 5.9 (frame header); av1C: 2.3.
class Av1Probe final : public BasicProbe {
 public:
  explicit Av1Probe(const StreamDescription& description) : user_data_(video_) {
    video_.codec = description.codec;
    video_.scan = Scan::progressive;
    auto record = description.configuration;
    if (record.size() > 4 && byte_at(record, 0) == 0x81) record = record.subspan(4);
    read(record);
  }

  PacketClass observe(const PacketView& packet) override {
    key_ = intra_ = shown_ = seen_ = false;
    pts_ = packet.pts ? packet.pts : packet.dts;
    read(packet.bytes);
    if (!seen_) return {RandomAccess::none, '?', true, false};
    return {key_ ? RandomAccess::closed : RandomAccess::none, intra_ ? 'I' : 'P', !shown_, false};
  }
  void finish() override { user_data_.captions.finish(); }
  [[nodiscard]] std::vector<CaptionFacts> captions() const override {
    return user_data_.captions.facts();
  }

 private:
  static std::optional<std::uint64_t> leb128(std::span<const std::byte> bytes, std::size_t& at) {
    std::uint64_t value = 0;
    for (int i = 0; i < 8 && at < bytes.size(); ++i) {
      const unsigned byte = byte_at(bytes, at++);
      value |= std::uint64_t{byte & 0x7f} << (7 * i);
      if ((byte & 0x80) == 0) return value;
    }
    return std::nullopt;
  }

  void read(std::span<const std::byte> bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
      const unsigned header = byte_at(bytes, at++);
      if ((header & 0x80) != 0) return;
      const unsigned extension = header & 4 ? byte_at(bytes, at++) : 0;
      std::uint64_t size = at <= bytes.size() ? bytes.size() - at : 0;
      if (header & 2) {
        const auto stated = leb128(bytes, at);
        if (!stated || at > bytes.size() || *stated > bytes.size() - at) return;
        size = *stated;
      }
      if (at > bytes.size()) return;
      const auto body = bytes.subspan(at, static_cast<std::size_t>(size));
      if ((extension & 0xf8) == 0) obu(header >> 3 & 15, body);
      at += static_cast<std::size_t>(size);
    }
  }

  void obu(unsigned type, std::span<const std::byte> body) {
    if (type == 1 && !described_) read_sequence(body);
    if (type == 3 || type == 6) read_frame(body);
    if (type == 5) read_metadata(body);
  }

  void read_frame(std::span<const std::byte> body) {
    if (reduced_) {
      seen_ = key_ = intra_ = shown_ = true;
      return;
    }
    BitReader bits(body);
    const bool first = !seen_;
    seen_ = true;
    if (bits.flag()) {
      shown_ = true;
      return;
    }
    const auto type = bits.u(2);  // key, inter, intra only, switch
    const bool shown = bits.flag();
    shown_ |= shown;
    if (first) intra_ = type == 0 || type == 2;
    if (first && type == 0 && shown) key_ = true;
  }

  // 5.8 and 6.7: light levels and mastering display, in the units of the SEI messages but 24.8 and
  // 18.14 fixed point for luminances and 0.16 for chromaticities.
  void read_metadata(std::span<const std::byte> body) {
    std::size_t at = 0;
    const auto type = leb128(body, at);
    if (!type || at > body.size()) return;
    const auto payload = body.subspan(at);
    BitReader bits(payload);
    if (*type == 1 && payload.size() >= 4 && !video_.content_light) {
      const auto cll = bits.u(16), fall = bits.u(16);
      video_.content_light = ContentLight{cll, fall};
    } else if (*type == 2 && payload.size() >= 24 && !video_.mastering) {
      MasteringDisplay display;
      display.carrier = "bitstream";
      const auto unit = [&] { return (bits.u(16) * 50000U + 32768U) >> 16; };
      for (Chromaticity* c : {&display.red, &display.green, &display.blue, &display.white_point}) {
        c->x = unit();
        c->y = unit();
      }
      display.luminance_max =
          static_cast<std::uint32_t>((std::uint64_t{bits.u(32)} * 10000 + 128) >> 8);
      display.luminance_min =
          static_cast<std::uint32_t>((std::uint64_t{bits.u(32)} * 10000 + 8192) >> 14);
      video_.mastering = display;
    } else if (*type == 4) {
      user_data_.registered(payload, pts_);
    }
  }

  bool read_operating_points(BitReader& bits);
  void read_sequence(std::span<const std::byte> body);
  void read_color(BitReader& bits, unsigned profile);

  UserData user_data_;
  std::optional<std::int64_t> pts_;
  bool described_ = false, reduced_ = false;
  bool key_ = false, intra_ = false, shown_ = false, seen_ = false;
};

// Level of the first operating point and what stands before the frame size; false where damaged.
bool Av1Probe::read_operating_points(BitReader& bits) {
  bool decoder_model = false;
  int delay_bits = 0;
  if (bits.flag()) {  // timing_info
    const auto units = bits.u(32), scale = bits.u(32);
    const bool equal = bits.flag();
    const auto ticks = equal ? std::uint64_t{bits.ue()} + 1 : 1;
    Vui timing;
    timing.units_in_tick = units;
    timing.time_scale = scale;
    if (equal && ticks < 1000) video_.frame_rate = frame_rate_of(timing, static_cast<int>(ticks));
    decoder_model = bits.flag();
    if (decoder_model) {
      delay_bits = bits.i(5) + 1;
      bits.skip(32 + 5 + 5);
    }
  }
  const bool display_delay = bits.flag();
  const int points = bits.i(5) + 1;
  for (int i = 0; i < points && bits.ok(); ++i) {
    bits.skip(12);
    const auto level = bits.u(5);
    const bool tier = level > 7 && bits.flag();
    if (i == 0)
      video_.level = fmt::format("{}.{}{}", 2 + (level >> 2), level & 3, tier ? " High" : "");
    if (decoder_model && bits.flag()) bits.skip(static_cast<std::size_t>(delay_bits) * 2 + 1);
    if (display_delay && bits.flag()) bits.skip(4);
  }
  return bits.ok();
}

void Av1Probe::read_sequence(std::span<const std::byte> body) {
  BitReader bits(body);
  const auto profile = bits.u(3);
  bits.skip(1);
  reduced_ = bits.flag();
  if (reduced_)
    bits.skip(5);
  else if (!read_operating_points(bits))
    return;
  const int width_bits = bits.i(4) + 1, height_bits = bits.i(4) + 1;
  const auto width = bits.u(width_bits), height = bits.u(height_bits);
  if (!reduced_ && bits.flag()) bits.skip(4 + 3);  // frame ids
  bits.skip(3);                                    // superblock size, filter intra, intra edge
  if (!reduced_) {
    bits.skip(4);  // interintra, masked compound, warped motion, dual filter
    const bool order_hint = bits.flag();
    if (order_hint) bits.skip(2);
    const bool choose_screen = bits.flag();
    const bool screen = choose_screen || bits.flag();
    if (screen && !bits.flag()) bits.skip(1);  // integer motion vectors
    if (order_hint) bits.skip(3);
  }
  bits.skip(3);  // super resolution, CDEF, restoration
  if (!bits.ok() || profile > 2) return;
  described_ = true;
  video_.width = static_cast<int>(width + 1);
  video_.height = static_cast<int>(height + 1);
  constexpr std::array<const char*, 3> kProfiles{"Main", "High", "Professional"};
  video_.profile = kProfiles[profile];
  read_color(bits, profile);
}

// 5.5.2.
void Av1Probe::read_color(BitReader& bits, unsigned profile) {
  const bool high = bits.flag();
  const bool twelve = profile == 2 && high && bits.flag();
  const bool gray = profile != 1 && bits.flag();
  ColorDescription color;
  if (bits.flag()) {
    color.primaries = static_cast<ColorPrimaries>(bits.u(8));
    color.transfer = static_cast<TransferCharacteristics>(bits.u(8));
    color.matrix = static_cast<MatrixCoefficients>(bits.u(8));
  }
  const bool srgb = color.primaries == ColorPrimaries::bt709 &&
                    color.transfer == TransferCharacteristics::iec61966_2_1 &&
                    color.matrix == MatrixCoefficients::gbr;
  bool x = true, y = true;
  if (!gray && srgb) {
    color.range = SignalRange::full;
    x = y = false;
  } else {
    color.range = bits.flag() ? SignalRange::full : SignalRange::narrow;
    if (!gray) {
      x = profile == 0 || (profile == 2 && (!twelve || bits.flag()));
      y = profile == 0 || (profile == 2 && twelve && x && bits.flag());
      if (x && y) {
        const auto siting = bits.u(2);
        if (siting == 1) video_.chroma_siting = "left";
        if (siting == 2) video_.chroma_siting = "topleft";
      }
    }
  }
  if (!bits.ok()) return;
  video_.bit_depth = twelve ? 12 : high ? 10 : 8;
  video_.chroma = gray ? "4:0:0" : subsampling(x, y);
  video_.color = color;
  video_.rgb = color.matrix == MatrixCoefficients::gbr;
}

// Theora specification, 6.2: the identification header, the first of three in the configuration.
// A packet without bytes shows the frame before it once more; no demuxer hands it on, so that only
// the rate of the header tells what is missing.
class TheoraProbe final : public BasicProbe {
 public:
  explicit TheoraProbe(const StreamDescription& description) {
    video_.codec = description.codec;
    video_.scan = Scan::progressive;
    auto config = description.configuration;
    if (config.size() < 2) return;
    config = config.subspan(2);  // its length, as libav stores it
    constexpr std::string_view kMagic = "\x80theora";
    for (std::size_t i = 0; i < kMagic.size(); ++i)
      if (byte_at(config, i) != static_cast<unsigned char>(kMagic[i])) return;
    BitReader bits(config.subspan(kMagic.size()));
    bits.skip(24 + 2 * 16 + 2 * 24 + 2 * 8);
    const std::uint32_t rate = bits.u(32), scale = bits.u(32);
    if (bits.ok() && rate > 0 && scale > 0) video_.frame_rate = Rational(rate, scale);
  }
};

}  // namespace

std::unique_ptr<StreamProbe> make_theora_probe(const StreamDescription& description) {
  return std::make_unique<TheoraProbe>(description);
}
std::unique_ptr<StreamProbe> make_vp8_probe(const StreamDescription& description) {
  return std::make_unique<Vp8Probe>(description);
}
std::unique_ptr<StreamProbe> make_vp9_probe(const StreamDescription& description) {
  return std::make_unique<Vp9Probe>(description);
}
std::unique_ptr<StreamProbe> make_av1_probe(const StreamDescription& description) {
  return std::make_unique<Av1Probe>(description);
}

}  // namespace cleangate::probes
