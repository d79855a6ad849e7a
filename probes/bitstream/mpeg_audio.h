// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace cleangate::probes {

// Header of a frame of MPEG audio (ISO/IEC 11172-3, 2.4.1.3 and 2.4.2.3; 13818-3, 2.4.2.3, and its
// extension to a quarter of the rates that everybody calls MPEG-2.5).
struct MpegAudioHeader {
  bool mpeg1 = false, mono = false;
  int layer = 0;           // 1 to 3
  int sample_rate = 0;     // Hz
  int samples = 0;         // of the frame, per channel
  std::uint64_t size = 0;  // of the frame, bytes; 0 = free format, which does not tell
};
// Nothing where the bytes begin with no such header.
[[nodiscard]] std::optional<MpegAudioHeader> mpeg_audio_header(std::span<const std::byte> bytes);
// The same of layer III alone, and nothing in free format.
[[nodiscard]] std::optional<MpegAudioHeader> mp3_header(std::span<const std::byte> bytes);

// What the first frame of a stream tells, where it holds no sound but a table: Xing's ("Xing", or
// "Info" for a constant rate) or Fraunhofer's ("VBRI"). Neither has a standard: LAME's source and
// Fraunhofer's VBR header SDK are what everybody follows.
struct Mp3Table {
  std::string_view by;
  std::uint64_t bytes = 0;  // from this frame's first to the last of the sound; 0 = not told
};
[[nodiscard]] std::optional<Mp3Table> mp3_table(std::span<const std::byte> frame);

// Header of a frame of AAC in ADTS (ISO/IEC 14496-3, 1.A.2).
struct AdtsHeader {
  int object_type = 0;            // audio object type, 1 to 4
  int sample_rate = 0;            // Hz
  int channel_configuration = 0;  // 0: told elsewhere
  int samples = 0;                // of the frame, per channel, without spectral band replication
  std::uint64_t size = 0;         // of the frame with its header, bytes
};
[[nodiscard]] std::optional<AdtsHeader> adts_header(std::span<const std::byte> bytes);

}  // namespace cleangate::probes
