// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/fields.h"

#include <gtest/gtest.h>

#include <cstring>

#include "probes/picture/luma_ladder.h"
#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

bool same(const FieldsRow& a, const FieldsRow& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

// A bar of 100 that is 32 samples wide.
auto bar(int bits, const std::function<int(int y)>& left) {
  return test::luma_frame(192, 64, bits, [=](int x, int y) {
    return (x >= left(y) && x < left(y) + 32 ? 150u : 50u) << (bits - 8);
  });
}

// It moves by 8 samples a frame, 4 a field.
FieldsRow moving(int bits, int top_field_ahead, int bottom_field_ahead) {
  const auto at = [=](int frame) {
    return bar(bits, [=](int y) {
      return 64 + frame * 8 + (y % 2 == 0 ? top_field_ahead : bottom_field_ahead);
    });
  };
  const auto then = at(0), now = at(1);
  FrameSweep sweep;
  sweep.run(now->frame, &then->frame);
  return analyze_fields(sweep);
}

TEST(FieldsRow, TellsTheOrderOfFieldsApart) {
  for (const int bits : {8, 10}) {
    const std::uint32_t one = 1u << 16 << (bits - 8);
    // 100 code values over 2 * d of 192 samples, where the fields lie d apart.
    const auto weave = [&](int d) {
      return static_cast<std::uint32_t>(std::uint64_t{one} * 100 * 2 * static_cast<unsigned>(d) /
                                        192);
    };
    const FieldsRow progressive = moving(bits, 0, 0);
    EXPECT_EQ(progressive.weave, (std::array<std::uint32_t, 2>{0, 0}));
    EXPECT_EQ(progressive.weave_before, (std::array<std::uint32_t, 2>{weave(8), weave(8)}));
    EXPECT_GT(progressive.progressive[0], 0);
    EXPECT_EQ(progressive.top_first[0] + progressive.bottom_first[0] + progressive.combed[0], 0);
    const FieldsRow top = moving(bits, 0, 4);
    EXPECT_EQ(top.weave, (std::array<std::uint32_t, 2>{weave(4), weave(4)}));
    EXPECT_EQ(top.weave_before, (std::array<std::uint32_t, 2>{weave(12), weave(4)}));
    EXPECT_GT(top.top_first[0], 0);
    EXPECT_GT(top.combed[0], 0);
    EXPECT_EQ(top.bottom_first[0] + top.progressive[0], 0);
    const FieldsRow bottom = moving(bits, 4, 0);
    EXPECT_EQ(bottom.weave_before, (std::array<std::uint32_t, 2>{weave(4), weave(12)}));
    EXPECT_GT(bottom.bottom_first[0], 0);
    EXPECT_EQ(bottom.top_first[0] + bottom.progressive[0], 0);
    // The field of the frame before fits better than the own one.
    const FieldsRow pulled = moving(bits, 0, 8);
    EXPECT_EQ(pulled.weave_before, (std::array<std::uint32_t, 2>{weave(16), 0}));
    EXPECT_GT(pulled.better_bottom[0], 0);
    EXPECT_EQ(pulled.better_top[0], 0);
    EXPECT_EQ(pulled.difference, (std::array<std::uint32_t, 2>{weave(8), weave(8)}));
    EXPECT_EQ(pulled.blocks, 12u);
    EXPECT_EQ(pulled.bits, bits);
    EXPECT_EQ(pulled.vertical, 0u);
  }
}

TEST(FieldsRow, ComesOutTheSameWhetherTheFrameBeforeWasAtHandOrCameLater) {
  test::Noise noise(2);
  const auto then = test::luma_frame(165, 33, 8, [&](int, int) { return noise() % 256; });
  const auto now = test::luma_frame(165, 33, 8, [&](int, int) { return noise() % 256; });
  FrameSweep sweep;
  sweep.run(now->frame, &then->frame);
  const FieldsRow together = analyze_fields(sweep);
  EXPECT_EQ(together.flags, 0);
  sweep.run(now->frame);
  const FieldsRow first = analyze_fields(sweep);
  EXPECT_EQ(first.flags, FieldsRow::kAlone);
  EXPECT_EQ(first.weave, together.weave);
  EXPECT_EQ(first.difference[0], 0u);
  FrameSweep other;
  other.compare(now->frame, then->frame);
  EXPECT_TRUE(same(join(other, first), together));
  EXPECT_TRUE(same(together.alone(), first));
}

TEST(FieldsRow, SaysWhatItCannotTell) {
  const auto made = test::luma_frame(16, 16, 8, [](int, int) { return 99u; });
  const auto other = test::luma_frame(16, 15, 8, [](int, int) { return 99u; });
  const auto flat = test::luma_frame(16, 2, 8, [](int, int) { return 99u; });
  FrameSweep sweep;
  sweep.run(made->frame, &other->frame);
  const FieldsRow alone = analyze_fields(sweep);
  EXPECT_EQ(alone.flags, FieldsRow::kAlone);
  sweep.compare(made->frame, other->frame);
  EXPECT_TRUE(same(join(sweep, alone), alone));
  sweep.run(flat->frame, &flat->frame);
  EXPECT_EQ(analyze_fields(sweep).flags, FieldsRow::kNotMeasured);
  VideoFrame frame = made->frame;
  frame.layout.kind = SampleKind::ieee_float;
  sweep.run(frame, &made->frame);
  const FieldsRow unmeasured = analyze_fields(sweep);
  EXPECT_EQ(unmeasured.flags, FieldsRow::kNotMeasured);
  sweep.run(made->frame);
  EXPECT_TRUE(same(join(sweep, unmeasured), unmeasured));
  EXPECT_TRUE(same(join(sweep, FieldsRow::damaged()), FieldsRow::damaged()));
}

}  // namespace
}  // namespace cleangate::probes
