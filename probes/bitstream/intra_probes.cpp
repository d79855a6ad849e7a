// SPDX-License-Identifier: Apache-2.0
// Mezzanine codecs whose every packet is one frame that decodes alone: ProRes, VC-3 (DNxHD, DNxHR),
// JPEG 2000, DV, and uncompressed pictures.
#include <fmt/format.h>

#include <array>

#include "probes/bitstream/basic_probe.h"
#include "probes/bitstream/bit_reader.h"
#include "probes/bitstream/codec_probes.h"
#include "probes/bitstream/format_track.h"
#include "probes/bitstream/scan_tally.h"

namespace cleangate::probes {
namespace {

constexpr std::uint32_t tag_of(const char (&text)[5]) {
  return static_cast<std::uint32_t>(static_cast<unsigned char>(text[0])) |
         static_cast<std::uint32_t>(static_cast<unsigned char>(text[1])) << 8 |
         static_cast<std::uint32_t>(static_cast<unsigned char>(text[2])) << 16 |
         static_cast<std::uint32_t>(static_cast<unsigned char>(text[3])) << 24;
}

unsigned u16(std::span<const std::byte> bytes, std::size_t at) {
  return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1);
}

class IntraProbe : public BasicProbe {
 public:
  explicit IntraProbe(const StreamDescription& description) { video_.codec = description.codec; }
  PacketClass observe(const PacketView& packet) override {
    if (packet.bytes.empty()) return {RandomAccess::none, '?', true, false};
    read(packet.bytes);
    PacketClass result{RandomAccess::closed, 'I', false, false};
    result.format = format_;
    if (packet.discard) return result;
    if (format_) formats_.see(*format_, frames_);
    ++frames_;
    return result;
  }
  [[nodiscard]] VideoClaims video() const override {
    VideoClaims claims = video_;
    scan_.claim(claims);
    return claims;
  }
  [[nodiscard]] std::vector<PictureFormat> picture_formats() const override {
    return formats_.formats();
  }

 protected:
  virtual void read(std::span<const std::byte>) {}
  // Of codecs whose every header is read.
  void note_format(PictureFormat format) { format_ = shared_format_.of(std::move(format)); }
  ScanTally scan_;

 private:
  std::shared_ptr<const PictureFormat> format_;
  SharedFormat shared_format_;
  PictureFormatTrack formats_;
  std::int64_t frames_ = 0;  // before the current one
};

// SMPTE RDD 36:2015, 5.1.1 and 6.1.1.
class ProresProbe final : public IntraProbe {
 public:
  explicit ProresProbe(const StreamDescription& description) : IntraProbe(description) {
    constexpr std::array<std::pair<std::uint32_t, const char*>, 6> kProfiles{
        {{tag_of("apco"), "422 Proxy"},
         {tag_of("apcs"), "422 LT"},
         {tag_of("apcn"), "422"},
         {tag_of("apch"), "422 HQ"},
         {tag_of("ap4h"), "4444"},
         {tag_of("ap4x"), "4444 XQ"}}};
    for (const auto& [tag, name] : kProfiles)
      if (tag == description.codec_tag) video_.profile = name;
    if (video_.profile) set_chroma(video_.profile->starts_with("4444"));
  }

 private:
  void set_chroma(bool full) {
    video_.chroma = full ? "4:4:4" : "4:2:2";
    video_.bit_depth = full ? 12 : 10;
  }

  void read(std::span<const std::byte> bytes) override {
    if (bytes.size() < 28 || byte_at(bytes, 4) != 'i' || byte_at(bytes, 5) != 'c' ||
        byte_at(bytes, 6) != 'p' || byte_at(bytes, 7) != 'f')
      return;
    const unsigned flags = byte_at(bytes, 20);
    const unsigned interlace = flags >> 2 & 3;
    if (interlace == 0)
      ++scan_.progressive;
    else if (interlace < 3)
      scan_.field_first(interlace == 1 ? FieldOrder::top : FieldOrder::bottom);
    const unsigned width = u16(bytes, 16), height = u16(bytes, 18);
    const ColorDescription color{static_cast<ColorPrimaries>(known(byte_at(bytes, 22))),
                                 static_cast<TransferCharacteristics>(known(byte_at(bytes, 23))),
                                 static_cast<MatrixCoefficients>(known(byte_at(bytes, 24))),
                                 SignalRange::narrow};
    note_format({0, static_cast<int>(width), static_cast<int>(height),
                 std::string(flags >> 6 == 3 ? "4:4:4" : "4:2:2"), std::nullopt, std::nullopt,
                 color, std::nullopt});
    if (described_) return;
    described_ = true;
    if (width > 0 && height > 0) {
      video_.width = static_cast<int>(width);
      video_.height = static_cast<int>(height);
    }
    const std::optional<int> depth_of_profile = video_.bit_depth;
    if (flags >> 6 >= 2) set_chroma(flags >> 6 == 3);
    if (depth_of_profile) video_.bit_depth = depth_of_profile;
    video_.color = color;
    video_.alpha = (byte_at(bytes, 25) & 15) != 0;
    video_.frame_rate = rate(byte_at(bytes, 21) & 15);
  }

  // 0 is "unknown" in RDD 36 tables 5 to 7.
  static unsigned known(unsigned code) { return code == 0 ? 2 : code; }

  static std::optional<Rational> rate(unsigned code) {
    constexpr std::array<std::pair<int, int>, 12> kRates{{{0, 1},
                                                          {24000, 1001},
                                                          {24, 1},
                                                          {25, 1},
                                                          {30000, 1001},
                                                          {30, 1},
                                                          {50, 1},
                                                          {60000, 1001},
                                                          {60, 1},
                                                          {100, 1},
                                                          {120000, 1001},
                                                          {120, 1}}};
    if (code == 0 || code >= kRates.size()) return std::nullopt;
    return Rational(kRates[code].first, kRates[code].second);
  }

  bool described_ = false;
};

// SMPTE ST 2019-1, header of a coded field or frame.
class DnxProbe final : public IntraProbe {
 public:
  using IntraProbe::IntraProbe;

 private:
  void read(std::span<const std::byte> bytes) override {
    if (bytes.size() < 0x280 || byte_at(bytes, 0) != 0 || byte_at(bytes, 1) != 0 ||
        byte_at(bytes, 2) != 2)
      return;
    const bool interlaced = (byte_at(bytes, 5) & 2) != 0;
    if (!interlaced)
      ++scan_.progressive;
    else
      scan_.field_first(byte_at(bytes, 5) & 1 ? FieldOrder::bottom : FieldOrder::top);
    const unsigned height = u16(bytes, 0x18), width = u16(bytes, 0x1a);
    const unsigned id = u16(bytes, 0x28) << 16 | u16(bytes, 0x2a);
    note_format({0, static_cast<int>(width), static_cast<int>(interlaced ? height * 2 : height),
                 std::nullopt, std::nullopt, profile(id)});
    if (described_) return;
    described_ = true;
    if (width > 0 && height > 0) {
      video_.width = static_cast<int>(width);
      video_.height = static_cast<int>(interlaced ? height * 2 : height);
    }
    constexpr std::array<int, 4> kDepths{0, 8, 10, 12};
    const std::size_t depth = byte_at(bytes, 0x21) >> 5;
    if (depth > 0 && depth < kDepths.size()) video_.bit_depth = kDepths[depth];
    const bool full = (byte_at(bytes, 0x2c) >> 6 & 1) != 0 || id == 1256 || id == 1270;
    video_.chroma = full ? "4:4:4" : "4:2:2";
    video_.profile = profile(id);
  }

  // Annex of compression IDs.
  static std::optional<std::string> profile(unsigned id) {
    constexpr std::array<const char*, 5> kHr{"DNxHR 444", "DNxHR HQX", "DNxHR HQ", "DNxHR SQ",
                                             "DNxHR LB"};
    if (id >= 1270 && id <= 1274) return kHr[id - 1270];
    if (id >= 1235 && id <= 1260) return "DNxHD";
    return std::nullopt;
  }

  bool described_ = false;
};

// ISO/IEC 15444-1 A.5.1 (SIZ) and table A.10, A.45 and on (Rsiz). Sizes are left to the container:
// interlaced pictures are two codestreams of half the height.
class Jpeg2000Probe final : public IntraProbe {
 public:
  using IntraProbe::IntraProbe;

 private:
  void read(std::span<const std::byte> bytes) override {
    if (described_) return;
    constexpr std::size_t kFarthest = 1024;  // JP2 boxes before the codestream are short
    for (std::size_t i = 0; i + 4 <= bytes.size() && i < kFarthest; ++i)
      if (u16(bytes, i) == 0xff4f && u16(bytes, i + 2) == 0xff51)
        return describe(bytes.subspan(i + 4));
  }

  void describe(std::span<const std::byte> siz) {
    BitReader bits(siz);
    bits.skip(16);
    const unsigned capabilities = bits.u(16);
    bits.skip(32 * 8);
    const unsigned components = bits.u(16);
    if (!bits.ok() || components == 0 || components > 4) return;
    std::array<unsigned, 4> depth{}, dx{}, dy{};
    for (std::size_t c = 0; c < components; ++c) {
      depth[c] = (bits.u(8) & 0x7f) + 1;
      dx[c] = bits.u(8);
      dy[c] = bits.u(8);
    }
    if (!bits.ok()) return;
    described_ = true;
    video_.bit_depth = static_cast<int>(depth[0]);
    video_.alpha = components == 2 || components == 4;
    video_.chroma = components < 3             ? "4:0:0"
                    : dx[1] == 1 && dy[1] == 1 ? "4:4:4"
                    : dx[1] == 2 && dy[1] == 1 ? "4:2:2"
                    : dx[1] == 2 && dy[1] == 2 ? "4:2:0"
                                               : "";
    if (video_.chroma->empty()) video_.chroma.reset();
    name(capabilities);
  }

  void name(unsigned capabilities) {
    constexpr std::array<const char*, 6> kImf{
        "IMF 2K", "IMF 4K", "IMF 8K", "IMF 2K Lossless", "IMF 4K Lossless", "IMF 8K Lossless"};
    const unsigned family = capabilities >> 8 & 0x0f, level = capabilities & 0x0f;
    if ((capabilities & 0x4000) != 0)
      video_.profile = "HTJ2K";
    else if (capabilities == 1 || capabilities == 2)
      video_.profile = fmt::format("Profile {}", capabilities - 1);
    else if (capabilities == 3)
      video_.profile = "D-Cinema 2K";
    else if (capabilities == 4)
      video_.profile = "D-Cinema 4K";
    else if (family >= 1 && family <= 3)
      video_.profile = family == 1   ? "Broadcast Contribution Single Tile"
                       : family == 2 ? "Broadcast Contribution Multi Tile"
                                     : "Broadcast Contribution Multi Tile Reversible";
    else if (family >= 4 && family - 4 < kImf.size())
      video_.profile = kImf[family - 4];
    if (family != 0) video_.level = fmt::format("{}", level);
  }

  bool described_ = false;
};

// IEC 61834-2, SMPTE ST 314 and ST 370: the 525/625 flag, and STYPE of the VAUX source pack.
class DvProbe final : public IntraProbe {
 public:
  explicit DvProbe(const StreamDescription& description) : IntraProbe(description) {
    video_.bit_depth = 8;
  }

 private:
  void read(std::span<const std::byte> bytes) override {
    constexpr std::size_t kSourcePack = 80 * 5 + 48 + 3;
    if (video_.chroma || bytes.size() < 480 || byte_at(bytes, 0) >> 5 != 0) return;
    const bool lines_625 = (byte_at(bytes, 3) & 0x80) != 0;
    const unsigned application = byte_at(bytes, 4) & 7, type = byte_at(bytes, kSourcePack) & 0x1f;
    if (type == 0)
      video_.chroma = lines_625 && application == 0 ? "4:2:0" : "4:1:1";
    else if (type == 4 || type == 0x14 || type == 0x18)
      video_.chroma = "4:2:2";
  }
};

struct Uncompressed {
  const char* codec;
  std::uint32_t tag;  // 0 = any
  int depth;
  const char* chroma;
  bool rgb, alpha;
};
constexpr std::array<Uncompressed, 16> kUncompressed{{
    {"v210", 0, 10, "4:2:2", false, false},
    {"v210x", 0, 10, "4:2:2", false, false},
    {"v410", 0, 10, "4:4:4", false, false},
    {"v308", 0, 8, "4:4:4", false, false},
    {"v408", 0, 8, "4:4:4", false, true},
    {"r210", 0, 10, "4:4:4", true, false},
    {"r10k", 0, 10, "4:4:4", true, false},
    {"rawvideo", tag_of("2vuy"), 8, "4:2:2", false, false},
    {"rawvideo", tag_of("2Vuy"), 8, "4:2:2", false, false},
    {"rawvideo", tag_of("UYVY"), 8, "4:2:2", false, false},
    {"rawvideo", tag_of("YUY2"), 8, "4:2:2", false, false},
    {"rawvideo", tag_of("yuv2"), 8, "4:2:2", false, false},
    {"rawvideo", tag_of("I420"), 8, "4:2:0", false, false},
    {"rawvideo", tag_of("YV12"), 8, "4:2:0", false, false},
    {"rawvideo", tag_of("Y800"), 8, "4:0:0", false, false},
    {"rawvideo", tag_of("b64a"), 16, "4:4:4", true, true},
}};

class UncompressedProbe final : public IntraProbe {
 public:
  explicit UncompressedProbe(const StreamDescription& description) : IntraProbe(description) {
    for (const Uncompressed& known : kUncompressed) {
      if (description.codec != known.codec ||
          (known.tag != 0 && known.tag != description.codec_tag))
        continue;
      video_.bit_depth = known.depth;
      video_.chroma = known.chroma;
      video_.rgb = known.rgb;
      video_.alpha = known.alpha;
      return;
    }
  }
};

// libav's names of codecs without any prediction between packets.
constexpr std::array<std::string_view, 31> kIntraCodecs{
    "rawvideo", "v210",    "v210x",   "v410",     "v308",  "v408",   "r210",   "r10k",
    "avrp",     "ayuv",    "yuv4",    "y41p",     "mjpeg", "mjpegb", "ljpeg",  "jpegls",
    "huffyuv",  "ffvhuff", "utvideo", "magicyuv", "cfhd",  "hap",    "dxv",    "png",
    "dpx",      "exr",     "tiff",    "targa",    "bmp",   "avui",   "speedhq"};

}  // namespace

std::unique_ptr<StreamProbe> make_prores_probe(const StreamDescription& description) {
  return std::make_unique<ProresProbe>(description);
}
std::unique_ptr<StreamProbe> make_dnx_probe(const StreamDescription& description) {
  return std::make_unique<DnxProbe>(description);
}
std::unique_ptr<StreamProbe> make_jpeg2000_probe(const StreamDescription& description) {
  return std::make_unique<Jpeg2000Probe>(description);
}
std::unique_ptr<StreamProbe> make_intra_probe(const StreamDescription& description) {
  if (description.codec == "dvvideo") return std::make_unique<DvProbe>(description);
  for (const std::string_view codec : kIntraCodecs)
    if (codec == description.codec) return std::make_unique<UncompressedProbe>(description);
  return nullptr;
}

}  // namespace cleangate::probes
