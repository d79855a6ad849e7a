// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/field_scan.h"

#include <gmock/gmock.h>

#include "tests/specs/quantities/field_evidence.h"

namespace cleangate::specs {
namespace {

using test::FieldStream;

struct Is {
  std::int64_t first, end;
  ScanKind kind;
  friend bool operator==(const Is&, const Is&) = default;
  friend void PrintTo(const Is& is, std::ostream* out) {
    *out << "[" << is.first << ", " << is.end << ") kind " << static_cast<int>(is.kind);
  }
};

std::vector<Is> runs(FieldStream& stream) {
  std::vector<Is> found;
  for (const ScanRun& run : scan_runs(stream.field_frames()))
    found.push_back({run.first, run.end, run.kind});
  return found;
}

TEST(ScanRuns, TellProgressiveAndBothOrders) {
  for (const int bits : {8, 10})
    for (const unsigned grain : {0u, 12u}) {
      SCOPED_TRACE(testing::Message() << bits << " bits, grain " << grain);
      FieldStream progressive(bits, grain), top(bits, grain), bottom(bits, grain);
      EXPECT_THAT(runs(progressive.progressive(20)),
                  testing::ElementsAre(Is{0, 20, ScanKind::progressive}));
      EXPECT_THAT(runs(top.interlaced(20, true)),
                  testing::ElementsAre(Is{0, 20, ScanKind::top_first}));
      EXPECT_THAT(runs(bottom.interlaced(20, false)),
                  testing::ElementsAre(Is{0, 20, ScanKind::bottom_first}));
    }
}

// To the frame: the first interlaced frame is told by the field of the progressive one before it.
TEST(ScanRuns, ChangeWhereTheScanChanges) {
  FieldStream stream;
  stream.progressive(20).interlaced(20, true).interlaced(20, false).progressive(20);
  const auto found = runs(stream);
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[1].kind, ScanKind::top_first);
  EXPECT_EQ(found[2].kind, ScanKind::bottom_first);
  for (std::size_t i = 1; i < 4; ++i)
    EXPECT_NEAR(static_cast<double>(found[i].first), 20.0 * static_cast<double>(i), 1);
}

TEST(ScanRuns, KnowNothingWhereNothingMoves) {
  FieldStream still;
  still.still(20);
  const auto found = scan_runs(still.field_frames());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].evidence, 0);
}

// Stills between interlaced scenes belong to them.
TEST(ScanRuns, GoOnThroughStills) {
  FieldStream stream;
  stream.interlaced(15, true).still(30).interlaced(15, true);
  EXPECT_THAT(runs(stream), testing::ElementsAre(Is{0, 60, ScanKind::top_first}));
}

TEST(ScanRuns, SeeAnInterlacedPartInAProgressivePicture) {
  FieldStream stream;
  for (int i = 0; i < 20; ++i) stream.add(2 * i, 2 * i + 1, 64, 2 * i);
  EXPECT_THAT(runs(stream), testing::ElementsAre(Is{0, 20, ScanKind::part_top_first}));
}

TEST(ScanRuns, SeePicturesThatLieInTwoFrames) {
  FieldStream top, bottom;
  EXPECT_THAT(runs(top.pulled({2}, 20, true, 1)),
              testing::ElementsAre(Is{0, 20, ScanKind::shifted_top_first}));
  EXPECT_THAT(runs(bottom.pulled({2}, 20, false, 1)),
              testing::ElementsAre(Is{0, 20, ScanKind::shifted_bottom_first}));
}

TEST(ScanRuns, AreNotMovedByDamage) {
  FieldStream stream;
  stream.interlaced(10, true).damaged().interlaced(10, true);
  EXPECT_THAT(runs(stream), testing::ElementsAre(Is{0, 21, ScanKind::top_first}));
}

}  // namespace
}  // namespace cleangate::specs
