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

constexpr ColorDescription kSdr{ColorPrimaries::bt709, TransferCharacteristics::bt709,
                                MatrixCoefficients::bt709, SignalRange::narrow};
constexpr ColorDescription kPq{ColorPrimaries::bt2020, TransferCharacteristics::smpte2084,
                               MatrixCoefficients::bt2020nc, SignalRange::narrow};

TEST(FormatChanges, ProfileColorAndPixelsComeBackAsTheyWereTold) {
  constexpr ColorDescription kOdd{static_cast<ColorPrimaries>(200),
                                  TransferCharacteristics::arib_std_b67, MatrixCoefficients::gbr,
                                  SignalRange::unspecified};
  const std::vector<PictureFormat> formats{
      {0, 1280, 720, "4:2:0", 8, "High 4:2:2 Intra", kSdr, Rational(16, 15)},
      {1, 1280, 720, "4:2:0", 8, {}, ColorDescription{}, Rational(1)},
      {2, 1280, 720, {}, {}, "Main", {}, {}},
      {3, 1280, 720, {}, {}, {}, kOdd, {}}};
  AssetFacts facts;
  facts.conflicts.push_back(*format_conflict(0, formats));
  const auto& told = facts.conflicts[0].values;
  EXPECT_EQ(told[0].value,
            "1280x720 4:2:0 8 bit, High 4:2:2 Intra, bt709/bt709/bt709 narrow, pixel 16:15");
  EXPECT_EQ(told[1].value, "1280x720 4:2:0 8 bit, color unspecified, pixel 1:1");
  EXPECT_EQ(told[2].value, "1280x720, Main");
  EXPECT_EQ(told[3].value, "1280x720, h273-200/arib-std-b67/gbr unspecified");
  EXPECT_THAT(picture_formats(facts, 0), ElementsAreArray(formats));
}

TEST(FormatChanges, WhatIsNoColorOrRatioIsNotTold) {
  AssetFacts facts;
  for (const char* odd :
       {"1x1, bt709/bt709 narrow", "1x1, a/b/c narrow", "1x1, bt709/bt709/bt709 wide",
        "1x1, bt709/bt709/bt709", "1x1, /", "1x1, pixel 0:1", "1x1, pixel 1:0", "1x1, pixel -1:-1",
        "1x1, pixel 4", "1x1, pixel 1:2:3", "1x1, pixel ", "1x1, pixel 1:99999999999999999999"}) {
    facts.conflicts = {{"streams[0].format", {{"frame 7", odd}}}};
    EXPECT_THAT(picture_formats(facts, 0), ElementsAre(PictureFormat{7, 1, 1, {}, {}})) << odd;
  }
}

TEST(FormatChanges, HdrFollowsTheTransferAndItsMetadata) {
  Hdr hdr;
  EXPECT_TRUE(hdr_under(TransferCharacteristics::bt709, hdr).is_absent());
  EXPECT_THAT(hdr_under(TransferCharacteristics::smpte2084, hdr)->formats, ElementsAre("pq10"));
  hdr.content_light = ContentLight{1000, 400};
  hdr.formats = {"hdr10", "hdr10plus"};
  EXPECT_EQ(hdr_under(TransferCharacteristics::smpte2084, hdr), Fact<Hdr>(hdr));
  const auto hlg = hdr_under(TransferCharacteristics::arib_std_b67, hdr);
  EXPECT_THAT(hlg->formats, ElementsAre("hlg", "hdr10plus"));
  EXPECT_EQ(hlg->content_light, hdr.content_light);
  EXPECT_THAT(hdr_under(TransferCharacteristics::bt709, hdr)->formats, ElementsAre("hdr10plus"));
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
  const auto form = [](std::int64_t at, int width, int height) {
    return PictureFormat{at, width, height, "4:2:2", 10, {}, ColorDescription{}};
  };
  EXPECT_THAT(picture_formats(assemble(asset), 0),
              ElementsAre(form(0, 1920, 1080), form(25, 1280, 720)));
  asset.streams[0] = seen({{0, 1920, 1080, "4:2:2", 16}});
  EXPECT_THAT(assemble(asset).conflicts, IsEmpty());
}

// What the facts take from the container, a form that is as the first one has too.
TEST(FormatChanges, TheContainersWordsStandWhereNothingChanges) {
  AssetObservation asset;
  StreamObservation stream = seen({{0, 720, 576, "4:2:0", 8, "Main", kSdr, Rational(1)},
                                   {9, 720, 576, "4:2:0", 8, "High", kPq, Rational(1)},
                                   {12, 720, 576, "4:2:0", 8, "High", kPq, Rational(64, 45)}});
  stream.bitstream_video.width = 720;
  stream.bitstream_video.height = 576;
  stream.bitstream_video.profile = "Main";
  stream.bitstream_video.color = kSdr;
  stream.bitstream_video.color.range = SignalRange::unspecified;  // another voice of the bitstream
  stream.demuxer_video.pixel_aspect = Rational(16, 15);
  stream.demuxer_video.color.range = SignalRange::full;
  asset.streams.push_back(stream);
  ColorDescription sdr = kSdr, pq = kPq;
  sdr.range = pq.range = SignalRange::full;
  EXPECT_THAT(picture_formats(assemble(asset), 0),
              ElementsAre(PictureFormat{0, 720, 576, "4:2:2", 10, "Main", sdr, Rational(16, 15)},
                          PictureFormat{9, 720, 576, "4:2:2", 10, "High", pq, Rational(16, 15)},
                          PictureFormat{12, 720, 576, "4:2:2", 10, "High", pq, Rational(64, 45)}));
}

// Unspecified is no statement where the container makes one for the whole stream.
TEST(FormatChanges, SilenceOfTheBitstreamLeavesTheContainerItsWord) {
  TrackFindings track;
  track.native_id = 1;
  track.video.color = kSdr;
  track.video.pixel_aspect = Rational(1);
  AssetObservation asset;
  asset.streams.push_back(seen({{0, 1920, 1080, "4:2:2", 10, {}, kSdr, Rational(1)},
                                {5, 1920, 1080, "4:2:2", 10, {}, ColorDescription{}, {}},
                                {9, 1920, 1080, "4:2:2", 10, {}, kSdr, Rational(1)}}));
  asset.streams[0].bitstream_video.color = kSdr;
  EXPECT_THAT(picture_formats(assemble(asset), 0).size(), 3u);
  asset.streams[0].native_id = 1;
  asset.container.tracks.push_back(track);
  EXPECT_THAT(assemble(asset).conflicts, IsEmpty());
}

// The fields of an HEVC stream come out one by one, and are counted as frames.
TEST(FormatChanges, FieldsAreCountedAsFrames) {
  AssetObservation asset;
  asset.streams.push_back(seen({{0, 1920, 540, "4:2:2", 10, {}, kSdr, Rational(1)},
                                {50, 1920, 540, "4:2:2", 10, {}, kPq, Rational(1)}}));
  asset.streams[0].codec = "hevc";
  asset.streams[0].decoder_video.height = 540;
  const auto formats = picture_formats(assemble(asset), 0);
  ASSERT_EQ(formats.size(), 2u);
  EXPECT_EQ(formats[1].first_frame, 25);
  EXPECT_EQ(formats[1].height, 1080);
}

}  // namespace
}  // namespace cleangate::probes
