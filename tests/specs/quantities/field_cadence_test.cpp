// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/field_cadence.h"

#include <gmock/gmock.h>

#include "tests/specs/quantities/field_evidence.h"

namespace cleangate::specs {
namespace {

using test::FieldStream;
using Order = CadencePattern::Order;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

TEST(Cadences, AreNamedByTheirPattern) {
  struct Case {
    std::vector<int> fields;
    std::string_view name;
    bool of_fields;
  };
  const Case cases[] = {{{2, 3}, "2:3", true},
                        {{2, 3, 3, 2}, "2:3:3:2", true},
                        {{2, 2, 2, 4}, "2:2:2:4", false},
                        {{2, 3, 2, 3, 2}, "25->30 fields", true},
                        {{2, 2, 2, 2, 4}, "25->30 frames", false},
                        {{2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3}, "24->25 fields", true},
                        {{4, 6}, "2:3 frames", false},
                        {{4}, "2:2 frames", false},
                        {{6}, "3:3 frames", false}};
  for (const Case& each : cases)
    for (const bool top_first : {true, false})
      for (const unsigned grain : {0u, 12u}) {
        SCOPED_TRACE(testing::Message() << each.name << ", top first " << top_first);
        FieldStream stream(8, grain);
        stream.pulled(each.fields, 100, top_first);
        const Cadences found = find_cadences(stream.field_frames());
        ASSERT_EQ(found.runs.size(), 1u);
        EXPECT_EQ(found.runs[0].pattern->name, each.name);
        EXPECT_EQ(found.runs[0].first, 0);
        EXPECT_EQ(found.runs[0].end, 100);
        EXPECT_EQ(found.runs[0].pattern->order, !each.of_fields ? Order::none
                                                : top_first     ? Order::top_first
                                                                : Order::bottom_first);
        EXPECT_THAT(found.breaks, IsEmpty());
      }
}

TEST(Cadences, AreNoneInPlainPictures) {
  FieldStream progressive, interlaced, still, shifted;
  EXPECT_THAT(find_cadences(progressive.progressive(60).field_frames()).runs, IsEmpty());
  EXPECT_THAT(find_cadences(interlaced.interlaced(60, true).field_frames()).runs, IsEmpty());
  EXPECT_THAT(find_cadences(still.still(60).field_frames()).runs, IsEmpty());
  EXPECT_THAT(find_cadences(shifted.pulled({2}, 60, true, 1).field_frames()).runs, IsEmpty());
  EXPECT_THAT(find_cadences(still.field_frames()).tells, Not(Contains(true)));
}

// Drawings held for two frames and, here and there, for one or three.
TEST(Cadences, OfDrawingsAreNoConversion) {
  FieldStream stream;
  stream.pulled({4, 4, 2, 4, 6, 4, 4, 2, 2, 4, 6, 6, 4, 2}, 200, true);
  const Cadences found = find_cadences(stream.field_frames());
  for (const CadenceRun& run : found.runs) EXPECT_FALSE(run.pattern->conversion);
  EXPECT_THAT(found.breaks, IsEmpty());
}

TEST(Cadences, BreakAtTheFrameWhereTheyAreCut) {
  for (int cut = 40; cut < 50; ++cut)
    for (int missing = 1; missing < 5; ++missing) {
      SCOPED_TRACE(testing::Message() << missing << " frames missing at " << cut);
      FieldStream stream;
      stream.pulled({2, 3}, cut, true).pulled({2, 3}, 60, true, 2 * ((cut + missing) % 5) + 20);
      const Cadences found = find_cadences(stream.field_frames());
      ASSERT_EQ(found.runs.size(), 2u);
      EXPECT_THAT(found.breaks, ElementsAre(cut));
      EXPECT_EQ(found.runs[1].first, cut);
    }
}

TEST(Cadences, GoOnThroughStills) {
  FieldStream stream;
  stream.pulled({2, 3}, 40, true).still(20).pulled({2, 3}, 40, true);
  const Cadences found = find_cadences(stream.field_frames());
  ASSERT_EQ(found.runs.size(), 1u);
  EXPECT_EQ(found.runs[0].end, 100);
}

TEST(Cadences, BeginWhereTheyBegin) {
  FieldStream stream;
  stream.progressive(40).pulled({2, 3}, 40, true).interlaced(40, true);
  const Cadences found = find_cadences(stream.field_frames());
  ASSERT_EQ(found.runs.size(), 1u);
  EXPECT_NEAR(static_cast<double>(found.runs[0].first), 40, 3);
  EXPECT_NEAR(static_cast<double>(found.runs[0].end), 80, 3);
}

// Video that is cut into a film is no break of its cadence.
TEST(Cadences, DoNotBreakWhereVideoFollows) {
  FieldStream stream;
  stream.pulled({2, 3}, 40, true).interlaced(30, true).pulled({2, 3}, 40, true, 3);
  const Cadences found = find_cadences(stream.field_frames());
  EXPECT_EQ(found.runs.size(), 2u);
  EXPECT_THAT(found.breaks, IsEmpty());
  EXPECT_TRUE(found.tells[55]);
}

}  // namespace
}  // namespace cleangate::specs
