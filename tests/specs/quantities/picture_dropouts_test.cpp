// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::frames_of;
using test::PictureStream;
using test::Runs;

// A picture that moves, with lines and columns of another level in some frames.
struct Defect {
  int first = 0, end = 0, line = -1, column = -1, length = 1000;
  int step = 60;
};
PictureStream& add_pictures(PictureStream& stream, int frames, const Defect& defect, int from = 0) {
  for (int i = 0; i < frames; ++i) {
    const bool here = i >= defect.first && i < defect.end;
    stream.add([=](int x, int y) {
      const int level = 70 + (x + 2 * y + 3 * (from + i)) % 64 / 2;
      const bool line = here && y == defect.line && x < defect.length;
      const bool column = here && x == defect.column && y < defect.length;
      return static_cast<std::uint32_t>(level + (line || column ? defect.step : 0));
    });
  }
  return stream;
}

// A still, with a line that was drawn or without.
PictureStream& add_still(PictureStream& stream, int frames, int line) {
  return stream.add(
      [=](int x, int y) { return static_cast<std::uint32_t>(80 + x / 4 + (y == line ? 60 : 0)); },
      frames);
}

Runs runs(PictureStream& stream, const char* id,
          std::initializer_list<std::pair<std::string_view, std::string_view>> written = {}) {
  return frames_of(std::get<Spans>(stream.read(id, written).value).runs);
}

TEST(PictureDropouts, AreFoundByTheFrame) {
  PictureStream lines(8, 96, 64), columns(10, 96, 64);
  add_pictures(lines, 40, {10, 12, 30, -1});
  EXPECT_EQ(runs(lines, "picture.line_dropouts"), (Runs{{10, 12}}));
  EXPECT_EQ(runs(lines, "picture.column_dropouts"), Runs{});
  add_pictures(columns, 40, {39, 40, -1, 50, 1000, 240});
  EXPECT_EQ(runs(columns, "picture.column_dropouts"), (Runs{{39, 40}}));
  EXPECT_EQ(runs(columns, "picture.line_dropouts"), Runs{});
}

TEST(PictureDropouts, HaveLimits) {
  PictureStream half(8, 96, 64), faint(8, 96, 64);
  add_pictures(half, 20, {10, 12, 30, -1, 48});
  EXPECT_EQ(runs(half, "picture.line_dropouts"), (Runs{{10, 12}}));
  EXPECT_EQ(runs(half, "picture.line_dropouts", {{"share", "60 %"}}), Runs{});
  EXPECT_EQ(runs(half, "picture.line_dropouts", {{"longest", "1 frames"}}), Runs{});
  EXPECT_EQ(runs(half, "picture.line_dropouts", {{"level", "40 %"}}), Runs{});
  add_pictures(faint, 20, {10, 12, 30, -1, 1000, 19});
  EXPECT_EQ(runs(faint, "picture.line_dropouts"), Runs{});
  EXPECT_EQ(runs(faint, "picture.line_dropouts", {{"level", "7.5 %"}}), (Runs{{10, 12}}));
}

// Rows hold four shares: between two of them only what both say is known.
TEST(PictureDropouts, BetweenStoredSharesAreOpen) {
  PictureStream stream(8, 96, 64);
  add_pictures(stream, 20, {10, 12, 30, -1, 60});  // 62.5 %
  const auto spans = [&](std::string_view share) {
    return std::get<Spans>(stream.read("picture.line_dropouts", {{"share", share}}).value);
  };
  EXPECT_EQ(frames_of(spans("45 %").runs), (Runs{{10, 12}}));
  EXPECT_EQ(frames_of(spans("60 %").undecided), (Runs{{10, 12}}));
  EXPECT_EQ(spans("60 %").runs.size(), 0u);
  EXPECT_EQ(spans("75 %"), Spans{});
}

// What a region holds does not depend on where its edges lie.
TEST(PictureDropouts, AreSeenBeyondTheRegionsEdges) {
  PictureStream title(8, 96, 64), early(8, 96, 64);
  add_still(title, 50, 30);
  add_still(title, 10, -1);
  const auto part = [](std::int64_t first, std::int64_t end) {
    return Window{Rational(first, 25), Rational(end, 25)};
  };
  const auto none = std::get<Spans>(title.read("picture.line_dropouts", {}, part(40, 60)).value);
  EXPECT_EQ(frames_of(none.runs), Runs{});
  EXPECT_EQ(frames_of(none.undecided), Runs{});
  add_pictures(early, 30, {10, 12, 30, -1});
  const auto found = std::get<Spans>(early.read("picture.line_dropouts", {}, part(11, 12)).value);
  EXPECT_EQ(frames_of(found.runs), (Runs{{11, 12}}));
}

TEST(PictureDropouts, AreNotToldOfASingleFrame) {
  PictureStream one(8, 96, 64);
  const Reading reading = add_pictures(one, 1, {0, 1, 30, -1}).read("picture.line_dropouts");
  EXPECT_EQ(std::get<Absent>(reading.value).kind, AbsenceKind::undecided);
}

// A title's rule that goes on behind a damaged frame.
TEST(PictureDropouts, BesideDamagedFramesAreOpen) {
  PictureStream stream(8, 96, 64);
  add_still(stream, 40, 30).add_damaged();
  add_still(stream, 9, 30);
  add_still(stream, 11, -1);
  const auto spans = std::get<Spans>(stream.read("picture.line_dropouts").value);
  EXPECT_EQ(frames_of(spans.runs), Runs{});
  EXPECT_EQ(frames_of(spans.undecided), (Runs{{40, 50}}));
}

// A line that was drawn stays with its picture.
TEST(PictureDropouts, AreNotLinesOfThePicture) {
  PictureStream still(8, 96, 64), moving(8, 96, 64);
  add_still(still, 60, 30);
  EXPECT_EQ(runs(still, "picture.line_dropouts"), Runs{});
  for (int i = 0; i < 30; ++i) add_pictures(moving, 1, {0, 1, 10 + i, -1}, i);
  EXPECT_EQ(runs(moving, "picture.line_dropouts"), Runs{});
}

TEST(PictureDropouts, InDamagedFramesAreOpen) {
  PictureStream stream(8, 96, 64), small(8, 96, 8);
  add_pictures(stream, 10, {});
  stream.add_damaged(2);
  add_pictures(stream, 10, {4, 5, 30, -1});
  const auto spans = std::get<Spans>(stream.read("picture.line_dropouts").value);
  EXPECT_EQ(frames_of(spans.runs), (Runs{{16, 17}}));
  EXPECT_EQ(frames_of(spans.undecided), (Runs{{10, 12}}));
  EXPECT_EQ(std::get<Absent>(small.add_flat(60, 30).read("picture.line_dropouts").value).kind,
            AbsenceKind::not_measured);
}

}  // namespace
}  // namespace cleangate::specs
