// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "probes/facts/format_changes.h"
#include "tests/specs/quantities/ask.h"

namespace cleangate::test {
namespace {

probes::StreamFacts& stream_of(RowEvidence& evidence, probes::StreamKind kind) {
  for (probes::StreamFacts& stream : evidence.facts_.streams)
    if (stream.kind == kind) return stream;
  throw std::logic_error("no such stream");
}

void change(RowEvidence& evidence, int stream, const std::vector<probes::PictureFormat>& formats) {
  evidence.facts_.conflicts.push_back(*probes::format_conflict(stream, formats));
}

TEST(FormatParts, EveryFormOfThePictureIsReadAndNonePassesForTheWhole) {
  auto evidence = made_evidence();
  probes::StreamFacts& stream = stream_of(evidence, probes::StreamKind::video);
  probes::VideoFacts& video = *stream.video();
  video.width = 1920;
  video.height = 1080;
  video.pixel_aspect = Rational(1);
  video.bit_depth = 10;
  change(evidence, stream.index,
         {{0, 1920, 1080, "4:2:2", 10}, {50, 1280, 720, "4:2:0", 8}, {75, 640, 480, {}, {}}});
  const auto sizes = ask("video.resolution", evidence);
  ASSERT_EQ(sizes.size(), 3u);
  EXPECT_EQ(std::get<specs::Scalar>(sizes[0].value), specs::Scalar(std::string("1920x1080")));
  EXPECT_EQ(std::get<specs::Scalar>(sizes[1].value), specs::Scalar(std::string("1280x720")));
  EXPECT_EQ(std::get<specs::Scalar>(sizes[2].value), specs::Scalar(std::string("640x480")));
  for (const specs::Reading& size : sizes) {
    EXPECT_EQ(size.subject.index, stream.index);
    EXPECT_EQ(size.tainted_because,
              "Stream " + std::to_string(stream.index) + " changes its format at frame 50.");
  }
  EXPECT_EQ(std::get<specs::Scalar>(ask("video.bit_depth", evidence)[1].value),
            specs::Scalar(Rational(8)));
  const auto displays = ask("video.display_aspect", evidence);
  ASSERT_EQ(displays.size(), 2u);  // 16:9 twice, then
  EXPECT_EQ(std::get<specs::Scalar>(displays[1].value), specs::Scalar(Rational(4, 3)));
  EXPECT_EQ(displays[1].tainted_because,
            "Stream " + std::to_string(stream.index) + " changes its format at frame 75.");
}

TEST(FormatParts, WhatNoChangeAltersIsToldOfTheWhole) {
  auto evidence = made_evidence();
  probes::StreamFacts& stream = stream_of(evidence, probes::StreamKind::video);
  std::vector<probes::PictureFormat> formats{{0, 1920, 1080, "4:2:0", 8},
                                             {50, 1280, 720, "4:2:0", 8}};
  change(evidence, stream.index, formats);
  const auto chroma = ask("video.chroma", evidence);
  ASSERT_EQ(chroma.size(), 1u);
  EXPECT_FALSE(chroma[0].tainted_because);
  EXPECT_TRUE(chroma[0].where.empty());
  // Of a stream that changes all the time the rest is not known.
  formats.clear();
  for (std::size_t i = 0; i < probes::kFormatsKept; ++i)
    formats.push_back({static_cast<std::int64_t>(i), i % 2 ? 1920 : 1280, 720, "4:2:0", 8});
  evidence.facts_.conflicts.clear();
  change(evidence, stream.index, formats);
  ASSERT_EQ(ask("video.chroma", evidence).size(), 1u);
  EXPECT_TRUE(ask("video.chroma", evidence)[0].tainted_because);
}

constexpr ColorDescription kSdr{ColorPrimaries::bt709, TransferCharacteristics::bt709,
                                MatrixCoefficients::bt709, SignalRange::narrow};
constexpr ColorDescription kPq{ColorPrimaries::bt2020, TransferCharacteristics::smpte2084,
                               MatrixCoefficients::bt2020nc, SignalRange::full};

// The texts of a quantity, one a part; "-" where it has none.
std::vector<std::string> texts(const std::string& id, const RowEvidence& evidence) {
  std::vector<std::string> out;
  for (const specs::Reading& reading : ask(id, evidence)) {
    const auto* value = std::get_if<specs::Scalar>(&reading.value);
    const auto* text = value ? std::get_if<std::string>(value) : nullptr;
    out.push_back(text ? *text : "-");
  }
  return out;
}

using Texts = std::vector<std::string>;

TEST(FormatParts, EveryFormHasItsColorProfileAndShape) {
  auto evidence = made_evidence();
  probes::StreamFacts& stream = stream_of(evidence, probes::StreamKind::video);
  probes::VideoFacts& video = *stream.video();
  video.color = kSdr;
  video.hdr = {};
  const auto i = stream.index;
  change(evidence, i,
         {{0, 720, 576, "4:2:0", 8, "Main", kSdr, Rational(16, 15)},
          {50, 720, 576, "4:2:0", 8, "Main", kPq, Rational(64, 45)},
          {75, 720, 576, "4:2:0", 8, {}, ColorDescription{}, {}}});
  EXPECT_EQ(texts("video.color_primaries", evidence), (Texts{"bt709", "bt2020", "unspecified"}));
  EXPECT_EQ(texts("video.color_transfer", evidence), (Texts{"bt709", "smpte2084", "unspecified"}));
  EXPECT_EQ(texts("video.color_matrix", evidence), (Texts{"bt709", "bt2020nc", "unspecified"}));
  EXPECT_EQ(texts("video.color_range", evidence), (Texts{"narrow", "full", "unspecified"}));
  EXPECT_EQ(texts("video.hdr", evidence), (Texts{"sdr", "pq10", "sdr"}));
  EXPECT_EQ(texts("video.profile", evidence), (Texts{"Main", "-"}));
  const auto pixels = ask("video.pixel_aspect", evidence);
  const auto displays = ask("video.display_aspect", evidence);
  ASSERT_EQ(pixels.size(), 3u);
  EXPECT_EQ(std::get<specs::Scalar>(pixels[1].value), specs::Scalar(Rational(64, 45)));
  EXPECT_TRUE(std::holds_alternative<specs::Absent>(pixels[2].value));
  EXPECT_EQ(std::get<specs::Scalar>(displays[0].value), specs::Scalar(Rational(4, 3)));
  EXPECT_EQ(std::get<specs::Scalar>(displays[1].value), specs::Scalar(Rational(16, 9)));
  EXPECT_TRUE(std::holds_alternative<specs::Absent>(displays[2].value));
}

// The mastering display and the light levels are the whole stream's; so is what follows from them.
TEST(FormatParts, MetadataIsTheWholeStreams) {
  auto evidence = made_evidence();
  probes::StreamFacts& stream = stream_of(evidence, probes::StreamKind::video);
  stream.video()->color = kSdr;
  probes::Hdr hdr;
  hdr.content_light = probes::ContentLight{1000, 400};
  hdr.formats = {"hdr10plus"};
  stream.video()->hdr = hdr;
  change(evidence, stream.index,
         {{0, 1920, 1080, {}, {}, {}, kSdr, {}}, {50, 1920, 1080, {}, {}, {}, kPq, {}}});
  EXPECT_EQ(texts("video.hdr", evidence), (Texts{"hdr10plus", "hdr10+hdr10plus"}));
  EXPECT_EQ(ask("video.max_cll", evidence).size(), 1u);
}

// As they were told before color, profile and shape of the pixels were: of those the whole speaks.
TEST(FormatParts, OlderFormsLeaveTheRestToTheWhole) {
  auto evidence = made_evidence();
  probes::StreamFacts& stream = stream_of(evidence, probes::StreamKind::video);
  stream.profile = std::string("High");
  stream.video()->color = kPq;
  stream.video()->pixel_aspect = Rational(1);
  evidence.facts_.conflicts.push_back(
      {"streams[" + std::to_string(stream.index) + "].format",
       {{"frame 0", "1920x1080 4:2:0 8 bit"}, {"frame 9", "1280x720 4:2:0 8 bit"}}});
  EXPECT_EQ(texts("video.color_transfer", evidence), (Texts{"smpte2084"}));
  EXPECT_EQ(texts("video.profile", evidence), (Texts{"High"}));
  EXPECT_EQ(number("video.display_aspect", evidence), Rational(16, 9));
}

TEST(FormatParts, WhereAPartLiesIsToldOnAConstantGrid) {
  auto evidence = made_evidence();
  probes::StreamFacts& stream = stream_of(evidence, probes::StreamKind::video);
  probes::VideoFacts& video = *stream.video();
  stream.start_s = Rational(1);
  video.frame_rate = Rational(25);
  video.frame_rate_mode = probes::RateMode::constant;
  video.frame_count = 100;
  change(evidence, stream.index, {{0, 1920, 1080, "4:2:2", 10}, {50, 1280, 720, "4:2:0", 8}});
  const auto sizes = ask("video.width", evidence);
  ASSERT_EQ(sizes.size(), 2u);
  ASSERT_EQ(sizes[1].where.size(), 1u);
  EXPECT_EQ(sizes[1].where[0].first_frame, 50);
  EXPECT_EQ(sizes[1].where[0].end_frame, 100);
  EXPECT_EQ(sizes[1].where[0].start_s, Rational(3));
  EXPECT_EQ(sizes[1].where[0].end_s, Rational(5));
  video.frame_rate_mode = probes::RateMode::variable;
  EXPECT_TRUE(ask("video.width", evidence)[1].where.empty());
}

TEST(FormatParts, EveryFormOfTheSoundIsReadAndNonePassesForTheWhole) {
  auto evidence = made_evidence();
  probes::StreamFacts& stream = stream_of(evidence, probes::StreamKind::audio);
  probes::AudioFacts& audio = *stream.audio();
  audio.channels = 2;
  audio.sample_rate = 48000;
  audio.channel_layout = std::string("stereo");
  evidence.facts_.conflicts.push_back(*probes::format_conflict(
      stream.index, std::vector<probes::SoundFormat>{{0, 2, 48000}, {96000, 6, 48000}}));
  const auto channels = ask("audio.channels", evidence);
  ASSERT_EQ(channels.size(), 2u);
  EXPECT_EQ(std::get<specs::Scalar>(channels[1].value), specs::Scalar(Rational(6)));
  EXPECT_TRUE(channels[0].tainted_because && channels[1].tainted_because);
  const auto layouts = ask("audio.channel_layout", evidence);
  EXPECT_TRUE(std::holds_alternative<specs::Absent>(layouts[1].value));
  EXPECT_EQ(std::get<specs::Scalar>(ask("audio.sample_rate", evidence)[1].value),
            specs::Scalar(Rational(48000)));
}

}  // namespace
}  // namespace cleangate::test
