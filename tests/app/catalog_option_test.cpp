// SPDX-License-Identifier: Apache-2.0
#include "app/catalog_option.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/dam/temporary_folder.h"

namespace cleangate::app {
namespace {

using test::TemporaryFolder;
using ::testing::HasSubstr;

// Sets or removes variables of the environment while it lives.
class Environment {
 public:
  void set(const char* name, const char* value) {
    const char* old = std::getenv(name);
    before_.emplace_back(name, old ? std::optional<std::string>(old) : std::nullopt);
    if (value)
      setenv(name, value, 1);
    else
      unsetenv(name);
  }
  Environment(const char* catalog, const char* data, const char* home) {
    set("CLEANGATE_CATALOG", catalog);
    set("XDG_DATA_HOME", data);
    set("HOME", home);
  }
  ~Environment() {
    for (auto one = before_.rbegin(); one != before_.rend(); ++one)
      if (one->second)
        setenv(one->first, one->second->c_str(), 1);
      else
        unsetenv(one->first);
  }

 private:
  std::vector<std::pair<const char*, std::optional<std::string>>> before_;
};

TEST(CatalogOption, TheNearestStatementWins) {
  const Environment all("/named.db", "/data", "/home/me");
  EXPECT_EQ(catalog_path({"/given.db"}), "/given.db");
  EXPECT_EQ(catalog_path({}), "/named.db");
}

TEST(CatalogOption, DefaultsFollowTheBaseDirectories) {
  {
    const Environment data(nullptr, "/data", "/home/me");
    EXPECT_EQ(catalog_path({}), "/data/cleangate/catalog.db");
  }
  for (const char* unusable : {static_cast<const char*>(nullptr), "", "relative"}) {
    const Environment home("", unusable, "/home/me");
    EXPECT_EQ(catalog_path({}), "/home/me/.local/share/cleangate/catalog.db");
  }
  const Environment nothing(nullptr, nullptr, nullptr);
  EXPECT_EQ(catalog_path({}), "");
  const auto catalog = open_catalog({}, dam::Access::write, "test");
  ASSERT_FALSE(catalog);
  EXPECT_THAT(catalog.error().message, HasSubstr("--catalog FILE"));
}

TEST(CatalogOption, ReadingAndChangingMakeNoCatalog) {
  const TemporaryFolder folder;
  const CatalogOption option{folder / "deep/catalog.db"};
  const auto reading = open_catalog(option, dam::Access::read, "test");
  const auto changing = open_existing_catalog(option, "test");
  for (const auto* catalog : {&reading, &changing}) {
    ASSERT_FALSE(*catalog);
    EXPECT_EQ(catalog->error().code, ErrorCode::not_found);
    EXPECT_THAT(catalog->error().message, HasSubstr(option.path));
    EXPECT_THAT(catalog->error().message, HasSubstr("cleangate ingest"));
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "deep"));
}

TEST(CatalogOption, WritingMakesOneAndChangingOpensIt) {
  const TemporaryFolder folder;
  const CatalogOption option{folder / "deep/catalog.db"};
  ASSERT_TRUE(open_catalog(option, dam::Access::write, "test"));
  const auto catalog = open_existing_catalog(option, "test");
  ASSERT_TRUE(catalog) << catalog.error().message;
  EXPECT_EQ(catalog->options().access, dam::Access::write);
  EXPECT_THAT(catalog->options().agent, HasSubstr("cleangate "));
}

TEST(CatalogOption, SomebodyActs) {
  Environment person(nullptr, nullptr, nullptr);
  person.set("CLEANGATE_USER", "Ada");
  EXPECT_EQ(acting_person(), "Ada");
  person.set("CLEANGATE_USER", nullptr);
  EXPECT_NE(acting_person(), "");
}

}  // namespace
}  // namespace cleangate::app
