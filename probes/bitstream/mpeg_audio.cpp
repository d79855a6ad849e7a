// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/mpeg_audio.h"

#include <array>

#include "probes/bitstream/bit_reader.h"

namespace cleangate::probes {
namespace {

// kb/s by `bitrate_index`; 0 is free format.
using Rates = std::array<int, 15>;
constexpr std::array<Rates, 3> kRates1{
    Rates{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
    Rates{0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
    Rates{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}};
constexpr Rates kRates2Layer1{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256};
constexpr Rates kRates2{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};

const Rates& rates(bool mpeg1, int layer) {
  if (mpeg1) return kRates1[static_cast<std::size_t>(layer - 1)];
  return layer == 1 ? kRates2Layer1 : kRates2;
}

}  // namespace

std::optional<MpegAudioHeader> mpeg_audio_header(std::span<const std::byte> bytes) {
  constexpr std::array<int, 3> kSampling{44100, 48000, 32000};
  BitReader bits(bytes);
  const auto sync = bits.u(11), version = bits.u(2), code = bits.u(2);
  bits.skip(1);
  const auto rate = bits.u(4), sampling = bits.u(2), padding = bits.u(1);
  bits.skip(1);
  const auto mode = bits.u(2);
  if (!bits.ok() || sync != 0x7ff || version == 1 || code == 0 || rate == 15 || sampling == 3)
    return std::nullopt;
  MpegAudioHeader header;
  header.mpeg1 = version == 3;
  header.mono = mode == 3;
  header.layer = 4 - static_cast<int>(code);
  header.sample_rate = kSampling[sampling] >> (header.mpeg1 ? 0 : version == 2 ? 1 : 2);
  const bool half = header.layer == 3 && !header.mpeg1;
  header.samples = header.layer == 1 ? 384 : half ? 576 : 1152;
  const int slot = header.layer == 1 ? 4 : 1;  // bytes that padding adds
  const int slots = header.samples / 8 / slot * rates(header.mpeg1, header.layer)[rate] * 1000 /
                    header.sample_rate;
  if (rate != 0)
    header.size = static_cast<std::uint64_t>(slots + static_cast<int>(padding)) *
                  static_cast<std::uint64_t>(slot);
  return header;
}

std::optional<MpegAudioHeader> mp3_header(std::span<const std::byte> bytes) {
  auto header = mpeg_audio_header(bytes);
  if (!header || header->layer != 3 || header->size == 0) return std::nullopt;
  return header;
}

std::optional<Mp3Table> mp3_table(std::span<const std::byte> frame) {
  const auto header = mp3_header(frame);
  if (!header) return std::nullopt;
  const auto word = [&](std::size_t at) {
    return byte_at(frame, at) << 24 | byte_at(frame, at + 1) << 16 | byte_at(frame, at + 2) << 8 |
           byte_at(frame, at + 3);
  };
  const std::size_t xing =
      4 + (header->mpeg1 ? (header->mono ? 17u : 32u) : (header->mono ? 9u : 17u));
  constexpr std::size_t kVbri = 4 + 32;
  if (const unsigned magic = word(xing); magic == 0x58696e67 || magic == 0x496e666f) {
    const unsigned flags = word(xing + 4);
    const std::size_t at = xing + 8 + (flags & 1 ? 4 : 0);  // behind the number of frames
    return Mp3Table{magic == 0x58696e67 ? "Xing" : "Info", flags & 2 ? word(at) : 0};
  }
  if (word(kVbri) == 0x56425249) return Mp3Table{"VBRI", word(kVbri + 10)};
  return std::nullopt;
}

std::optional<AdtsHeader> adts_header(std::span<const std::byte> bytes) {
  constexpr std::array<int, 13> kRates{96000, 88200, 64000, 48000, 44100, 32000, 24000,
                                       22050, 16000, 12000, 11025, 8000,  7350};
  BitReader bits(bytes);
  if (bits.u(12) != 0xfff) return std::nullopt;
  bits.skip(1);
  if (bits.u(2) != 0) return std::nullopt;
  bits.skip(1);
  AdtsHeader header;
  header.object_type = bits.i(2) + 1;
  const auto rate = bits.u(4);
  bits.skip(1);
  header.channel_configuration = bits.i(3);
  bits.skip(4);
  header.size = bits.u(13);
  bits.skip(11);
  header.samples = 1024 * (1 + bits.i(2));
  if (!bits.ok() || rate >= kRates.size()) return std::nullopt;
  header.sample_rate = kRates[rate];
  return header;
}

}  // namespace cleangate::probes
