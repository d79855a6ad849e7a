// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/dam/query/made_catalog.h"

// A catalog of some thousand assets together with what it was made of.
namespace cleangate::dam {

using test::MadeAsset;
using test::MadeJudgement;

inline constexpr AssetNumber kAssets = 2'000;

inline std::string folded(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// * and ? alone.
inline bool fits(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    for (std::size_t i = 0; i <= text.size(); ++i)
      if (fits(pattern.substr(1), text.substr(i))) return true;
    return false;
  }
  return !text.empty() && (pattern.front() == '?' || pattern.front() == text.front()) &&
         fits(pattern.substr(1), text.substr(1));
}

// An asset as it was made, and what waivers leave of its verdicts.
struct Entry {
  AssetNumber number = 0;
  MadeAsset made;
  bool merged = false;
  std::map<std::string, std::string> verdicts;  // as they are shown, by spec
  std::set<std::string> waived;                 // specs
};

// ---- making -------------------------------------------------------------------------------------

class Maker {
 public:
  Entry make(AssetNumber number) {
    Entry entry;
    entry.number = number;
    MadeAsset& made = entry.made;
    made.path = fmt::format("/volumes/{}/{}_{}.mov", pick(5), word(), number);
    made.status = one_in(20) ? "partial" : "measured";
    made.kind = std::vector{"video", "video", "audio", "captions"}[pick(4)];
    made.measured_at = fmt::format("20{}-03-01T10:00:00.000Z", 10 + pick(16));
    fields(made, number);
    for (const char* tag : {"Master", "QC", "noon"})
      if (one_in(3)) made.tags.push_back(any_case(tag));
    if (one_in(2)) made.tags.push_back(fmt::format("{}-{}", word(), pick(9)));
    for (const char* spec : {"ebu-r128", "broadcast-hd", "rare"})
      if (std::string(spec) == "rare" ? one_in(60) : !one_in(5)) judgements(entry, spec);
    entry.merged = number > 1 && one_in(25);
    return entry;
  }

 private:
  std::uint32_t pick(std::uint32_t end) { return static_cast<std::uint32_t>(random_()) % end; }
  bool one_in(std::uint32_t many) { return pick(many) == 0; }
  std::string word() { return std::vector{"night", "river", "ocean", "train", "garden"}[pick(5)]; }
  std::string any_case(std::string text) {
    const auto how = pick(3);
    if (how == 0) return text;
    if (how == 1) return folded(std::move(text));
    for (char& c : text)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
  }

  void fields(MadeAsset& made, AssetNumber number) {
    const std::vector<std::string> video{"prores", "ProRes", "h264", "odd[x]*?", ""};
    const std::vector<std::string> audio{"pcm_s24le", "pcm_s16le", "aac"};
    if (!one_in(10)) made.fields.push_back(test::text("video.codec", any_case(video[pick(5)]), 0));
    for (int stream = 1; stream <= static_cast<int>(pick(4)); ++stream)
      made.fields.push_back(test::text("audio.codec", any_case(audio[pick(3)]), stream));
    const auto rate = std::vector{"25/1", "30000/1001", "24/1"}[pick(3)];
    if (!one_in(10)) made.fields.push_back(test::number("video.frame_rate", "fps", rate, 0));
    for (int field = 0; field < 2; ++field)
      made.fields.push_back(test::number(
          "loudness.integrated", "LUFS",
          to_string(Rational(-static_cast<std::int64_t>(20'000 + pick(5'000)), 1000)), field));
    made.fields.push_back(test::timecode(
        fmt::format("{:02}:{:02}:{:02}:00", pick(3) + 9, number / 60 % 60, number % 60)));
  }

  void judgements(Entry& entry, const std::string& spec) {
    const std::vector<std::string> rules{"frame-rate", "true-peak", "black", "tru-e"};
    if (one_in(3))
      entry.made.judgements.push_back({spec, "fail", {rules[pick(4)]}, MadeJudgement::Age::older});
    MadeJudgement now{spec, std::vector{"pass", "fail", "fail", "inconclusive"}[pick(4)]};
    for (const std::string& rule : rules)
      if (now.verdict == "fail" && one_in(2)) now.failing.push_back(rule);
    entry.verdicts[spec] = now.verdict;
    entry.made.judgements.push_back(std::move(now));
  }

  std::mt19937 random_{5};
};

class Reference : public ::testing::Test {
 protected:
  Reference() {
    Maker maker;
    std::vector<MadeAsset> all;
    for (AssetNumber number = 1; number <= kAssets; ++number) {
      entries_.push_back(maker.make(number));
      all.push_back(entries_.back().made);
    }
    made_.add(all);
    std::string sql;
    for (Entry& entry : entries_) {
      if (entry.merged)
        sql += fmt::format("UPDATE asset SET merged_into = 1 WHERE id = {};", entry.number);
      waive(entry, sql);
    }
    made_.run(sql);
  }

  // Of every fourth asset all failures, of others one: then the verdict stays.
  static void waive(Entry& entry, std::string& sql) {
    if (entry.number % 4 > 1) return;
    for (const MadeJudgement& judgement : entry.made.judgements) {
      if (judgement.age == MadeJudgement::Age::older || judgement.failing.empty()) continue;
      const std::size_t many = entry.number % 4 == 0 ? judgement.failing.size() : 1;
      for (std::size_t i = 0; i < many; ++i)
        sql += fmt::format(
            "INSERT INTO waiver(scope, finding_id, asset, spec, requirement, basis, reason, by, "
            "time) VALUES ('finding', '{0}-{1}-{2}', {0}, '{1}', '{2}', 'basis', 'a', 'b', 'c');",
            entry.number, judgement.spec, judgement.failing[i]);
      entry.waived.insert(judgement.spec);
      if (many == judgement.failing.size())
        entry.verdicts[judgement.spec] = entry.made.status == "measured" ? "pass" : "inconclusive";
    }
  }

  test::MadeCatalog made_;
  std::vector<Entry> entries_;
};

}  // namespace cleangate::dam
