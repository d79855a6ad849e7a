// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/picture_digest.h"

#include <algorithm>
#include <new>

namespace cleangate::probes {

// A state of the hash, in memory of its own.
class PictureDigest::Hash {
 public:
  explicit Hash(const HashKernels& kernels)
      : kernels_(&kernels),
        state_(::operator new (kernels.state_bytes, std::align_val_t{kHashAlignment})) {
    reset();
  }
  void reset() { kernels_->reset(state_.get()); }
  void add(const void* bytes, std::size_t count) { kernels_->update(state_.get(), bytes, count); }
  [[nodiscard]] std::uint64_t value() const { return kernels_->digest(state_.get()); }

 private:
  struct Free {
    void operator()(void* memory) const {
      ::operator delete (memory, std::align_val_t{kHashAlignment});
    }
  };
  const HashKernels* kernels_;
  std::unique_ptr<void, Free> state_;
};

struct PictureDigest::States {
  explicit States(const HashKernels& k) : of{Hash(k), Hash(k), Hash(k), Hash(k)}, whole(k) {}
  std::array<Hash, 4> of;  // the planes
  Hash whole;
};

PictureDigest::PictureDigest(CpuLevel level)
    : states_(std::make_unique<States>(hash_kernels(level))) {}
PictureDigest::~PictureDigest() = default;
PictureDigest::PictureDigest(PictureDigest&&) noexcept = default;
PictureDigest& PictureDigest::operator=(PictureDigest&&) noexcept = default;

void PictureDigest::begin(const VideoFrame& frame) {
  planes_ = {};
  const PixelLayout& layout = frame.layout;
  for (int i = 0; i < layout.component_count; ++i) {
    const ComponentLayout& c = layout.components[static_cast<std::size_t>(i)];
    if (c.plane >= planes_.size() || !frame.planes[c.plane].bytes) continue;
    const bool chroma = layout.model == ColorModel::ycbcr && (i == 1 || i == 2);
    const int across = chroma ? layout.log2_chroma_w : 0;
    const auto count = static_cast<std::size_t>((frame.width + (1 << across) - 1) >> across);
    const int end = c.shift + c.bits;
    const std::size_t held = end <= 8 ? 1 : end <= 16 ? 2 : 4;
    Plane& plane = planes_[c.plane];
    if (!plane.bytes) plane.down = chroma ? layout.log2_chroma_h : 0;
    plane.bytes = frame.planes[c.plane].bytes;
    plane.stride = frame.planes[c.plane].stride;
    plane.width = std::max(plane.width, c.offset + (count - 1) * c.step + held);
  }
  for (Hash& hash : states_->of) hash.reset();
  if (layout.model == ColorModel::palette && frame.planes[1].bytes)
    states_->of[1].add(frame.planes[1].bytes, 1024);
}

void PictureDigest::line(int y) {
  for (std::size_t i = 0; i < planes_.size(); ++i) {
    const Plane& plane = planes_[i];
    if (!plane.bytes || (y & ((1 << plane.down) - 1)) != 0) continue;
    states_->of[i].add(plane.bytes + plane.stride * (y >> plane.down), plane.width);
  }
}

std::uint64_t PictureDigest::finish() {
  std::array<std::uint64_t, 4> digests{};
  for (std::size_t i = 0; i < digests.size(); ++i) digests[i] = states_->of[i].value();
  planes_ = {};
  states_->whole.reset();
  states_->whole.add(digests.data(), sizeof digests);
  return states_->whole.value();
}

}  // namespace cleangate::probes
