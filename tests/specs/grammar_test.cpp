// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "specs/requirement.h"
#include "tests/specs/profile_text.h"

namespace cleangate::test {
namespace {

using testing::HasSubstr;

struct Mistake {
  const char* inside;  // of the requirement
  const char* told;    // after "made.yaml:8: requirements[r]"
};

class RuleMistakes : public testing::TestWithParam<Mistake> {};

TEST_P(RuleMistakes, AreToldWithFileLineKeyAndWhatIsAllowed) {
  EXPECT_THAT(error_of(made_profile(rule(GetParam().inside))),
              HasSubstr(std::string("made.yaml:8: requirements[r]") + GetParam().told));
}

INSTANTIATE_TEST_SUITE_P(
    Grammar, RuleMistakes,
    testing::Values(
        Mistake{"quantity: video.framerate, equals: 25",
                ".quantity: 'video.framerate' is not a quantity; did you mean 'video.frame_rate'?"},
        Mistake{"quantity: video.frame_rate, eqals: 25",
                ".eqals: unknown key; did you mean 'equals'?; allowed: id, "},
        Mistake{"quantity: video.frame_rate", ": has no operator; allowed: equals, not, in, "},
        Mistake{"quantity: video.frame_rate, min: 24, max: 30",
                ": has more than one operator: min, max; keep one (between takes two limits)"},
        Mistake{"quantity: video.frame_rate, equals: 25 Hz",
                ".equals: '25 Hz' has the wrong unit; allowed: fps"},
        Mistake{"quantity: video.frame_rate, equals: 23.976",
                ".equals: '23.976' is not a frame rate; write 24000/1001"},
        Mistake{"quantity: file.duration, max: 30",
                ".max: '30' lacks a unit; allowed: s, ms, min, h, frames, or a timecode"},
        Mistake{"quantity: file.duration, max: 3 parsecs",
                ".max: 'parsecs' is not a unit; allowed: s, ms, min, h, frames"},
        Mistake{"quantity: video.codec, max: h264",
                ".max: does not apply to video.codec, which is a text; allowed: equals, not, "},
        Mistake{"quantity: video.scan, equals: progresive",
                ".equals: 'progresive' never occurs, did you mean 'progressive'; allowed: "
                "progressive, interlaced, mixed"},
        Mistake{"quantity: video.codec, matches: '^(a'",
                ".matches: is not a pattern: at 1: a '(' without its ')'"},
        Mistake{"quantity: video.codec, matches: 'a*?'",
                ".matches: is not a pattern: at 2: lazy quantifiers are not supported"},
        Mistake{"quantity: video.codec, in: []", ".in: wants a list of at least one value"},
        Mistake{"quantity: video.height, between: [1080, 720]",
                ".between: the lower limit stands first: nothing can meet this one"},
        Mistake{"quantity: video.height, between: [1080]", ".between: wants a list of 2 values"},
        Mistake{"quantity: video.height, min: 720, tolerance: 1",
                ".tolerance: stands only beside equals with a number"},
        Mistake{"quantity: video.height, equals: 720, tolerance: -1", ".tolerance: is below zero"},
        Mistake{"quantity: video.height, equals: 720, longer_than: 2 s",
                ".longer_than: stands only with a quantity of runs in time"},
        Mistake{"quantity: picture.black, expect: nothing",
                ".expect: 'nothing' is unknown; allowed: none, some"},
        Mistake{"quantity: picture.black, expect: none, longer_than: 3 s, shorter_than: 2 s",
                ".shorter_than: is not above longer_than"},
        Mistake{"quantity: picture.black, count: {min: 3, max: 2}",
                ".count: min is above max: nothing can meet it"},
        Mistake{"quantity: video.height, multiple_of: 0", ".multiple_of: is not above zero"},
        Mistake{"quantity: video.codec, present: false", ".present: allowed: true"},
        Mistake{"quantity: container.fast_start, equals: maybe",
                ".equals: 'maybe' is not a flag; allowed: true, false"},
        Mistake{"quantity: timecode.start, equals: '10:00:00'",
                ".equals: '10:00:00' is not a timecode; allowed: hh:mm:ss:ff, hh:mm:ss;ff"},
        Mistake{"quantity: video.codec, equals: h264, with: {level: 5 %}",
                ".with.level: video.codec has no parameters"},
        Mistake{"quantity: picture.dead_pixels, max: 0, with: {level: 3 %}",
                ".with.level: '3 %' is below what can be told; allowed: 5.5 % at least"},
        Mistake{"quantity: picture.line_dropouts, expect: none, with: {share: 90 %}",
                ".with.share: '90 %' is above what can be told; allowed: 25 % to 75 %"},
        Mistake{"quantity: video.codec, equals: h264, region: programme",
                ".region: video.codec is a fact of the whole file and knows no region"},
        Mistake{"quantity: loudness.integrated, max: -23 LUFS, region: middle",
                ".region: is not a region; allowed: file, programme, head, tail, part N"},
        Mistake{"quantity: video.codec, equals: h264, for: {each: soundfield}",
                ".for.each: video.codec is not asked of that; allowed: video"},
        Mistake{"quantity: file.bytes, max: 1 GB, for: {each: video}",
                ".for.each: file.bytes is asked of the whole file"},
        Mistake{"quantity: video.codec, equals: h264, for: {each: video, colour: red}",
                ".for.colour: unknown filter"},
        Mistake{"quantity: video.codec, equals: h264, for: {count: 2}", ".for.of: is missing"},
        Mistake{"quantity: video.codec, equals: '${order.}'",
                ".equals: '' is not a key of order data"},
        Mistake{"quantity: video.codec, equals: '${clock}'",
                ".equals: '${clock}' opens no order data"},
        Mistake{"kind: manual", ".ask: is missing"},
        Mistake{"kind: manual, ask: 'Why?', equals: 3", ".equals: stands only beside quantity"},
        Mistake{"one_of: [{quantity: video.height, equals: 720}]",
                ".one_of: wants a list of at least two branches"},
        Mistake{"quantity: video.height, demand: any", ".severity: a demand of 'any'"},
        Mistake{"quantity: video.height, equals: 720, raise: false", ".raise: allowed: true"},
        Mistake{"ask: 'Why?'", ": demands nothing"},
        Mistake{"quantity: video.height, not: [1, 2]", ".not: is not a single value"}));

TEST(Grammar, ADuplicateKeyIsAnErrorThoughYamlKeepsTheFirst) {
  const std::string twice =
      "  - id: r\n    quantity: video.height\n    equals: 720\n    equals: 1080\n"
      "    severity: reject\n    source: {ref: s}\n";
  EXPECT_EQ(error_of(made_profile(twice)),
            "made.yaml:11: requirements[0].equals: the key stands twice in one mapping; first in "
            "line 10");
}

TEST(Grammar, MergesAnchorsTagsNullsAndSecondDocumentsAreErrors) {
  const std::string good = rule("quantity: video.height, equals: 720");
  EXPECT_THAT(error_of(made_profile(good, "order: {<<: {a: {}}}\n")),
              HasSubstr("made.yaml:7: order: merges (<<) are not allowed"));
  EXPECT_THAT(error_of(made_profile(rule("quantity: &a video.height, equals: 720"))),
              HasSubstr("anchors are not allowed"));
  EXPECT_THAT(error_of(made_profile(rule("quantity: &a video.height, equals: *a"))),
              HasSubstr("requirements[0].equals: aliases are not allowed"));
  EXPECT_THAT(error_of(made_profile(rule("quantity: !!str video.height, equals: 720"))),
              HasSubstr("tags are not allowed"));
  EXPECT_THAT(error_of(made_profile(rule("quantity: video.height, equals: "))),
              HasSubstr("has no value"));
  EXPECT_THAT(error_of(made_profile(good) + "---\na: 1\n"), HasSubstr("a second document"));
  EXPECT_THAT(error_of("profile: [\n"), HasSubstr("not YAML"));
  EXPECT_THAT(error_of(std::string(40, '[')), HasSubstr("nested deeper than 32"));
  EXPECT_THAT(error_of("a: \xff\n"), HasSubstr("not UTF-8"));
  EXPECT_THAT(error_of(std::string(2 << 20, '#')), HasSubstr("larger than 1048576 bytes"));
}

TEST(Grammar, TheDocumentIsCheckedWhole) {
  const std::string good = rule("quantity: video.height, equals: 720");
  EXPECT_EQ(error_of(made_profile(good)), "");
  EXPECT_THAT(error_of(made_profile(good + good)), HasSubstr("two requirements have this id"));
  EXPECT_THAT(error_of(made_profile("  - {id: r, quantity: video.height, equals: 720, severity: "
                                    "reject}\n")),
              HasSubstr("requirements[r].source: is missing: every requirement names where"));
  EXPECT_THAT(error_of(made_profile("  - {id: r, quantity: video.height, equals: 720, severity: "
                                    "rejected, source: {ref: s}}\n")),
              HasSubstr("severity: 'rejected' is unknown; did you mean 'reject'?; allowed: reject, "
                        "warn, info"));
  EXPECT_THAT(
      error_of(made_profile("  - {id: r, quantity: video.height, equals: 720, severity: "
                            "reject, source: {ref: t}}\n")),
      HasSubstr("source.ref: 't' is not one of the sources; did you mean 's'?; allowed: s"));
  EXPECT_THAT(error_of(made_profile("  - {id: r, quantity: video.height, equals: 720, severity: "
                                    "reject, source: {ref: s, grade: best}}\n")),
              HasSubstr("source.grade: 'best' is unknown; allowed: primary, excerpt"));
  EXPECT_THAT(error_of(made_profile(good, "extends: [ebu-r129]\n")),
              HasSubstr("there is no profile 'ebu-r129'; did you mean 'ebu-r128'?"));
  EXPECT_THAT(error_of(made_profile(good, "extends: [made]\n")), HasSubstr("a cycle"));
  EXPECT_THAT(error_of("title: x\n"), HasSubstr("profile: is missing"));
}

TEST(Grammar, RaisingIsRejecting) {
  EXPECT_THAT(
      error_of(made_profile(rule("quantity: video.height, equals: 720, raise: true", "r", "warn"))),
      HasSubstr("requirements[r].raise: wants severity: reject"));
}

// The corpus of the fuzz target holds a profile that uses every part of the grammar.
TEST(Grammar, EveryPartOfItAtOnce) {
  const std::string seed = CLEANGATE_SOURCE_DIR "/tests/fuzz/corpus/profile/everything";
  std::ifstream in(seed);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const SpecDirectory directory;
  directory.put("everything", text);
  const auto profile = directory.library().load("everything");
  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(profile->requirements.size(), 10u);
}

TEST(Grammar, EveryMistakeIsToldNotOnlyTheFirst) {
  const std::string message = error_of(
      made_profile(rule("quantity: video.height, equals: x", "a") + rule("quantity: q", "b")));
  EXPECT_THAT(message, HasSubstr("requirements[a]"));
  EXPECT_THAT(message, HasSubstr("requirements[b]"));
}

TEST(Grammar, TheDigestFollowsContentAndNotLayout) {
  const std::string rules = rule("quantity: video.height, equals: 720");
  const auto one = load_text(made_profile(rules));
  const auto two = load_text("# a remark\n" + made_profile(rules) + "\n\n");
  const auto three = load_text(made_profile(rule("quantity: video.height, equals: 721")));
  ASSERT_TRUE(one && two && three);
  EXPECT_EQ(one->digest, two->digest);
  EXPECT_NE(one->digest, three->digest);
  EXPECT_EQ(one->digest.size(), 71u);
}

TEST(Extends, OverridesFieldByFieldAndDrops) {
  const SpecDirectory directory;
  directory.put("base",
                "profile: base\ntitle: B\nstatus: base\nedition: '1'\nrevision: 1\n"
                "sources: {b: {document: D, edition: '1', grade: community}}\n"
                "requirements:\n"
                "  - {id: a, quantity: video.height, equals: 720, tolerance: 2, severity: "
                "reject, source: {ref: b}}\n"
                "  - {id: c, quantity: video.width, equals: 1280, severity: reject, "
                "source: {ref: b}}\n");
  directory.put("made",
                "profile: made\ntitle: M\nstatus: beta\nedition: '1'\nrevision: 1\n"
                "extends: [base]\nrequirements:\n"
                "  - {id: a, min: 700}\n  - {id: c, drop: true}\n");
  const auto library = directory.library();
  const auto profile = library.load("made");
  ASSERT_TRUE(profile) << profile.error().message;
  ASSERT_EQ(profile->requirements.size(), 1u);
  const auto& a = *profile->requirements[0];
  EXPECT_EQ(a.condition.demand.op, specs::Operator::min);
  EXPECT_FALSE(a.condition.demand.tolerance.has_value());
  EXPECT_EQ(a.severity, specs::Severity::reject);
  EXPECT_EQ(a.effective_severity, specs::Severity::warn);  // community never rejects
  EXPECT_FALSE(library.load("base"));                      // a base judges nothing
  for (const auto& entry : library.list()) EXPECT_NE(entry.id, "base");

  directory.put("made",
                "profile: made\ntitle: M\nstatus: beta\nedition: '1'\nrevision: 1\n"
                "extends: [base]\nrequirements:\n"
                "  - {id: a, severity: reject, raise: true}\n");
  const auto raised = directory.library().load("made");
  ASSERT_TRUE(raised) << raised.error().message;
  EXPECT_EQ(raised->requirements[0]->effective_severity, specs::Severity::reject);
  EXPECT_EQ(raised->requirements[1]->effective_severity, specs::Severity::warn);

  directory.put("made",
                "profile: made\ntitle: M\nstatus: beta\nedition: '1'\nrevision: 1\n"
                "extends: [base]\nrequirements:\n  - {id: b, drop: true}\n");
  EXPECT_THAT(directory.library().load("made").error().message,
              HasSubstr("no requirement of this id is inherited"));
}

TEST(Library, ScaffoldsFollowTheGrammarAndUnknownIdsNameTheNearest) {
  const SpecDirectory directory;
  const auto library = directory.library();
  for (const std::optional<std::string>& base :
       {std::optional<std::string>(), std::optional<std::string>("ebu-r128")}) {
    const auto text = library.scaffold("house", base);
    ASSERT_TRUE(text) << text.error().message;
    directory.put("house", *text);
    const auto profile = directory.library().load("house");
    EXPECT_TRUE(profile) << profile.error().message;
  }
  EXPECT_FALSE(library.scaffold("No Such", {}));
  EXPECT_THAT(library.load("ebu-r12").error().message, HasSubstr("did you mean 'ebu-r128'?"));
  EXPECT_EQ(library.load("ebu-r12").error().code, ErrorCode::unknown_spec);
  EXPECT_EQ(library.load("/no/such.yaml").error().code, ErrorCode::unknown_spec);
}

TEST(Lint, FindsContradictionsAndWhatNothingUses) {
  const SpecDirectory directory;
  directory.put("made",
                made_profile(rule("quantity: video.height, equals: 720", "a") +
                                 rule("quantity: video.height, min: 1080", "b") +
                                 rule("quantity: video.width, min: 1, when: [{quantity: "
                                      "video.codec, equals: h264}, {quantity: video.codec, equals: "
                                      "hevc}]",
                                      "c"),
                             "order: {unused: {ask: 'Why?'}}\n"));
  const auto problems = directory.library().lint("made");
  ASSERT_TRUE(problems);
  std::string all;
  for (const auto& problem : *problems) all += to_string(problem) + "\n";
  EXPECT_THAT(all, HasSubstr("contradicts 'a': nothing can meet both"));
  EXPECT_THAT(all, HasSubstr("requirements[c].when: its conditions exclude each other"));
  EXPECT_THAT(all, HasSubstr("order.unused: nothing uses it"));
  EXPECT_EQ(problems->size(), 3u) << all;
}

}  // namespace
}  // namespace cleangate::test
