// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "tests/specs/quantities/field_evidence.h"

namespace cleangate::specs {
namespace {

using test::FieldStream;
using test::FrameRuns;

std::vector<Span> dropped(FieldStream& stream, std::string_view confidence) {
  const Quantity* quantity = find_quantity("picture.dropped_frames");
  ParameterSet parameters(*quantity);
  EXPECT_TRUE(parameters.set("confidence", confidence));
  const auto readings = quantity->evaluate(stream.evidence(), parameters, {});
  return std::get<Spans>(readings.at(0).value).runs;
}

TEST(DroppedFrames, AreSeenInASteadyMotion) {
  FieldStream jump, replaced;
  jump.progressive(20).skip(2).progressive(20);
  ASSERT_EQ(dropped(jump, "0.5").size(), 1u);
  EXPECT_EQ(dropped(jump, "0.5")[0].first_frame, 20);
  EXPECT_EQ(dropped(jump, "0.5")[0].confidence, Rational(1, 2));
  EXPECT_THAT(dropped(jump, "0.8"), testing::IsEmpty());
  replaced.progressive(20).skip(-2).progressive(1).skip(2).progressive(20);
  ASSERT_EQ(dropped(replaced, "0.8").size(), 1u);
  EXPECT_EQ(dropped(replaced, "0.8")[0].first_frame, 21);
  EXPECT_EQ(dropped(replaced, "0.8")[0].confidence, Rational(4, 5));
}

TEST(DroppedFrames, AreNoneInPlainMotionCutsAndCadences) {
  FieldStream plain, cut, pulled, still;
  EXPECT_THAT(dropped(plain.progressive(40), "0.5"), testing::IsEmpty());
  EXPECT_THAT(dropped(cut.progressive(20).skip(900).progressive(20), "0.5"), testing::IsEmpty());
  EXPECT_THAT(dropped(pulled.pulled({2, 2, 2, 4}, 60, true), "0.5"), testing::IsEmpty());
  EXPECT_THAT(dropped(still.still(30), "0.5"), testing::IsEmpty());
}

}  // namespace
}  // namespace cleangate::specs
