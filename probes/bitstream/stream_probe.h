// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/packet_view.h"
#include "probes/claims.h"
#include "probes/facts.h"
#include "probes/facts/format_changes.h"

namespace cleangate::probes {

// How the payload of H.264 and HEVC is framed.
enum class NalFraming : std::uint8_t { annex_b, length_prefixed };

// What is known of a stream before its first packet.
struct StreamDescription {
  int index = 0;
  StreamKind kind = StreamKind::data;
  std::string codec;                         // libav's name
  std::uint32_t codec_tag = 0;               // as stored, little-endian FourCC
  std::span<const std::byte> configuration;  // codec configuration record (avcC, hvcC, sequence
                                             // header, …), copied by the probe
  Rational time_base{1, 1};
  // PCM facts, where the stream is audio
  int channels = 0, sample_rate = 0, bits_per_sample = 0;
};

// What a packet is to a decoder.
enum class RandomAccess : std::uint8_t {
  none,
  closed,  // everything from here on decodes from here (IDR, intra-only codecs, closed GOP)
  open,    // decodes from here except leading pictures (CRA, MPEG-2 open GOP, H.264 non-IDR I with
           // recovery point exact)
  gradual  // intra refresh: no true random access, decode linearly
};

struct PacketClass {
  RandomAccess access = RandomAccess::none;
  char picture = '?';         // 'I', 'P', 'B' of the first (or only) picture, '?' = not known
  bool hidden = false;        // carries no presented frame of its own
  bool second_field = false;  // completes the frame that the previous packet began
  // Parameter sets (H.264, HEVC) and sequence headers (MPEG-2) in the packet itself: one of them
  // was not in force before in this form; every one in force is there again.
  bool changes_sets = false, restates_sets = false;
  // Nothing from here on refers to what was before: the picture has another size, shape or scan
  // (MPEG-2, 6.1.1.6: sequence parameters of this kind change only between sequences).
  bool new_sequence = false;
  // Pictures that this or later ones are predicted from are missing before it (a jump of H.264's
  // frame_num): what follows is not what was coded, up to the next random-access point.
  bool lacks_references = false;
  // A checksum of its own does not fit, or a part of it is missing: whatever a decoder makes of it.
  bool damaged = false;
  // The form that the headers in force give its picture; null where the probe does not follow them.
  std::shared_ptr<const PictureFormat> format = nullptr;
  // Seconds of sound in the packet by its own header, where that tells.
  std::optional<Rational> sound = std::nullopt;
};

// Reads packets of one stream in decode order without decoding pictures. Hostile bytes never crash
// it, never allocate beyond the packet's own size.
class StreamProbe {
 public:
  virtual ~StreamProbe() = default;
  virtual PacketClass observe(const PacketView& packet) = 0;
  // Another codec configuration record is in force from the next packet on (MOV: another sample
  // description).
  virtual void configure(std::span<const std::byte>) {}
  virtual void finish() = 0;  // no more packets; call once
  [[nodiscard]] virtual VideoClaims video()
      const = 0;  // usable after the configuration alone (`--depth header`)
  [[nodiscard]] virtual AudioClaims audio() const = 0;
  [[nodiscard]] virtual std::vector<TimecodeFacts> timecodes() const = 0;
  [[nodiscard]] virtual std::vector<CaptionFacts> captions()
      const = 0;  // a53 with the services seen (CC1-CC4, S1…)
  [[nodiscard]] virtual std::optional<std::string> embedded_audio()
      const = 0;  // ST 337 bursts: "dolby_e", "ac3" …
  [[nodiscard]] virtual std::vector<Damage> damage()
      const = 0;  // checksum failures the bitstream itself reveals
  // The forms that the headers give the pictures, in coded order: the first and each that differs
  // from the one before it. Empty where the probe does not follow the headers through the stream.
  [[nodiscard]] virtual std::vector<PictureFormat> picture_formats() const { return {}; }
};

// Never null: codecs without a parser get a probe that claims nothing.
[[nodiscard]] std::unique_ptr<StreamProbe> make_stream_probe(const StreamDescription& description);

// Calls `each` with every NAL unit of a packet (header byte included, prefix or start code and
// trailing zeros excluded). Returns false when the framing is damaged.
struct NalUnitSink {
  virtual ~NalUnitSink() = default;
  virtual void nal(std::span<const std::byte> unit) = 0;
};
bool for_each_nal(std::span<const std::byte> packet, NalFraming framing, int length_size,
                  NalUnitSink& each);

// Framing of an H.264/HEVC stream from its configuration record; annex_b when there is none.
struct NalLayout {
  NalFraming framing = NalFraming::annex_b;
  int length_size = 4;
};
[[nodiscard]] NalLayout nal_layout(std::string_view codec,
                                   std::span<const std::byte> configuration);

}  // namespace cleangate::probes
