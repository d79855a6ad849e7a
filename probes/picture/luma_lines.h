// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/video_frame.h"

namespace cleangate::probes {

// Why a frame's luma cannot be measured.
enum class Unmeasured : std::uint8_t {
  measured,       // it can
  float_samples,  // samples are floating point
  layout,         // a layout these rows do not read: more than 16 bits, samples not on bytes
  size            // no samples, or a side over 65535
};

// Hands out the lines of a frame's luma Y' in native code values, copying nothing where the frame
// already holds them as bytes or 16-bit words.
//
// R'G'B' has no luma of its own: it is computed as Y' = KR R' + (1 - KR - KB) G' + KB B' with KR
// and KB of ITU-T H.273 table 4: of the frame's matrix where it names one, else of the matrix that
// belongs to its primaries (BT.2020, BT.601, else BT.709). Coefficients are 16-bit fixed point with
// the sum exactly 65536, the outcome is rounded half up, in the depth of the components. Components
// of unequal depth (5:6:5) are first scaled to 8 bits, rounded half up. Palette entries are 8-bit
// R'G'B'. Alpha is ignored: what is measured is the picture under it.
class LumaLines {
 public:
  // Keeps a reference to the frame's bytes until the next call.
  Unmeasured open(const VideoFrame& frame);

  [[nodiscard]] int bits() const { return bits_; }                       // 1..16
  [[nodiscard]] bool bytes() const { return access_ == Access::bytes; }  // else 16-bit samples
  // Does `line` need its scratch?
  [[nodiscard]] bool in_place() const {
    return access_ == Access::bytes || access_ == Access::words;
  }
  // Line y: std::uint8_t samples when bytes(), else std::uint16_t. `scratch` has room for a line.
  [[nodiscard]] const void* line(int y, std::uint16_t* scratch);

  // A line of one component as the frame holds it: C'b and C'r (1, 2) have as many samples and
  // lines as their subsampling leaves, rounded up. Nothing where the layout cannot be read.
  struct Component {
    const void* samples = nullptr;  // std::uint8_t when `bytes`, else std::uint16_t
    int count = 0;
    bool bytes = false;
  };
  [[nodiscard]] Component component(int index, int y, std::uint16_t* scratch) const;
  // Where that line lies, for ReadSoon; null where there is none or it has to be unpacked.
  [[nodiscard]] const void* in_memory(int index, int y) const;

 private:
  enum class Access : std::uint8_t { bytes, words, component, rgb, palette };

  // Where a component lies, for `component` and `in_memory`.
  struct Place {
    const std::byte* bytes = nullptr;  // of line 0; null: it cannot be read
    std::ptrdiff_t stride = 0;
    int count = 0, lines = 0;
    Access access = Access::component;
  };
  void find_places();
  [[nodiscard]] Access access_of(const ComponentLayout& component) const;
  void unpack(int component, int y, int count, std::uint16_t* out) const;
  void unpack_rgb(int y, std::uint16_t* out);
  void open_palette();

  VideoFrame frame_;
  std::array<Place, 4> places_{};
  Access access_ = Access::bytes;
  int bits_ = 0;
  bool equal_depths_ = true;
  std::array<std::uint32_t, 3> weights_{};    // of R', G', B'; sum 65536
  std::array<std::uint16_t, 256> palette_{};  // luma of each entry
  std::vector<std::uint16_t> green_, blue_;   // a line each
};

}  // namespace cleangate::probes
