// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <functional>

#include "specs/requirement.h"
#include "tests/specs/profile_text.h"
#include "tests/specs/quantities/sound_evidence.h"

namespace cleangate::test {
namespace {

using namespace specs;
using testing::ElementsAreArray;

Profile built_in(const std::string& id) {
  auto profile = SpecLibrary({}).load(id);
  EXPECT_TRUE(profile) << (profile ? "" : profile.error().message);
  return profile ? *profile : Profile{};
}

// "requirement outcome" of everything that is not pass, not_applicable or manual, in profile order.
std::vector<std::string> told(const RowEvidence& evidence, const std::string& id,
                              const OrderData& order = {}) {
  std::vector<std::string> lines;
  for (const Finding& finding : judge(evidence, built_in(id), order).findings)
    if (finding.outcome == Outcome::fail || finding.outcome == Outcome::inconclusive)
      lines.push_back(finding.requirement + " " + outcome(finding));
  return lines;
}

using Made = RowEvidence (*)();
struct Break {
  const char* what;
  std::function<void(RowEvidence&)> make;
  std::vector<std::string> told;  // the complete list
};

// Each breaks one thing of the conforming deliverable.
void check_breaks(const std::string& id, Made conforming, const std::vector<Break>& breaks) {
  for (const Break& one : breaks) {
    RowEvidence broken = conforming();
    one.make(broken);
    EXPECT_THAT(told(broken, id), ElementsAreArray(one.told)) << id << ": " << one.what;
  }
}

probes::StreamFacts& picture(RowEvidence& evidence) { return evidence.facts_.streams[0]; }
probes::StreamFacts& sound(RowEvidence& evidence) { return evidence.facts_.streams[1]; }
void no_sound(RowEvidence& evidence) {
  evidence.facts_.streams.pop_back();
  evidence.facts_.soundfields.clear();
}

TEST(BuiltInProfiles, FollowTheGrammarAndMakeSense) {
  const SpecLibrary library({});
  std::vector<std::string> ids;
  for (const auto& entry : library.list()) {
    ids.push_back(entry.id);
    EXPECT_TRUE(entry.valid) << entry.problem;
    const auto problems = library.lint(entry.id);
    ASSERT_TRUE(problems);
    for (const auto& problem : *problems) ADD_FAILURE() << to_string(problem);
  }
  EXPECT_THAT(ids, testing::IsSupersetOf(
                       {"ebu-r128", "roku-channel-vod", "x-upload", "youtube-upload-sdr"}));
}

// Tells what lacks a measurement, and never passes.
TEST(BuiltInProfiles, UnmeasuredEvidenceNeverPasses) {
  for (const auto& entry : SpecLibrary({}).list()) {
    const Profile profile = built_in(entry.id);
    RowEvidence nothing;
    EXPECT_NE(judge(nothing, profile, {}).verdict, VerdictKind::pass) << entry.id;
    for (const auto status : {probes::Status::unreadable, probes::Status::crashed}) {
      auto evidence = made_evidence();
      evidence.status_ = status;
      EXPECT_EQ(judge(evidence, profile, {}).verdict, VerdictKind::inconclusive) << entry.id;
    }
  }
}

TEST(BuiltInProfiles, EveryRequirementNamesItsSourceAndNoWeakOneRejects) {
  for (const auto& entry : SpecLibrary({}).list())
    for (const auto& requirement : built_in(entry.id).requirements) {
      EXPECT_FALSE(requirement->source.document.empty()) << requirement->id;
      EXPECT_TRUE(requirement->source.clause.has_value()) << requirement->id;
      const bool weak =
          requirement->source.grade == Grade::own || requirement->source.grade == Grade::community;
      if (weak) {
        EXPECT_NE(requirement->effective_severity, Severity::reject) << requirement->id;
      }
    }
}

RowEvidence roku() {
  auto evidence = made_evidence();
  sound(evidence).codec = "pcm_s24le";
  sound(evidence).audio()->bit_depth = 24;
  return evidence;
}

// The made evidence has no picture rows, so that black runs are not known: the verdict waits for
// them, and nothing else is told but the preference for eight channels.
TEST(RokuChannelVod, OneBrokenThingOneFinding) {
  const auto with = [](std::vector<std::string> before, std::vector<std::string> after = {}) {
    before.insert(before.end(), {"black-at-head inconclusive", "black-at-tail inconclusive",
                                 "black-inside inconclusive"});
    before.insert(before.end(), after.begin(), after.end());
    return before;
  };
  const std::string six = "channel-count-preferred fail";
  check_breaks(
      "roku-channel-vod", roku,
      {{"nothing", [](auto&) {}, with({}, {six})},
       {"a weak picture",
        [](auto& e) {
          picture(e).bit_rate = probes::BitRate{4'900'000, {}, {}};
        },
        with({"mezzanine fail"}, {six})},
       {"a wrong container", [](auto& e) { e.facts_.container.format = "avi"; },
        with({"mezzanine fail"}, {six})},
       {"two pictures",
        [](auto& e) {
          e.facts_.streams.push_back(picture(e));
          e.facts_.streams.back().index = 2;
        },
        with({"one-picture fail"}, {six})},
       {"an odd size", [](auto& e) { picture(e).video()->width = 1440; },
        with({"resolution fail"}, {six})},
       {"a wide frame", [](auto& e) { picture(e).video()->display_aspect = Rational(239, 100); },
        with({"hd-aspect fail"}, {six})},
       {"lossy sound", [](auto& e) { sound(e).codec = "aac"; },
        with({}, {six, "sound-codec fail"})},
       {"the rate of a CD", [](auto& e) { sound(e).audio()->sample_rate = 44100; },
        with({}, {six, "sample-rate fail"})},
       {"one channel", [](auto& e) { sound(e).audio()->channels = 1; },
        with({}, {"channel-count fail", six})},
       {"no sound", no_sound, with({}, {"sound-present fail"})},
       {"a space in the name", [](auto& e) { e.path_ = "/in/my film.mp4"; },
        with({}, {six, "file-name fail"})},
       {"a typographic quote", [](auto& e) { e.path_ = "/in/\u201cfilm\u201d.mp4"; },
        with({}, {six, "file-name fail"})},
       {"a caption format nobody takes",
        [](auto& e) {
          e.facts_.captions = {{"stream", 2, {}, {"dvb_subtitle"}, {}}};
        },
        with({}, {six, "caption-format fail"})}});
}

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
                {"other primaries",
                 [](auto& e) { picture(e).video()->color.primaries = ColorPrimaries::bt2020; },
                 one("color-primaries fail")},
                {"weak sound",
                 [](auto& e) {
                   sound(e).bit_rate = probes::BitRate{320'000, {}, {}};
                 },
                 one("sound-bit-rate-stereo fail")},
                {"the rate of a CD", [](auto& e) { sound(e).audio()->sample_rate = 44100; },
                 one("sample-rate fail")}});
  auto quarter = made_evidence();
  quarter.facts_.container.duration_s = Rational(901);
  EXPECT_THAT(told(quarter, "youtube-upload-sdr", {{"verified", "no"}}),
              ElementsAreArray({std::string("duration-unverified fail"), coding, level}));
}

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
       {"141 s", [](auto& e) { e.facts_.container.duration_s = Rational(141); }, {"duration fail"}},
       {"0.4 s",
        [](auto& e) { e.facts_.container.duration_s = Rational(2, 5); },
        {"duration fail"}},
       {"513 MB", [](auto& e) { e.facts_.bytes = 513'000'000; }, {"file-size fail"}},
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
  auto long_one = x_upload();
  long_one.facts_.container.duration_s = Rational(1200);
  EXPECT_TRUE(told(long_one, "x-upload", {{"route", "post"}}).empty());
}

// A 1 kHz sine of -23 dBFS in both channels is -23.0 LUFS (EBU Tech 3341, test 1).
RowEvidence tone(double level) {
  Sound made = silence(48000, 2, 0);
  add_tone(made, 20, 1000, {level, level});
  auto evidence = evidence_of(made);
  evidence.facts_.soundfields[0].grouping = probes::Grouping::container;
  return evidence;
}

TEST(EbuR128, TargetToleranceAndPeak) {
  EXPECT_EQ(judge(tone(-23), built_in("ebu-r128"), {}).verdict, VerdictKind::pass);
  EXPECT_THAT(told(tone(-23.5), "ebu-r128"), ElementsAreArray({"programme-loudness fail"}));
  EXPECT_THAT(told(tone(-23.5), "ebu-r128", {{"live", "yes"}}), testing::IsEmpty());
  EXPECT_THAT(told(tone(-21.5), "ebu-r128", {{"live", "yes"}}),
              ElementsAreArray({"programme-loudness-live fail"}));
  EXPECT_THAT(told(tone(-0.5), "ebu-r128"),
              ElementsAreArray({"programme-loudness fail", "true-peak fail"}));
  RowEvidence silent = evidence_of(silence(48000, 2, 5));
  silent.facts_.soundfields[0].grouping = probes::Grouping::container;
  EXPECT_EQ(judge(silent, built_in("ebu-r128"), {}).verdict, VerdictKind::fail);
}

}  // namespace
}  // namespace cleangate::test
