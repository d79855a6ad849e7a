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

TEST(DroppedFrames, AreNoneInPlainMotionAndCuts) {
  FieldStream plain, cut;
  EXPECT_THAT(dropped(plain.progressive(40), "0.5"), testing::IsEmpty());
  EXPECT_THAT(dropped(cut.progressive(20).skip(900).progressive(20), "0.5"), testing::IsEmpty());
}

// Where nothing moves evenly nothing was looked at.
TEST(DroppedFrames, AreUndecidedWhereNoMotionIsEven) {
  FieldStream still, pulled, twos, slate;
  still.still(30);
  pulled.pulled({2, 2, 2, 4}, 60, true);
  twos.pulled({4}, 60, true);
  for (FieldStream* stream : {&still, &pulled, &twos}) {
    const Reading reading = stream->read("picture.dropped_frames");
    ASSERT_TRUE(std::holds_alternative<Absent>(reading.value));
    EXPECT_EQ(std::get<Absent>(reading.value).kind, AbsenceKind::undecided);
  }
  slate.still(50).progressive(50);
  const Reading head = slate.read("picture.dropped_frames", {{}, Rational(49, 25)});
  EXPECT_TRUE(std::holds_alternative<Absent>(head.value));
  EXPECT_THAT(slate.runs("picture.dropped_frames"), testing::IsEmpty());
}

}  // namespace
}  // namespace cleangate::specs
