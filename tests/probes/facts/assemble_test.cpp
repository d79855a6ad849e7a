// SPDX-License-Identifier: Apache-2.0
#include "probes/facts/assemble.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/probes/facts/made_observation.h"

namespace cleangate::probes {
namespace {

std::vector<std::string> conflict_fields(const AssetFacts& facts) {
  std::vector<std::string> fields;
  for (const Conflict& conflict : facts.conflicts) fields.push_back(conflict.field);
  return fields;
}

TEST(Assemble, TheBitstreamOutranksTheContainerAndBothAreKept) {
  AssetObservation seen = asset({video()});
  seen.streams[0].bitstream_video.scan = Scan::interlaced;
  seen.streams[0].bitstream_video.field_order = FieldOrder::top;
  seen.container.tracks.push_back({});
  seen.container.tracks[0].native_id = 1;
  seen.container.tracks[0].video.scan = Scan::interlaced;
  seen.container.tracks[0].video.field_order = FieldOrder::bottom;
  const AssetFacts facts = assemble(seen);
  EXPECT_EQ(facts.streams[0].video()->field_order, Fact(FieldOrder::top));
  ASSERT_EQ(conflict_fields(facts), (std::vector<std::string>{"streams[0].field_order"}));
  EXPECT_EQ(facts.conflicts[0].values,
            (std::vector<ConflictVoice>{{"bitstream", "top"}, {"container", "bottom"}}));
}

TEST(Assemble, UnspecifiedIsNoStatement) {
  AssetObservation seen = asset({video()});
  seen.streams[0].demuxer_video.color.primaries = ColorPrimaries::bt709;
  const AssetFacts facts = assemble(seen);
  EXPECT_EQ(facts.streams[0].video()->color.primaries, ColorPrimaries::bt709);
  EXPECT_EQ(facts.streams[0].video()->color.range, SignalRange::unspecified);
  EXPECT_TRUE(facts.conflicts.empty());
}

// An MP4 without `pasp` that is presented as large as it is coded.
TEST(Assemble, PresentedAsCodedMeansSquarePixelsUnlessTheBitstreamSaysOtherwise) {
  AssetObservation seen = asset({video()});
  seen.container.tracks.push_back({});
  seen.container.tracks[0].native_id = 1;
  EXPECT_FALSE(assemble(seen).streams[0].video()->pixel_aspect.is_known());
  seen.container.tracks[0].presented_as_coded = true;
  EXPECT_EQ(assemble(seen).streams[0].video()->pixel_aspect, Fact(Rational(1)));
  EXPECT_EQ(assemble(seen).streams[0].video()->display_aspect, Fact(Rational(16, 9)));
  seen.streams[0].bitstream_video.pixel_aspect = Rational(4, 3);
  EXPECT_EQ(assemble(seen).streams[0].video()->pixel_aspect, Fact(Rational(4, 3)));
  EXPECT_TRUE(assemble(seen).conflicts.empty());
}

TEST(Assemble, ContradictoryColorIsAConflict) {
  AssetObservation seen = asset({video()});
  seen.streams[0].demuxer_video.color.transfer = TransferCharacteristics::bt709;
  seen.streams[0].bitstream_video.color.transfer = TransferCharacteristics::smpte2084;
  const AssetFacts facts = assemble(seen);
  EXPECT_EQ(facts.streams[0].video()->color.transfer, TransferCharacteristics::smpte2084);
  EXPECT_EQ(conflict_fields(facts), (std::vector<std::string>{"streams[0].color.transfer"}));
}

TEST(Assemble, ADecoderFillsGapsAndNeverContradicts) {
  AssetObservation seen = asset({video()});
  seen.streams[0].decoder_video.chroma = "4:2:0";
  seen.streams[0].decoder_video.width = 1920;
  seen.streams[0].decoder_video.height = 1088;
  const AssetFacts facts = assemble(seen);
  EXPECT_EQ(facts.streams[0].video()->chroma, Fact(std::string("4:2:0")));
  EXPECT_EQ(facts.streams[0].video()->height, 1080);
  EXPECT_TRUE(facts.conflicts.empty());
}

TEST(Assemble, ThePlayerObeysTheContainersAspect) {
  AssetObservation seen = asset({video()});
  seen.streams[0].demuxer_video.pixel_aspect = Rational(4, 3);
  seen.streams[0].bitstream_video.pixel_aspect = Rational(1);
  const AssetFacts facts = assemble(seen);
  EXPECT_EQ(facts.streams[0].video()->pixel_aspect, Fact(Rational(4, 3)));
  EXPECT_EQ(facts.streams[0].video()->display_aspect, Fact(Rational(64, 27)));
  EXPECT_EQ(conflict_fields(facts), (std::vector<std::string>{"streams[0].pixel_aspect"}));
}

TEST(Assemble, WhatAHeaderCannotTellIsUnknownAndNotGuessed) {
  const AssetFacts facts = assemble(asset({video(), audio()}, Depth::header));
  const VideoFacts& picture = *facts.streams[0].video();
  EXPECT_TRUE(picture.frame_rate.is_unknown());
  EXPECT_TRUE(picture.frame_count.is_unknown());
  EXPECT_TRUE(picture.scan.is_unknown());
  EXPECT_TRUE(picture.pixel_aspect.is_unknown());
  EXPECT_TRUE(picture.gop.is_absent());
  EXPECT_TRUE(facts.content_id.is_unknown());
  EXPECT_TRUE(facts.streams[1].audio()->embedded.is_absent());
  EXPECT_TRUE(facts.container.duration_s.is_unknown());
}

TEST(Assemble, AProgressiveStreamHasNoFieldOrder) {
  AssetObservation seen = asset({video()});
  seen.streams[0].bitstream_video.scan = Scan::progressive;
  EXPECT_TRUE(assemble(seen).streams[0].video()->field_order.is_absent());
}

TEST(Assemble, ZeroIsTheEarliestPresentedInstant) {
  AssetObservation seen = asset({video(), audio()});
  seen.streams[0].timing.emplace();
  seen.streams[0].timing->first_pts = 2;
  seen.streams[0].timing->end_pts = 27;
  seen.streams[1].timing.emplace();
  seen.streams[1].timing->first_pts = 48000;
  seen.streams[1].timing->end_pts = 96000;
  const AssetFacts facts = assemble(seen);
  EXPECT_EQ(facts.streams[0].start_s, Fact(Rational(0)));
  EXPECT_EQ(facts.streams[0].duration_s, Fact(Rational(1)));
  EXPECT_EQ(facts.streams[1].start_s, Fact(Rational(23, 25)));
  EXPECT_EQ(facts.container.duration_s, Fact(Rational(48, 25)));
  EXPECT_EQ(facts.container.bit_rate, Fact<std::int64_t>(4'166'667));
}

TEST(Assemble, AbsurdTimesDoNotOverflow) {
  AssetObservation seen = asset({video()});
  seen.streams[0].timing.emplace();
  seen.streams[0].timing->first_pts = INT64_MIN;
  seen.streams[0].timing->end_pts = INT64_MAX;
  seen.streams[0].time_base = Rational(INT64_MAX, 1);
  EXPECT_TRUE(assemble(seen).streams[0].duration_s.is_unknown());
}

TEST(Assemble, PacketsAndDecoderCountingDifferentlyIsAConflict) {
  AssetObservation seen = asset({video()}, Depth::decode);
  seen.streams[0].timing.emplace();
  seen.streams[0].timing->frame_count = std::int64_t{100};
  seen.streams[0].decoded_frames = 98;
  const AssetFacts facts = assemble(seen);
  EXPECT_EQ(facts.streams[0].video()->frame_count, Fact<std::int64_t>(98));
  EXPECT_EQ(conflict_fields(facts), (std::vector<std::string>{"streams[0].frame_count"}));
}

TEST(Assemble, TheTimecodeTrackIsPrimaryAndTheEssencesLabelIsKept) {
  AssetObservation seen = asset({video()});
  TimecodeFacts track, gop;
  track.source = TimecodeSource::tmcd;
  track.stream = 1;  // native id
  track.start = std::string("10:00:00:00");
  gop.source = TimecodeSource::gop;
  gop.start = std::string("00:00:00:00");
  seen.container.timecodes = {track};
  seen.streams[0].timecodes = {gop};
  const AssetFacts facts = assemble(seen);
  ASSERT_EQ(facts.timecodes.size(), 2u);
  EXPECT_TRUE(facts.timecodes[0].primary);
  EXPECT_EQ(facts.timecodes[0].stream, 0);
  EXPECT_FALSE(facts.timecodes[1].primary);
  EXPECT_EQ(facts.container.start_timecode, Fact(std::string("10:00:00:00")));
  EXPECT_EQ(conflict_fields(facts), (std::vector<std::string>{"timecodes.start"}));
}

TEST(Assemble, HdrIsNamedByWhatItCarries) {
  AssetObservation seen = asset({video()});
  seen.streams[0].bitstream_video.color.transfer = TransferCharacteristics::smpte2084;
  EXPECT_EQ(assemble(seen).streams[0].video()->hdr->formats, (std::vector<std::string>{"pq10"}));
  seen.streams[0].bitstream_video.content_light = ContentLight{1000, 400};
  seen.streams[0].bitstream_video.hdr10plus = true;
  EXPECT_EQ(assemble(seen).streams[0].video()->hdr->formats,
            (std::vector<std::string>{"hdr10", "hdr10plus"}));
  EXPECT_TRUE(assemble(asset({video()})).streams[0].video()->hdr.is_absent());
}

TEST(Assemble, SubtitleStreamsAreCaptions) {
  StreamObservation text;
  text.index = 2;
  text.kind = StreamKind::captions;
  text.codec = "mov_text";
  const AssetFacts facts = assemble(asset({video(), audio(), text}));
  ASSERT_EQ(facts.captions.size(), 1u);
  EXPECT_EQ(facts.captions[0].carriage, "stream");
  EXPECT_EQ(facts.captions[0].standards, (std::vector<std::string>{"mov_text"}));
  EXPECT_EQ(facts.captions[0].stream, 2);
}

TrackFindings track(StreamKind kind, std::int64_t id, const std::string& language = "") {
  TrackFindings found;
  found.kind = kind;
  found.native_id = id;
  if (!language.empty()) found.language = language;
  return found;
}

AssetObservation matroska(std::vector<StreamObservation> streams) {
  AssetObservation seen = asset(std::move(streams));
  seen.demuxer_format = "matroska,webm";
  seen.container.format = "matroska";
  for (StreamObservation& stream : seen.streams) stream.native_id.reset();
  return seen;
}

StreamObservation other(StreamKind kind, int index) {
  StreamObservation seen;
  seen.index = index;
  seen.kind = kind;
  seen.codec = kind == StreamKind::captions ? "subrip" : "ttf";
  return seen;
}

// libav shows attachments as streams and leaves tracks out that it does not know.
TEST(Assemble, TracksWithoutIdsAreMatchedByTheirKind) {
  AssetObservation seen = matroska({video(0), audio(1), audio(2), other(StreamKind::data, 3)});
  seen.container.tracks = {track(StreamKind::audio, 7, "en"), track(StreamKind::video, 1, "fr"),
                           track(StreamKind::audio, 9, "de")};
  const AssetFacts facts = assemble(seen);
  EXPECT_EQ(facts.streams[0].language, Fact(std::string("fr")));
  EXPECT_EQ(facts.streams[1].language, Fact(std::string("en")));
  EXPECT_EQ(facts.streams[2].language, Fact(std::string("de")));
  EXPECT_TRUE(facts.streams[3].language.is_absent());
  // Three tracks of sound and two streams of it: which is which is not guessed.
  seen.container.tracks.push_back(track(StreamKind::audio, 10, "it"));
  EXPECT_TRUE(assemble(seen).streams[1].language.is_absent());
  EXPECT_EQ(assemble(seen).streams[0].language, Fact(std::string("fr")));
}

TEST(Assemble, IdsOutrankTheOrder) {
  AssetObservation seen = asset({video(0), audio(1)});
  seen.container.tracks = {track(StreamKind::audio, 2, "en"), track(StreamKind::video, 1, "fr")};
  EXPECT_EQ(assemble(seen).streams[0].language, Fact(std::string("fr")));
  EXPECT_EQ(assemble(seen).streams[1].language, Fact(std::string("en")));
}

TEST(Assemble, CaptionsOfATrackWithoutIdAreListedOnce) {
  AssetObservation seen =
      matroska({video(0), other(StreamKind::captions, 1), other(StreamKind::data, 2)});
  seen.container.tracks = {track(StreamKind::video, 1), track(StreamKind::captions, 4)};
  CaptionFacts text;
  text.carriage = "stream";
  text.standards = {"srt"};
  text.stream = 4;  // native id
  seen.container.captions = {text};
  const AssetFacts facts = assemble(seen);
  ASSERT_EQ(facts.captions.size(), 1u);
  EXPECT_EQ(facts.captions[0].stream, 1);
}

TEST(Assemble, ALanguageThatIsNotStatedIsAbsent) {
  AssetObservation seen = asset({audio(0)});
  seen.streams[0].language = "eng";  // libav reads code 0 as Macintosh English
  seen.container.tracks = {track(StreamKind::audio, 1)};
  seen.container.tracks[0].tells_language = true;
  EXPECT_TRUE(assemble(seen).streams[0].language.is_absent());
  seen.container.tracks[0].tells_language = false;
  EXPECT_EQ(assemble(seen).streams[0].language, Fact(std::string("en")));
}

// HEVC decoders give single fields, half as high: frames are counted, never fields.
TEST(Assemble, DecodedFieldsAreCountedAsFrames) {
  AssetObservation seen = asset({video()}, Depth::decode);
  seen.streams[0].codec = "hevc";
  seen.streams[0].timing.emplace();
  seen.streams[0].timing->frame_count = std::int64_t{50};
  seen.streams[0].decoded_frames = 100;
  seen.streams[0].decoder_video.height = 540;
  const AssetFacts facts = assemble(seen);
  EXPECT_EQ(facts.streams[0].video()->frame_count, Fact<std::int64_t>(50));
  EXPECT_EQ(facts.streams[0].video()->height, 1080);
  EXPECT_TRUE(facts.conflicts.empty());
}

}  // namespace
}  // namespace cleangate::probes
