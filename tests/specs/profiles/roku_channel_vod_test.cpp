// SPDX-License-Identifier: Apache-2.0
#include "tests/specs/profiles/broken_deliverable.h"

namespace cleangate::test {
namespace {

void set_soundfields(RowEvidence& evidence,
                     const std::vector<std::pair<std::string, int>>& layouts) {
  auto& fields = evidence.facts_.soundfields;
  fields.clear();
  int channel = 0;
  for (const auto& [layout, channels] : layouts) {
    probes::Soundfield field;
    field.layout = layout;
    field.grouping = probes::Grouping::container;
    for (int i = 0; i < channels; ++i) field.channels.push_back({1, channel++, "?"});
    fields.push_back(field);
  }
}

void set_shape(RowEvidence& evidence, int width, int height, const Rational& pixel) {
  probes::VideoFacts& video = *picture(evidence).video();
  video.width = width;
  video.height = height;
  video.pixel_aspect = pixel;
  video.display_aspect = Rational(width, height) * pixel;
}

RowEvidence roku() {
  auto evidence = made_evidence();
  sound(evidence).codec = "pcm_s24le";
  sound(evidence).audio()->bit_depth = 24;
  picture(evidence).time_base = Rational(1, 12800);
  set_picture(evidence, 0, {50, 1400, 50});  // two seconds at either end are allowed
  return evidence;
}

TEST(RokuChannelVod, OneBrokenThingOneFinding) {
  EXPECT_EQ(judge(roku(), built_in("roku-channel-vod"), {}).verdict, VerdictKind::pass);
  const std::string six = "channel-count-preferred fail";
  const auto first = [&](const std::string& finding) {
    return std::vector<std::string>{finding, six};
  };
  const auto after = [&](const std::string& finding) {
    return std::vector<std::string>{six, finding};
  };
  check_breaks(
      "roku-channel-vod", roku,
      {{"nothing", [](auto&) {}, {six}},
       {"long black at the head",
        [](auto& e) {
          set_picture(e, 0, {51, 1399, 50});
        },
        first("black-at-head fail")},
       {"long black at the tail",
        [](auto& e) {
          set_picture(e, 0, {50, 1399, 51});
        },
        first("black-at-tail fail")},
       {"long black inside",
        [](auto& e) {
          set_picture(e, 0, {50, 700, 51, 649, 50});
        },
        first("black-inside fail")},
       {"a weak picture",
        [](auto& e) {
          picture(e).bit_rate = probes::BitRate{4'900'000, {}, {}};
        },
        first("mezzanine fail")},
       {"a wrong container", [](auto& e) { e.facts_.container.format = "avi"; },
        first("mezzanine fail")},
       {"two pictures",
        [](auto& e) {
          const probes::StreamFacts again = picture(e);
          e.facts_.streams.push_back(again);
          e.facts_.streams.back().index = 2;
          set_picture(e, 2, {50, 1400, 50});
        },
        first("one-picture fail")},
       {"an odd size", [](auto& e) { picture(e).video()->width = 1440; }, first("resolution fail")},
       {"a wide frame", [](auto& e) { picture(e).video()->display_aspect = Rational(239, 100); },
        first("hd-aspect fail")},
       {"lossy sound", [](auto& e) { sound(e).codec = "aac"; }, after("sound-codec fail")},
       {"the rate of a CD", [](auto& e) { sound(e).audio()->sample_rate = 44100; },
        after("sample-rate fail")},
       {"PCM of a disc", [](auto& e) { sound(e).codec = "pcm_bluray"; }, {six}},
       {"PCM of SMPTE ST 302", [](auto& e) { sound(e).codec = "s302m"; }, {six}},
       {"PCM of 20 bits",
        [](auto& e) {
          sound(e).codec = "s302m";
          sound(e).audio()->bit_depth = 20;
        },
        after("sound-depth fail")},
       {"floating point",
        [](auto& e) {
          sound(e).codec = "pcm_f32le";
          sound(e).audio()->bit_depth = 32;
        },
        after("sound-depth fail")},
       {"one channel",
        [](auto& e) {
          sound(e).audio()->channels = 1;
          set_soundfields(e, {{"1.0", 1}});
        },
        first("channel-count fail")},
       {"a 7.1",
        [](auto& e) {
          sound(e).audio()->channels = 8;
          set_soundfields(e, {{"7.1", 8}});
        },
        {"channel-count fail"}},
       {"a second language",
        [](auto& e) {
          sound(e).audio()->channels = 10;
          set_soundfields(e, {{"5.1", 6}, {"2.0", 2}, {"2.0", 2}});
        },
        {}},
       {"no sound", no_sound, {"sound-present fail"}},
       {"a space in the name", [](auto& e) { e.path_ = "/in/my film.mp4"; },
        after("file-name fail")},
       {"a typographic quote", [](auto& e) { e.path_ = "/in/\u201cfilm\u201d.mp4"; },
        after("file-name fail")},
       {"a no-break space in the name", [](auto& e) { e.path_ = "/in/my\u00a0film.mp4"; },
        after("file-name fail")},
       {"a caption format nobody takes",
        [](auto& e) {
          e.facts_.captions = {{"stream", 2, {}, {"dvb_subtitle"}, {}}};
        },
        after("caption-format-embedded fail")},
       {"a caption file nobody takes",
        [](auto& e) {
          e.facts_.captions = {{"sidecar", {}, "a.mcc", {"mcc"}, {}}};
        },
        {six, "caption-format fail", "caption-start inconclusive",
         "captions-not-empty inconclusive"}},
       {"captions in the picture",
        [](auto& e) {
          e.facts_.captions = {{"a53", 0, {}, {"cea608", "cea708"}, {}}};
        },
        {six}},
       {"captions embedded in QuickTime",
        [](auto& e) {
          e.facts_.container.format = "mov";
          picture(e).codec = "prores";
          picture(e).bit_rate = probes::BitRate{60'000'000, {}, {}};
          e.facts_.captions = {{"c608", 2, {}, {"cea608"}, {}}};
        },
        after("caption-carriage-quicktime fail")},
       {"a shape that neither 4:3 nor 16:9 gives",
        [](auto& e) { set_shape(e, 720, 480, Rational(3, 2)); }, first("sd-anamorphic fail")},
       {"anamorphic pixels in a square frame",
        [](auto& e) { set_shape(e, 1024, 576, Rational(16, 15)); }, first("sd-square-pixels fail")},
       {"anamorphic 16:9", [](auto& e) { set_shape(e, 720, 576, Rational(64, 45)); }, {six}},
       {"anamorphic 16:9 of 704 samples",
        [](auto& e) { set_shape(e, 720, 480, Rational(40, 33)); },
        {six}},
       {"a square frame", [](auto& e) { set_shape(e, 1024, 576, Rational(1)); }, {six}},
       {"a caption file that nothing reads yet",
        [](auto& e) {
          e.facts_.captions = {{"sidecar", {}, "a.srt", {"srt"}, {}}};
        },
        {six, "caption-start inconclusive", "captions-not-empty inconclusive"}}});
}

// Without picture rows the black runs are not known: the verdict waits.
TEST(RokuChannelVod, WaitsForWhatWasNotMeasured) {
  auto evidence = made_evidence();
  sound(evidence).codec = "pcm_s24le";
  const auto verdict = judge(evidence, built_in("roku-channel-vod"), {});
  EXPECT_EQ(verdict.verdict, VerdictKind::inconclusive);
  EXPECT_EQ(verdict.counts.manual, 9);
}

// 3:2 is no border of Roku's: a letterboxed picture is asked about, and only warned of.
TEST(RokuChannelVod, ALetterboxInStandardDefinitionWarnsAndIsAskedAbout) {
  auto evidence = roku();
  picture(evidence).video()->width = 720;
  picture(evidence).video()->height = 576;
  picture(evidence).video()->display_aspect = Rational(4, 3);
  const auto verdict = judge(evidence, built_in("roku-channel-vod"), {});
  EXPECT_NE(verdict.verdict, VerdictKind::fail);
  EXPECT_EQ(verdict.counts.manual, 10);
}

}  // namespace
}  // namespace cleangate::test
