// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "probes/facts.h"

namespace cleangate::probes {
namespace {

using Json = nlohmann::json;

StreamFacts picture() {
  StreamFacts stream;
  stream.kind = StreamKind::video;
  stream.native_id = "1";
  stream.codec = "hevc";
  stream.profile = std::string("Main 10");
  stream.level = Fact<std::string>::unknown();
  stream.codec_tag = std::string("hvc1");
  stream.time_base = Rational(1, 24000);
  stream.start_s = Rational(1001, 24000);
  stream.duration_s = Rational(1, 3);
  stream.bit_rate = BitRate{20'000'000, std::int64_t{25'000'000}, BitRateMode::variable};
  stream.essence_digest = Sha256{{1, 2, 3}};
  stream.essence_hint = Sha256{{4, 5, 6}};
  VideoFacts video;
  video.frame_count = std::int64_t{8};
  video.width = 3840;
  video.height = 2160;
  video.pixel_aspect = Rational(1);
  video.frame_rate = Rational(24000, 1001);
  video.frame_rate_mode = RateMode::constant;
  video.rate_deviations = {{3, 5}};
  video.scan = Scan::progressive;
  video.chroma = std::string("4:2:0");
  video.bit_depth = 10;
  video.color = {ColorPrimaries::bt2020, TransferCharacteristics::smpte2084,
                 MatrixCoefficients::bt2020nc, SignalRange::narrow};
  video.clean_aperture =
      CleanAperture{Rational(3800), Rational(2100), Rational(-1, 2), Rational(0)};
  Hdr hdr;
  hdr.formats = {"hdr10", "dolby_vision"};
  hdr.mastering = MasteringDisplay{{35400, 14600}, {8500, 39850}, {6550, 2300}, {15635, 16450}, 1,
                                   10'000'000,     "bitstream"};
  hdr.content_light = ContentLight{1000, 400};
  hdr.dolby_vision = DolbyVision{8, 6, 1, true, false, true};
  video.hdr = hdr;
  video.gop = Gop{48, Rational(95, 2), 3, false, false};
  stream.media = video;
  return stream;
}

AssetFacts rich() {
  AssetFacts facts;
  facts.depth = Depth::decode;
  facts.bytes = 123'456'789'012;
  facts.content_id = Sha256{{0xAB}};
  facts.digests = {{"md5", "00ff"}};
  facts.container.format = "mov";
  facts.container.brand = std::string("qt  ");
  facts.container.duration_s = Rational(1001, 3000);
  facts.container.bit_rate = Fact<std::int64_t>::unknown();
  facts.container.fast_start = true;
  facts.streams.push_back(picture());
  StreamFacts sound;
  sound.index = 1;
  sound.kind = StreamKind::audio;
  sound.codec = "pcm_s24le";
  sound.language = std::string("es-419");
  AudioFacts audio;
  audio.channels = 6;
  audio.channel_labels = {"L", "R", "C", "LFE", "Ls", "Rs"};
  audio.sample_rate = 48000;
  audio.bit_depth = 24;
  sound.media = audio;
  facts.streams.push_back(sound);
  StreamFacts other;
  other.index = 2;
  other.kind = StreamKind::timecode;
  facts.streams.push_back(other);
  TimecodeFacts timecode;
  timecode.start = std::string("01:00:00;00");
  timecode.rate = Rational(30000, 1001);
  timecode.drop_frame = true;
  timecode.discontinuities = {{100, "01:00:03;10", "01:00:03;12"}};
  timecode.primary = true;
  timecode.primary_because = "the timecode track is what a MOV player shows";
  facts.timecodes.push_back(timecode);
  facts.soundfields.push_back(
      {1, "5.1", {{1, 0, "L"}, {1, 1, "R"}}, "es-419", "main", Grouping::container});
  CaptionFacts captions;
  captions.carriage = "a53";
  captions.stream = 0;
  captions.standards = {"cea608"};
  captions.services = {{"CC1", std::nullopt, Fact<std::int64_t>::unknown(), Rational(1, 2), {}}};
  facts.captions.push_back(captions);
  facts.conflicts = {
      {"streams[0].scan", {{"bitstream", "progressive"}, {"container", "interlaced"}}}};
  facts.decode =
      DecodeFacts{8, 1, {{0, 3, "error while decoding MB 3 4"}}, 1, "libavcodec 59.37.100"};
  facts.container_damage = {{-1, std::nullopt, "The file ends 12 bytes before its mdat box does."}};
  return facts;
}

TEST(FactsJson, NothingIsLostOnTheWay) {
  const AssetFacts facts = rich();
  const auto back = facts_from_json(to_json(facts));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, facts);
}

TEST(FactsJson, SpeaksTheContract) {
  const Json json = Json::parse(to_json(rich()));
  EXPECT_EQ(json["content_id"], "sha256:ab" + std::string(62, '0'));
  EXPECT_EQ(json["container"]["format"], "mov");
  EXPECT_EQ(json["container"]["duration_s"], 0.333667);
  EXPECT_TRUE(json["container"]["bit_rate"].is_null());
  EXPECT_FALSE(json["container"].contains("operational_pattern"));
  const Json& video = json["streams"][0];
  EXPECT_EQ(video["kind"], "video");
  EXPECT_EQ(video["frame_rate"], "24000/1001");
  EXPECT_EQ(video["pixel_aspect"], "1/1");
  EXPECT_EQ(video["start_s"], 0.041708);
  EXPECT_TRUE(video["level"].is_null());
  EXPECT_EQ(video["color"]["transfer"], "smpte2084");
  EXPECT_EQ(video["hdr"]["mastering"]["luminance_max"], 1000.0);
  EXPECT_EQ(video["hdr"]["mastering"]["primaries"]["red"]["x"], 0.708);
  EXPECT_EQ(video["hdr"]["max_cll"], 1000);
  EXPECT_FALSE(video.contains("field_order"));
  EXPECT_EQ(json["streams"][1]["channel_labels"][3], "LFE");
  EXPECT_FALSE(json["streams"][1].contains("data"));
  EXPECT_EQ(json["timecodes"][0]["source"], "tmcd");
  EXPECT_EQ(json["decode"]["damaged_frames"], 1);
}

TEST(FactsJson, WhatAHeaderCannotTellIsNullAndNotAnEmptyList) {
  AssetFacts facts;
  EXPECT_TRUE(Json::parse(to_json(facts))["captions"].is_null());
  facts.depth = Depth::packets;
  EXPECT_EQ(Json::parse(to_json(facts))["captions"], Json::array());
}

TEST(FactsJson, BytesThatAreNotUtf8DoNotBreakTheDocument) {
  AssetFacts facts = rich();
  facts.streams[0].codec = "h\xFF\n264";
  const auto back = facts_from_json(to_json(facts));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->streams[0].codec, "h\xEF\xBF\xBD\n264");
}

struct Wrong {
  const char* what;
  Json::json_pointer where;
  Json value;
};

TEST(FactsJson, UntrustedTextIsChecked) {
  const Json good = Json::parse(to_json(rich()));
  const std::vector<Wrong> wrongs{
      {"an unknown key", "/surprise"_json_pointer, 1},
      {"a word of no meaning", "/streams/0/kind"_json_pointer, "smell"},
      {"a fraction without a bottom", "/streams/0/frame_rate"_json_pointer, "25/0"},
      {"a number for a text", "/container/format"_json_pointer, 7},
      {"a text for a number", "/streams/0/width"_json_pointer, "1920"},
      {"a width of nothing", "/streams/0/width"_json_pointer, 0},
      {"a width beyond int", "/streams/0/width"_json_pointer, 99999999999},
      {"bytes beyond 63 bits", "/streams/0/frame_count"_json_pointer, 18446744073709551615u},
      {"a digest of another length", "/content_id"_json_pointer, "sha256:00"},
      {"an object for a list", "/streams"_json_pointer, Json::object()},
      {"a color of no standard", "/streams/0/color/matrix"_json_pointer, "mauve"},
      {"an exact time without its fellow", "/streams/0/start"_json_pointer, Json()}};
  for (const Wrong& wrong : wrongs) {
    Json altered = good;
    if (wrong.value.is_null())
      altered["streams"][0].erase("start");
    else
      altered[wrong.where] = wrong.value;
    EXPECT_FALSE(facts_from_json(altered.dump())) << wrong.what;
  }
  Json many = good;
  for (int i = 0; i < 5000; ++i) many["streams"].push_back(good["streams"][2]);
  EXPECT_FALSE(facts_from_json(many.dump()));
  EXPECT_FALSE(facts_from_json(std::string(100'000, '[')));
  // A key is looked for among a million others as fast as among ten, and no more are kept.
  std::string keys = "{\"k\":0";
  for (int i = 0; i < 1'000'000; ++i) keys += ",\"" + std::to_string(i) + "\":0";
  EXPECT_FALSE(facts_from_json(keys + "}"));
  EXPECT_FALSE(facts_from_json(""));
}

TEST(FactsJson, FlippedBytesNeverCrash) {
  const std::string good = to_json(rich());
  std::mt19937 random(1);
  for (int i = 0; i < 3000; ++i) {
    std::string altered = good;
    for (int k = 0; k < 3; ++k) altered[random() % altered.size()] = static_cast<char>(random());
    static_cast<void>(facts_from_json(altered));
  }
}

}  // namespace
}  // namespace cleangate::probes
