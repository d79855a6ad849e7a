// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <functional>

#include "probes/picture/frame_time_row.h"
#include "probes/picture/luma.h"
#include "specs/requirement.h"
#include "tests/probes/picture/made_frame.h"
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

// Frames of stream `stream`, 25 a second: black and picture in turns, black first.
void set_picture(RowEvidence& evidence, int stream, const std::vector<int>& turns) {
  probes::FrameSweep sweep;
  const auto row_of = [&](const auto& luma) {
    const auto made = luma_frame(64, 36, 8, luma);
    sweep.run(made->frame);
    return probes::analyze_luma(sweep);
  };
  const auto black = row_of([](int, int) { return 16u; });
  const auto scene = row_of([](int x, int y) { return 40u + static_cast<std::uint32_t>(x + y); });
  std::vector<probes::LumaRow> rows;
  for (std::size_t i = 0; i < turns.size(); ++i)
    rows.insert(rows.end(), static_cast<std::size_t>(turns[i]), i % 2 == 0 ? black : scene);
  std::vector<probes::FrameTimeRow> times(rows.size());
  for (std::size_t i = 0; i < times.size(); ++i) {
    times[i].pts = static_cast<std::int64_t>(i) * 512;
    times[i].duration = 512;
  }
  evidence.set(RowEvidence::id<probes::LumaRow>(stream), rows);
  evidence.set(RowEvidence::id<probes::FrameTimeRow>(stream), times);
}

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

// What the document does not say is ours, and never rejects.
TEST(BuiltInProfiles, OurAdditionsAreGradedOwn) {
  int found = 0;
  for (const auto& entry : SpecLibrary({}).list())
    for (const auto& requirement : built_in(entry.id).requirements) {
      const std::string note = requirement->note.value_or("");
      const auto says = [&](const char* words) { return note.find(words) != std::string::npos; };
      if (!says("our reading") && !says("is ours") && !says("our border") && !says("never says") &&
          !says("names no") && !says("never counts"))
        continue;
      ++found;
      EXPECT_EQ(requirement->source.grade, Grade::own) << entry.id << " " << requirement->id;
    }
  EXPECT_GE(found, 20);
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
  EXPECT_THAT(told(silent, "ebu-r128"), ElementsAreArray({"programme-loudness fail"}));
}

// What is left of a damaged file must not stand for the whole: not by passing, and not by being too
// short or silent.
TEST(EbuR128, ADamagedFileNeverPasses) {
  const auto verdict = [](const RowEvidence& evidence) {
    return judge(evidence, built_in("ebu-r128"), {}).verdict;
  };
  auto truncated = tone(-23);
  truncated.facts_.container_damage = {{-1, {}, "The file ends 9 bytes before its mdat box does."}};
  EXPECT_EQ(verdict(truncated), VerdictKind::inconclusive);
  auto loud = tone(-15);
  loud.facts_.container_damage = truncated.facts_.container_damage;
  EXPECT_EQ(verdict(loud), VerdictKind::fail);

  auto torn = tone(-23);
  torn.facts_.decode.emplace();
  torn.facts_.decode->errors = {{0, 48000, "Invalid data found when processing input"}};
  EXPECT_EQ(verdict(torn), VerdictKind::inconclusive);
  torn.facts_.decode->errors.front().stream = 7;  // damage elsewhere says nothing of this sound
  EXPECT_EQ(verdict(torn), VerdictKind::pass);

  auto silent = tone(-200);
  EXPECT_EQ(verdict(silent), VerdictKind::fail);
  silent.facts_.container_damage = truncated.facts_.container_damage;
  EXPECT_EQ(verdict(silent), VerdictKind::inconclusive);
}

}  // namespace
}  // namespace cleangate::test
