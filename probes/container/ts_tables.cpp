// SPDX-License-Identifier: Apache-2.0
#include "probes/container/ts_tables.h"

#include "probes/container/language.h"

namespace cleangate::probes {
namespace {

constexpr std::size_t kMaxTracks = 4'096;

// Types of ISO/IEC 13818-1, table 2-34. Those above 0x80 are private: ATSC (A/53) has 0x81 and 0x87
// for AC-3, Blu-ray (registered as HDMV) its own; elsewhere 0x86 may be DTS or a splice message.
std::optional<StreamKind> kind_of_type(std::uint8_t type, std::uint32_t program_registration) {
  switch (type) {
    case 0x01:  // MPEG-1, MPEG-2, MPEG-4, H.264, HEVC, JPEG 2000, VVC, VC-1, AVS
    case 0x02:
    case 0x10:
    case 0x1b:
    case 0x1f:
    case 0x20:
    case 0x21:
    case 0x24:
    case 0x32:
    case 0x33:
    case 0x42:
    case 0xd1:
    case 0xea:
      return StreamKind::video;
    case 0x03:  // MPEG audio, AAC, LATM, MPEG-4 raw, MPEG-H, AC-3, E-AC-3
    case 0x04:
    case 0x0f:
    case 0x11:
    case 0x1c:
    case 0x2d:
    case 0x2e:
    case 0x81:
    case 0x87:
      return StreamKind::audio;
    default:
      break;
  }
  if (type < 0x80) return StreamKind::data;
  if (program_registration != fourcc("HDMV")) return std::nullopt;
  if (type <= 0x86 || type == 0xa1 || type == 0xa2) return StreamKind::audio;
  return type == 0x90 ? std::optional(StreamKind::captions) : std::nullopt;
}

std::uint32_t registration_of(std::span<const std::byte> descriptors) {
  ByteCursor cursor(descriptors);
  while (cursor.left() >= 2) {
    const std::uint8_t tag = cursor.u8();
    ByteCursor content(cursor.take(cursor.u8()));
    if (tag == 0x05) return content.u32();
  }
  return 0;
}

// What the descriptors of one stream tell.
struct Described {
  std::optional<std::string> language;
  std::optional<StreamKind> kind;
  std::vector<CaptionFacts> captions;
};

CaptionFacts captions_as(const char* carriage, const char* standard, int pid) {
  CaptionFacts captions;
  captions.carriage = carriage;
  captions.stream = pid;
  captions.standards.emplace_back(standard);
  return captions;
}

CaptionService service(std::string name, const std::string& language) {
  return {std::move(name), bcp47(language), Fact<std::int64_t>::unknown(),
          Fact<Rational>::unknown(), Fact<Rational>::unknown()};
}

// EN 300 468, 6.2.43: a page of type 2 is subtitles, of type 5 subtitles for the hard of hearing.
void read_teletext(ByteCursor cursor, int pid, Described& stream) {
  CaptionFacts captions = captions_as("stream", "teletext", pid);
  stream.kind = StreamKind::data;
  while (cursor.left() >= 5) {
    const std::string language = cursor.text(3);
    const std::uint8_t packed = cursor.u8(), page = cursor.u8();
    const int type = packed >> 3, magazine = (packed & 7) == 0 ? 8 : packed & 7;
    if (type != 2 && type != 5) continue;
    const int number = magazine * 100 + (page >> 4) * 10 + (page & 15);
    captions.services.push_back(service(std::to_string(number), language));
    if (!stream.language) stream.language = bcp47(language);
  }
  if (captions.services.empty()) return;
  stream.kind = StreamKind::captions;
  stream.captions.push_back(std::move(captions));
}

// EN 300 468, 6.2.41.
void read_subtitling(ByteCursor cursor, int pid, Described& stream) {
  CaptionFacts captions = captions_as("stream", "dvb_subtitle", pid);
  while (cursor.left() >= 8) {
    const std::string language = cursor.text(3);
    cursor.skip(1);
    captions.services.push_back(service(std::to_string(cursor.u16()), language));
    cursor.skip(2);
    if (!stream.language) stream.language = bcp47(language);
  }
  stream.kind = StreamKind::captions;
  stream.captions.push_back(std::move(captions));
}

// ATSC A/65, 6.9.2: captions inside the picture, 608 lines or 708 services.
void read_caption_services(ByteCursor cursor, int pid, Described& stream) {
  CaptionFacts captions = captions_as("a53", "cea708", pid);
  captions.standards.clear();
  bool line21 = false, digital = false;
  const int count = cursor.u8() & 31;
  for (int i = 0; i < count && cursor.left() >= 6; ++i) {
    const std::string language = cursor.text(3);
    const std::uint8_t packed = cursor.u8();
    cursor.skip(2);
    if (packed & 0x80) {
      digital = true;
      captions.services.push_back(service("S" + std::to_string(packed & 63), language));
    } else {
      line21 = true;
      captions.services.push_back(service(packed & 1 ? "CC3" : "CC1", language));
    }
  }
  if (line21) captions.standards.emplace_back("cea608");
  if (digital) captions.standards.emplace_back("cea708");
  if (!captions.services.empty()) stream.captions.push_back(std::move(captions));
}

void read_registration(ByteCursor cursor, Described& stream) {
  switch (cursor.u32()) {
    case fourcc("AC-3"):
    case fourcc("EAC3"):
    case fourcc("DTS1"):
    case fourcc("DTS2"):
    case fourcc("DTS3"):
    case fourcc("BSSD"):  // ST 302
    case fourcc("Opus"):
      stream.kind = StreamKind::audio;
      break;
    case fourcc("HEVC"):
    case fourcc("VC-1"):
    case fourcc("AV01"):
    case fourcc("drac"):
      stream.kind = StreamKind::video;
      break;
    default:
      break;
  }
}

void read_descriptor(std::uint8_t tag, ByteCursor cursor, int pid, Described& stream) {
  switch (tag) {
    case 0x05:
      return read_registration(cursor, stream);
    case 0x0a:  // ISO 639 language
      if (cursor.left() >= 4 && !stream.language) stream.language = bcp47(cursor.text(3));
      return;
    case 0x56:
      return read_teletext(cursor, pid, stream);
    case 0x59:
      return read_subtitling(cursor, pid, stream);
    case 0x6a:  // AC-3, enhanced AC-3, DTS, AAC (EN 300 468)
    case 0x7a:
    case 0x7b:
    case 0x7c:
      stream.kind = StreamKind::audio;
      return;
    case 0x86:
      return read_caption_services(cursor, pid, stream);
    default:
      return;
  }
}

}  // namespace

void read_program_map(std::span<const std::byte> section, int program, ContainerFindings& found) {
  ByteCursor cursor(section.first(section.size() - 4));
  cursor.skip(10);
  const std::uint32_t registration = registration_of(cursor.take(cursor.u16() & 0x0fff));
  while (cursor.left() >= 5 && found.tracks.size() < kMaxTracks) {
    const std::uint8_t type = cursor.u8();
    const int pid = cursor.u16() & 0x1fff;
    ByteCursor descriptors(cursor.take(cursor.u16() & 0x0fff));
    if (!cursor.ok()) return;
    Described stream;
    while (descriptors.left() >= 2) {
      const std::uint8_t tag = descriptors.u8();
      const auto content = descriptors.take(descriptors.u8());
      if (!descriptors.ok()) break;
      read_descriptor(tag, ByteCursor(content), pid, stream);
    }
    TrackFindings track;
    track.native_id = pid;
    track.program_id = program;
    track.kind = type == 0x06 || type >= 0x80 ? stream.kind : std::nullopt;
    if (!track.kind) track.kind = kind_of_type(type, registration);
    track.language = stream.language;
    found.tracks.push_back(std::move(track));
    for (CaptionFacts& captions : stream.captions) found.captions.push_back(std::move(captions));
  }
}

}  // namespace cleangate::probes
