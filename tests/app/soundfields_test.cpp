// SPDX-License-Identifier: Apache-2.0
#include "app/soundfields.h"

#include <gtest/gtest.h>

namespace cleangate::app {
namespace {

probes::AssetFacts mono_tracks(int count) {
  probes::AssetFacts facts;
  probes::StreamFacts picture;
  picture.kind = probes::StreamKind::video;
  picture.media = probes::VideoFacts{};
  facts.streams.push_back(picture);
  for (int i = 0; i < count; ++i) {
    probes::StreamFacts stream;
    stream.index = i + 1;
    stream.kind = probes::StreamKind::audio;
    probes::AudioFacts audio;
    audio.channels = 1;
    stream.media = audio;
    facts.streams.push_back(stream);
  }
  return facts;
}

TEST(Soundfields, ReadsChannelsLayoutLanguageAndRole) {
  const auto stated = parse_soundfields("1-2:2.0:en,3-8:5.1:fr:me,9:1.0");
  ASSERT_TRUE(stated);
  EXPECT_EQ(*stated, (std::vector<StatedSoundfield>{{1, 2, "2.0", "en", "main"},
                                                    {3, 8, "5.1", "fr", "me"},
                                                    {9, 9, "1.0", "", "main"}}));
}

TEST(Soundfields, RefusesWhatItDoesNotUnderstand) {
  for (const char* text : {"", "1-2", "1-3:2.0", "2-1:2.0", "0-1:2.0", "1-2:9.9", "a-b:2.0",
                           "1-2:2.0:en:me:x", "1-2:2.0,", "1-2:2.0,2-3:2.0", "1-2-3:3.0"}) {
    const auto stated = parse_soundfields(text);
    ASSERT_FALSE(stated) << text;
    EXPECT_EQ(stated.error().code, ErrorCode::usage);
  }
}

TEST(Soundfields, CountsChannelsOverAllAudioStreams) {
  auto facts = mono_tracks(8);
  ASSERT_TRUE(state_soundfields(*parse_soundfields("1-6:5.1:en,7-8:2.0:en"), facts));
  ASSERT_EQ(facts.soundfields.size(), 2u);
  EXPECT_EQ(facts.soundfields[0].grouping, probes::Grouping::user);
  EXPECT_EQ(facts.soundfields[0].channels[3], (probes::SoundfieldChannel{4, 0, "LFE"}));
  EXPECT_EQ(facts.soundfields[1].channels[0], (probes::SoundfieldChannel{7, 0, "L"}));
}

TEST(Soundfields, AChannelThatIsNotThereOrNotSoundIsAnError) {
  auto facts = mono_tracks(2);
  EXPECT_FALSE(state_soundfields(*parse_soundfields("1-6:5.1"), facts));
  facts.streams[1].audio()->embedded = std::string("dolby_e");
  EXPECT_FALSE(state_soundfields(*parse_soundfields("1-2:2.0"), facts));
}

}  // namespace
}  // namespace cleangate::app
