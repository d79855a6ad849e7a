// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "probes/facts/assemble.h"

namespace cleangate::probes {
namespace {

StreamFacts sound(int index, int channels, std::vector<std::string> labels = {},
                  const char* language = nullptr) {
  StreamFacts stream;
  stream.index = index;
  stream.kind = StreamKind::audio;
  AudioFacts audio;
  audio.channels = channels;
  audio.channel_labels = std::move(labels);
  audio.sample_rate = 48000;
  stream.media = audio;
  if (language) stream.language = std::string(language);
  return stream;
}

std::vector<StreamFacts> mono_tracks(int count) {
  std::vector<StreamFacts> streams;
  for (int i = 0; i < count; ++i) streams.push_back(sound(i, 1));
  return streams;
}

std::string drawn(const std::vector<Soundfield>& fields) {
  std::string text;
  for (const Soundfield& field : fields) {
    text += std::to_string(field.id) + ":" + field.layout + "(" +
            std::string(to_string(field.grouping));
    for (const SoundfieldChannel& c : field.channels)
      text += " " + std::to_string(c.stream) + "." + std::to_string(c.channel) + "=" + c.label;
    text += ") ";
  }
  return text;
}

TEST(Soundfields, ASingleStereoStreamIsOne) {
  EXPECT_EQ(drawn(group_soundfields({sound(1, 2)}, {})), "1:2.0(container 1.0=L 1.1=R) ");
}

TEST(Soundfields, ASingleMonoStreamIsOne) {
  EXPECT_EQ(drawn(group_soundfields({sound(1, 1)}, {})), "1:1.0(container 1.0=M) ");
}

TEST(Soundfields, StatedLabelsDecide) {
  const auto fields =
      group_soundfields({sound(0, 6, {"L", "R", "C", "LFE", "Ls", "Rs"}, "en")}, {});
  EXPECT_EQ(drawn(fields), "1:5.1(container 0.0=L 0.1=R 0.2=C 0.3=LFE 0.4=Ls 0.5=Rs) ");
  EXPECT_EQ(fields[0].language, "en");
  EXPECT_EQ(fields[0].role, "main");
}

TEST(Soundfields, ALayoutsNameGivesLabels) {
  StreamFacts stream = sound(0, 6);
  stream.audio()->channel_layout = std::string("5.1(side)");
  EXPECT_EQ(drawn(group_soundfields({stream}, {})),
            "1:5.1(container 0.0=L 0.1=R 0.2=C 0.3=LFE 0.4=Ls 0.5=Rs) ");
}

TEST(Soundfields, SixChannelsWithoutAWordAreAssumed) {
  EXPECT_EQ(drawn(group_soundfields({sound(0, 6)}, {})),
            "1:5.1(assumed 0.0=L 0.1=R 0.2=C 0.3=LFE 0.4=Ls 0.5=Rs) ");
}

TEST(Soundfields, EightMonoTracksAreAssumedToBeSurroundAndStereo) {
  EXPECT_EQ(drawn(group_soundfields(mono_tracks(8), {})),
            "1:5.1(assumed 0.0=L 1.0=R 2.0=C 3.0=LFE 4.0=Ls 5.0=Rs) 2:2.0(assumed 6.0=L 7.0=R) ");
}

TEST(Soundfields, FourMonoTracksAreAssumedToBePairs) {
  EXPECT_EQ(drawn(group_soundfields(mono_tracks(4), {})),
            "1:2.0(assumed 0.0=L 1.0=R) 2:2.0(assumed 2.0=L 3.0=R) ");
}

TEST(Soundfields, EachStereoStreamStandsForItself) {
  EXPECT_EQ(drawn(group_soundfields({sound(1, 2), sound(2, 2)}, {})),
            "1:2.0(container 1.0=L 1.1=R) 2:2.0(container 2.0=L 2.1=R) ");
}

TEST(Soundfields, McaLabelsOutrankEverything) {
  std::vector<std::pair<int, McaGroup>> mca;
  const char* labels[] = {"L", "R", "C", "LFE", "Ls", "Rs"};
  for (int i = 0; i < 6; ++i) mca.push_back({i + 2, {"sg1", "5.1", labels[i], 0, "fr", "me"}});
  const auto fields = group_soundfields(mono_tracks(8), mca);
  EXPECT_EQ(drawn(fields),
            "1:2.0(assumed 0.0=L 1.0=R) 2:5.1(mca 2.0=L 3.0=R 4.0=C 5.0=LFE 6.0=Ls 7.0=Rs) ");
  EXPECT_EQ(fields[1].language, "fr");
  EXPECT_EQ(fields[1].role, "me");
}

TEST(Soundfields, McaLabelsOfChannelsThatDoNotExistAreIgnored) {
  EXPECT_EQ(drawn(group_soundfields({sound(0, 2)}, {{7, {"a", "2.0", "L", 0, {}, {}}},
                                                    {0, {"a", "2.0", "L", 5, {}, {}}}})),
            "1:2.0(container 0.0=L 0.1=R) ");
}

TEST(Soundfields, DolbyEIsNotSound) {
  auto streams = mono_tracks(4);
  streams[2].audio()->embedded = std::string("dolby_e");
  streams[3].audio()->embedded = std::string("dolby_e");
  EXPECT_EQ(drawn(group_soundfields(streams, {})), "1:2.0(assumed 0.0=L 1.0=R) ");
}

TEST(Soundfields, ManyChannelsWithoutAWordArePairs) {
  const auto fields = group_soundfields({sound(0, 64)}, {});
  EXPECT_EQ(fields.size(), 32u);
  for (const Soundfield& field : fields) EXPECT_EQ(field.grouping, Grouping::assumed);
}

}  // namespace
}  // namespace cleangate::probes
