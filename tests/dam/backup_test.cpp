// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "dam/annotations.h"
#include "dam/assets.h"
#include "dam/files.h"
#include "dam/kept_aside.h"
#include "tests/dam/maintained.h"

namespace cleangate::dam {
namespace {

TEST_F(Maintained, ABackupIsACatalogOfItsOwn) {
  const std::string target = folder_ / "backups/one.db";
  const auto backup = backup_catalog(catalog_, target);
  ASSERT_TRUE(backup) << backup.error().message;
  EXPECT_TRUE(backup->missing.empty());
  EXPECT_FALSE(std::filesystem::exists(target + ".part"));
  EXPECT_FALSE(std::filesystem::exists(target + "-wal"));
  (void)record(catalog_, "later");
  auto copy = Catalog::open(target);
  ASSERT_TRUE(copy) << copy.error().message;
  EXPECT_THAT(kinds(*copy), IsEmpty());
  EXPECT_EQ(check_catalog(*copy, CheckDepth::full)->assets, 1);
  EXPECT_EQ(resolve_asset(*copy, "/masters/film"), number_);
  EXPECT_EQ(backup_catalog(catalog_, target).error().code, ErrorCode::usage);
}

TEST_F(Maintained, ABackupTellsWhatItCouldNotSave) {
  const std::string lost = a_series();
  std::filesystem::remove(lost);
  const auto backup = backup_catalog(catalog_, folder_ / "copy.db");
  ASSERT_TRUE(backup);
  EXPECT_THAT(backup->missing, ElementsAre(lost));
}

TEST_F(Maintained, RestoreBringsBackDatabaseAndSeries) {
  const std::string target = folder_ / "copy.db";
  ASSERT_TRUE(backup_catalog(catalog_, target));
  (void)record(catalog_, "later");
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(catalog_.series().directory()))
    if (entry.is_regular_file()) std::filesystem::remove(entry);
  const auto restored = restore_catalog(target, catalog_.path());
  ASSERT_TRUE(restored) << restored.error().message;
  // Who had the old one open writes into nothing.
  const auto refused = add_tag(catalog_, number_, "lost", "me");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::refused);
  Catalog again = *Catalog::open(folder_ / "catalog.db");
  EXPECT_THAT(kinds(again), ElementsAre(Kind::leftover));  // what was put aside
  EXPECT_EQ(check_catalog(again, CheckDepth::full)->assets, 1);
  int kept = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    kept += entry.path().filename().string().find(".before-restore-") != std::string::npos;
  EXPECT_GT(kept, 0);
}

TEST_F(Maintained, RestoreReplacesADamagedCatalogAndRefusesADamagedBackup) {
  const std::string target = folder_ / "copy.db";
  ASSERT_TRUE(backup_catalog(catalog_, target));
  std::ofstream(folder_ / "broken.db") << "this is no catalog at all";
  ASSERT_TRUE(restore_catalog(target, folder_ / "broken.db"));
  EXPECT_TRUE(Catalog::open(folder_ / "broken.db"));
  std::filesystem::resize_file(target, 20'000);
  EXPECT_FALSE(restore_catalog(target, folder_ / "broken.db"));
  EXPECT_TRUE(Catalog::open(folder_ / "broken.db"));
}

TEST_F(Maintained, RestoreLeavesTheBackupAsItIs) {
  const std::string target = folder_ / "copy.db";
  ASSERT_TRUE(backup_catalog(catalog_, target));
  const auto bytes = read_file(target);
  ASSERT_TRUE(restore_catalog(target, folder_ / "elsewhere/catalog.db"));
  EXPECT_EQ(read_file(target), bytes);
  for (const char* tail : {"-wal", "-shm", ".lock"})
    EXPECT_FALSE(std::filesystem::exists(target + tail)) << tail;
}

// A catalog in use can be what is restored from: its log counts.
TEST_F(Maintained, RestoreFromACatalogInUse) {
  ASSERT_TRUE(std::filesystem::exists(catalog_.path() + "-wal"));
  (void)record(catalog_, "later");
  const std::string target = folder_ / "second.db";
  ASSERT_TRUE(restore_catalog(catalog_.path(), target));
  Catalog second = *Catalog::open(target);
  EXPECT_EQ(check_catalog(second, CheckDepth::full)->assets, 2);
}

// What a restore put aside can be brought back in turn, with its series.
TEST_F(Maintained, TidyKeepsTheSeriesOfACatalogPutAside) {
  const std::string target = folder_ / "copy.db", path = catalog_.path();
  ASSERT_TRUE(backup_catalog(catalog_, target));
  (void)record(catalog_, "later");
  ASSERT_TRUE(restore_catalog(target, path));
  const auto old = std::filesystem::file_time_type::clock::now() - std::chrono::hours(48);
  const auto files = catalog_.series().list();
  ASSERT_TRUE(files);
  for (const auto& entry : *files) std::filesystem::last_write_time(entry.path, old);
  Catalog again = *Catalog::open(path);
  EXPECT_THAT(kinds(again), ElementsAre(Kind::leftover));
  ASSERT_TRUE(tidy_catalog(again));
  const auto aside = kept_aside(path);
  ASSERT_EQ(aside.size(), 1u);
  const auto back = restore_catalog(aside[0], folder_ / "back.db");
  ASSERT_TRUE(back);
  Catalog whole = *Catalog::open(folder_ / "back.db");
  EXPECT_EQ(check_catalog(whole, CheckDepth::full)->assets, 2);
}

}  // namespace
}  // namespace cleangate::dam
