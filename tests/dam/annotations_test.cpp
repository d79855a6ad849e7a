// SPDX-License-Identifier: Apache-2.0
#include "dam/annotations.h"
#include "dam/assets.h"
#include "dam/finding_json.h"
#include "dam/sqlite.h"
#include "tests/dam/maintained.h"

namespace cleangate::dam {
namespace {

TEST_F(Maintained, TagsAndNotesStay) {
  ASSERT_TRUE(add_tag(catalog_, number_, "delivered", "ada"));
  ASSERT_TRUE(add_tag(catalog_, number_, "delivered", "ada"));
  ASSERT_TRUE(add_note(catalog_, number_, "Ask the lab.", "ada"));
  auto asset = load_asset(catalog_, number_);
  ASSERT_EQ(asset->tags.size(), 1u);
  EXPECT_EQ(asset->tags[0].by, "ada");
  EXPECT_EQ(asset->notes.at(0).text, "Ask the lab.");
  ASSERT_TRUE(remove_tag(catalog_, number_, "delivered", "ada"));
  ASSERT_TRUE(remove_tag(catalog_, number_, "delivered", "ada"));
  EXPECT_TRUE(load_asset(catalog_, number_)->tags.empty());
  EXPECT_THAT(kinds(catalog_), IsEmpty());
  EXPECT_EQ(add_tag(catalog_, number_, " ", "ada").error().code, ErrorCode::usage);
  EXPECT_EQ(add_tag(catalog_, 99, "x", "ada").error().code, ErrorCode::not_found);
}

StoredFinding finding(Catalog& catalog, AssetNumber number, const std::string& requirement) {
  const auto judgements = load_judgements(catalog, number, "made", true);
  for (const StoredFinding& found : judgements->at(0).findings)
    if (found.finding.requirement == requirement) return found;
  throw std::runtime_error("no such finding");
}

TEST_F(Maintained, AWaiverHoldsForTheMeasurementItWasGivenFor) {
  const std::string id = finding(catalog_, number_, "loudness").finding.finding_id;
  const auto waived =
      waive(catalog_, {id, WaiverScope::finding, "The mixer wants it.", "ada", {}, {}});
  ASSERT_TRUE(waived) << waived.error().message;
  EXPECT_EQ(finding(catalog_, number_, "loudness").waiver->reason, "The mixer wants it.");
  EXPECT_FALSE(finding(catalog_, number_, "black").waiver);
  // Another measurement reopens it.
  test::Made louder = named("film");
  louder.frames = 500;
  louder.energy = 0.02;
  const auto evidence = measured(louder);
  ASSERT_TRUE(Recorder(catalog_).judged(std::vector<Recorder::Judged>{
      {number_, {}, {specs::judge(*evidence, test::made_rules(), {}), {}}}}));
  EXPECT_EQ(finding(catalog_, number_, "loudness").finding.finding_id, id);
  EXPECT_FALSE(finding(catalog_, number_, "loudness").waiver);
}

TEST_F(Maintained, AWaiverEndsAndIsRevoked) {
  const std::string id = finding(catalog_, number_, "loudness").finding.finding_id;
  ASSERT_TRUE(waive(catalog_, {id, WaiverScope::rule, "Old.", "ada", "2996-02-29", {}}));
  EXPECT_TRUE(finding(catalog_, number_, "loudness").waiver);
  ASSERT_TRUE(catalog_.write(
      [](Database& database) { database.run("UPDATE waiver SET until = '2020-02-29'"); }));
  EXPECT_FALSE(finding(catalog_, number_, "loudness").waiver);
  const auto holds = waive(catalog_, {id, WaiverScope::rule, "New.", "ada", "2999-12-31", {}});
  EXPECT_TRUE(finding(catalog_, number_, "loudness").waiver);
  ASSERT_TRUE(revoke_waiver(catalog_, *holds, "bob"));
  EXPECT_FALSE(finding(catalog_, number_, "loudness").waiver);
  EXPECT_FALSE(revoke_waiver(catalog_, *holds, "bob"));
}

TEST_F(Maintained, AFindingIsNamedBySoMuchOfItsIdAsFitsNoOther) {
  const std::string id = finding(catalog_, number_, "loudness").finding.finding_id;
  std::string upper = id;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const auto waived = [&](const std::string& name) {
    return waive(catalog_, {name, WaiverScope::finding, "r", "b", {}, {}});
  };
  for (const std::string& name : {id, upper, id.substr(0, 8), upper.substr(0, 12)})
    EXPECT_TRUE(waived(name)) << name;
  EXPECT_EQ(finding(catalog_, number_, "loudness").waiver->finding_id, id);
  EXPECT_EQ(waived(id.substr(0, 7)).error().code, ErrorCode::not_found);
  EXPECT_EQ(waived(id + "0").error().code, ErrorCode::not_found);
  // Another finding that begins the same.
  const std::string twin = id.substr(0, id.size() - 1) + (id.back() == '0' ? "1" : "0");
  ASSERT_TRUE(catalog_.write([&](Database& database) {
    database.execute("CREATE TEMP TABLE copied AS SELECT * FROM finding WHERE finding_id = '" + id +
                     "'; UPDATE copied SET id = 9999, finding_id = '" + twin +
                     "'; INSERT INTO finding SELECT * FROM copied; DROP TABLE copied;");
  }));
  const auto ambiguous = waived(id.substr(0, 8));
  ASSERT_FALSE(ambiguous);
  EXPECT_EQ(ambiguous.error().code, ErrorCode::usage);
  EXPECT_THAT(ambiguous.error().message, HasSubstr(std::min(id, twin) + ", " + std::max(id, twin)));
  EXPECT_TRUE(waived(id));
}

TEST_F(Maintained, NotEverythingCanBeWaived) {
  const std::string id = finding(catalog_, number_, "loudness").finding.finding_id;
  const std::string manual = finding(catalog_, number_, "eyes").finding.finding_id;
  const auto code = [&](const Waiver& waiver) { return waive(catalog_, waiver).error().code; };
  EXPECT_EQ(code({"nothing", WaiverScope::finding, "r", "b", {}, {}}), ErrorCode::not_found);
  EXPECT_EQ(code({manual, WaiverScope::finding, "r", "b", {}, {}}), ErrorCode::usage);
  EXPECT_EQ(code({id, WaiverScope::finding, " \n", "b", {}, {}}), ErrorCode::usage);
  EXPECT_EQ(code({id, WaiverScope::finding, "r", "", {}, {}}), ErrorCode::usage);
  EXPECT_EQ(code({id, WaiverScope::finding, "r", "b", "2996-02-30", {}}), ErrorCode::usage);
  EXPECT_EQ(code({id, WaiverScope::finding, "r", "b", "2020-02-29", {}}), ErrorCode::usage);
  EXPECT_EQ(code({id, WaiverScope::finding, "r", "b", "tomorrow", {}}), ErrorCode::usage);
  EXPECT_EQ(code({id, WaiverScope::title, "r", "b", {}, {}}), ErrorCode::usage);
}

}  // namespace
}  // namespace cleangate::dam
