// SPDX-License-Identifier: Apache-2.0
// What find gives is compared with a slow and plain reading of what the catalog was made of: values
// in several cases and several streams, merged assets, older judgements, waivers.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "dam/query/find.h"
#include "tests/dam/query/reference.h"

namespace cleangate::dam {
namespace {

using test::MadeJudgement;
using Numbers = std::vector<AssetNumber>;

// ---- asking -------------------------------------------------------------------------------------

using Fits = std::function<bool(const Entry&)>;

bool has(const Entry& entry, const std::string& name,
         const std::function<bool(const FieldValue&)>& which) {
  return std::any_of(entry.made.fields.begin(), entry.made.fields.end(),
                     [&](const FieldValue& field) { return field.name == name && which(field); });
}
Fits text_fits(std::vector<std::string> names, std::vector<std::string> patterns) {
  return [=](const Entry& entry) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return has(entry, name, [&](const FieldValue& field) {
        return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
          return fits(pattern, folded(field.text));
        });
      });
    });
  };
}
Fits text_fits_none(std::string name, std::vector<std::string> patterns) {
  return [=](const Entry& entry) {
    return has(entry, name, [&](const FieldValue& field) {
      return std::none_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
        return fits(pattern, folded(field.text));
      });
    });
  };
}
Fits number_is(std::string name, std::function<bool(double)> which) {
  return [=](const Entry& entry) {
    return has(entry, name, [&](const FieldValue& field) { return which(*field.number); });
  };
}
Fits tag_fits(std::string pattern) {
  return [=](const Entry& entry) {
    return std::any_of(entry.made.tags.begin(), entry.made.tags.end(),
                       [&](const std::string& tag) { return fits(pattern, folded(tag)); });
  };
}
using OfJudgement = std::function<bool(const Entry&, const MadeJudgement&)>;
Fits judged(OfJudgement which) {
  return [=](const Entry& entry) {
    return std::any_of(entry.made.judgements.begin(), entry.made.judgements.end(),
                       [&](const MadeJudgement& judgement) {
                         return judgement.age == MadeJudgement::Age::latest &&
                                which(entry, judgement);
                       });
  };
}
Fits verdict_is(std::string verdict) {
  return judged([=](const Entry& entry, const MadeJudgement& judgement) {
    return entry.verdicts.at(judgement.spec) == verdict;
  });
}
Fits requirement_fits(std::string pattern, std::string spec = "*", std::string verdict = "*") {
  return judged([=](const Entry& entry, const MadeJudgement& judgement) {
    return fits(spec, judgement.spec) && fits(verdict, entry.verdicts.at(judgement.spec)) &&
           std::any_of(judgement.failing.begin(), judgement.failing.end(),
                       [&](const std::string& rule) { return fits(pattern, rule); });
  });
}
Fits no(Fits other) {
  return [=](const Entry& entry) { return !other(entry); };
}
Fits both(Fits a, Fits b) {
  return [=](const Entry& entry) { return a(entry) && b(entry); };
}

struct Asked {
  std::string query;
  Fits fits;
};

const std::vector<Asked>& asked() {
  static const std::vector<std::string> kCodecs{"video.codec", "audio.codec"};
  static const std::vector<Asked> kAll{
      {"", [](const Entry&) { return true; }},
      {"number:78", [](const Entry& entry) { return entry.number == 78; }},
      {"number:100..160,9",
       [](const Entry& entry) {
         return entry.number == 9 || (entry.number >= 100 && entry.number <= 160);
       }},
      {"number!=1,2,3", [](const Entry& entry) { return entry.number > 3; }},
      {"codec:PRORES", text_fits(kCodecs, {"prores"})},
      {"codec:pcm*", text_fits(kCodecs, {"pcm*"})},
      {"codec:pcm_s??le,Pro*,h264", text_fits(kCodecs, {"pcm_s??le", "pro*", "h264"})},
      {"audio.codec!=pcm*", text_fits_none("audio.codec", {"pcm*"})},
      {"audio.codec!=PCM_s1*,aac", text_fits_none("audio.codec", {"pcm_s1*", "aac"})},
      {"video.codec!=prores", text_fits_none("video.codec", {"prores"})},
      {"video.codec:\"odd[x]*?\"", text_fits(kCodecs, {"odd[x]??"})},
      {"video.codec:odd[*", text_fits(kCodecs, {"odd[*"})},
      {"video.codec:\"\"", text_fits({"video.codec"}, {""})},
      {"video.codec:*", text_fits({"video.codec"}, {"*"})},
      {"-video.codec:*", no(text_fits({"video.codec"}, {"*"}))},
      {"codec:pcm* and not (codec:prores or codec:h264)",
       both(text_fits(kCodecs, {"pcm*"}), no(text_fits(kCodecs, {"prores", "h264"})))},
      {"frame_rate:25,29.97",
       number_is("video.frame_rate",
                 [](double rate) { return rate == 25 || (rate > 29 && rate < 30); })},
      {"frame_rate!=25", number_is("video.frame_rate", [](double rate) { return rate != 25; })},
      {"loudness:-23..-22",
       number_is("loudness.integrated", [](double value) { return value >= -23 && value <= -22; })},
      {"loudness:<-24.95",
       number_is("loudness.integrated", [](double value) { return value < -24.95; })},
      {"timecode:10:0*", text_fits({"timecode.start"}, {"10:0*"})},
      {"timecode!=10:*,11:*", text_fits({"timecode.start"}, {"09:*"})},
      {"tag:Qc", tag_fits("qc")},
      {"tag:n*", tag_fits("n*")},
      {"-tag:*", no(tag_fits("*"))},
      {"status:partial", [](const Entry& entry) { return entry.made.status == "partial"; }},
      {"kind:a*,captions", [](const Entry& entry) { return entry.made.kind != "video"; }},
      {"measured:2012",
       [](const Entry& entry) { return entry.made.measured_at.starts_with("2012"); }},
      {"measured!=2012,2013",
       [](const Entry& entry) {
         return !entry.made.measured_at.starts_with("2012") &&
                !entry.made.measured_at.starts_with("2013");
       }},
      {"path:/volumes/3",
       [](const Entry& entry) { return entry.made.path.starts_with("/volumes/3/"); }},
      {"path:*/1/*river*",
       [](const Entry& entry) { return fits("/volumes/1/river_*", entry.made.path); }},
      {"river",
       [](const Entry& entry) {
         return entry.made.path.find("river") != std::string::npos || tag_fits("river-*")(entry);
       }},
      {"verdict:fail", verdict_is("fail")},
      {"-verdict:fail", no(verdict_is("fail"))},
      {"verdict!=fail", judged([](const Entry& entry, const MadeJudgement& judgement) {
         return entry.verdicts.at(judgement.spec) != "fail";
       })},
      {"rare:*", judged([](const Entry&, const MadeJudgement& judgement) {
         return judgement.spec == "rare";
       })},
      {"spec:*-* verdict:pass", judged([](const Entry& entry, const MadeJudgement& judgement) {
         return judgement.spec != "rare" && entry.verdicts.at(judgement.spec) == "pass";
       })},
      {"ebu-r128:fail -tag:qc", both(judged([](const Entry& entry, const MadeJudgement& judgement) {
                                       return judgement.spec == "ebu-r128" &&
                                              entry.verdicts.at(judgement.spec) == "fail";
                                     }),
                                     no(tag_fits("qc")))},
      {"requirement:true-peak", requirement_fits("true-peak")},
      {"requirement:tru*", requirement_fits("tru*")},
      {"requirement:true-peak spec:rare", requirement_fits("true-peak", "rare")},
      {"requirement:t*,black verdict:pass",
       judged([](const Entry& entry, const MadeJudgement& judgement) {
         return entry.verdicts.at(judgement.spec) == "pass" &&
                std::any_of(judgement.failing.begin(), judgement.failing.end(),
                            [](const std::string& rule) { return rule != "frame-rate"; });
       })},
      {"waived:yes", judged([](const Entry& entry, const MadeJudgement& judgement) {
         return entry.waived.contains(judgement.spec);
       })},
      {"waived:yes verdict:fail", judged([](const Entry& entry, const MadeJudgement& judgement) {
         return entry.waived.contains(judgement.spec) &&
                entry.verdicts.at(judgement.spec) == "fail";
       })},
  };
  return kAll;
}

TEST_F(Reference, FindsTheSameAssets) {
  for (const Asked& one : asked()) {
    Numbers expected;
    for (const Entry& entry : entries_)
      if (!entry.merged && one.fits(entry)) expected.push_back(entry.number);
    const auto found = select_assets(made_.catalog, one.query);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(*found, expected) << one.query;
    EXPECT_FALSE(expected.empty()) << one.query;
  }
}

// ---- facets -------------------------------------------------------------------------------------

// The values of an asset, in the order of its streams.
std::vector<std::string> values_of(const Entry& entry, const std::string& facet) {
  std::vector<std::string> values;
  if (facet == "tag") return entry.made.tags;
  if (facet == "status") return {entry.made.status};
  if (facet == "kind") return {entry.made.kind};
  if (facet == "depth") return {"decode"};
  for (const auto& [spec, verdict] : entry.verdicts) {
    if (facet == "spec") values.push_back(spec);
    if (facet == "verdict" || facet == spec) values.push_back(verdict);
  }
  for (const FieldValue& field : entry.made.fields)
    if (field.name == facet) values.push_back(field.text);
  return values;
}

struct Counted {
  std::string shown;
  std::int64_t count = 0;
};

// "value count" of the most frequent ones, and how many were left out.
std::vector<std::string> facet_of(const std::vector<const Entry*>& found, const std::string& facet,
                                  std::size_t most) {
  std::map<std::string, Counted> counts;
  for (const Entry* entry : found) {
    std::set<std::string> seen;
    for (const std::string& value : values_of(*entry, facet))
      if (seen.insert(folded(value)).second) {
        Counted& counted = counts[folded(value)];
        if (counted.count++ == 0) counted.shown = value;
      }
  }
  std::vector<Counted> sorted;
  for (const auto& [value, counted] : counts) sorted.push_back(counted);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Counted& a, const Counted& b) { return a.count > b.count; });
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < std::min(most, sorted.size()); ++i)
    lines.push_back(fmt::format("{} {}", sorted[i].shown, sorted[i].count));
  lines.push_back(fmt::format("others {}", sorted.size() - std::min(most, sorted.size())));
  return lines;
}

TEST_F(Reference, CountsTheSameFacets) {
  constexpr std::size_t kMost = 12;
  const std::vector<std::string> facets{"video.codec",
                                        "audio.codec",
                                        "video.frame_rate",
                                        "loudness.integrated",
                                        "timecode.start",
                                        "tag",
                                        "status",
                                        "kind",
                                        "depth",
                                        "spec",
                                        "verdict",
                                        "ebu-r128",
                                        "rare"};
  for (const Asked& one : asked()) {
    std::vector<const Entry*> expected;
    for (const Entry& entry : entries_)
      if (!entry.merged && one.fits(entry)) expected.push_back(&entry);
    const auto found = find(
        made_.catalog, {.query = one.query, .limit = 0, .facets = facets, .facet_values = kMost});
    ASSERT_TRUE(found) << found.error().message;
    ASSERT_EQ(found->facets.size(), facets.size());
    for (std::size_t i = 0; i < facets.size(); ++i) {
      std::vector<std::string> lines;
      for (const FacetValue& value : found->facets[i].values)
        lines.push_back(fmt::format("{} {}", value.value, value.count));
      lines.push_back(fmt::format("others {}", found->facets[i].others));
      EXPECT_EQ(lines, facet_of(expected, facets[i], kMost)) << one.query << ", " << facets[i];
    }
  }
}

TEST_F(Reference, NumbersOfFacetsAreTheirTexts) {
  for (const char* query : {"", "number:100..160", "number:78"}) {
    const auto found =
        find(made_.catalog,
             {.query = query, .limit = 0, .facets = {"loudness.integrated", "video.codec"}});
    ASSERT_TRUE(found) << found.error().message;
    for (const FacetValue& value : found->facets[0].values)
      EXPECT_EQ(value.number, Rational::parse(value.value)->to_double()) << query;
    for (const FacetValue& value : found->facets[1].values) EXPECT_FALSE(value.number) << query;
  }
}

}  // namespace
}  // namespace cleangate::dam
