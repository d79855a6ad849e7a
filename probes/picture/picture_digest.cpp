// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/picture_digest.h"

#include <xxhash.h>

#include <algorithm>

namespace cleangate::probes {
namespace {

struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

}  // namespace

struct PictureDigest::States {
  std::array<std::unique_ptr<XXH3_state_t, FreeState>, 4> of;
};

PictureDigest::PictureDigest() : states_(std::make_unique<States>()) {
  for (auto& state : states_->of) state.reset(XXH3_createState());
}
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
  for (auto& state : states_->of) XXH3_64bits_reset(state.get());
  if (layout.model == ColorModel::palette && frame.planes[1].bytes)
    XXH3_64bits_update(states_->of[1].get(), frame.planes[1].bytes, 1024);
}

void PictureDigest::line(int y) {
  for (std::size_t i = 0; i < planes_.size(); ++i) {
    const Plane& plane = planes_[i];
    if (!plane.bytes || (y & ((1 << plane.down) - 1)) != 0) continue;
    XXH3_64bits_update(states_->of[i].get(), plane.bytes + plane.stride * (y >> plane.down),
                       plane.width);
  }
}

std::uint64_t PictureDigest::finish() {
  std::array<std::uint64_t, 4> digests{};
  for (std::size_t i = 0; i < digests.size(); ++i)
    digests[i] = XXH3_64bits_digest(states_->of[i].get());
  planes_ = {};
  return XXH3_64bits(digests.data(), sizeof digests);
}

}  // namespace cleangate::probes
