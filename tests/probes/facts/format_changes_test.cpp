// SPDX-License-Identifier: Apache-2.0
#include "probes/facts/format_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/bitstream/format_track.h"
#include "probes/facts/assemble.h"

namespace cleangate::probes {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

TEST(FormatTrack, KeepsTheFirstAndEachThatDiffers) {
  PictureFormatTrack track;
  EXPECT_THAT(track.formats(), IsEmpty());
  const PictureFormat small{0, 320, 240, "4:2:0", 8}, large{0, 640, 480, "4:2:0", 8};
  for (std::int64_t at = 0; at < 9; ++at) track.see(at < 3 || at > 6 ? small : large, at);
  EXPECT_THAT(track.formats(), ElementsAre(small, PictureFormat{3, 640, 480, "4:2:0", 8},
                                           PictureFormat{7, 320, 240, "4:2:0", 8}));
}

TEST(FormatTrack, AStreamThatChangesAllTheTimeIsToldInPart) {
  SoundFormatTrack track;
  for (std::int64_t at = 0; at < 10'000; ++at) track.see({0, at % 2 == 0 ? 2 : 6, 48000}, at);
  EXPECT_EQ(track.formats().size(), kFormatsKept);
}

TEST(FormatChanges, OneFormIsNoConflict) {
  EXPECT_FALSE(format_conflict(0, std::vector<PictureFormat>{}));
  EXPECT_FALSE(format_conflict(0, std::vector<PictureFormat>{{0, 320, 240, {}, {}}}));
}

TEST(FormatChanges, PicturesComeBackAsTheyWereTold) {
  const std::vector<PictureFormat> formats{
      {0, 1920, 1080, "4:2:2", 10}, {50, 1280, 720, "4:2:0", {}}, {75, 640, 480, {}, {}}};
  AssetFacts facts;
  facts.conflicts.push_back(*format_conflict(3, formats));
  EXPECT_EQ(facts.conflicts[0].field, "streams[3].format");
  EXPECT_EQ(facts.conflicts[0].values[0], (ConflictVoice{"frame 0", "1920x1080 4:2:2 10 bit"}));
  EXPECT_EQ(facts.conflicts[0].values[2], (ConflictVoice{"frame 75", "640x480"}));
  EXPECT_THAT(picture_formats(facts, 3), ElementsAreArray(formats));
  EXPECT_THAT(picture_formats(facts, 2), IsEmpty());
  EXPECT_THAT(sound_formats(facts, 3), IsEmpty());
}

TEST(FormatChanges, SoundComesBackAsItWasTold) {
  const std::vector<SoundFormat> formats{{0, 1, 44100}, {88'200, 6, 48000}};
  AssetFacts facts;
  facts.conflicts.push_back(*format_conflict(1, formats));
  EXPECT_EQ(facts.conflicts[0].values[0].value, "1 channel 44100 Hz");
  EXPECT_THAT(sound_formats(facts, 1), ElementsAreArray(formats));
}

// Facts come from a worker that is not believed.
TEST(FormatChanges, OddConflictsAreNoFormats) {
  AssetFacts facts;
  for (const char* field : {"streams[].format", "streams[x].format", "streams[1].width", "",
                            "streams[1].format.x", "].format", "streams["})
    facts.conflicts.push_back({field, {{"frame 0", "1x1"}, {"frame 1", "2x2"}}});
  EXPECT_THAT(picture_formats(facts, 1), IsEmpty());
  facts.conflicts = {{"streams[1].format",
                      {{"frame", "1x1"},
                       {"frame 99999999999999999999", "1x1"},
                       {"frame 1", "x"},
                       {"frame 2", ""},
                       {"frame 3", "12"},
                       {"frame 4", "bit"},
                       {"sample 0", "1x1"},
                       {"", " "}}}};
  EXPECT_THAT(picture_formats(facts, 1), IsEmpty());
  EXPECT_THAT(sound_formats(facts, 1), IsEmpty());
}

StreamObservation seen(std::vector<PictureFormat> formats) {
  StreamObservation stream;
  stream.kind = StreamKind::video;
  stream.codec = "prores";
  stream.bitstream_video.width = 1920;
  stream.bitstream_video.height = 1080;
  stream.bitstream_video.chroma = "4:2:2";
  stream.bitstream_video.bit_depth = 10;
  stream.picture_formats = std::move(formats);
  return stream;
}

// A decoder may say of a format what the facts say in other words: only what changes is its own.
TEST(FormatChanges, AreToldInTheWordsOfTheFacts) {
  AssetObservation asset;
  asset.streams.push_back(seen({{0, 1920, 1080, "4:2:2", 16}, {25, 1280, 720, "4:2:2", 16}}));
  EXPECT_THAT(picture_formats(assemble(asset), 0),
              ElementsAre(PictureFormat{0, 1920, 1080, "4:2:2", 10},
                          PictureFormat{25, 1280, 720, "4:2:2", 10}));
  asset.streams[0] = seen({{0, 1920, 1080, "4:2:2", 16}});
  EXPECT_THAT(assemble(asset).conflicts, IsEmpty());
}

}  // namespace
}  // namespace cleangate::probes
