// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/video_frame.h"
#include "probes/picture/hash_kernels.h"

namespace cleangate::probes {

// XXH3-64 of what a frame holds, told line by line. Each plane's lines are hashed in order, up to
// the last byte of its last component, padding between components included; then the planes'
// hashes.
class PictureDigest {
 public:
  explicit PictureDigest(CpuLevel level = best_cpu_level());
  ~PictureDigest();
  PictureDigest(PictureDigest&&) noexcept;
  PictureDigest& operator=(PictureDigest&&) noexcept;

  void begin(const VideoFrame& frame);  // its bytes are needed until `finish`
  void line(int y);                     // luma lines in order; chroma's go with them
  [[nodiscard]] std::uint64_t finish();

 private:
  struct Plane {
    const std::byte* bytes = nullptr;
    std::ptrdiff_t stride = 0;
    std::size_t width = 0;  // bytes of a line
    int down = 0;           // log2 of luma lines to a line
  };
  class Hash;
  struct States;
  std::array<Plane, 4> planes_{};
  std::unique_ptr<States> states_;
};

}  // namespace cleangate::probes
