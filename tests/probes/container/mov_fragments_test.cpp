// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/probes/container/mov_files.h"

namespace cleangate::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// One track fragment of `samples` samples of 1,000 ticks each, 25,000 a second.
struct Run {
  std::uint32_t track = 1;
  std::optional<std::uint64_t> begins;
  std::uint32_t samples = 25;
};
struct Fragment {
  std::uint32_t number = 1;
  std::vector<Run> runs;
};

enum class Durations { movie, fragment, sample };

Bytes traf(const Run& run, Durations stated) {
  const bool fragment = stated == Durations::fragment, sample = stated == Durations::sample;
  Bytes tfhd = Bytes().u32(fragment ? 0x20008 : 0x20000).u32(run.track);
  if (fragment) tfhd.u32(1'000);
  Bytes trun = Bytes().u32(sample ? 0x301 : 0x201).u32(run.samples).u32(0);
  for (std::uint32_t i = 0; i < run.samples; ++i) {
    if (sample) trun.u32(1'000);
    trun.u32(4);
  }
  Bytes out = box("tfhd", tfhd);
  if (run.begins) out.add(box("tfdt", Bytes().u32(0x01000000).u64(*run.begins)));
  return box("traf", out.add(box("trun", trun)));
}

Bytes moof(const Fragment& fragment, Durations stated) {
  Bytes content = full_box("mfhd", Bytes().u32(fragment.number));
  for (const Run& run : fragment.runs) content.add(traf(run, stated));
  return box("moof", content).add(box("mdat", Bytes().zeros(100)));
}

Bytes trak(std::uint32_t id) {
  const Bytes stbl =
      box("stbl", stsd("apch", visual_fields(64, 48, {})).add(full_box("stts", Bytes().u32(0))));
  return box(
      "trak",
      tkhd(id, MovParts::identity(), 64, 48)
          .add(box("mdia", mdhd(25'000, 0, 0x55c4).add(hdlr("vide")).add(box("minf", stbl)))));
}

Bytes fragmented(const std::vector<Fragment>& fragments, std::uint32_t stated_ms = 0,
                 Durations durations = Durations::movie) {
  const Bytes mvhd = full_box("mvhd", Bytes()
                                          .u32(0)
                                          .u32(0)
                                          .u32(1'000)
                                          .u32(0)
                                          .u32(0x10000)
                                          .zeros(12)
                                          .add(MovParts::identity())
                                          .zeros(28));
  Bytes mvex;
  if (stated_ms > 0) mvex.add(full_box("mehd", Bytes().u32(stated_ms)));
  for (const std::uint32_t id : {1u, 2u})
    mvex.add(full_box("trex", Bytes().u32(id).u32(1).u32(1'000).u32(0).u32(0)));
  Bytes file = box("ftyp", Bytes("iso5").u32(0).add("iso5"));
  file.add(box("moov", Bytes(mvhd).add(trak(1)).add(trak(2)).add(box("mvex", mvex))));
  for (const Fragment& fragment : fragments) file.add(moof(fragment, durations));
  return file;
}

Fragment at(std::uint32_t number, std::optional<std::uint64_t> begins) {
  return {number, {{1, begins, 25}}};
}

TEST(MovFragments, WholeFilesAreWhole) {
  for (const auto durations : {Durations::movie, Durations::fragment, Durations::sample})
    EXPECT_THAT(
        messages(read(fragmented({at(1, 0), at(2, 25'000), at(3, 50'000)}, 3'000, durations))),
        IsEmpty());
  EXPECT_THAT(messages(read(fragmented({at(1, {}), at(2, {}), at(3, {})}, 3'000))), IsEmpty());
}

TEST(MovFragments, AFragmentThatIsLeftOut) {
  EXPECT_THAT(messages(read(fragmented({at(1, 0), at(2, 25'000), at(5, 100'000)}))),
              ElementsAre("Between the movie fragments 2 and 5, 2.000 s of track 1 are missing "
                          "from 2.000 s on."));
  EXPECT_THAT(messages(read(fragmented({at(1, {}), at(3, {})}))),
              ElementsAre("The movie fragments between numbers 1 and 3 are missing."));
}

TEST(MovFragments, AFragmentThatComesTwice) {
  EXPECT_THAT(
      messages(read(fragmented({at(1, 0), at(2, 25'000), at(2, 25'000), at(3, 50'000)}))),
      ElementsAre("Movie fragment 2 begins at 1.000 s of track 1, 1.000 s before the end of "
                  "the one before it: that time comes twice."));
  EXPECT_THAT(messages(read(fragmented({at(1, {}), at(1, {}), at(2, {})}))),
              ElementsAre(HasSubstr("has the number 1 behind number 1")));
}

TEST(MovFragments, OutOfOrder) {
  EXPECT_THAT(messages(read(fragmented({at(1, 0), at(3, 50'000), at(2, 25'000), at(4, 75'000)}))),
              ElementsAre(HasSubstr("fragments 1 and 3, 1.000 s of track 1 are missing"),
                          HasSubstr("fragment 2 begins at 1.000 s of track 1, 2.000 s before"),
                          HasSubstr("fragments 2 and 4, 1.000 s of track 1 are missing")));
}

// A packager that separates the tracks of a file leaves the other track's numbers out; a camera
// that pauses leaves time out; a recorder guesses how long the last sample of a fragment lasts;
// some give all fragments the same number.
TEST(MovFragments, WhatIsNoDamage) {
  EXPECT_THAT(messages(read(fragmented({at(1, 0), at(3, 25'000), at(5, 50'000)}))), IsEmpty());
  EXPECT_THAT(messages(read(fragmented({at(1, 0), at(2, 100'000)}))), IsEmpty());
  EXPECT_THAT(messages(read(fragmented({at(1, 0), at(2, 24'500), at(3, 50'400)}))), IsEmpty());
  EXPECT_THAT(messages(read(fragmented({at(0, 0), at(0, 25'000), at(0, 50'000)}))), IsEmpty());
  EXPECT_THAT(messages(read(fragmented({at(0, {}), at(0, {}), at(0, {})}))), IsEmpty());
  EXPECT_THAT(messages(read(fragmented({at(70, 900'000), at(71, 925'000)}, 2'000))), IsEmpty());
}

TEST(MovFragments, TracksHaveTimesOfTheirOwn) {
  EXPECT_THAT(messages(read(fragmented({{1, {{1, 0, 25}, {2, 0, 50}}},
                                        {2, {{1, 25'000, 25}}},
                                        {3, {{1, 50'000, 25}, {2, 50'000, 50}}}}))),
              IsEmpty());
  EXPECT_THAT(messages(read(fragmented(
                  {{1, {{1, 0, 25}, {2, 0, 25}}}, {3, {{1, 25'000, 25}, {2, 50'000, 25}}}}))),
              ElementsAre(HasSubstr("1.000 s of track 2")));
}

TEST(MovFragments, LastOnesMissing) {
  EXPECT_THAT(messages(read(fragmented({at(1, 0), at(2, 25'000)}, 3'000))),
              ElementsAre("The movie says that it lasts 3.000 s, its fragments hold 2.000 s: "
                          "fragments are missing."));
  EXPECT_THAT(messages(read(fragmented({at(1, 0), at(2, 25'000)}, 2'150))), IsEmpty());
  // Separated from a track that lasts longer.
  EXPECT_THAT(messages(read(fragmented({at(1, 0), at(3, 25'000)}, 3'000))), IsEmpty());
}

// An index of all fragments of track 1 at the end (8.8.9), as if the file had so many.
Bytes mfra(std::size_t count) {
  Bytes tfra = Bytes().u32(0x01000000).u32(1).u32(0).u32(count);
  for (std::size_t i = 0; i < count; ++i) tfra.u64(25'000 * i).u64(1'000 + 500 * i).add({1, 1, 1});
  return box("mfra", box("tfra", tfra).add(full_box("mfro", Bytes().u32(100))));
}

TEST(MovFragments, TheIndexAtTheEndListsMore) {
  const std::vector<Fragment> all{at(1, 0), at(2, 25'000), at(3, 50'000)};
  EXPECT_THAT(messages(read(fragmented(all).add(mfra(3)))), IsEmpty());
  EXPECT_THAT(messages(read(fragmented(all).add(mfra(2)))), IsEmpty());  // it need not list all
  for (const std::vector<Fragment>& left :
       {std::vector{all[1], all[2]}, std::vector{all[0], all[1]}})
    EXPECT_THAT(messages(read(fragmented(left).add(mfra(3)))),
                ElementsAre("The index at the end of the file lists 3 movie fragments, the file "
                            "has 2: fragments are missing."));
}

TEST(MovFragments, TheSegmentIndexTellsOfMore) {
  const auto with_index = [](std::uint32_t told, const std::vector<Fragment>& fragments) {
    Bytes sidx = Bytes().u32(0).u32(1).u32(25'000).u32(0).u32(0).u16(0).u16(2);
    for (int i = 0; i < 2; ++i) sidx.u32(told / 2).u32(25'000).u32(0x90000000);
    Bytes file = fragmented({});
    file.add(box("sidx", sidx));
    for (const Fragment& fragment : fragments) file.add(moof(fragment, Durations::movie));
    return file;
  };
  const auto one = static_cast<std::uint32_t>(moof(at(1, 0), Durations::movie).size());
  EXPECT_THAT(messages(read(with_index(2 * one, {at(1, 0), at(2, 25'000)}))), IsEmpty());
  for (const Fragment& left : {at(1, 0), at(2, 25'000)})
    EXPECT_THAT(messages(read(with_index(2 * one, {left}))),
                ElementsAre(HasSubstr("before they do: fragments are missing.")));
  EXPECT_THAT(messages(read(with_index(2 * one, {}))), IsEmpty());  // an index for files elsewhere
}

TEST(MovFragments, HostileNumbersAreBounded) {
  Bytes file = fragmented({at(1, 0)}, 1'000);
  const Bytes huge =
      box("traf", full_box("tfhd", Bytes().u32(1))
                      .add(full_box("trun", Bytes().u32(0xffffffff).u32(0xffffffff))));
  for (std::uint32_t number = 2; number < 6; ++number)
    file.add(box("moof", full_box("mfhd", Bytes().u32(number)).add(huge).add(huge)));
  EXPECT_THAT(messages(read(file)), IsEmpty());
  EXPECT_THAT(messages(read(fragmented({at(1, ~std::uint64_t{0}), at(2, ~std::uint64_t{0} - 1)}))),
              IsEmpty());
}

TEST(MovFragments, NoByteOfThemIsTrusted) {
  const Bytes whole =
      fragmented({at(1, 0), at(2, 25'000), at(3, 50'000)}, 3'000, Durations::sample);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    Bytes flipped = whole;
    flipped[i] ^= std::byte{0xff};
    EXPECT_LE(read(flipped).damage.size(), 30u);
  }
}

}  // namespace
}  // namespace cleangate::test
