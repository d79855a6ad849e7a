// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "tests/specs/quantities/field_evidence.h"

namespace cleangate::specs {
namespace {

using probes::FrameTimeRow;
using test::FieldStream;
using test::FrameRuns;
using testing::IsEmpty;

constexpr std::uint32_t kTop = FrameTimeRow::kInterlaced | FrameTimeRow::kTopFieldFirst;
constexpr std::uint32_t kBottom = FrameTimeRow::kInterlaced;

TEST(PictureScan, TellsWhatThePicturesAre) {
  FieldStream progressive, interlaced, pulled, mixed;
  EXPECT_EQ(progressive.progressive(30).text("picture.scan"), "progressive");
  EXPECT_EQ(interlaced.interlaced(30, false).text("picture.scan"), "interlaced");
  EXPECT_EQ(pulled.pulled({2, 3}, 40, true).text("picture.scan"), "telecined");
  EXPECT_EQ(mixed.progressive(30).interlaced(30, true).text("picture.scan"), "mixed");
  EXPECT_THAT(progressive.text("picture.field_order"), testing::HasSubstr("no field order"));
  EXPECT_EQ(interlaced.text("picture.field_order"), "bottom");
  EXPECT_EQ(pulled.text("picture.field_order"), "top");
  EXPECT_THAT(progressive.runs("picture.interlaced"), IsEmpty());
  EXPECT_EQ(interlaced.runs("picture.interlaced"), (FrameRuns{{0, 30}}));
}

TEST(PictureScan, OfAStillIsUndecided) {
  FieldStream still;
  still.still(30);
  for (const char* id : {"picture.scan", "picture.field_order", "picture.cadence",
                         "picture.cadence_breaks", "picture.scan_against_flags"}) {
    const Reading reading = still.read(id);
    ASSERT_TRUE(std::holds_alternative<Absent>(reading.value)) << id;
    EXPECT_EQ(std::get<Absent>(reading.value).kind, AbsenceKind::undecided) << id;
  }
  for (const char* id : {"picture.interlaced", "picture.misflagged"}) {
    const Reading reading = still.read(id);
    EXPECT_THAT(std::get<Spans>(reading.value).runs, IsEmpty());
    ASSERT_EQ(std::get<Spans>(reading.value).undecided.size(), 1u) << id;
    EXPECT_EQ(std::get<Spans>(reading.value).undecided[0].end_frame, 30) << id;
  }
}

TEST(PictureScan, IsAskedOfAWindow) {
  FieldStream stream;
  stream.progressive(50).interlaced(50, true);
  const auto scan = [&](Window window) {
    const Reading reading = stream.read("picture.scan", window);
    return std::get<std::string>(std::get<Scalar>(reading.value));
  };
  EXPECT_EQ(scan({}), "mixed");
  EXPECT_EQ(scan({{}, Rational(1)}), "progressive");
  EXPECT_EQ(scan({Rational(3), {}}), "interlaced");
}

// A slate says nothing, whatever the programme behind it is.
TEST(PictureScan, OfAWindowOfAStillIsUndecided) {
  FieldStream interlaced, film;
  interlaced.still(100).interlaced(50, true).flagged(kTop);
  film.still(100).pulled({2, 3}, 60, true).still(60).flagged(kTop);
  for (FieldStream* stream : {&interlaced, &film}) {
    const Window slate{{}, Rational(98, 25)};
    for (const char* id : {"picture.scan", "picture.field_order", "picture.cadence",
                           "picture.cadence_breaks", "picture.scan_against_flags"}) {
      const Reading reading = stream->read(id, slate);
      ASSERT_TRUE(std::holds_alternative<Absent>(reading.value)) << id;
      EXPECT_EQ(std::get<Absent>(reading.value).kind, AbsenceKind::undecided) << id;
    }
    for (const char* id : {"picture.interlaced", "picture.misflagged"})
      EXPECT_EQ(stream->undecided(id, slate), (FrameRuns{{0, 98}})) << id;
  }
  EXPECT_EQ(interlaced.text("picture.scan"), "interlaced");
  EXPECT_EQ(film.text("picture.cadence"), "mixed");
  const Reading tail = film.read("picture.scan", {Rational(165, 25), {}});
  ASSERT_TRUE(std::holds_alternative<Absent>(tail.value));
}

// As the decoder's gaps are written: without the flags of the frames around them.
TEST(PictureScan, DamageAmongInterlacedFramesIsUndecided) {
  FieldStream stream;
  stream.interlaced(20, true).damaged(5).interlaced(20, true).flagged(kTop);
  EXPECT_EQ(stream.runs("picture.interlaced"), (FrameRuns{{0, 20}, {25, 45}}));
  EXPECT_EQ(stream.undecided("picture.interlaced"), (FrameRuns{{20, 25}}));
  EXPECT_THAT(stream.runs("picture.misflagged"), IsEmpty());
  EXPECT_EQ(stream.undecided("picture.misflagged"), (FrameRuns{{20, 25}}));
  EXPECT_EQ(stream.text("picture.scan_against_flags"), "agree");
}

TEST(PictureScan, SaysThatDamageLeavesItOpen) {
  FieldStream stream;
  stream.progressive(20).damaged().progressive(20);
  const Reading reading = stream.read("picture.scan");
  EXPECT_EQ(reading.tainted_because,
            "1 of 41 frames of stream 0 are damaged or could not be measured.");
}

// There are runs, but nobody knows how long they are.
TEST(PictureScan, RunsOfFramesWithoutTimesAreUndecided) {
  FieldStream stream;
  stream.interlaced(30, true).flagged(FrameTimeRow::kNoPts).forget_rate();
  for (const char* id : {"picture.interlaced", "picture.misflagged"}) {
    const Reading reading = stream.read(id);
    EXPECT_THAT(std::get<Spans>(reading.value).runs, IsEmpty()) << id;
    EXPECT_FALSE(std::get<Spans>(reading.value).undecided.empty()) << id;
    EXPECT_TRUE(reading.tainted_because) << id;
  }
}

TEST(PictureCadence, IsNamedAndItsBreaksFound) {
  FieldStream plain, pulled, cut, twos;
  EXPECT_EQ(plain.progressive(40).text("picture.cadence"), "none");
  EXPECT_EQ(pulled.pulled({2, 3}, 60, true).text("picture.cadence"), "2:3");
  EXPECT_THAT(pulled.runs("picture.cadence_breaks"), IsEmpty());
  cut.pulled({2, 3}, 43, true).pulled({2, 3}, 50, true, 4);
  EXPECT_EQ(cut.text("picture.cadence"), "2:3");
  EXPECT_EQ(cut.runs("picture.cadence_breaks"), (FrameRuns{{43, 44}}));
  twos.pulled({4}, 60, true);
  EXPECT_EQ(twos.text("picture.cadence"), "2:2 frames");
  EXPECT_THAT(twos.runs("picture.cadence_breaks"), IsEmpty());
}

TEST(PictureFlags, AreHeldAgainstThePictures) {
  struct Case {
    bool interlaced, top;
    std::uint32_t flags;
    std::string_view says;
    bool wrong;
  };
  const Case cases[] = {{false, false, 0, "agree", false},
                        {false, false, kTop, "progressive as interlaced", false},
                        {true, true, kTop, "agree", false},
                        {true, false, kBottom, "agree", false},
                        {true, true, 0, "interlaced as progressive", true},
                        {true, true, kBottom, "reversed fields", true},
                        {true, false, kTop, "reversed fields", true}};
  for (const Case& each : cases) {
    FieldStream stream;
    each.interlaced ? stream.interlaced(30, each.top) : stream.progressive(30);
    stream.flagged(each.flags);
    EXPECT_EQ(stream.text("picture.scan_against_flags"), each.says);
    EXPECT_EQ(stream.runs("picture.misflagged"), each.wrong ? FrameRuns({{0, 30}}) : FrameRuns{});
  }
}

// Cut between film and video, each flagged as it is.
TEST(PictureFlags, OfMixedStreamsThatAreRightContradictNothing) {
  for (const bool top : {true, false})
    for (int length = 28; length < 33; ++length) {
      FieldStream stream;
      std::size_t flagged = 0;
      const auto flags = [&](std::uint32_t all) {
        stream.flagged(all, flagged);
        flagged = static_cast<std::size_t>(stream.frames());
      };
      stream.progressive(length);
      flags(0);
      stream.interlaced(30, top);
      flags(top ? kTop : kBottom);
      stream.progressive(30);
      flags(0);
      EXPECT_THAT(stream.runs("picture.misflagged"), IsEmpty()) << length;
      EXPECT_EQ(stream.text("picture.scan_against_flags"), "agree") << length;
      for (const auto& [first, end] : stream.undecided("picture.misflagged"))
        EXPECT_LE(end - first, 2) << length;
    }
}

TEST(PictureFlags, OfFilmInAnInterlacedStreamContradictNothing) {
  FieldStream film, mixed;
  film.progressive(30).still(30).progressive(30).flagged(kTop);
  EXPECT_THAT(film.undecided("picture.misflagged"), IsEmpty());
  EXPECT_EQ(film.text("picture.scan_against_flags"), "progressive as interlaced");
  mixed.progressive(30).interlaced(30, true).still(30).progressive(30).flagged(kTop);
  EXPECT_THAT(mixed.runs("picture.misflagged"), IsEmpty());
  EXPECT_THAT(mixed.undecided("picture.misflagged"), IsEmpty());
}

// Nothing of a still says that it is interlaced, wherever it stands.
TEST(PictureFlags, OfStillsContradictNothing) {
  FieldStream stream;
  stream.interlaced(30, true).flagged(kTop).still(30).interlaced(30, true);
  stream.flagged(kTop, 60).still(8).progressive(30);
  EXPECT_THAT(stream.runs("picture.misflagged"), IsEmpty());
  EXPECT_EQ(stream.text("picture.scan_against_flags"), "agree");
  FieldStream wrong;
  wrong.interlaced(30, true).still(30).interlaced(30, true);
  EXPECT_EQ(wrong.runs("picture.misflagged"), (FrameRuns{{0, 30}, {60, 90}}));
  EXPECT_EQ(wrong.undecided("picture.misflagged"), (FrameRuns{{30, 60}}));
}

}  // namespace
}  // namespace cleangate::specs
