// SPDX-License-Identifier: Apache-2.0
#include "dam/query/find.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>
#include "tests/dam/query/asking.h"

namespace cleangate::dam {
namespace {

using test::number;
using test::text;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

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

}  // namespace
}  // namespace cleangate::dam
