// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>

#include "probes/container/channel_labels.h"
#include "probes/container/riff.h"

// Chunks of a WAVE file: Microsoft's WAVEFORMATEX(TENSIBLE), EBU Tech 3285 (bext), ITU-R BS.2088.
namespace cleangate::probes {
namespace {

constexpr std::uint16_t kPcm = 0x0001, kFloat = 0x0003, kExtensible = 0xfffe;
constexpr std::uint32_t kBackPair = 0x30, kSidePair = 0x600;

// dwChannelMask, bit by bit. The pair of surrounds is Ls/Rs wherever it sits; where there are two
// pairs, the back one is Lrs/Rrs and the side one Lss/Rss.
std::vector<std::string> labels_of_mask(std::uint32_t mask, int channels) {
  static constexpr std::array<const char*, 18> kLabels{"L",   "R",   "C",   "LFE", "Ls",  "Rs",
                                                       "Lc",  "Rc",  "Cs",  "Ls",  "Rs",  "Ts",
                                                       "Vhl", "Vhc", "Vhr", "Tbl", "Tbc", "Tbr"};
  if (std::popcount(mask) != channels || mask >= 1u << kLabels.size()) return {};
  const bool both = (mask & kBackPair) == kBackPair && (mask & kSidePair) == kSidePair;
  std::vector<std::string> labels;
  for (std::size_t bit = 0; bit < kLabels.size(); ++bit) {
    if (!(mask >> bit & 1)) continue;
    std::string label = kLabels[bit];
    if (both && (bit == 4 || bit == 5)) label = bit == 4 ? "Lrs" : "Rrs";
    if (both && (bit == 9 || bit == 10)) label = bit == 9 ? "Lss" : "Rss";
    labels.push_back(std::move(label));
  }
  return labels;
}

std::optional<std::string> layout_of_mask(std::uint32_t mask,
                                          const std::vector<std::string>& labels) {
  auto layout = layout_of(labels);
  if (layout && (mask & kSidePair) && !(mask & kBackPair) && (*layout == "5.1" || *layout == "5.0"))
    *layout += "(side)";
  return layout;
}

void read_fmt(TableReader& reader, const RiffChunk& chunk, TrackFindings& track) {
  AudioClaims& audio = track.audio;
  const auto bytes = reader.read(chunk.content, std::min<std::uint64_t>(chunk.size, 40));
  ByteCursor cursor(bytes);
  std::uint16_t format = cursor.le16();
  const int channels = cursor.le16();
  const std::uint32_t rate = cursor.le32();
  cursor.skip(6);
  const int container_bits = cursor.le16();
  if (!cursor.ok()) return;
  int bits = container_bits;
  std::uint32_t mask = 0;
  if (format == kExtensible && cursor.left() >= 24) {
    cursor.skip(2);
    const int valid = cursor.le16();
    mask = cursor.le32();
    format = cursor.le16();  // the first field of the sub-format's GUID
    if (valid > 0 && valid <= container_bits) bits = valid;
  }
  const int word_bits = (container_bits + 7) / 8 * 8;
  if (format == kPcm && bits < word_bits) track.pcm_words = PcmWords{word_bits, bits};
  if (channels > 0) audio.channels = channels;
  if (rate > 0 && rate <= 10'000'000) audio.sample_rate = static_cast<int>(rate);
  if ((format == kPcm || format == kFloat) && bits > 0) audio.bit_depth = bits;
  audio.channel_labels = labels_of_mask(mask, channels);
  audio.channel_layout = layout_of_mask(mask, audio.channel_labels);
  static constexpr char kHex[] = "0123456789abcdef";
  std::string tag = "0x0000";
  for (unsigned i = 0; i < 4; ++i) tag[2 + i] = kHex[format >> (12 - 4 * i) & 15];
  audio.codec_tag = tag;
}

void read_bext(TableReader& reader, const RiffChunk& chunk, ContainerFindings& found) {
  const auto bytes = reader.read(chunk.content, std::min<std::uint64_t>(chunk.size, 348));
  ByteCursor cursor(bytes);
  cursor.skip(256 + 32 + 32 + 10 + 8);
  const std::uint64_t low = cursor.le32(), high = cursor.le32();
  if (!cursor.ok()) return;
  found.bext_time_reference = high << 32 | low;
  found.timecodes.push_back({TimecodeSource::bext,
                             1,
                             Fact<std::string>::unknown(),
                             Fact<Rational>::unknown(),
                             Fact<bool>::unknown(),
                             {},
                             false,
                             {}});
}

}  // namespace

void read_wave_chunk(TableReader& reader, const RiffChunk& chunk, TrackFindings& track,
                     ContainerFindings& found) {
  switch (chunk.id) {
    case fourcc("fmt "):
      return read_fmt(reader, chunk, track);
    case fourcc("bext"):
      read_bext(reader, chunk, found);
      break;
    case fourcc("iXML"):
    case fourcc("axml"):
    case fourcc("bxml"):
    case fourcc("chna"):
    case fourcc("cart"):
    case fourcc("dbmd"):
    case fourcc("_PMX"):
    case fourcc("umid"):
      break;
    default:
      return;
  }
  found.metadata.push_back(fourcc_text(chunk.id));
}

}  // namespace cleangate::probes
