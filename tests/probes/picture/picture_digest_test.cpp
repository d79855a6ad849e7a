// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/picture_digest.h"

#include <gtest/gtest.h>
#include <xxhash.h>

#include "probes/picture/frame_sweep.h"
#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

std::uint64_t digest(const VideoFrame& frame) {
  PictureDigest digest;
  digest.begin(frame);
  for (int y = 0; y < frame.height; ++y) digest.line(y);
  return digest.finish();
}

PixelLayout planar_420() {
  PixelLayout layout;
  layout.component_count = 3;
  layout.log2_chroma_w = layout.log2_chroma_h = 1;
  for (std::uint8_t i = 0; i < 3; ++i) layout.components[i] = {i, 0, 1, 0, 8};
  return layout;
}

TEST(PictureDigest, IsTheHashOfThePlanesHashes) {
  const auto made = test::luma_frame(
      16, 4, 8, [](int x, int y) { return static_cast<std::uint32_t>(x * 16 + y); });
  const std::uint64_t planes[4] = {XXH3_64bits(made->bytes.data(), made->bytes.size()),
                                   XXH3_64bits(nullptr, 0), XXH3_64bits(nullptr, 0),
                                   XXH3_64bits(nullptr, 0)};
  EXPECT_EQ(digest(made->frame), XXH3_64bits(planes, sizeof planes));
}

// The distribution's own library is the judge, for all lengths around its blocks, in parts.
TEST(PictureDigest, EveryLevelHashesAsTheLibrary) {
  std::vector<unsigned char> bytes(5000);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(i * i >> 3);
  for (const CpuLevel level : {CpuLevel::baseline, CpuLevel::x86_64_v3, CpuLevel::x86_64_v4}) {
    if (level > best_cpu_level()) continue;
    const HashKernels& kernels = hash_kernels(level);
    void* state = std::aligned_alloc(kHashAlignment, (kernels.state_bytes + 63) / 64 * 64);
    for (std::size_t size = 0; size <= bytes.size(); size += size < 600 ? 1 : 61) {
      kernels.reset(state);
      for (std::size_t at = 0; at < size; at += 97)
        kernels.update(state, bytes.data() + at, std::min<std::size_t>(97, size - at));
      ASSERT_EQ(kernels.digest(state), XXH3_64bits(bytes.data(), size))
          << size << " at level " << static_cast<int>(level);
    }
    std::free(state);
  }
}

TEST(PictureDigest, SeesEverySampleAndNothingBetweenTheLines) {
  const auto make = [](std::size_t stride, unsigned char padding) {
    auto made = std::make_unique<test::MadeFrame>(35, 21, planar_420(), stride, 3);
    std::fill(made->bytes.begin(), made->bytes.end(), static_cast<std::byte>(padding));
    for (int i = 0; i < 3; ++i)
      for (int y = 0; y < (i ? 11 : 21); ++y)
        for (int x = 0; x < (i ? 18 : 35); ++x) {
          auto* at = const_cast<std::byte*>(made->frame.planes[static_cast<std::size_t>(i)].bytes);
          at[static_cast<std::ptrdiff_t>(stride) * y + x] = static_cast<std::byte>(x * 7 + y + i);
        }
    return made;
  };
  const auto tight = make(35, 0), wide = make(64, 0xAB);
  EXPECT_EQ(digest(tight->frame), digest(wide->frame));
  const std::uint64_t before = digest(wide->frame);
  for (const auto& [plane, x, y] : {std::tuple{0, 34, 20}, {1, 17, 10}, {2, 17, 10}, {2, 0, 5}}) {
    auto* at = const_cast<std::byte*>(wide->frame.planes[static_cast<std::size_t>(plane)].bytes) +
               64 * y + x;
    *at ^= std::byte{1};
    EXPECT_NE(digest(wide->frame), before) << plane << " " << x << " " << y;
    *at ^= std::byte{1};
  }
}

TEST(PictureDigest, IsThatOfThePictureHoweverItIsStored) {
  const auto code = [](int x, int y) { return static_cast<std::uint32_t>(x * 9 + y * 31) & 255; };
  const auto made = test::luma_frame(40, 12, 8, code);
  const auto stored_upside_down =
      test::luma_frame(40, 12, 8, [&](int x, int y) { return code(x, 11 - y); });
  EXPECT_NE(digest(stored_upside_down->frame), digest(made->frame));
  stored_upside_down->flip();
  EXPECT_EQ(digest(stored_upside_down->frame), digest(made->frame));
}

TEST(PictureDigest, DoesNotDependOnTheStripsOfASweep) {
  test::MadeFrame made(35, 21, planar_420(), 35, 3);
  made.fill(0, [](int x, int y) { return static_cast<std::uint32_t>(x ^ y); });
  for (const int strip : {1, 2, 5, 16, 64}) {
    FrameSweep sweep({strip});
    sweep.run(made.frame);
    EXPECT_EQ(sweep.digest(), digest(made.frame)) << strip;
  }
}

}  // namespace
}  // namespace cleangate::probes
