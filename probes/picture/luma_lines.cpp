// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/luma_lines.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "probes/picture/rgb_matrix.h"
#include "probes/picture/sweep_kernels.h"

namespace cleangate::probes {
namespace {

// Bytes that hold one sample's bits: a byte, or a 16- or 32-bit word in the layout's byte order.
int word_bytes(const ComponentLayout& c) {
  const int end = c.shift + c.bits;
  return end <= 8 ? 1 : end <= 16 ? 2 : 4;
}

bool readable(const ComponentLayout& c) {
  return c.bits >= 1 && c.bits <= 16 && c.shift + c.bits <= 32 && c.plane < 4 && c.step > 0 &&
         c.offset + word_bytes(c) <= c.step;
}

// 16-bit fixed point with the sum exactly 65536.
std::array<std::uint32_t, 3> weights_of(const ColorDescription& color) {
  const bool constant = color.matrix == MatrixCoefficients::bt2020c;
  const LumaWeights weights = luma_weights(color).value_or(
      weights_of_primaries(constant ? ColorPrimaries::bt2020 : color.primaries));
  const auto fixed = [](std::int32_t share) {
    return static_cast<std::uint32_t>((std::int64_t{share} * 65536 + 5000) / 10000);
  };
  const std::uint32_t red = fixed(weights.kr), blue = fixed(weights.kb);
  return {red, 65536 - red - blue, blue};
}

template <int kBytes>
void unpack_words(const std::byte* at, const ComponentLayout& c, bool big, int width,
                  std::uint16_t* __restrict out) {
  const std::uint32_t mask = (1u << c.bits) - 1;
  for (int x = 0; x < width; ++x, at += c.step) {
    std::uint32_t word = 0;
    for (int i = 0; i < kBytes; ++i)
      word |= std::to_integer<std::uint32_t>(at[big ? kBytes - 1 - i : i]) << (8 * i);
    out[x] = static_cast<std::uint16_t>((word >> c.shift) & mask);
  }
}

}  // namespace

Unmeasured LumaLines::open(const VideoFrame& frame) {
  frame_ = frame;
  find_places();
  const PixelLayout& layout = frame.layout;
  if (frame.width < 1 || frame.height < 1 || frame.width > kMaxPictureSide ||
      frame.height > kMaxPictureSide)
    return Unmeasured::size;
  if (layout.kind == SampleKind::ieee_float) return Unmeasured::float_samples;
  const int used = layout.model == ColorModel::rgb ? 3 : 1;
  if (layout.component_count < used) return Unmeasured::layout;
  for (int i = 0; i < used; ++i) {
    const ComponentLayout& c = layout.components[static_cast<std::size_t>(i)];
    if (!readable(c) || !frame.planes[c.plane].bytes) return Unmeasured::layout;
  }
  const ComponentLayout& first = layout.components[0];
  bits_ = first.bits;
  if (layout.model == ColorModel::palette) {
    if (first.bits > 8 || !frame.planes[1].bytes) return Unmeasured::layout;
    open_palette();
    return Unmeasured::measured;
  }
  if (layout.model == ColorModel::rgb) {
    access_ = Access::rgb;
    weights_ = weights_of(frame.color);
    equal_depths_ =
        layout.components[1].bits == first.bits && layout.components[2].bits == first.bits;
    if (!equal_depths_) bits_ = 8;
    green_.resize(static_cast<std::size_t>(frame.width));
    blue_.resize(static_cast<std::size_t>(frame.width));
    return Unmeasured::measured;
  }
  access_ = access_of(first);
  return Unmeasured::measured;
}

LumaLines::Access LumaLines::access_of(const ComponentLayout& c) const {
  const PlaneView& plane = frame_.planes[c.plane];
  const bool native = frame_.layout.big_endian == (std::endian::native == std::endian::big);
  const auto address = std::bit_cast<std::uintptr_t>(plane.bytes + c.offset);
  const bool aligned = address % 2 == 0 && plane.stride % 2 == 0;
  if (c.shift == 0 && c.step == 1) return Access::bytes;
  if (c.shift == 0 && c.step == 2 && word_bytes(c) == 2 && native && aligned) return Access::words;
  return Access::component;
}

void LumaLines::find_places() {
  places_ = {};
  const PixelLayout& layout = frame_.layout;
  const int held = std::min(int{layout.component_count}, static_cast<int>(places_.size()));
  for (int i = 0; i < held; ++i) {
    const ComponentLayout& c = layout.components[static_cast<std::size_t>(i)];
    if (!readable(c) || !frame_.planes[c.plane].bytes) continue;
    const bool chroma = layout.model == ColorModel::ycbcr && (i == 1 || i == 2);
    const int across = chroma ? layout.log2_chroma_w : 0, down = chroma ? layout.log2_chroma_h : 0;
    const PlaneView& plane = frame_.planes[c.plane];
    places_[static_cast<std::size_t>(i)] = {
        plane.bytes + c.offset, plane.stride, (frame_.width + (1 << across) - 1) >> across,
        (frame_.height + (1 << down) - 1) >> down, access_of(c)};
  }
}

LumaLines::Component LumaLines::component(int index, int y, std::uint16_t* scratch) const {
  if (index >= static_cast<int>(places_.size())) return {};
  const Place& at = places_[static_cast<std::size_t>(index)];
  if (!at.bytes) return {};
  if (at.access == Access::component) {
    unpack(index, y, at.count, scratch);
    return {scratch, at.count, false};
  }
  return {at.bytes + at.stride * y, at.count, at.access == Access::bytes};
}

const void* LumaLines::in_memory(int index, int y) const {
  if (index >= static_cast<int>(places_.size())) return nullptr;
  const Place& at = places_[static_cast<std::size_t>(index)];
  if (!at.bytes || y >= at.lines || at.access == Access::component) return nullptr;
  return at.bytes + at.stride * y;
}

void LumaLines::open_palette() {
  access_ = Access::palette;
  bits_ = 8;
  weights_ = weights_of(frame_.color);
  for (std::size_t i = 0; i < palette_.size(); ++i) {
    std::uint32_t entry = 0;
    std::memcpy(&entry, frame_.planes[1].bytes + 4 * i, 4);
    const std::uint32_t red = (entry >> 16) & 255, green = (entry >> 8) & 255, blue = entry & 255;
    palette_[i] = static_cast<std::uint16_t>(
        (red * weights_[0] + green * weights_[1] + blue * weights_[2] + 32768) >> 16);
  }
}

const void* LumaLines::line(int y, std::uint16_t* scratch) {
  const ComponentLayout& c = frame_.layout.components[0];
  const PlaneView& plane = frame_.planes[c.plane];
  const std::byte* at = plane.bytes + plane.stride * y + c.offset;
  switch (access_) {
    case Access::bytes:
    case Access::words:
      return at;
    case Access::component:
      unpack(0, y, frame_.width, scratch);
      return scratch;
    case Access::rgb:
      unpack_rgb(y, scratch);
      return scratch;
    case Access::palette:
      unpack(0, y, frame_.width, scratch);
      for (int x = 0; x < frame_.width; ++x) scratch[x] = palette_[scratch[x] & 255];
      return scratch;
  }
  return at;
}

void LumaLines::unpack(int component, int y, int count, std::uint16_t* out) const {
  const ComponentLayout& c = frame_.layout.components[static_cast<std::size_t>(component)];
  const PlaneView& plane = frame_.planes[c.plane];
  const std::byte* at = plane.bytes + plane.stride * y + c.offset;
  const bool big = frame_.layout.big_endian;
  switch (word_bytes(c)) {
    case 1:
      return unpack_words<1>(at, c, big, count, out);
    case 2:
      return unpack_words<2>(at, c, big, count, out);
    default:
      return unpack_words<4>(at, c, big, count, out);
  }
}

void LumaLines::unpack_rgb(int y, std::uint16_t* out) {
  std::uint16_t* const lines[3] = {out, green_.data(), blue_.data()};
  for (int i = 0; i < 3; ++i) {
    unpack(i, y, frame_.width, lines[i]);
    if (equal_depths_) continue;
    const std::uint32_t top =
        (1u << frame_.layout.components[static_cast<std::size_t>(i)].bits) - 1;
    for (int x = 0; x < frame_.width; ++x)
      lines[i][x] = static_cast<std::uint16_t>((lines[i][x] * 255u + top / 2) / top);
  }
  const auto [kr, kg, kb] = weights_;
  const std::uint16_t* __restrict green = green_.data();
  const std::uint16_t* __restrict blue = blue_.data();
  std::uint16_t* __restrict luma = out;
  // 65535 * 65536 + 32768 still fits 32 bits.
  for (int x = 0; x < frame_.width; ++x)
    luma[x] =
        static_cast<std::uint16_t>((luma[x] * kr + green[x] * kg + blue[x] * kb + 32768u) >> 16);
}

}  // namespace cleangate::probes
