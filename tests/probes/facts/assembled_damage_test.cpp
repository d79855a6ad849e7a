// SPDX-License-Identifier: Apache-2.0
// Sound and pictures that are missing, told by what the tables, the packets and the decoder say.
#include <gtest/gtest.h>

#include "probes/facts/assemble.h"
#include "tests/probes/facts/made_observation.h"

namespace cleangate::probes {
namespace {

AssetObservation sound_of(std::int64_t packet_ticks, std::int64_t samples) {
  AssetObservation seen = asset({audio(0)}, Depth::decode);
  seen.streams[0].timing.emplace();
  seen.streams[0].timing->first_pts = 0;
  seen.streams[0].timing->end_pts = packet_ticks;
  seen.streams[0].decoded_samples = samples;
  return seen;
}

TEST(SoundHoles, AreDamageAndKeepTheSpan) {
  const AssetFacts whole = assemble(sound_of(480'000, 480'000));
  EXPECT_TRUE(whole.container_damage.empty());
  const AssetFacts holed = assemble(sound_of(480'000, 432'000));
  ASSERT_EQ(holed.container_damage.size(), 1u);
  EXPECT_EQ(holed.container_damage[0].stream, 0);
  EXPECT_EQ(holed.container_damage[0].message,
            "The sound of stream 0 lacks 1.00 s: its packets span 10.00 s.");
  EXPECT_EQ(holed.streams[0].duration_s, Fact(Rational(10)));
}

TEST(SoundHoles, PrimingAndRoundingAreNone) {
  EXPECT_TRUE(assemble(sound_of(480'000, 480'000 - 9'599)).container_damage.empty());
  EXPECT_FALSE(assemble(sound_of(480'000, 480'000 - 9'600)).container_damage.empty());
  EXPECT_TRUE(assemble(sound_of(480'000, 500'000)).container_damage.empty());
}

// One packet of 32 ms: too little to tell by the sum, but its place in the packets is empty.
TEST(SoundHoles, OneLostPacketIsOne) {
  AssetObservation seen = sound_of(480'000, 480'000 - 1'536);
  EXPECT_TRUE(assemble(seen).container_damage.empty());
  seen.streams[0].timing->gap_ticks = 1'536;
  ASSERT_EQ(assemble(seen).container_damage.size(), 1u);
  EXPECT_EQ(assemble(seen).container_damage[0].message,
            "The sound of stream 0 lacks 0.03 s: its packets span 10.00 s.");
  // The samples are all there: a clock that jitters.
  seen = sound_of(480'000, 480'000);
  seen.streams[0].timing->gap_ticks = 1'536;
  EXPECT_TRUE(assemble(seen).container_damage.empty());
}

TEST(SoundHoles, AreNotSoughtWhereTheTimesAreNotKnown) {
  AssetObservation seen = sound_of(480'000, 100);
  seen.streams[0].timing->missing_pts = true;
  EXPECT_TRUE(assemble(seen).container_damage.empty());
  seen = sound_of(480'000, 100);
  seen.streams[0].timing->end_pts.reset();
  EXPECT_TRUE(assemble(seen).container_damage.empty());
  seen = sound_of(INT64_MAX, 100);
  seen.streams[0].time_base = Rational(INT64_MAX, 1);
  EXPECT_TRUE(assemble(seen).container_damage.empty());
}

// TTA's frames last a second, and the last one is cut short without a word of the container.
TEST(SoundHoles, AShortLastFrameIsNone) {
  AssetObservation seen = sound_of(480'000, 480'000 - 26'000);
  EXPECT_FALSE(assemble(seen).container_damage.empty());
  seen.streams[0].timing->last_ticks = 50'000;
  EXPECT_TRUE(assemble(seen).container_damage.empty());
}

AssetObservation pictures_of(std::string_view format, std::int64_t stated, std::int64_t shown) {
  AssetObservation asset;
  asset.depth = Depth::packets;
  asset.container.format = format;
  StreamObservation stream;
  stream.kind = StreamKind::video;
  stream.codec = "dnxhd";
  stream.time_base = Rational(1, 25);
  stream.duration_ticks = stated;
  stream.timing.emplace();
  stream.timing->frame_count = shown;
  stream.timing->frame_rate = Rational(25);
  stream.timing->first_pts = 0;
  stream.timing->end_pts = shown;
  asset.streams.push_back(std::move(stream));
  return asset;
}

TEST(LostPictures, AreThoseThatTheTablesCountAndNobodyFinds) {
  for (const char* format : {"mxf", "avi"}) {
    EXPECT_TRUE(assemble(pictures_of(format, 150, 150)).container_damage.empty());
    EXPECT_TRUE(assemble(pictures_of(format, 150, 151)).container_damage.empty());
    const AssetFacts lost = assemble(pictures_of(format, 150, 149));
    ASSERT_EQ(lost.container_damage.size(), 1u);
    EXPECT_EQ(lost.container_damage[0].message,
              "Stream 0 lacks 1 of the pictures that the container states.");
    // Empty chunks have a place in decoding time.
    AssetObservation delayed = pictures_of(format, 150, 148);
    delayed.streams[0].timing->decoding_ticks = 149;
    EXPECT_TRUE(assemble(delayed).container_damage.empty());
  }
  EXPECT_TRUE(assemble(pictures_of("mpegts", 150, 100)).container_damage.empty());
}

// An index table gives the pictures behind a hole their right times.
TEST(LostPictures, AHoleInTheTimesOfAnMxf) {
  AssetObservation seen = pictures_of("mxf", 150, 149);
  seen.streams[0].timing->end_pts = 150;
  seen.streams[0].timing->mode = RateMode::variable;
  ASSERT_EQ(assemble(seen).container_damage.size(), 1u);
  EXPECT_EQ(assemble(seen).container_damage[0].message,
            "Stream 0 lacks 1 of the pictures that the container states.");
  seen.container.format = "avi";  // dropped pictures
  EXPECT_TRUE(assemble(seen).container_damage.empty());
}

TEST(LostSound, IsWhatTheHeaderStatesAndTheFileLacks) {
  AssetObservation seen = sound_of(480'000, 480'000);
  seen.container.format = "wv";
  seen.streams[0].duration_ticks = 480'000;
  EXPECT_TRUE(assemble(seen).container_damage.empty());
  seen.streams[0].duration_ticks = 480'000 + 48'000;
  ASSERT_EQ(assemble(seen).container_damage.size(), 1u);
  EXPECT_EQ(assemble(seen).container_damage[0].message,
            "The sound of stream 0 is 1.00 s shorter than the file states.");
  seen.streams[0].duration_ticks = INT64_MAX;  // whatever a file states
  seen.streams[0].timing->first_pts = -480'000;
  seen.streams[0].decoded_samples = 960'000;
  EXPECT_EQ(assemble(seen).container_damage.size(), 1u);
}

}  // namespace
}  // namespace cleangate::probes
