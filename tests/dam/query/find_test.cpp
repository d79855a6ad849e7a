// SPDX-License-Identifier: Apache-2.0
#include "dam/query/find.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include "tests/dam/query/asking.h"

namespace cleangate::dam {
namespace {

using test::number;
using test::text;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(Asking, AnEmptyQueryIsEverything) {
  EXPECT_THAT(ask(""), ElementsAre(1, 2, 3, 4, 5));
  made_.run("UPDATE asset SET merged_into = 1 WHERE id = 5");
  EXPECT_THAT(ask(""), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(ask("not codec:prores"), ElementsAre(2, 4));
  EXPECT_THAT(ask("number:5"), IsEmpty());
}

TEST_F(Asking, WordsAreFoundInNamesTagsNotesCuesAndFindings) {
  EXPECT_THAT(ask("night"), ElementsAre(1, 2));  // a name and a cue
  EXPECT_THAT(ask("NIGHT shoot"), ElementsAre(1));
  EXPECT_THAT(ask("review"), ElementsAre(1));
  EXPECT_THAT(ask("grain"), ElementsAre(1));
  EXPECT_THAT(ask("programme-loudness"), ElementsAre(2));
  EXPECT_THAT(ask("united"), ElementsAre(3));  // without its diacritics
  EXPECT_THAT(ask("S01E01"), ElementsAre(1));
  EXPECT_THAT(ask("shoo"), IsEmpty());
  EXPECT_THAT(ask("shoo*"), ElementsAre(1));
  EXPECT_THAT(ask("\"good luck\""), ElementsAre(2));
  EXPECT_THAT(ask("\"luck good\""), IsEmpty());
  EXPECT_THAT(ask("\"good lu\"*"), ElementsAre(2));
  EXPECT_THAT(ask("name:night"), ElementsAre(1));
  EXPECT_THAT(ask("cue:night"), ElementsAre(2));
  EXPECT_THAT(ask("cue:nig*"), ElementsAre(2));
  EXPECT_THAT(ask("note:\"the director\""), ElementsAre(1));
  EXPECT_THAT(ask("finding:loudness"), ElementsAre(2));
  EXPECT_THAT(mistake("\"---\""), HasSubstr("at least one letter or digit"));
}

TEST_F(Asking, TextsMatchWithoutCaseAndWithWildcards) {
  EXPECT_THAT(ask("codec:prores"), ElementsAre(1, 3));
  EXPECT_THAT(ask("codec:ProRes"), ElementsAre(1, 3));
  EXPECT_THAT(ask("codec:pcm*"), ElementsAre(1, 4));
  EXPECT_THAT(ask("codec:pcm_s??le"), ElementsAre(1, 4));
  EXPECT_THAT(ask("codec:\"pcm*\""), IsEmpty());
  EXPECT_THAT(ask("codec:aac,pcm_s16le"), ElementsAre(2, 4));
  EXPECT_THAT(ask("video.codec:*"), ElementsAre(1, 2, 3));
  EXPECT_THAT(ask("-video.codec:*"), ElementsAre(4, 5));
  EXPECT_THAT(ask("video.codec!=prores"), ElementsAre(2));  // has one that is another
  EXPECT_THAT(ask("-video.codec:prores"), ElementsAre(2, 4, 5));
  EXPECT_THAT(ask("video.codec!=prores,h264"), IsEmpty());
  EXPECT_THAT(mistake("codec:>prores"), HasSubstr("not a number"));
  EXPECT_THAT(mistake("codec:a..b"), HasSubstr("column 1"));
}

TEST_F(Asking, RatesMatchTheExactRational) {
  EXPECT_THAT(ask("frame_rate:25"), ElementsAre(1));
  EXPECT_THAT(ask("frame_rate:25/1"), ElementsAre(1));
  EXPECT_THAT(ask("frame_rate:25.0fps"), ElementsAre(1));
  EXPECT_THAT(ask("frame_rate:29.97"), ElementsAre(2));
  EXPECT_THAT(ask("frame_rate:30000/1001"), ElementsAre(2));
  EXPECT_THAT(ask("frame_rate:30"), ElementsAre(3));
  EXPECT_THAT(ask("frame_rate:>29.97"), ElementsAre(3));
  EXPECT_THAT(ask("frame_rate:>=29.97"), ElementsAre(2, 3));
  EXPECT_THAT(ask("frame_rate:25..29.97"), ElementsAre(1, 2));
  EXPECT_THAT(ask("frame_rate!=25"), ElementsAre(2, 3));
  EXPECT_THAT(mistake("frame_rate:fast"), HasSubstr("write it as 25, 29.97 or 30000/1001"));
}

TEST_F(Asking, NumbersCompareAndHaveUnits) {
  EXPECT_THAT(ask("loudness.integrated:-24..-22"), ElementsAre(1, 2));
  EXPECT_THAT(ask("loudness:-22"), ElementsAre(2));
  EXPECT_THAT(ask("loudness:>-22"), ElementsAre(1));  // its second soundfield
  EXPECT_THAT(ask("loudness:-23LUFS"), ElementsAre(1));
  EXPECT_THAT(ask("integrated:..-22.5"), ElementsAre(1));
  EXPECT_THAT(ask("duration:1h.."), ElementsAre(1));
  EXPECT_THAT(ask("duration:..30s"), ElementsAre(2));
  EXPECT_THAT(ask("duration:59min..1h"), ElementsAre(1, 3));
  EXPECT_THAT(ask("duration:59min59s..59:59.9"), ElementsAre(3));
  EXPECT_THAT(ask("duration:3m20s"), ElementsAre(4));
  EXPECT_THAT(ask("duration:3:20"), ElementsAre(4));
  EXPECT_THAT(ask("duration:1:00:00"), ElementsAre(1));
  EXPECT_THAT(ask("duration<31"), ElementsAre(2));
  EXPECT_THAT(ask("video.bit_rate:>=100Mb/s"), ElementsAre(1));
  EXPECT_THAT(ask("bit_depth:8,10"), ElementsAre(1, 2));
  EXPECT_THAT(ask("bit_depth:10bit"), ElementsAre(1));
  EXPECT_THAT(ask("aspect:16:9"), ElementsAre(1));
  EXPECT_THAT(mistake("duration:2h..1h"), HasSubstr("runs backwards"));
  EXPECT_THAT(mistake("duration:5LUFS"), HasSubstr("'5LUFS' has not the unit of file.duration"));
  EXPECT_THAT(mistake("duration:1:75:00"), HasSubstr("column 10"));
  EXPECT_THAT(mistake("loudness:loud"), HasSubstr("write it as -23"));
}

TEST_F(Asking, FlagsAndTimecodes) {
  EXPECT_THAT(ask("intra_only:yes"), ElementsAre(1));
  EXPECT_THAT(ask("intra_only:false"), ElementsAre(2));
  EXPECT_THAT(mistake("intra_only:maybe"), HasSubstr("none of yes, no, true, false"));
  EXPECT_THAT(ask("timecode:01:00:00:00"), ElementsAre(1));
  EXPECT_THAT(ask("timecode:\"00:00:00:00\"..\"05:00:00:00\""), ElementsAre(1));
  EXPECT_THAT(ask("timecode:10:*"), ElementsAre(2));
}

TEST_F(Asking, TheAssetItself) {
  EXPECT_THAT(ask("status:not_media"), ElementsAre(5));
  EXPECT_THAT(ask("kind:audio"), ElementsAre(4));
  EXPECT_THAT(ask("number:2..4"), ElementsAre(2, 3, 4));
  EXPECT_THAT(ask("number:>=4"), ElementsAre(4, 5));
  EXPECT_THAT(ask("number:1,5"), ElementsAre(1, 5));
  EXPECT_THAT(ask("tag:master"), ElementsAre(1));
  EXPECT_THAT(ask("tag:\"needs review\""), ElementsAre(1));
  EXPECT_THAT(ask("tag:*"), ElementsAre(1, 2));
  EXPECT_THAT(ask("tag:m*,dr*"), ElementsAre(1, 2));
  EXPECT_THAT(ask("measured:2026-11"), ElementsAre(4));
  EXPECT_THAT(ask("measured:2026-11-21T09"), ElementsAre(4));
  EXPECT_THAT(ask("measured:2026-04.."), ElementsAre(4));
  EXPECT_THAT(ask("measured:..2026-03-01"), ElementsAre(1, 2, 3, 5));
  EXPECT_THAT(ask("measured<2026-03-01"), IsEmpty());
  EXPECT_THAT(ask("measured>2026-03-01"), ElementsAre(4));
  EXPECT_THAT(ask("measured<=2026-03"), ElementsAre(1, 2, 3, 5));
  EXPECT_THAT(mistake("status:fine"), HasSubstr("none of measured, partial"));
  EXPECT_THAT(mistake("measured:yesterday"), HasSubstr("2026-11-21"));
  EXPECT_THAT(mistake("number:one"), HasSubstr("not a whole number"));
}

TEST_F(Asking, ContentIdsByTheirFirstDigits) {
  made_.run("UPDATE asset SET content_id = X'ABCD" + std::string(60, '0') + "' WHERE id = 2");
  EXPECT_THAT(ask("id:abcd0000"), ElementsAre(2));
  EXPECT_THAT(ask("id:ABCD"), ElementsAre(2));
  EXPECT_THAT(ask("id:sha256:abcd" + std::string(60, '0')), ElementsAre(2));
  EXPECT_THAT(ask("id:abcd0001"), IsEmpty());
  EXPECT_THAT(mistake("id:xyz"), HasSubstr("hexadecimal"));
  EXPECT_THAT(mistake("id:" + std::string(65, 'a')), HasSubstr("64"));
}

TEST_F(Asking, PathsByFolderOrWildcard) {
  EXPECT_THAT(ask("path:/volumes/a"), ElementsAre(1, 2));
  EXPECT_THAT(ask("path:/volumes/a/"), ElementsAre(1, 2));
  EXPECT_THAT(ask("path:/volumes/a/sub/day.mov"), ElementsAre(2));
  EXPECT_THAT(ask("path:/volumes/a/su"), IsEmpty());
  EXPECT_THAT(ask("path:/"), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(ask("path:*/sub/*"), ElementsAre(2));
  EXPECT_THAT(ask("path:*.wav"), ElementsAre(4));
  made_.run("UPDATE location SET state = 'missing' WHERE asset = 4");  // a volume that is away
  EXPECT_THAT(ask("path:*.wav"), ElementsAre(4));
  made_.run("UPDATE location SET state = 'replaced' WHERE asset = 4");
  EXPECT_THAT(ask("path:*.wav"), IsEmpty());
  EXPECT_THAT(ask("song"), IsEmpty());
}

TEST_F(Asking, SpecAndVerdictCombineOnOneJudgement) {
  EXPECT_THAT(ask("verdict:fail"), ElementsAre(1, 2));
  EXPECT_THAT(ask("spec:ebu-r128 verdict:fail"), ElementsAre(2));
  EXPECT_THAT(ask("verdict:fail codec:prores spec:ebu-r128"), IsEmpty());
  EXPECT_THAT(ask("ebu-r128:fail"), ElementsAre(2));
  EXPECT_THAT(ask("ebu-r128:pass,inconclusive"), ElementsAre(1, 3));
  EXPECT_THAT(ask("EBU-R128:*"), ElementsAre(1, 2, 3));
  EXPECT_THAT(ask("spec:ebu* verdict:pass"), ElementsAre(1));
  EXPECT_THAT(ask("(spec:ebu-r128 or spec:strict-spec) verdict:pass"), ElementsAre(1, 2));
  EXPECT_THAT(ask("spec:ebu-r128 -verdict:pass"), ElementsAre(2, 3));
  EXPECT_THAT(ask("-verdict:fail"), ElementsAre(3, 4, 5));
  EXPECT_THAT(ask("-spec:ebu-r128"), ElementsAre(4, 5));
  EXPECT_THAT(ask("requirement:programme-loudness"), ElementsAre(2));
  EXPECT_THAT(ask("spec:strict-spec requirement:frame-rate"), ElementsAre(1));
  EXPECT_THAT(ask("spec:ebu-r128 requirement:frame-rate"), IsEmpty());
  EXPECT_THAT(ask("ebu-r128:fail or strict-spec:fail"), ElementsAre(1, 2));
  EXPECT_THAT(mistake("verdict:good"), HasSubstr("none of pass, fail, inconclusive"));
}

TEST_F(Asking, AWaiverChangesTheVerdictThatIsFound) {
  made_.run(
      "INSERT INTO waiver(scope, finding_id, asset, spec, requirement, basis, reason, by, time) "
      "VALUES ('finding', '2-ebu-r128-programme-loudness', 2, 'ebu-r128', 'programme-loudness', "
      "'basis', 'agreed', 'me', 'now')");
  EXPECT_THAT(ask("ebu-r128:fail"), IsEmpty());
  EXPECT_THAT(ask("ebu-r128:pass"), ElementsAre(1, 2));
  EXPECT_THAT(ask("verdict:fail"), ElementsAre(1));
  EXPECT_THAT(ask("waived:yes"), ElementsAre(2));
  EXPECT_THAT(ask("spec:strict-spec waived:yes"), IsEmpty());
  const Found found = find({.query = "number:2", .facets = {"ebu-r128"}});
  ASSERT_EQ(found.assets.size(), 1u);
  EXPECT_EQ(found.assets[0].verdicts[0].verdict, specs::VerdictKind::pass);
  EXPECT_EQ(found.assets[0].verdicts[0].stored, specs::VerdictKind::fail);
  EXPECT_EQ(found.assets[0].verdicts[0].waived, 1);
  EXPECT_EQ(found.facets[0].values[0].value, "pass");
  // What was measured is another thing now, or the day is over: the failure is open again.
  made_.run("UPDATE waiver SET basis = 'other'");
  EXPECT_THAT(ask("ebu-r128:fail"), ElementsAre(2));
  made_.run("UPDATE waiver SET basis = 'basis', until = '2020-01-01'");
  EXPECT_THAT(ask("ebu-r128:fail"), ElementsAre(2));
  made_.run("UPDATE waiver SET until = NULL, revoked_at = 'now'");
  EXPECT_THAT(ask("ebu-r128:fail"), ElementsAre(2));
}

TEST_F(Asking, AndOrNot) {
  EXPECT_THAT(ask("codec:prores or kind:audio"), ElementsAre(1, 3, 4));
  EXPECT_THAT(ask("codec:prores -tag:master"), ElementsAre(3));
  EXPECT_THAT(ask("not (codec:prores or codec:h264)"), ElementsAre(4, 5));
  EXPECT_THAT(ask("codec:prores and not (tag:master or tag:draft)"), ElementsAre(3));
  EXPECT_THAT(ask("not not codec:prores"), ElementsAre(1, 3));
}

TEST_F(Asking, UnknownFieldsSuggestTheNearest) {
  EXPECT_EQ(mistake("kind:video coedc:prores"),
            "The query, column 12: There is no field coedc; did you mean codec? To look for the "
            "word itself, put it in quotation marks.\n"
            "  kind:video coedc:prores\n"
            "             ^~~~~");
  EXPECT_THAT(mistake("ebu-r182:fail"), HasSubstr("did you mean ebu-r128?"));
  EXPECT_THAT(mistake("true_paek:>-1"), HasSubstr("did you mean true_peak?"));
  EXPECT_THAT(mistake("bit_rate:5"), HasSubstr("can mean audio.bit_rate or container.bit_rate"));
  EXPECT_THAT(mistake("xyzzyplugh:1"), HasSubstr("There is no field xyzzyplugh."));
}

// What is hostile, and what it finds as a phrase and as it stands; nothing: it is no query.
struct Hostile {
  const char* text;
  std::optional<Numbers> phrase, bare;
};

TEST_F(Asking, SqlInValuesIsOnlyText) {
  const Hostile kHostile[] = {{"'; DROP TABLE asset; --", Numbers{}, {}},
                              {"%", {}, {}},
                              {"_", {}, {}},
                              {"' OR '1'='1", Numbers{}, {}},
                              {"x\" OR \"", Numbers{}, {}},
                              {"NEAR(a b)", Numbers{}, Numbers{}},
                              {"path_text:night", Numbers{}, {}},
                              {"*", {}, {}},
                              {"^night", Numbers{1, 2}, Numbers{1, 2}},
                              {"a\nb", Numbers{}, Numbers{}}};
  const auto found = [&](const std::string& query) {
    const auto numbers = select_assets(made_.catalog, query);
    if (!numbers) {
      EXPECT_EQ(numbers.error().code, ErrorCode::usage) << query;
    }
    return numbers ? std::optional(*numbers) : std::nullopt;
  };
  for (const Hostile& hostile : kHostile) {
    std::string quoted = "\"";
    for (const char c : std::string(hostile.text))
      quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    quoted += '"';
    for (const char* field : {"tag:", "codec:", "path:", "spec:"})
      EXPECT_EQ(found(field + quoted), Numbers{}) << field << hostile.text;
    EXPECT_EQ(found("video.codec!=" + quoted), (Numbers{1, 2, 3})) << hostile.text;
    EXPECT_EQ(found(quoted), hostile.phrase) << hostile.text;
    EXPECT_EQ(found(hostile.text), hostile.bare) << hostile.text;
  }
  EXPECT_THAT(ask("\"100%_[x]\""), ElementsAre(3));
  EXPECT_THAT(ask(R"(path:"/volumes/b/Ünïted 'quotes\" 100%_[x].mov")"), ElementsAre(3));
  EXPECT_THAT(ask(""), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_FALSE(dam::find(made_.catalog, {.sort = "path; DROP TABLE asset"}));
  EXPECT_FALSE(dam::find(made_.catalog, {.facets = {"' OR 1"}}));
}

TEST_F(Asking, ThousandsOfValuesAreAsked) {
  const auto list = [](int first, int last, const std::string& prefix, const std::string& suffix) {
    std::string values;
    for (int i = first; i <= last; ++i)
      values += fmt::format("{}{}{}{}", i == first ? "" : ",", prefix, i, suffix);
    return values;
  };
  EXPECT_THAT(ask("number:" + list(4, 9'000, "", "")), ElementsAre(4, 5));
  EXPECT_THAT(ask("number!=" + list(4, 9'000, "", "")), ElementsAre(1, 2, 3));
  EXPECT_THAT(ask("number:" + list(2, 3'000, "", "..3")), ElementsAre(2, 3));
  EXPECT_THAT(ask("codec:PRORES," + list(1, 9'000, "A", "")), ElementsAre(1, 3));
  EXPECT_THAT(ask("video.codec!=PRORES," + list(1, 9'000, "A", "")), ElementsAre(2));
  EXPECT_THAT(ask("video.codec:pro*," + list(1, 7'000, "A", "*")), ElementsAre(1, 3));
  EXPECT_THAT(ask("video.codec!=pro*," + list(1, 7'000, "A", "*")), ElementsAre(2));
  EXPECT_THAT(ask("tag:MASTER,DR*," + list(1, 9'000, "A", "")), ElementsAre(1, 2));
  EXPECT_THAT(ask("frame_rate:30," + list(31, 9'000, "", "")), ElementsAre(3));
  EXPECT_THAT(ask("frame_rate!=30," + list(31, 9'000, "", "")), ElementsAre(1, 2));
  EXPECT_THAT(ask("spec:STRICT-*," + list(1, 9'000, "A", "")), ElementsAre(1, 2));
  EXPECT_THAT(ask("requirement:frame-*," + list(1, 9'000, "A", "")), ElementsAre(1));
  std::string verdicts = "verdict:inconclusive";
  for (int i = 0; i < 4'000; ++i) verdicts += ",inconclusive";
  EXPECT_THAT(ask(verdicts), ElementsAre(3));
}

TEST_F(Asking, ManyTermsAreAsked) {
  std::string any = "number:2", all = "-number:2", verdicts = "spec:strict-spec";
  for (int i = 0; i < 499; ++i) {
    any += fmt::format(" or number:{}", i + 5);
    all += fmt::format(" -number:{}", i + 5);
    verdicts += fmt::format(" or spec:A{}*", i);
  }
  EXPECT_THAT(ask(any), ElementsAre(2, 5));
  EXPECT_THAT(ask(all), ElementsAre(1, 3, 4));
  EXPECT_THAT(ask(verdicts), ElementsAre(1, 2));
}

TEST_F(Asking, DeepQueriesOfJudgementsAreAsked) {
  std::string nested = "spec:ebu-r128";
  for (int depth = 0; depth < 90; ++depth)
    nested = fmt::format("({} {})", depth % 2 == 0 ? "verdict:fail or" : "spec:ebu-r128", nested);
  EXPECT_THAT(ask(nested), ElementsAre(1, 2, 3));
  std::string turned = "verdict:pass";
  for (int depth = 0; depth < 40; ++depth) turned = fmt::format("not (spec:ebu-r128 {})", turned);
  EXPECT_THAT(ask("spec:ebu-r128 " + turned), ElementsAre(1));
}

TEST_F(Asking, TooManyValuesAndTooLongPatternsAreTold) {
  std::string many = "kind:video number:1";
  for (int i = 0; i < 10'000; ++i) many += ",1";
  EXPECT_THAT(mistake(many),
              HasSubstr("The query, column 12: The query has more than 10000 values."));
  EXPECT_THAT(mistake("path:" + std::string(20'000, '[') + "*"),
              HasSubstr("longer than 50000 bytes"));
  EXPECT_THAT(mistake("codec:" + std::string(20'000, '[') + "*"),
              HasSubstr("longer than 50000 bytes"));
}

TEST_F(Asking, EveryNameHasAMeaning) {
  const auto names = query_names(made_.catalog);
  ASSERT_TRUE(names);
  EXPECT_GT(names->size(), 150u);
  for (const std::string& name : *names) {
    const std::string problem = mistake(name + ":*");
    EXPECT_THAT(problem, ::testing::Not(HasSubstr("There is no field"))) << name;
    EXPECT_THAT(problem, ::testing::Not(HasSubstr("can mean"))) << name;
  }
}

}  // namespace
}  // namespace cleangate::dam
