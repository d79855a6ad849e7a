// SPDX-License-Identifier: Apache-2.0
#include "dam/sql_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/dam/query/made_catalog.h"

namespace cleangate::dam {
namespace {

using ::testing::HasSubstr;

class SqlOfUsers : public ::testing::Test {
 protected:
  SqlOfUsers() {
    made_.add({.path = "/a.mov", .tags = {"one", "two"}, .judgements = {{"spec", "pass"}}});
    made_.add({.path = "/b.mov"});
    made_.run("UPDATE asset SET merged_into = 1 WHERE id = 2");
  }

  Expected<SqlAnswer> run(const std::string& sql) {
    values_.clear();
    return query_sql(
        made_.catalog, sql, {}, {}, [](const auto&) {},
        [&](const std::vector<SqlValue>& row) {
          values_.insert(values_.end(), row.begin(), row.end());
        });
  }
  // The first value of what may be asked.
  SqlValue ask(const std::string& sql) {
    const auto answer = run(sql);
    EXPECT_TRUE(answer) << sql << ": " << answer.error().message;
    return values_.empty() ? SqlValue() : values_.front();
  }

  test::MadeCatalog made_;
  std::vector<SqlValue> values_;
};

TEST_F(SqlOfUsers, ReadsTheViews) {
  for (const std::string& view : documented_views()) {
    EXPECT_TRUE(run("SELECT * FROM " + view)) << view;
    EXPECT_TRUE(run("SELECT count(*) FROM main." + view)) << view;
    EXPECT_TRUE(run("EXPLAIN QUERY PLAN SELECT * FROM " + view)) << view;
  }
  EXPECT_EQ(ask("SELECT count(*) FROM assets"), SqlValue(std::int64_t{1}));
  EXPECT_EQ(ask("select path from ASSETS"), SqlValue("/a.mov"));
  EXPECT_EQ(
      ask("SELECT count(*) FROM assets JOIN tags USING (number) JOIN judgements USING (number)"),
      SqlValue(std::int64_t{2}));
  EXPECT_EQ(ask("SELECT sum(value) FROM json_each('[1, 2]')"), SqlValue(std::int64_t{3}));
}

TEST_F(SqlOfUsers, HasWithsOfItsOwn) {
  EXPECT_EQ(ask("WITH a AS (SELECT * FROM tags) SELECT count(*) FROM a"),
            SqlValue(std::int64_t{2}));
  EXPECT_EQ(ask("WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 9) "
                "SELECT max(n) FROM a"),
            SqlValue(std::int64_t{9}));
  // The name of a view is as good as any, if it reads nothing else.
  EXPECT_EQ(ask("WITH assets AS (SELECT 7 AS n) SELECT n FROM assets"), SqlValue(std::int64_t{7}));
  EXPECT_EQ(ask("WITH assets AS (SELECT count(*) AS n FROM tags) SELECT n FROM assets"),
            SqlValue(std::int64_t{2}));
}

// What a WITH, an alias or a subquery is called opens no other table.
TEST_F(SqlOfUsers, NoNameOpensAnotherTable) {
  const char* const kForbidden[] = {
      "SELECT * FROM asset",
      "SELECT count(*) FROM asset",
      "SELECT 1 FROM asset",
      "WITH assets AS (SELECT * FROM asset) SELECT * FROM assets",
      "WITH assets AS (SELECT id FROM asset) SELECT count(*) FROM assets",
      "WITH assets(a) AS MATERIALIZED (SELECT content_hint FROM main.asset) SELECT a FROM assets",
      "WITH ASSETS AS (SELECT document FROM facts) SELECT * FROM ASSETS",
      "WITH RECURSIVE tags(n) AS (SELECT max(id) FROM series UNION ALL SELECT n - 1 FROM tags "
      "WHERE n > 0) SELECT n FROM tags",
      "WITH a AS (WITH assets AS (SELECT * FROM asset) SELECT * FROM assets) SELECT * FROM a",
      "SELECT * FROM (WITH cues AS (SELECT * FROM cue) SELECT * FROM cues)",
      "WITH cues AS (SELECT sql FROM sqlite_schema) SELECT * FROM cues",
      "WITH cues AS (SELECT name FROM pragma_table_info('asset')) SELECT * FROM cues",
      "SELECT (WITH tags AS (SELECT seal FROM asset) SELECT seal FROM tags)",
      "SELECT * FROM (SELECT * FROM asset) AS assets",
      "SELECT assets.id FROM asset AS assets",
      "SELECT * FROM asset AS tags JOIN tags AS other",
      "SELECT count(*) FROM sqlite_schema",
      "SELECT count(*) FROM SQLITE_MASTER",
      "SELECT count(*) FROM pragma_database_list",
      "SELECT * FROM location_words",
      "SELECT * FROM temp.sqlite_master",
      "SELECT gather(1, number) FROM assets"};
  for (const char* sql : kForbidden) {
    const auto answer = run(sql);
    ASSERT_FALSE(answer) << sql;
    EXPECT_EQ(answer.error().code, ErrorCode::usage) << sql;
    EXPECT_TRUE(values_.empty()) << sql;
  }
  EXPECT_THAT(run("WITH assets AS (SELECT * FROM asset) SELECT * FROM assets").error().message,
              HasSubstr("only these views may be read: assets, cues"));
}

}  // namespace
}  // namespace cleangate::dam
