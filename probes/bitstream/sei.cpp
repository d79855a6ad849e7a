// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/sei.h"

#include <string_view>

namespace cleangate::probes {
namespace {

bool begins_with(std::span<const std::byte> bytes, std::string_view text) {
  if (bytes.size() < text.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (byte_at(bytes, i) != static_cast<unsigned char>(text[i])) return false;
  return true;
}

// H.264 D.1.29, HEVC D.2.28: primaries in the order green, blue, red.
std::optional<MasteringDisplay> mastering(std::span<const std::byte> payload) {
  BitReader bits(payload);
  MasteringDisplay display;
  display.carrier = "bitstream";
  for (Chromaticity* c : {&display.green, &display.blue, &display.red, &display.white_point}) {
    c->x = bits.u(16);
    c->y = bits.u(16);
  }
  display.luminance_max = bits.u(32);
  display.luminance_min = bits.u(32);
  if (!bits.ok()) return std::nullopt;
  return display;
}

}  // namespace

void UserData::sei(unsigned type, std::span<const std::byte> payload,
                   std::optional<std::int64_t> pts) {
  switch (type) {
    case sei::kRegisteredUserData:
      registered(payload, pts);
      break;
    case sei::kMasteringDisplay:
      if (!claims_.mastering) claims_.mastering = mastering(payload);
      break;
    case sei::kContentLight:
      if (payload.size() >= 4 && !claims_.content_light)
        claims_.content_light =
            ContentLight{BitReader(payload).u(16), BitReader(payload.subspan(2)).u(16)};
      break;
    case sei::kAlternativeTransfer:
      if (!payload.empty() && byte_at(payload, 0) != 2)
        preferred_transfer_ = static_cast<TransferCharacteristics>(byte_at(payload, 0));
      break;
    default:
      break;
  }
}

void UserData::registered(std::span<const std::byte> payload, std::optional<std::int64_t> pts) {
  if (byte_at(payload, 0) != 0xb5 || payload.size() < 4) return;  // United States
  const unsigned provider = byte_at(payload, 1) << 8 | byte_at(payload, 2);
  const auto data = payload.subspan(3);
  if (provider == 0x0031) {
    atsc(data, pts);
  } else if (provider == 0x003c && data.size() >= 3) {
    // SMPTE ST 2094-40: provider oriented code 1, application identifier 4.
    const unsigned oriented = byte_at(data, 0) << 8 | byte_at(data, 1);
    if (oriented == 1 && byte_at(data, 2) == 4) claims_.hdr10plus = true;
  }
}

void UserData::mpeg2(std::span<const std::byte> data, std::optional<std::int64_t> pts) {
  atsc(data, pts);
}

bool UserData::atsc(std::span<const std::byte> data, std::optional<std::int64_t> pts) {
  if (begins_with(data, "GA94")) {
    captions.add(pts, a53_triplets(data.subspan(4)));
    return true;
  }
  if (begins_with(data, "DTG1")) {  // ETSI TS 101 154 annex B.3
    const bool stated = (byte_at(data, 4) & 0x40) != 0 && data.size() >= 6;
    if (stated && !claims_.afd) claims_.afd = static_cast<int>(byte_at(data, 5) & 0x0f);
    return true;
  }
  return false;
}

}  // namespace cleangate::probes
