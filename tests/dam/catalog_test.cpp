// SPDX-License-Identifier: Apache-2.0
#include "dam/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "dam/schema.h"
#include "dam/sqlite.h"
#include "tests/dam/temporary_folder.h"

namespace cleangate::dam {
namespace {

using test::TemporaryFolder;
using ::testing::HasSubstr;

CatalogOptions reading() {
  CatalogOptions options;
  options.access = Access::read;
  return options;
}

Expected<std::int64_t> count(Catalog& catalog, const std::string& table) {
  std::int64_t rows = 0;
  auto done = catalog.read(
      [&](Database& database) { rows = database.integer("SELECT count(*) FROM " + table); });
  if (!done) return tl::unexpected(done.error());
  return rows;
}

Expected<void> add_event(Catalog& catalog, const std::string& object) {
  return catalog.write([&](Database& database) {
    database.run(
        "INSERT INTO event(type, time, outcome, detail, agent, object) VALUES ('test', "
        "'2026-01-01T00:00:00.000Z', 'success', '', 'test', ?1)",
        object);
  });
}

TEST(Catalog, IsMadeWithAllItNeeds) {
  const TemporaryFolder folder;
  auto catalog = Catalog::open(folder / "new/deep/catalog.db");
  ASSERT_TRUE(catalog) << catalog.error().message;
  std::string journal;
  ASSERT_TRUE(catalog->read([&](Database& database) {
    EXPECT_EQ(database.integer("PRAGMA application_id"), kApplicationId);
    EXPECT_EQ(database.integer("PRAGMA user_version"), catalog_version());
    EXPECT_EQ(database.integer("PRAGMA synchronous"), 2);
    EXPECT_EQ(database.integer("PRAGMA foreign_keys"), 1);
    EXPECT_EQ(database.integer("PRAGMA trusted_schema"), 0);
    EXPECT_EQ(database.integer("PRAGMA wal_autocheckpoint"), 0);
    EXPECT_EQ(database.integer("PRAGMA mmap_size"), 0);
    Statement mode = database.prepare("PRAGMA journal_mode");
    ASSERT_TRUE(mode.step());
    journal = mode.text(0);
  }));
  EXPECT_EQ(journal, "wal");
}

TEST(Catalog, EveryTableIsStrict) {
  const TemporaryFolder folder;
  auto catalog = Catalog::open(folder / "catalog.db");
  ASSERT_TRUE(catalog);
  ASSERT_TRUE(catalog->read([&](Database& database) {
    EXPECT_EQ(
        database.integer("SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND "
                         "strict = 0 AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%_words%'"),
        0);
    EXPECT_GT(database.integer("SELECT count(*) FROM pragma_table_list WHERE strict = 1"), 15);
  }));
}

TEST(Catalog, WhatIsWrittenIsThereForTheNext) {
  const TemporaryFolder folder;
  const std::string path = folder / "catalog.db";
  {
    auto catalog = Catalog::open(path);
    ASSERT_TRUE(catalog);
    ASSERT_TRUE(add_event(*catalog, "a"));
    auto second = Catalog::open(path);  // while the first is open
    ASSERT_TRUE(second);
    EXPECT_EQ(count(*second, "event"), 1);
    ASSERT_TRUE(add_event(*second, "b"));
    EXPECT_EQ(count(*catalog, "event"), 2);
  }
  auto catalog = Catalog::open(path, reading());
  ASSERT_TRUE(catalog);
  EXPECT_EQ(count(*catalog, "event"), 2);
  EXPECT_EQ(std::filesystem::file_size(path + "-wal"), 0u);  // who wrote took the log along
}

TEST(Catalog, AnErrorInsideLeavesNothing) {
  const TemporaryFolder folder;
  auto catalog = Catalog::open(folder / "catalog.db");
  ASSERT_TRUE(catalog);
  const auto done = catalog->write([](Database& database) {
    database.run("INSERT INTO catalog_info(key, value) VALUES ('a', 'b')");
    throw_failure(ErrorCode::usage, "Enough.");
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "Enough.");
  EXPECT_EQ(count(*catalog, "catalog_info"), 0);
  EXPECT_TRUE(add_event(*catalog, "works on"));
}

TEST(Catalog, EventsAreAppendOnly) {
  const TemporaryFolder folder;
  auto catalog = Catalog::open(folder / "catalog.db");
  ASSERT_TRUE(catalog && add_event(*catalog, "a"));
  for (const char* change : {"UPDATE event SET outcome = 'failure'", "DELETE FROM event"}) {
    const auto done = catalog->write([&](Database& database) { database.run(change); });
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().message, HasSubstr("append-only"));
  }
  EXPECT_EQ(count(*catalog, "event"), 1);
}

TEST(Catalog, ThereIsNoneToRead) {
  const TemporaryFolder folder;
  const auto catalog = Catalog::open(folder / "catalog.db", reading());
  ASSERT_FALSE(catalog);
  EXPECT_EQ(catalog.error().code, ErrorCode::not_found);
  EXPECT_FALSE(std::filesystem::exists(folder / "catalog.db"));
}

TEST(Catalog, ANewerVersionIsRefusedUntouched) {
  const TemporaryFolder folder;
  const std::string path = folder / "catalog.db";
  ASSERT_TRUE(Catalog::open(path));
  { Database(path, Database::Open::write).execute("PRAGMA user_version = 999"); }
  for (const Access access : {Access::read, Access::write}) {
    CatalogOptions options;
    options.access = access;
    const auto catalog = Catalog::open(path, options);
    ASSERT_FALSE(catalog);
    EXPECT_EQ(catalog.error().code, ErrorCode::unsupported);
    EXPECT_THAT(catalog.error().message, HasSubstr("version 999"));
  }
  EXPECT_EQ(Database(path, Database::Open::read).integer("PRAGMA user_version"), 999);
}

TEST(Catalog, AnotherProgramsDatabaseIsRefused) {
  const TemporaryFolder folder;
  const std::string path = folder / "other.db";
  { Database(path, Database::Open::create).execute("CREATE TABLE t(a)"); }
  const auto catalog = Catalog::open(path);
  ASSERT_FALSE(catalog);
  EXPECT_THAT(catalog.error().message, HasSubstr("another program"));
  std::ofstream(folder / "text.db") << std::string(200, 'x');
  const auto text = Catalog::open(folder / "text.db");
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::damaged);
}

TEST(Catalog, AnyNameOfAFileWorks) {
  const TemporaryFolder folder;
  for (const char* name : {"a b?mode=memory#x%41&'\".db", "h\xFFidden.db", "new\nline.db"}) {
    auto catalog = Catalog::open(folder / name);
    ASSERT_TRUE(catalog) << catalog.error().message;
    ASSERT_TRUE(add_event(*catalog, name));
    EXPECT_TRUE(std::filesystem::exists(folder / name));
  }
}

TEST(Catalog, NetworkFileSystemsAreRefusedWithTheReason) {
  const TemporaryFolder folder;
  CatalogOptions options;
  options.file_system = 0x6969;
  const auto catalog = Catalog::open(folder / "catalog.db", options);
  ASSERT_FALSE(catalog);
  EXPECT_EQ(catalog.error().code, ErrorCode::unsupported);
  EXPECT_THAT(catalog.error().message, HasSubstr("network file system (NFS)"));
  EXPECT_FALSE(std::filesystem::exists(folder / "catalog.db"));
}

TEST(Catalog, AWaitingWriterIsToldWhoWrites) {
  const TemporaryFolder folder;
  const std::string path = folder / "catalog.db";
  CatalogOptions options;
  options.purpose = "tagging";
  options.wait.at_most = std::chrono::milliseconds(2600);
  std::vector<std::string> told;
  options.wait.tell = [&](const std::string& text) { told.push_back(text); };
  auto catalog = Catalog::open(path, options);
  ASSERT_TRUE(catalog);
  auto held = WriterLock::acquire(lock_file(path), "a long ingest", {});
  ASSERT_TRUE(held);
  const auto done = add_event(*catalog, "a");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::timed_out);
  EXPECT_THAT(done.error().message, HasSubstr("a long ingest"));
  ASSERT_FALSE(told.empty());
  EXPECT_THAT(told.front(), HasSubstr("a long ingest"));
  held->release();
  EXPECT_TRUE(add_event(*catalog, "b"));
}

TEST(Catalog, ReadersDoNotWaitForWriters) {
  const TemporaryFolder folder;
  const std::string path = folder / "catalog.db";
  ASSERT_TRUE(Catalog::open(path));
  auto held = WriterLock::acquire(lock_file(path), "test", {});
  const auto start = std::chrono::steady_clock::now();
  auto catalog = Catalog::open(path, reading());
  ASSERT_TRUE(catalog);
  EXPECT_EQ(count(*catalog, "event"), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

TEST(Migrations, AreNumberedWithoutGaps) {
  int expected = 0;
  for (const Migration& step : migrations()) EXPECT_EQ(step.version, ++expected);
  EXPECT_EQ(catalog_version(), expected);
}

TEST(Migrations, RunInOrderAndOnce) {
  const TemporaryFolder folder;
  Database database(folder / "a.db", Database::Open::create);
  const Migration first{1, false, "CREATE TABLE a(x); INSERT INTO a VALUES (1);"};
  const Migration second{2, false, "ALTER TABLE a ADD COLUMN y; UPDATE a SET y = x + 1;"};
  migrate(database, std::vector{first});
  migrate(database, std::vector{first, second});
  migrate(database, std::vector{first, second});
  EXPECT_EQ(database.integer("PRAGMA user_version"), 2);
  EXPECT_EQ(database.integer("SELECT sum(y) FROM a"), 2);
}

TEST(Migrations, OneThatFailsChangesNothing) {
  const TemporaryFolder folder;
  Database database(folder / "a.db", Database::Open::create);
  const Migration first{1, false, "CREATE TABLE a(x);"};
  const Migration broken{2, false, "INSERT INTO a VALUES (1); INSERT INTO nowhere VALUES (1);"};
  migrate(database, std::vector{first});
  EXPECT_THROW(migrate(database, std::vector{first, broken}), Failure);
  EXPECT_EQ(database.integer("PRAGMA user_version"), 1);
  EXPECT_EQ(database.integer("SELECT count(*) FROM a"), 0);
}

// A catalog made by the first version: its words are found, and tell their assets, afterwards.
TEST(Migrations, TheSecondKeepsWordsAndSaysTheirAssets) {
  const TemporaryFolder folder;
  const std::string path = folder / "catalog.db";
  {
    Database database(path, Database::Open::create);
    migrate(database, migrations().first(1));
    database.execute(
        "INSERT INTO asset(id, kind, status, depth, first_seen, measured_at, bytes) VALUES (7, "
        "'video', "
        "'measured', 'decode', '2026-01-01', '2026-01-01', 1);"
        "INSERT INTO cue(id, asset, service, start_s, end_s, text) VALUES (3, 7, 'CC1', '1', '2', "
        "'good night');"
        "INSERT INTO cue_words(rowid, text) VALUES (3, 'good night');"
        "INSERT INTO judgement VALUES (5, 7, 's', 't', '', 1, 'd', '{}', 'fail', 0, 1, 0, 0, 0, 0, "
        "0, x'00', x'00', x'00', 'p', '2026', '2026', 1);"
        "INSERT INTO finding VALUES (11, 5, 0, 'f', 'r', 'q', 'fail', 'reject', NULL, NULL, NULL, "
        "NULL, '[]', 0, '{}', '{}', '{}', 'too loud', NULL, 'b');"
        "INSERT INTO finding_words(rowid, message) VALUES (11, 'too loud');");
  }
  auto catalog = Catalog::open(path);
  ASSERT_TRUE(catalog) << catalog.error().message;
  ASSERT_TRUE(catalog->write([](Database& database) {
    EXPECT_EQ(database.integer("PRAGMA user_version"), catalog_version());
    EXPECT_EQ(database.integer("SELECT rowid >> 36 FROM cue_words WHERE cue_words MATCH 'night'"),
              7);
    EXPECT_EQ(
        database.integer("SELECT rowid >> 36 FROM finding_words WHERE finding_words MATCH 'loud'"),
        7);
    for (const char* words : {"cue_words", "finding_words"})
      database.execute(std::string("INSERT INTO ") + words + "(" + words +
                       ", rank) VALUES ('integrity-check', 1)");
    EXPECT_EQ(database.integer("SELECT not_looked_at FROM finding"), 0);
    EXPECT_EQ(database.integer("SELECT noted FROM judgements"), 0);
  }));
}

}  // namespace
}  // namespace cleangate::dam
