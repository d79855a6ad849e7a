// SPDX-License-Identifier: Apache-2.0
#include "tests/specs/profiles/broken_deliverable.h"

namespace cleangate::test {
namespace {

RowEvidence x_upload() {
  auto evidence = made_evidence();
  picture(evidence).video()->width = 1280;
  picture(evidence).video()->height = 720;
  picture(evidence).video()->frame_rate = Rational(30);
  return evidence;
}

TEST(XUpload, OneBrokenThingOneFinding) {
  check_breaks(
      "x-upload", x_upload,
      {{"nothing", [](auto&) {}, {}},
       {"20 minutes and a frame",
        [](auto& e) { e.facts_.container.duration_s = Rational(1200) + Rational(1, 30); },
        {"duration fail"}},
       {"0.4 s",
        [](auto& e) { e.facts_.container.duration_s = Rational(2, 5); },
        {"duration fail"}},
       {"8 GB and a byte", [](auto& e) { e.facts_.bytes = 8'000'000'001; }, {"file-size fail"}},
       {"another container",
        [](auto& e) { e.facts_.container.format = "matroska"; },
        {"container fail"}},
       {"61 fps",
        [](auto& e) { picture(e).video()->frame_rate = Rational(61); },
        {"frame-rate fail", "frame-rate-recommended fail"}},
       {"interlace",
        [](auto& e) { picture(e).video()->scan = probes::Scan::interlaced; },
        {"scan fail"}},
       {"4:2:2",
        [](auto& e) { picture(e).video()->chroma = std::string("4:2:2"); },
        {"chroma fail"}},
       {"an open GOP",
        [](auto& e) { (*picture(e).video()->gop).closed = false; },
        {"closed-gop fail"}},
       {"oblong pixels",
        [](auto& e) { picture(e).video()->pixel_aspect = Rational(4, 3); },
        {"pixel-aspect fail"}},
       {"a ribbon",
        [](auto& e) { picture(e).video()->display_aspect = Rational(31, 10); },
        {"aspect fail"}},
       {"a wide frame", [](auto& e) { picture(e).video()->width = 1282; }, {"most-width fail"}},
       {"a weak picture",
        [](auto& e) {
          picture(e).bit_rate = probes::BitRate{4'999'999, {}, {}};
        },
        {"bit-rate fail"}},
       {"HE-AAC",
        [](auto& e) { sound(e).profile = std::string("HE-AAC"); },
        {"sound-profile fail"}},
       {"5.1", [](auto& e) { sound(e).audio()->channels = 6; }, {"sound-channels fail"}},
       {"no sound", no_sound, {}}});
  EXPECT_EQ(judge(x_upload(), built_in("x-upload"), {}).verdict, VerdictKind::pass);
  auto sound_alone = x_upload();  // there is nothing that could be 4:2:0, as the document demands
  sound_alone.facts_.streams.erase(sound_alone.facts_.streams.begin());
  EXPECT_EQ(judge(sound_alone, built_in("x-upload"), {}).verdict, VerdictKind::fail);
  auto long_one = x_upload();
  long_one.facts_.container.duration_s = Rational(1200);
  EXPECT_TRUE(told(long_one, "x-upload").empty());
  EXPECT_TRUE(told(long_one, "x-upload", {{"route", "post"}}).empty());
  EXPECT_THAT(told(long_one, "x-upload", {{"route", "dm"}}),
              ElementsAreArray({"duration-dm fail"}));
  EXPECT_THAT(told(long_one, "x-upload", {{"route", "dm-premium"}}),
              ElementsAreArray({"duration-dm-premium fail"}));
  auto large = x_upload();
  large.facts_.bytes = 512'000'001;
  EXPECT_TRUE(told(large, "x-upload").empty());
  EXPECT_THAT(told(large, "x-upload", {{"route", "dm"}}), ElementsAreArray({"file-size-dm fail"}));
}

}  // namespace
}  // namespace cleangate::test
