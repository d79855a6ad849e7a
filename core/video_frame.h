// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/color.h"
#include "core/rational.h"

namespace cleangate {

enum class ColorModel : std::uint8_t { ycbcr, rgb, gray, palette };
enum class SampleKind : std::uint8_t { unsigned_integer, ieee_float };

// Where component i of a picture lives. Units: bytes, except `bits`/`shift`.
struct ComponentLayout {
  std::uint8_t plane = 0;    // index into VideoFrame::planes
  std::uint16_t offset = 0;  // first byte of the component in the plane's line
  std::uint16_t step = 0;    // bytes from one sample of the component to the next (v: packed 4:2:2
                             // counts per chroma sample)
  std::uint8_t shift = 0;    // right shift that brings the code value to bit 0 (P010: 6)
  std::uint8_t bits = 0;     // significant bits, 1..32
  friend bool operator==(const ComponentLayout&, const ComponentLayout&) = default;
};

// Component order: Y', C'b, C'r [, A]  |  R', G', B' [, A]  |  Y' [, A]. A palette picture has one
// component, the index, in plane 0; plane 1 points at 256 entries, each a native 32-bit word
// 0xAARRGGBB.
struct PixelLayout {
  ColorModel model = ColorModel::ycbcr;
  SampleKind kind = SampleKind::unsigned_integer;
  std::uint8_t component_count = 0;  // 1..4
  bool has_alpha = false;
  bool big_endian = false;
  std::uint8_t log2_chroma_w = 0;  // 1 for 4:2:2 and 4:2:0
  std::uint8_t log2_chroma_h = 0;  // 1 for 4:2:0
  std::array<ComponentLayout, 4> components{};
  friend bool operator==(const PixelLayout&, const PixelLayout&) = default;
};

struct PlaneView {
  const std::byte* bytes = nullptr;
  std::ptrdiff_t stride = 0;  // bytes from one line to the next; may be negative
};

enum class PictureStructure : std::uint8_t { progressive, top_field_first, bottom_field_first };

// A decoded picture, borrowed: valid during the call that hands it over. No copy, no owner.
struct VideoFrame {
  int width = 0;   // luma samples of the presented picture (after the decoder's own cropping)
  int height = 0;  // luma lines
  PixelLayout layout;
  std::array<PlaneView, 4> planes{};
  ColorDescription color;                               // as the decoder reports for this frame
  std::optional<Rational> pixel_aspect = std::nullopt;  // the same; empty: not stated
  PictureStructure structure = PictureStructure::progressive;  // as flagged
  bool repeat_first_field = false;
};

}  // namespace cleangate
