// SPDX-License-Identifier: Apache-2.0
#include "dam/query/find.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/dam/query/made_catalog.h"

namespace cleangate::dam {
namespace {

using test::flag;
using test::MadeAsset;
using test::MadeCatalog;
using test::number;
using test::text;
using test::timecode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Numbers = std::vector<AssetNumber>;

// Five assets that differ in everything that can be asked for.
class Asking : public ::testing::Test {
 protected:
  Asking() {
    made_.add({.path = "/volumes/a/Night_Shoot_S01E01.mov",
               .fields = {text("video.codec", "prores", 0), text("audio.codec", "pcm_s24le", 1),
                          number("video.frame_rate", "fps", "25/1", 0),
                          number("file.duration", "s", "3600/1"),
                          number("video.bit_depth", "bit", "10/1", 0),
                          number("video.bit_rate", "b/s", "176000000/1", 0),
                          number("loudness.integrated", "LUFS", "-23/1", 0),
                          number("loudness.integrated", "LUFS", "-18/1", 1),
                          number("video.display_aspect", "ratio", "16/9", 0),
                          flag("video.intra_only", "true"), timecode("01:00:00:00")},
               .tags = {"Master", "needs review"},
               .notes = {"Grain in the sky, but the director likes it."},
               .judgements = {{"ebu-r128", "pass"}, {"strict-spec", "fail", {"frame-rate"}}}});
    made_.add(
        {.path = "/volumes/a/sub/day.mov",
         .fields = {text("video.codec", "h264", 0), text("audio.codec", "aac", 1),
                    number("video.frame_rate", "fps", "30000/1001", 0),
                    number("file.duration", "s", "30/1"),
                    number("video.bit_depth", "bit", "8/1", 0),
                    number("loudness.integrated", "LUFS", "-22/1", 0),
                    flag("video.intra_only", "false"), timecode("10:00:00:00")},
         .tags = {"draft"},
         .cues = {"Good night, and good luck.", "The END"},
         .judgements = {{"ebu-r128", "fail", {"programme-loudness"}}, {"strict-spec", "pass"}}});
    made_.add(
        {.path = "/volumes/b/Ünïted 'quotes\" 100%_[x].mov",
         .fields = {text("video.codec", "prores", 0), number("video.frame_rate", "fps", "30/1", 0),
                    number("file.duration", "s", "7199/2")},
         .judgements = {{"ebu-r128", "inconclusive"}}});
    made_.add(
        {.path = "/volumes/b/song.wav",
         .fields = {text("audio.codec", "pcm_s16le", 0), number("file.duration", "s", "200/1")},
         .kind = "audio",
         .measured_at = "2026-11-21T09:30:00.000Z"});
    made_.add({.path = "/volumes/b/.DS_Store", .status = "not_media", .kind = "other"});
  }

  Numbers ask(const std::string& query) {
    const auto found = select_assets(made_.catalog, query);
    EXPECT_TRUE(found) << found.error().message;
    return found.value_or(Numbers{-1});
  }
  std::string mistake(const std::string& query) {
    const auto found = select_assets(made_.catalog, query);
    if (found) return "";
    EXPECT_EQ(found.error().code, ErrorCode::usage);
    return found.error().message;
  }
  Found find(FindRequest request) {
    auto found = dam::find(made_.catalog, request);
    EXPECT_TRUE(found) << found.error().message;
    return found ? std::move(*found) : Found{};
  }

  MadeCatalog made_;
};

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

TEST_F(Asking, SqlInValuesIsOnlyText) {
  const char* const kHostile[] = {
      "'; DROP TABLE asset; --", "%", "_",      "' OR '1'='1", "x\" OR \"", "NEAR(a b)",
      "path_text:night",         "*", "^night", "a\nb"};
  for (const std::string hostile : kHostile) {
    std::string quoted;
    for (const char c : hostile)
      quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    for (const char* field : {"tag:", "codec:", "path:", "spec:", "video.codec!="}) {
      const auto found = select_assets(made_.catalog, field + ('"' + quoted + '"'));
      ASSERT_TRUE(found) << found.error().message;
      if (std::string(field) != "video.codec!=") {
        EXPECT_THAT(*found, IsEmpty()) << field << hostile;
      }
    }
    [[maybe_unused]] const auto words = select_assets(made_.catalog, '"' + quoted + '"');
    [[maybe_unused]] const auto bare = select_assets(made_.catalog, hostile);
  }
  EXPECT_THAT(ask("\"100%_[x]\""), ElementsAre(3));
  EXPECT_THAT(ask(R"(path:"/volumes/b/Ünïted 'quotes\" 100%_[x].mov")"), ElementsAre(3));
  EXPECT_THAT(ask(""), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_FALSE(dam::find(made_.catalog, {.sort = "path; DROP TABLE asset"}));
  EXPECT_FALSE(dam::find(made_.catalog, {.facets = {"' OR 1"}}));
}

TEST_F(Asking, PagesAreSortedAndFollowEachOther) {
  const auto order = [&](const std::string& sort) {
    Numbers all;
    FindRequest request;
    request.sort = sort;
    request.limit = 2;
    for (int page = 0; page < 10; ++page) {
      const Found found = find(request);
      EXPECT_EQ(found.total, 5);
      for (const FoundAsset& asset : found.assets) all.push_back(asset.number);
      if (!found.next) return all;
      request.cursor = *found.next;
    }
    ADD_FAILURE() << "pages without end";
    return all;
  };
  EXPECT_THAT(order("-number"), ElementsAre(5, 4, 3, 2, 1));
  EXPECT_THAT(order("number"), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(order("duration"), ElementsAre(2, 4, 3, 1, 5));  // without one: last
  EXPECT_THAT(order("-duration"), ElementsAre(1, 3, 4, 2, 5));
  EXPECT_THAT(order("loudness"), ElementsAre(1, 2, 3, 4, 5));   // its first value counts
  EXPECT_THAT(order("-loudness"), ElementsAre(1, 2, 3, 4, 5));  // -18 of its other soundfield
  EXPECT_THAT(order("video.codec"), ElementsAre(2, 1, 3, 4, 5));
  EXPECT_THAT(order("-video.codec"), ElementsAre(3, 1, 2, 4, 5));
  EXPECT_THAT(order("path"), ElementsAre(1, 2, 5, 4, 3));
  EXPECT_THAT(order("-measured"), ElementsAre(4, 5, 3, 2, 1));
  EXPECT_THAT(order("status"), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_FALSE(dam::find(made_.catalog, {.sort = "codec"}));  // of picture or sound?
  EXPECT_FALSE(dam::find(made_.catalog, {.sort = "tag"}));
}

TEST_F(Asking, PagesStayRightWhileAssetsComeAndGo) {
  FindRequest request{.sort = "-duration", .limit = 2};
  Found found = find(request);
  EXPECT_EQ(found.assets[1].number, 3);
  // One before the first page, one in the middle of what is left; the page's own end goes away.
  made_.add({.path = "/long", .fields = {number("file.duration", "s", "9999/1")}});
  const AssetNumber middle =
      made_.add({.path = "/middle", .fields = {number("file.duration", "s", "100/1")}});
  made_.run("DELETE FROM field WHERE asset = 3");
  Numbers rest;
  while (found.next) {
    request.cursor = *found.next;
    found = find(request);
    for (const FoundAsset& asset : found.assets) rest.push_back(asset.number);
  }
  EXPECT_THAT(rest, ElementsAre(4, middle, 2, 3, 5));
}

TEST_F(Asking, ACursorOfAnotherQueryIsRefused) {
  FindRequest request{.limit = 1};
  request.cursor = *find(request).next;
  request.query = "kind:video";
  const auto other = dam::find(made_.catalog, request);
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, HasSubstr("another query or sort"));
  for (const char* broken : {"x", "..", "a.b.c", "0.1.t0", "0.1.nzz"}) {
    request.cursor = broken;
    EXPECT_FALSE(dam::find(made_.catalog, request)) << broken;
  }
}

TEST_F(Asking, FacetsCountAssets) {
  const auto facet = [&](const std::string& query, const std::string& name) {
    std::vector<std::string> lines;
    for (const Facet& one : find({.query = query, .limit = 0, .facets = {name}}).facets)
      for (const FacetValue& value : one.values)
        lines.push_back(fmt::format("{} {} {}", one.field, value.value, value.count));
    return lines;
  };
  EXPECT_THAT(facet("", "codec"),
              ElementsAre("video.codec prores 2", "video.codec h264 1", "audio.codec aac 1",
                          "audio.codec pcm_s16le 1", "audio.codec pcm_s24le 1"));
  EXPECT_THAT(facet("tag:*", "video.codec"),
              ElementsAre("video.codec h264 1", "video.codec prores 1"));
  EXPECT_THAT(facet("", "kind"), ElementsAre("kind video 3", "kind audio 1", "kind other 1"));
  EXPECT_THAT(facet("", "tag"), ElementsAre("tag draft 1", "tag Master 1", "tag needs review 1"));
  EXPECT_THAT(facet("", "verdict"),
              ElementsAre("verdict fail 2", "verdict pass 2", "verdict inconclusive 1"));
  EXPECT_THAT(facet("", "ebu-r128"),
              ElementsAre("ebu-r128 fail 1", "ebu-r128 inconclusive 1", "ebu-r128 pass 1"));
  EXPECT_THAT(facet("", "spec"), ElementsAre("spec ebu-r128 3", "spec strict-spec 2"));
  const Found cut = find({.limit = 0, .facets = {"audio.codec"}, .facet_values = 2});
  EXPECT_EQ(cut.facets[0].values.size(), 2u);
  EXPECT_EQ(cut.facets[0].others, 1);
  EXPECT_FALSE(dam::find(made_.catalog, {.facets = {"path"}}));
}

TEST_F(Asking, TwoStreamsOfOneAssetCountOnce) {
  made_.add(
      {.path = "/two", .fields = {text("audio.codec", "aac", 1), text("audio.codec", "aac", 2)}});
  const Found found = find({.limit = 0, .facets = {"audio.codec"}});
  EXPECT_EQ(found.facets[0].values[0].count, 2);
}

TEST_F(Asking, AFoundAssetSaysWhatItIs) {
  const Found found = find({.query = "number:1", .fields = {"codec", "loudness"}});
  ASSERT_EQ(found.assets.size(), 1u);
  const FoundAsset& asset = found.assets.front();
  EXPECT_EQ(asset.path, "/volumes/a/Night_Shoot_S01E01.mov");
  EXPECT_TRUE(asset.present);
  EXPECT_EQ(asset.kind, "video");
  EXPECT_TRUE(asset.content_id);
  EXPECT_THAT(asset.tags, ElementsAre("Master", "needs review"));
  ASSERT_EQ(asset.verdicts.size(), 2u);
  EXPECT_EQ(asset.verdicts[1].spec, "strict-spec");
  EXPECT_EQ(asset.verdicts[1].verdict, specs::VerdictKind::fail);
  ASSERT_EQ(asset.fields.at("loudness.integrated").size(), 2u);
  EXPECT_EQ(asset.fields.at("loudness.integrated")[1].text, "-18/1");
  EXPECT_EQ(asset.fields.at("audio.codec")[0].text, "pcm_s24le");
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
