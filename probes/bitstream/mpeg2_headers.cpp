// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/mpeg2_headers.h"

#include <array>
#include <utility>

#include "probes/bitstream/bit_reader.h"

namespace cleangate::probes::mpeg2 {

bool read_sequence(std::span<const std::byte> bytes, Sequence& into) {
  BitReader bits(bytes);
  Sequence read;
  read.width = bits.i(12);
  read.height = bits.i(12);
  read.aspect = bits.i(4);
  read.rate_code = bits.i(4);
  bits.skip(18 + 1 + 10 + 1);
  if (!bits.ok() || read.width == 0 || read.height == 0) return false;
  into = read;
  return true;
}

// 6.2.2.3; `bytes` begin with the extension's identifier.
bool read_sequence_extension(std::span<const std::byte> bytes, Sequence& into) {
  BitReader bits(bytes);
  bits.skip(4);
  Sequence read = into;
  read.standard = Standard::mpeg2;
  read.profile_and_level = bits.i(8);
  read.progressive = bits.flag();
  read.chroma_format = bits.i(2);
  read.width |= bits.i(2) << 12;
  read.height |= bits.i(2) << 12;
  bits.skip(12 + 1 + 8 + 1);
  read.rate_num = bits.i(2) + 1;
  read.rate_den = bits.i(5) + 1;
  if (!bits.ok()) return false;
  into = read;
  return true;
}

bool read_display_extension(std::span<const std::byte> bytes, Sequence& into) {
  BitReader bits(bytes);
  bits.skip(4 + 3);
  ColorDescription color;
  if (bits.flag()) {
    color.primaries = static_cast<ColorPrimaries>(bits.u(8));
    color.transfer = static_cast<TransferCharacteristics>(bits.u(8));
    color.matrix = static_cast<MatrixCoefficients>(bits.u(8));
  }
  const int width = bits.i(14);
  bits.skip(1);
  const int height = bits.i(14);
  if (!bits.ok()) return false;
  into.color = color;
  into.display_width = width;
  into.display_height = height;
  return true;
}

std::optional<GroupOfPictures> read_group(std::span<const std::byte> bytes) {
  BitReader bits(bytes);
  GroupOfPictures group;
  group.label.drop = bits.flag();
  group.label.hours = bits.i(5);
  group.label.minutes = bits.i(6);
  bits.skip(1);
  group.label.seconds = bits.i(6);
  group.label.frames = bits.i(6);
  group.closed = bits.flag();
  group.broken_link = bits.flag();
  if (!bits.ok()) return std::nullopt;
  return group;
}

std::optional<Picture> read_picture(std::span<const std::byte> bytes) {
  BitReader bits(bytes);
  Picture picture;
  picture.temporal_reference = bits.i(10);
  picture.type = bits.i(3);
  if (!bits.ok() || picture.type < 1 || picture.type > 4) return std::nullopt;
  return picture;
}

bool read_picture_extension(std::span<const std::byte> bytes, Picture& into) {
  BitReader bits(bytes);
  bits.skip(4 + 16 + 2);
  Picture read = into;
  read.structure = bits.i(2);
  read.top_first = bits.flag();
  bits.skip(5);
  read.repeat_first = bits.flag();
  bits.skip(1);
  read.progressive_frame = bits.flag();
  read.extended = true;
  if (!bits.ok() || read.structure == 0) return false;
  into = read;
  return true;
}

std::optional<Rational> frame_rate(const Sequence& sequence) {
  // Table 6-4.
  constexpr std::array<std::pair<int, int>, 9> kRates{{{0, 1},
                                                       {24000, 1001},
                                                       {24, 1},
                                                       {25, 1},
                                                       {30000, 1001},
                                                       {30, 1},
                                                       {50, 1},
                                                       {60000, 1001},
                                                       {60, 1}}};
  const auto code = static_cast<std::size_t>(sequence.rate_code);
  if (code == 0 || code >= kRates.size()) return std::nullopt;
  return Rational(std::int64_t{kRates[code].first} * sequence.rate_num,
                  std::int64_t{kRates[code].second} * sequence.rate_den);
}

std::optional<Rational> pixel_aspect(const Sequence& sequence) {
  if (sequence.standard == Standard::mpeg1) {
    // 11172-2 2.4.3.2: height over width of a sample, in 0.0001.
    constexpr std::array<int, 15> kHeights{0,    10000, 6735,  7031,  7615,  8055,  8437, 8935,
                                           9157, 9815,  10255, 10695, 10950, 11575, 12015};
    const auto code = static_cast<std::size_t>(sequence.aspect);
    if (code == 0 || code >= kHeights.size()) return std::nullopt;
    return Rational(10000, kHeights[code]);
  }
  // Table 6-3: of the sample (1) or of the display (2 to 4).
  if (sequence.aspect == 1) return Rational(1);
  constexpr std::array<std::pair<int, int>, 3> kDisplays{{{4, 3}, {16, 9}, {221, 100}}};
  if (sequence.aspect < 2 || sequence.aspect > 4) return std::nullopt;
  const auto [w, h] = kDisplays[static_cast<std::size_t>(sequence.aspect - 2)];
  const bool display = sequence.display_width > 0 && sequence.display_height > 0;
  const int width = display ? sequence.display_width : sequence.width;
  const int height = display ? sequence.display_height : sequence.height;
  return Rational(std::int64_t{w} * height, std::int64_t{h} * width);
}

std::optional<std::string> profile_name(const Sequence& sequence) {
  const int code = sequence.profile_and_level;
  if (code < 0) return std::nullopt;
  if (code & 0x80) {  // table 8-4: escaped
    const int low = code & 0x0f;
    if (low == 2 || low == 5) return "4:2:2";
    if (low == 10 || low == 11 || low == 13 || low == 14) return "Multi-view";
    return std::nullopt;
  }
  constexpr std::array<const char*, 8> kProfiles{
      nullptr, "High", "Spatially Scalable", "SNR Scalable", "Main", "Simple", nullptr, nullptr};
  const char* name = kProfiles[static_cast<std::size_t>(code >> 4 & 7)];
  return name ? std::optional<std::string>(name) : std::nullopt;
}

std::optional<std::string> level_name(const Sequence& sequence) {
  const int code = sequence.profile_and_level;
  if (code < 0) return std::nullopt;
  switch (code & (code & 0x80 ? 0xff : 0x0f)) {
    case 4:
    case 0x82:
    case 0x8a:
      return "High";
    case 6:
    case 0x8b:
      return "High 1440";
    case 8:
    case 0x85:
    case 0x8d:
      return "Main";
    case 10:
    case 0x8e:
      return "Low";
    default:
      return std::nullopt;
  }
}

}  // namespace cleangate::probes::mpeg2
