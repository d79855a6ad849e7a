// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/row_evidence.h"

namespace cleangate::test {

// A plain, conforming upload as facts: MP4, H.264 1920x1080p25 at 9 Mb/s, AAC stereo, 60 s, all
// voices known at depth decode. Tests break one thing of it.
[[nodiscard]] inline probes::AssetFacts made_facts() {
  probes::AssetFacts facts;
  facts.depth = probes::Depth::decode;
  facts.bytes = 70'000'000;
  facts.container.format = "mp4";
  facts.container.brand = std::string("isom");
  facts.container.duration_s = Rational(60);
  facts.container.bit_rate = std::int64_t{9'400'000};
  facts.container.fast_start = true;
  facts.container.edit_lists = false;
  facts.decode.emplace();

  probes::StreamFacts picture;
  picture.index = 0;
  picture.kind = probes::StreamKind::video;
  picture.codec = "h264";
  picture.profile = std::string("High");
  picture.level = std::string("4.1");
  picture.bit_rate = probes::BitRate{9'000'000, std::int64_t{10'000'000}, {}};
  picture.start_s = Rational(0);
  picture.duration_s = Rational(60);
  probes::VideoFacts video;
  video.frame_count = std::int64_t{1500};
  video.width = 1920;
  video.height = 1080;
  video.pixel_aspect = Rational(1);
  video.display_aspect = Rational(16, 9);
  video.frame_rate = Rational(25);
  video.frame_rate_mode = probes::RateMode::constant;
  video.scan = probes::Scan::progressive;
  video.chroma = std::string("4:2:0");
  video.bit_depth = 8;
  video.color = {ColorPrimaries::bt709, TransferCharacteristics::bt709, MatrixCoefficients::bt709,
                 SignalRange::narrow};
  video.gop = probes::Gop{12, Rational(12), 2, true, false};
  picture.media = video;
  facts.streams.push_back(picture);

  probes::StreamFacts sound;
  sound.index = 1;
  sound.kind = probes::StreamKind::audio;
  sound.codec = "aac";
  sound.profile = std::string("LC");
  sound.bit_rate = probes::BitRate{384'000, std::int64_t{384'000}, {}};
  sound.start_s = Rational(0);
  sound.duration_s = Rational(60);
  probes::AudioFacts audio;
  audio.channels = 2;
  audio.sample_rate = 48000;
  audio.channel_layout = std::string("stereo");
  sound.media = audio;
  facts.streams.push_back(sound);

  probes::Soundfield field;
  field.layout = "2.0";
  field.channels = {{1, 0, "L"}, {1, 1, "R"}};
  field.grouping = probes::Grouping::container;
  facts.soundfields.push_back(field);
  return facts;
}

[[nodiscard]] inline RowEvidence made_evidence() {
  RowEvidence evidence;
  evidence.path_ = "/masters/film.mp4";
  evidence.facts_ = made_facts();
  return evidence;
}

}  // namespace cleangate::test
