// SPDX-License-Identifier: Apache-2.0
#include "tests/specs/profiles/broken_deliverable.h"

namespace cleangate::test {
namespace {

TEST(YoutubeUploadSdr, OneBrokenThingOneFinding) {
  const std::string coding = "entropy-coding inconclusive", level = "loudness inconclusive";
  const auto one = [&](const std::string& finding) {
    return std::vector<std::string>{coding, finding, level};
  };
  const auto before = [&](const std::string& finding) {
    return std::vector<std::string>{finding, coding, level};
  };
  check_breaks("youtube-upload-sdr", made_evidence,
               {{"nothing", [](auto&) {}, {coding, level}},
                {"256 GB and a byte", [](auto& e) { e.facts_.bytes = 256'000'000'001; },
                 before("file-size fail")},
                {"twelve hours and a frame",
                 [](auto& e) { e.facts_.container.duration_s = Rational(43200) + Rational(1, 25); },
                 before("duration fail")},
                {"another container", [](auto& e) { e.facts_.container.format = "mov"; },
                 before("container fail")},
                {"edit lists", [](auto& e) { e.facts_.container.edit_lists = true; },
                 before("no-edit-lists fail")},
                {"the index at the end", [](auto& e) { e.facts_.container.fast_start = false; },
                 before("fast-start fail")},
                {"another profile", [](auto& e) { picture(e).profile = std::string("Main"); },
                 before("codec-profile fail")},
                {"three B pictures", [](auto& e) { (*picture(e).video()->gop).b_frames_max = 3; },
                 one("b-frames fail")},
                {"an open GOP", [](auto& e) { (*picture(e).video()->gop).closed = false; },
                 one("closed-gop fail")},
                {"a long GOP", [](auto& e) { (*picture(e).video()->gop).length_max = 14; },
                 one("gop-duration fail")},
                {"interlace", [](auto& e) { picture(e).video()->scan = probes::Scan::interlaced; },
                 one("scan fail")},
                {"4:2:2", [](auto& e) { picture(e).video()->chroma = std::string("4:2:2"); },
                 one("chroma fail")},
                {"a weak picture",
                 [](auto& e) {
                   picture(e).bit_rate = probes::BitRate{7'999'999, {}, {}};
                 },
                 one("bit-rate-1080p fail")},
                {"an upright picture, as weak",
                 [](auto& e) {
                   std::swap(picture(e).video()->width, picture(e).video()->height);
                   picture(e).bit_rate = probes::BitRate{7'999'999, {}, {}};
                 },
                 one("bit-rate-1080p fail")},
                {"other primaries",
                 [](auto& e) { picture(e).video()->color.primaries = ColorPrimaries::bt2020; },
                 one("color-primaries fail")},
                {"weak sound",
                 [](auto& e) {
                   sound(e).bit_rate = probes::BitRate{320'000, {}, {}};
                 },
                 one("sound-bit-rate-stereo fail")},
                {"sound a little under its name",
                 [](auto& e) {
                   sound(e).bit_rate = probes::BitRate{383'996, {}, {}};
                 },
                 {coding, level}},
                {"the rate of a CD", [](auto& e) { sound(e).audio()->sample_rate = 44100; },
                 one("sample-rate fail")}});
  auto quarter = made_evidence();
  quarter.facts_.container.duration_s = Rational(901);
  EXPECT_THAT(told(quarter, "youtube-upload-sdr", {{"verified", "no"}}),
              ElementsAreArray({std::string("duration-unverified fail"), coding, level}));
}

}  // namespace
}  // namespace cleangate::test
