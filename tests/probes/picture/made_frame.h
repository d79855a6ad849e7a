// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/video_frame.h"

namespace cleangate::test {

// Frames made in a test: bytes of any layout, written sample by sample.
struct MadeFrame {
  VideoFrame frame;
  std::vector<std::byte> bytes;

  // `stride` is in bytes; `planes` of them, each height * stride long, one after the other, `lead`
  // bytes from the start of the buffer.
  MadeFrame(int width, int height, const PixelLayout& layout, std::size_t stride, int planes = 1,
            std::size_t lead = 0) {
    const std::size_t plane_bytes = stride * static_cast<std::size_t>(height);
    bytes.resize(lead + plane_bytes * static_cast<std::size_t>(planes));
    frame.width = width;
    frame.height = height;
    frame.layout = layout;
    for (std::size_t p = 0; p < static_cast<std::size_t>(planes); ++p)
      frame.planes[p] = {bytes.data() + lead + p * plane_bytes,
                         static_cast<std::ptrdiff_t>(stride)};
  }
  MadeFrame(const MadeFrame&) = delete;
  MadeFrame& operator=(const MadeFrame&) = delete;

  // The same picture stored bottom line first.
  void flip() {
    for (PlaneView& plane : frame.planes) {
      if (!plane.bytes) continue;
      plane.bytes += plane.stride * (frame.height - 1);
      plane.stride = -plane.stride;
    }
  }

  void put(int component, int x, int y, std::uint32_t code) {
    const ComponentLayout& c = frame.layout.components[static_cast<std::size_t>(component)];
    const PlaneView& plane = frame.planes[c.plane];
    auto* at = const_cast<std::byte*>(plane.bytes) + plane.stride * y + c.offset + x * c.step;
    const int used = c.shift + c.bits, count = used <= 8 ? 1 : used <= 16 ? 2 : 4;
    const std::uint32_t word = code << c.shift;
    for (int i = 0; i < count; ++i)
      at[frame.layout.big_endian ? count - 1 - i : i] |= static_cast<std::byte>(word >> (8 * i));
  }
  void fill(int component, const std::function<std::uint32_t(int x, int y)>& code) {
    for (int y = 0; y < frame.height; ++y)
      for (int x = 0; x < frame.width; ++x) put(component, x, y, code(x, y));
  }
};

inline PixelLayout planar_luma(int bits) {
  PixelLayout layout;
  layout.component_count = 1;
  layout.components[0] = {0, 0, static_cast<std::uint16_t>(bits > 8 ? 2 : 1), 0,
                          static_cast<std::uint8_t>(bits)};
  return layout;
}

inline std::size_t planar_stride(int width, int bits) {
  return static_cast<std::size_t>(width) * (bits > 8 ? 2 : 1);
}

// A planar frame of luma alone.
inline std::unique_ptr<MadeFrame> luma_frame(
    int width, int height, int bits, const std::function<std::uint32_t(int x, int y)>& code) {
  auto made =
      std::make_unique<MadeFrame>(width, height, planar_luma(bits), planar_stride(width, bits));
  made->fill(0, code);
  return made;
}

// Repeatable noise, 0..2^31-1.
class Noise {
 public:
  explicit Noise(std::uint32_t seed) : state_(seed * 2654435761u + 1) {}
  std::uint32_t operator()() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_ >> 1;
  }

 private:
  std::uint32_t state_;
};

}  // namespace cleangate::test
