// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "probes/container/mxf_model.h"

// Picture essence descriptors (SMPTE ST 377-1, annex F).
namespace cleangate::probes {
namespace {

namespace picture {
constexpr std::uint16_t coding = 0x3201, stored_height = 0x3202, stored_width = 0x3203,
                        sampled_height = 0x3204, sampled_width = 0x3205, display_height = 0x3208,
                        display_width = 0x3209, display_x = 0x320a, display_y = 0x320b,
                        frame_layout = 0x320c, line_map = 0x320d, aspect_ratio = 0x320e,
                        alpha = 0x320f, transfer = 0x3210, dominance = 0x3212, afd = 0x3218,
                        primaries = 0x3219, equations = 0x321a;
constexpr std::uint16_t depth = 0x3301, horizontal_subsampling = 0x3302, color_siting = 0x3303,
                        black = 0x3304, white = 0x3305, vertical_subsampling = 0x3308;
constexpr std::uint16_t pixel_layout = 0x3401, component_max = 0x3406, component_min = 0x3407;

// SMPTE ST 2067-21, 6.2.1: mastering display.
constexpr Ul mastering(std::uint8_t item) {
  return {0x06, 0x0e, 0x2b, 0x34, 0x01, 0x01, 0x01, 0x0e,
          0x04, 0x20, 0x04, 0x01, 0x01, item, 0x00, 0x00};
}
constexpr Ul mastering_primaries = mastering(1), mastering_white = mastering(2),
             mastering_max = mastering(3), mastering_min = mastering(4);
}  // namespace picture

enum class FrameLayout : std::uint8_t {
  full,
  separate_fields,
  single_field,
  mixed_fields,
  segmented
};

std::optional<int> size_of(const MxfSet& set, std::uint16_t tag) {
  const auto value = set.number(tag);
  if (!value || *value == 0 || *value > 1'000'000) return std::nullopt;
  return static_cast<int>(*value);
}

std::optional<int> int_of(const MxfSet& set, std::uint16_t tag) {
  const auto value = set.number(tag);
  if (!value) return std::nullopt;
  const auto number = static_cast<std::int32_t>(static_cast<std::uint32_t>(*value));
  if (number > 1'000'000 || number < -1'000'000) return std::nullopt;
  return number;
}

// First lines of field 1 and field 2. Their numbers add up to an odd number where field 1 is the
// upper one, because every interlaced system has an odd number of lines.
std::optional<bool> field_1_is_top(const MxfSet& set) {
  const auto map = set.find(picture::line_map);
  if (!map) return std::nullopt;
  ByteCursor cursor(*map);
  const std::uint32_t count = cursor.u32(), size = cursor.u32();
  if (count != 2 || size != 4) return std::nullopt;
  const std::int64_t first = cursor.i32(), second = cursor.i32();
  if (!cursor.ok() || first <= 0 || second <= 0) return std::nullopt;
  return (first + second) % 2 != 0;
}

struct Raster {
  FrameLayout layout = FrameLayout::full;
  bool layout_known = false;
  int lines = 1;  // frame lines a stated line: 2 where heights count the lines of one field
};

Raster read_scan(const MxfSet& set, VideoClaims& video) {
  Raster raster;
  const auto layout = set.number(picture::frame_layout);
  if (!layout || *layout > 4) return raster;
  raster.layout = static_cast<FrameLayout>(*layout);
  raster.layout_known = true;
  if (raster.layout == FrameLayout::separate_fields || raster.layout == FrameLayout::segmented)
    raster.lines = 2;
  const bool fields = raster.layout == FrameLayout::separate_fields ||
                      raster.layout == FrameLayout::mixed_fields ||
                      raster.layout == FrameLayout::single_field;
  video.scan = fields ? Scan::interlaced : Scan::progressive;
  if (!fields) return raster;
  const auto top = field_1_is_top(set);
  if (!top) return raster;
  const bool field_1_first = set.number(picture::dominance).value_or(1) != 2;
  video.field_order = *top == field_1_first ? FieldOrder::top : FieldOrder::bottom;
  return raster;
}

void read_sizes(const MxfSet& set, const Raster& raster, VideoClaims& video) {
  auto width = size_of(set, picture::sampled_width), height = size_of(set, picture::sampled_height);
  if (!width) width = size_of(set, picture::stored_width);
  if (!height) height = size_of(set, picture::stored_height);
  if (!width || !height) return;
  const int frame_height = *height * raster.lines;
  video.width = width;
  video.height = frame_height;
  const int shown_width = size_of(set, picture::display_width).value_or(*width);
  const int shown_height = size_of(set, picture::display_height).value_or(*height) * raster.lines;
  const auto aspect = set.rational(picture::aspect_ratio);
  if (aspect && *aspect > Rational(0)) {
    const auto shape = checked_mul(*aspect, Rational(shown_height, shown_width));
    if (shape) video.pixel_aspect = *shape;
  }
  if (shown_width > *width || shown_height > frame_height) return;
  if (shown_width == *width && shown_height == frame_height) return;
  const int x = int_of(set, picture::display_x).value_or(0);
  const int y = int_of(set, picture::display_y).value_or(0) * raster.lines;
  video.clean_aperture = CleanAperture{Rational(shown_width), Rational(shown_height),
                                       Rational(2 * x + shown_width - *width, 2),
                                       Rational(2 * y + shown_height - frame_height, 2)};
}

void read_color(const MxfSet& set, VideoClaims& video) {
  if (const auto label = set.label(picture::primaries))
    video.color.primaries = primaries_of(*label);
  if (const auto label = set.label(picture::transfer)) video.color.transfer = transfer_of(*label);
  if (const auto label = set.label(picture::equations)) video.color.matrix = matrix_of(*label);
}

// Levels of black and white at `depth` bits: ITU-R BT.709 and BT.2020 narrow range, or all codes.
SignalRange range_of(std::uint64_t black, std::uint64_t white, int depth) {
  if (depth < 8 || depth > 16) return SignalRange::unspecified;
  if (black == std::uint64_t{16} << (depth - 8) && white == std::uint64_t{235} << (depth - 8))
    return SignalRange::narrow;
  if (black == 0 && white == (std::uint64_t{1} << depth) - 1) return SignalRange::full;
  return SignalRange::unspecified;
}

void read_cdci(const MxfSet& set, VideoClaims& video) {
  const auto depth = set.number(picture::depth);
  if (depth && *depth > 0 && *depth <= 32) video.bit_depth = static_cast<int>(*depth);
  const auto horizontal = set.number(picture::horizontal_subsampling);
  const auto vertical = set.number(picture::vertical_subsampling).value_or(1);
  if (horizontal == 1 && vertical == 1) video.chroma = "4:4:4";
  if (horizontal == 2 && vertical == 1) video.chroma = "4:2:2";
  if (horizontal == 2 && vertical == 2) video.chroma = "4:2:0";
  if (horizontal == 4 && vertical == 1) video.chroma = "4:1:1";
  video.rgb = false;
  const auto black = set.number(picture::black), white = set.number(picture::white);
  if (black && white && video.bit_depth)
    video.color.range = range_of(*black, *white, *video.bit_depth);
}

// Pixel layout: pairs of a component letter and its depth (ST 377-1, annex G.2.40).
void read_rgba(const MxfSet& set, VideoClaims& video) {
  video.rgb = true;
  video.chroma = "4:4:4";
  if (const auto layout = set.find(picture::pixel_layout)) {
    ByteCursor cursor(*layout);
    bool alpha = false;
    while (cursor.left() >= 2) {
      const std::uint8_t component = cursor.u8(), depth = cursor.u8();
      if (component == 0) break;
      if (component == 'A') alpha = true;
      if (component != 'A' && component != 'F' && depth >= 1 && depth <= 32 && !video.bit_depth)
        video.bit_depth = depth;
    }
    if (video.bit_depth) video.alpha = alpha;
  }
  const auto low = set.number(picture::component_min), high = set.number(picture::component_max);
  if (low && high && video.bit_depth) video.color.range = range_of(*low, *high, *video.bit_depth);
}

void read_mastering(const MxfSet& set, VideoClaims& video) {
  const auto primaries = set.find(picture::mastering_primaries);
  const auto white = set.find(picture::mastering_white);
  const auto high = set.number(picture::mastering_max), low = set.number(picture::mastering_min);
  if (!primaries || !white || !high || !low) return;
  ByteCursor cursor(*primaries), white_at(*white);
  MasteringDisplay display;
  for (Chromaticity* xy : {&display.red, &display.green, &display.blue}) {
    xy->x = cursor.u16();
    xy->y = cursor.u16();
  }
  display.white_point.x = white_at.u16();
  display.white_point.y = white_at.u16();
  display.luminance_max = static_cast<std::uint32_t>(*high);
  display.luminance_min = static_cast<std::uint32_t>(*low);
  display.carrier = "container";
  if (cursor.ok() && white_at.ok()) video.mastering = display;
}

}  // namespace

VideoClaims read_picture_descriptor(const MxfSet& descriptor, int minor_version) {
  VideoClaims video;
  if (const auto label = descriptor.label(picture::coding)) {
    if (const auto coded = coded_as(*label)) {
      video.codec = coded->codec;
      video.profile = coded->profile;
    }
  }
  const auto rate = descriptor.rational(tag::sample_rate);
  if (rate && *rate > Rational(0)) video.frame_rate = rate;
  const Raster raster = read_scan(descriptor, video);
  read_sizes(descriptor, raster, video);
  read_color(descriptor, video);
  if (const auto afd = descriptor.number(picture::afd))  // ST 377-1:2009 writes ST 2016-1's byte
    video.afd = static_cast<int>(minor_version >= 3 ? *afd >> 3 & 15 : *afd & 15);
  if (descriptor.kind() == SetKind::rgba_picture) read_rgba(descriptor, video);
  if (descriptor.kind() == SetKind::cdci_picture || descriptor.kind() == SetKind::mpeg_picture)
    read_cdci(descriptor, video);
  read_mastering(descriptor, video);
  return video;
}

}  // namespace cleangate::probes
