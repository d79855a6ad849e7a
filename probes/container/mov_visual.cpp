// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "probes/container/mov_track.h"

// Boxes that describe the picture of a visual sample entry.
namespace cleangate::probes {
namespace {

std::optional<Rational> ratio(std::uint64_t num, std::uint64_t den) {
  if (num == 0 || den == 0) return std::nullopt;
  return Rational(static_cast<std::int64_t>(num), static_cast<std::int64_t>(den));
}

void read_pasp(ByteCursor cursor, VideoClaims& video) {
  const std::uint32_t horizontal = cursor.u32(), vertical = cursor.u32();
  if (cursor.ok()) video.pixel_aspect = ratio(horizontal, vertical);
}

void read_clap(ByteCursor cursor, VideoClaims& video) {
  Rational values[4];
  for (int i = 0; i < 4; ++i) {
    const std::int64_t num = i < 2 ? std::int64_t{cursor.u32()} : std::int64_t{cursor.i32()};
    const auto value = Rational::make(num, cursor.u32());
    if (!cursor.ok() || !value) return;
    values[i] = *value;
  }
  if (values[0] <= Rational(0) || values[1] <= Rational(0)) return;
  video.clean_aperture = CleanAperture{values[0], values[1], values[2], values[3]};
}

// 0 is reserved in ITU-T H.273 for primaries and transfer, and says nothing.
std::uint8_t code_point(std::uint16_t value) {
  return value == 0 || value > 255 ? std::uint8_t{2} : static_cast<std::uint8_t>(value);
}

void read_colr(ByteCursor cursor, VideoClaims& video) {
  const std::uint32_t type = cursor.u32();
  if (type != fourcc("nclc") && type != fourcc("nclx")) return;
  const std::uint16_t primaries = cursor.u16(), transfer = cursor.u16(), matrix = cursor.u16();
  if (!cursor.ok()) return;
  video.color.primaries = static_cast<ColorPrimaries>(code_point(primaries));
  video.color.transfer = static_cast<TransferCharacteristics>(code_point(transfer));
  const bool gbr = matrix == 0 && primaries != 0;  // 0 0 0 is a writer that says nothing
  video.color.matrix =
      gbr ? MatrixCoefficients::gbr : static_cast<MatrixCoefficients>(code_point(matrix));
  if (type == fourcc("nclx") && cursor.left() > 0)
    video.color.range = cursor.u8() & 0x80 ? SignalRange::full : SignalRange::narrow;
}

// QuickTime File Format and Apple TN2162: fields a sample, then how they lie in it.
void read_fiel(ByteCursor cursor, VideoClaims& video) {
  const std::uint8_t fields = cursor.u8(), detail = cursor.u8();
  if (!cursor.ok()) return;
  if (fields == 1) video.scan = Scan::progressive;
  if (fields != 2) return;
  video.scan = Scan::interlaced;
  video.field_order = field_order_of(detail);
}

Chromaticity read_xy16(ByteCursor& cursor) {
  Chromaticity xy;
  xy.x = cursor.u16();
  xy.y = cursor.u16();
  return xy;
}

void read_mdcv(ByteCursor cursor, VideoClaims& video) {  // ISO/IEC 14496-12, 12.1.7: G, B, R
  MasteringDisplay display;
  display.green = read_xy16(cursor);
  display.blue = read_xy16(cursor);
  display.red = read_xy16(cursor);
  display.white_point = read_xy16(cursor);
  display.luminance_max = cursor.u32();
  display.luminance_min = cursor.u32();
  display.carrier = "container";
  if (cursor.ok()) video.mastering = display;
}

// Nothing where the field of ours does not hold it: a luminance of 16 million cd/m2 is no claim.
std::optional<std::uint32_t> scaled(std::uint64_t value, std::uint64_t scale,
                                    unsigned fraction_bits) {
  const std::uint64_t wide =
      (value * scale + (std::uint64_t{1} << (fraction_bits - 1))) >> fraction_bits;
  if (wide > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return static_cast<std::uint32_t>(wide);
}

// VP codec ISO media file format binding: R, G, B in 0.16, luminance in 24.8 and 18.14.
void read_smdm(ByteCursor cursor, VideoClaims& video) {
  cursor.skip(4);
  MasteringDisplay display;
  for (Chromaticity* xy : {&display.red, &display.green, &display.blue, &display.white_point}) {
    xy->x = scaled(cursor.u16(), 50'000, 16).value_or(0);  // 65535 / 65536 at most
    xy->y = scaled(cursor.u16(), 50'000, 16).value_or(0);
  }
  const auto most = scaled(cursor.u32(), 10'000, 8), least = scaled(cursor.u32(), 10'000, 14);
  if (!cursor.ok() || !most || !least) return;
  display.luminance_max = *most;
  display.luminance_min = *least;
  display.carrier = "container";
  video.mastering = display;
}

void read_light(ByteCursor cursor, VideoClaims& video) {
  ContentLight light;
  light.max_cll = cursor.u16();
  light.max_fall = cursor.u16();
  if (cursor.ok() && (light.max_cll != 0 || light.max_fall != 0)) video.content_light = light;
}

}  // namespace

std::optional<FieldOrder> field_order_of(std::uint64_t code) {
  if (code == 1 || code == 9) return FieldOrder::top;
  if (code == 6 || code == 14) return FieldOrder::bottom;
  return std::nullopt;
}

void read_dolby_vision(std::span<const std::byte> record, VideoClaims& video) {
  ByteCursor cursor(record);
  cursor.skip(2);
  const std::uint32_t packed = cursor.u16();
  const std::uint8_t compatibility = cursor.u8();
  if (!cursor.ok()) return;
  DolbyVision vision;
  vision.profile = static_cast<int>(packed >> 9);
  vision.level = static_cast<int>(packed >> 3 & 63);
  vision.rpu_present = packed & 4;
  vision.el_present = packed & 2;
  vision.bl_present = packed & 1;
  vision.compatibility_id = compatibility >> 4;
  video.dolby_vision = vision;
}

void read_visual_extensions(std::span<const std::byte> boxes, VideoClaims& video) {
  for_each_child(boxes, [&](std::uint32_t type, std::span<const std::byte> content) {
    ByteCursor cursor(content);
    switch (type) {
      case fourcc("pasp"):
        return read_pasp(cursor, video);
      case fourcc("clap"):
        return read_clap(cursor, video);
      case fourcc("colr"):
        return read_colr(cursor, video);
      case fourcc("fiel"):
        return read_fiel(cursor, video);
      case fourcc("mdcv"):
        return read_mdcv(cursor, video);
      case fourcc("SmDm"):
        return read_smdm(cursor, video);
      case fourcc("CoLL"):
        cursor.skip(4);
        return read_light(cursor, video);
      case fourcc("clli"):
        return read_light(cursor, video);
      case fourcc("dvcC"):
      case fourcc("dvvC"):
      case fourcc("dvwC"):
        return read_dolby_vision(content, video);
      default:
        return;
    }
  });
}

}  // namespace cleangate::probes
