// SPDX-License-Identifier: Apache-2.0
#include "dam/maintenance.h"

#include <random>

#include "dam/annotations.h"
#include "dam/assets.h"
#include "dam/file_system.h"
#include "dam/finding_json.h"
#include "dam/known.h"
#include "dam/sqlite.h"
#include "dam/stored_evidence.h"
#include "tests/dam/maintained.h"

namespace cleangate::dam {
namespace {

TEST_F(Maintained, ASoundCatalogHasNoProblems) { EXPECT_THAT(kinds(catalog_), IsEmpty()); }

TEST_F(Maintained, CheckFindsWhatIsMissing) {
  std::filesystem::remove(a_series());
  EXPECT_THAT(kinds(catalog_), ElementsAre(Kind::missing_series));
  EXPECT_THAT(kinds(catalog_, CheckDepth::quick), ElementsAre(Kind::missing_series));
}

TEST_F(Maintained, CheckFindsWhatIsDamaged) {
  const std::string path = a_series();
  overwrite(path, 100, '\x55');
  EXPECT_THAT(kinds(catalog_), ElementsAre(Kind::damaged_series));
  std::filesystem::resize_file(path, 50);
  EXPECT_THAT(kinds(catalog_, CheckDepth::quick), ElementsAre(Kind::damaged_series));
}

TEST_F(Maintained, CheckFindsWhatIsForeign) {
  std::ofstream(catalog_.series().directory() + "/README") << "mine";
  const std::string orphan = catalog_.series().path_of(sha256_of("nobody"));
  std::filesystem::create_directories(std::filesystem::path(orphan).parent_path());
  std::ofstream(orphan) << "orphan";
  std::filesystem::create_directories(catalog_.series().directory() + "/tmp");
  std::ofstream(catalog_.series().directory() + "/tmp/1.part") << "half";
  EXPECT_THAT(kinds(catalog_), ::testing::UnorderedElementsAre(
                                   Kind::foreign_file, Kind::orphaned_series, Kind::leftover));
  EXPECT_TRUE(check_catalog(catalog_, CheckDepth::full)->sound());
  ASSERT_TRUE(tidy_catalog(catalog_));
  EXPECT_EQ(kinds(catalog_).size(), 3u);  // too young to be removed
}

TEST_F(Maintained, CheckFindsAWordIndexOutOfStep) {
  ASSERT_TRUE(catalog_.write([](Database& database) {
    database.run("INSERT INTO note(asset, text, by, time) VALUES (1, 'unindexed', '', '')");
  }));
  EXPECT_THAT(kinds(catalog_), ElementsAre(Kind::words));
  ASSERT_TRUE(tidy_catalog(catalog_));
  EXPECT_THAT(kinds(catalog_), IsEmpty());
}

TEST(Damage, AFlippedOrCutDatabaseIsToldNeverACrashNeverAPass) {
  const TemporaryFolder folder;
  const std::string path = folder / "catalog.db";
  AssetNumber number = 0;
  {
    Catalog catalog = *Catalog::open(path);
    number = record(catalog, "film");
    ASSERT_TRUE(add_note(catalog, number, "a note", "me"));
  }
  const auto bytes = read_file(path);
  std::mt19937 random(17);
  const specs::Profile profile = test::made_rules();
  int noticed = 0;
  for (int i = 0; i < 150; ++i) {
    auto damaged = bytes;
    if (i % 10 == 0) damaged.resize(random() % bytes.size());
    for (int flips = 0; flips < 20 && !damaged.empty(); ++flips)
      damaged[random() % damaged.size()] ^= static_cast<std::byte>(1u << (random() % 8));
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char*>(damaged.data()),
               static_cast<std::streamsize>(damaged.size()));
    for (const char* tail : {"-wal", "-shm"}) std::filesystem::remove(path + tail);
    CatalogOptions options;
    options.access = Access::read;
    auto catalog = Catalog::open(path, options);
    if (!catalog) {
      ++noticed;
      EXPECT_THAT(catalog.error().message, HasSubstr(path));
      continue;
    }
    const auto report = check_catalog(*catalog, CheckDepth::full);
    noticed += !report || !report->sound();
    const auto stored = StoredEvidence::load(*catalog, number);
    if (stored) {
      EXPECT_NE(specs::judge(**stored, profile, {}).verdict, specs::VerdictKind::pass);
    }
    (void)load_asset(*catalog, number);
    (void)load_judgements(*catalog, number, "", false);
    (void)load_events(*catalog, number);
  }
  EXPECT_GT(noticed, 100);
}

TEST_F(Maintained, PruneKeepsHistory) {
  ASSERT_TRUE(prune(catalog_, std::vector{number_}));
  const auto asset = load_asset(catalog_, number_);
  ASSERT_TRUE(asset);
  EXPECT_TRUE(asset->pruned_at);
  EXPECT_EQ(load_judgements(catalog_, number_, "", false)->size(), 1u);
  EXPECT_EQ(load_events(catalog_, number_)->back().type, "deletion");
  EXPECT_FALSE(prune(catalog_, std::vector<AssetNumber>{99}));
}

// ---- known --------------------------------------------------------------------------------------

TEST_F(Maintained, AKnownFileIsKnownByItsStat) {
  Known known(catalog_);
  FileStat stat = place("/masters/film", std::hash<std::string>()("film")).stat;
  const auto found = known.by_stat(stat);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->number, number_);
  EXPECT_EQ((*found)->path, "/masters/film");
  EXPECT_EQ((*found)->depth, probes::Depth::decode);
  for (const auto change : {0, 1, 2, 3, 4, 5}) {
    FileStat other = stat;
    if (change == 0) other.volume += "x";
    if (change == 1) ++other.device;
    if (change == 2) ++other.inode;
    if (change == 3) ++other.bytes;
    if (change == 4) ++other.mtime_ns;
    if (change == 5) ++other.ctime_ns;
    EXPECT_FALSE(*known.by_stat(other)) << change;
  }
}

TEST_F(Maintained, HintsNameCandidates) {
  const AssetNumber other = record(catalog_, "other");
  Known known(catalog_);
  EXPECT_EQ(known.by_content_hint(std::vector<std::byte>(24, std::byte{1}))->size(), 2u);
  EXPECT_EQ(known.by_content_hint(std::vector<std::byte>(24, std::byte{2}))->size(), 0u);
  EXPECT_EQ(known.by_essence_hint(sha256_of("hint other"))->at(0).number, other);
  EXPECT_EQ(known.by_essence(sha256_of("essence film 1"))->at(0).number, number_);
  EXPECT_EQ((*known.by_content(sha256_of("content film")))->number, number_);
  EXPECT_FALSE(*known.by_content(sha256_of("content none")));
}

TEST(ContentHint, IsOfSizeAndEnds) {
  const TemporaryFolder folder;
  const auto hint = [&](const std::string& text) {
    std::ofstream(folder / "f", std::ios::binary | std::ios::trunc) << text;
    return *content_hint(open_file(folder / "f", 0).get());
  };
  std::string text(5'000'000, 'a');
  const auto first = hint(text);
  EXPECT_EQ(first.size(), 24u);
  text[2'500'000] = 'b';
  EXPECT_EQ(hint(text), first);  // a hint is no identity
  text[4'999'999] = 'b';
  EXPECT_NE(hint(text), first);
  EXPECT_NE(hint("a"), hint("b"));
  const auto nothing = hint("");
  EXPECT_NE(hint(std::string(1, '\0')), nothing);
  const auto stat = stat_of(open_file(folder / "f", 0).get());
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->bytes, 1u);
  EXPECT_FALSE(stat->volume.empty());
}

TEST(FileSystems, TheNetworkIsTold) {
  EXPECT_EQ(network_file_system(0x6969, ""), "NFS");
  EXPECT_EQ(network_file_system(0xFFFFFFFFFF534D42, ""), "SMB/CIFS");
  EXPECT_EQ(network_file_system(0x65735546, "fuse.sshfs"), "FUSE");
  EXPECT_EQ(network_file_system(0x65735546, "fuseblk"), std::nullopt);
  for (const std::uint64_t local :
       {0xEF53ull, 0x9123683Eull, 0x58465342ull, 0x01021994ull, 0x2FC12FC1ull})
    EXPECT_EQ(network_file_system(local, ""), std::nullopt);
}

// ---- what people add
// ------------------------------------------------------------------------------

TEST(FindingJson, RefusesWhatIsNotAFinding) {
  for (const char* wrong :
       {"", "{", "[]x", "[{}]", "[1]", "{\"a\":1}", "null", "[{\"position\":\"x\"}]"})
    EXPECT_FALSE(read_findings(wrong) && !read_findings(wrong)->empty()) << wrong;
  EXPECT_FALSE(read_measured("{\"unit\":\"LUFS\"}"));
  EXPECT_FALSE(read_measured("{\"unit\":\"furlong\",\"text\":\"\"}"));
  EXPECT_FALSE(read_spans("[{\"start\":\"1/0\",\"end\":\"1/1\"}]"));
}

}  // namespace
}  // namespace cleangate::dam
