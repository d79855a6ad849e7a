// SPDX-License-Identifier: Apache-2.0
// What becomes of its runs is tested with picture.freeze, picture.static and picture.repeats.
#include "specs/quantities/still_finder.h"

#include <gtest/gtest.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::PictureStream;

// Cells that move by `at`.
PictureStream::Luma stripes(int at, std::uint32_t dark) {
  return [=](int x, int) { return dark + static_cast<std::uint32_t>((x + at) / 8 % 2) * 100; };
}

TEST(StillFinder, TellsRepeatsAndCuts) {
  PictureStream stream(8, 192, 112);
  for (int at = 0; at < 5; ++at) stream.add(stripes(at, 40));
  stream.add(stripes(5, 40), 4);
  for (int at = 6; at < 10; ++at) stream.add(stripes(at, 40));
  for (int at = 0; at < 5; ++at) stream.add(stripes(4 * at, 130));
  const auto frames = ChangeFrames::of(stream.evidence(), 0);
  ASSERT_TRUE(frames);
  const StillFinder finder(*frames, {Rational(1, 20), Rational(1)});
  ASSERT_EQ(finder.count(), 18);
  ASSERT_EQ(finder.runs().size(), 1u);
  EXPECT_EQ(finder.runs()[0].first, 6);
  EXPECT_EQ(finder.runs()[0].end, 9);
  EXPECT_EQ(finder.runs()[0].kind, Still::repeat);
  EXPECT_EQ(finder.cut(5, -1), Cut::no);
  EXPECT_EQ(finder.cut(0, -1), Cut::yes);
  EXPECT_EQ(finder.from_cut_to_cut(finder.runs()[0]), Cut::no);
}

}  // namespace
}  // namespace cleangate::specs
