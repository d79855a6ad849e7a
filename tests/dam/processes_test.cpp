// SPDX-License-Identifier: Apache-2.0
// Several processes on one catalog, and processes that die: tests/dam/catalog_process.cpp is what
// they run.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "dam/assets.h"
#include "dam/maintenance.h"
#include "dam/recorder.h"
#include "dam/sqlite.h"
#include "dam/stored_evidence.h"
#include "tests/dam/made_measurement.h"
#include "tests/dam/temporary_folder.h"

namespace cleangate::dam {
namespace {

using test::TemporaryFolder;

struct Process {
  pid_t pid = -1;
  std::string out;  // file with what it printed
};

struct Ended {
  int status = 0;
  std::vector<std::string> lines;
  std::string errors;
  [[nodiscard]] bool killed() const { return WIFSIGNALED(status); }
  [[nodiscard]] bool good() const { return WIFEXITED(status) && WEXITSTATUS(status) == 0; }
};

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::uintmax_t size_of(const std::string& path) {
  std::error_code absent;
  const auto size = std::filesystem::file_size(path, absent);
  return absent ? 0 : size;
}

class Processes : public ::testing::Test {
 protected:
  Process start(const std::vector<std::string>& words, const std::string& crash_at = "",
                rlim_t largest_file = RLIM_INFINITY) {
    Process process;
    process.out = folder_ / fmt::format("out-{}", ++started_);
    process.pid = fork();
    if (process.pid == 0) run(words, crash_at, largest_file, process.out);
    return process;
  }
  Ended wait(const Process& process) {
    Ended ended;
    waitpid(process.pid, &ended.status, 0);
    std::istringstream lines(text_of(process.out));
    for (std::string line; std::getline(lines, line);)
      if (!lines.eof()) ended.lines.push_back(line);
    ended.errors = text_of(process.out + ".err");
    return ended;
  }
  Ended run_to_end(const std::vector<std::string>& words, const std::string& crash_at = "",
                   rlim_t largest_file = RLIM_INFINITY) {
    return wait(start(words, crash_at, largest_file));
  }
  // Nothing is damaged and nothing that was acknowledged is missing.
  void expect_intact(const std::vector<std::string>& acknowledged) {
    auto catalog = Catalog::open(path_);
    ASSERT_TRUE(catalog) << catalog.error().message;
    const auto report = check_catalog(*catalog, CheckDepth::full);
    ASSERT_TRUE(report) << report.error().message;
    for (const CheckProblem& problem : report->problems)
      EXPECT_TRUE(problem.harmless) << problem.what;
    std::set<std::string> names, tags;
    ASSERT_TRUE(catalog->read([&](Database& database) {
      Statement assets = database.prepare(
          "SELECT path_text, (SELECT count(*) FROM judgement WHERE judgement.asset = "
          "location.asset), "
          "(SELECT count(*) FROM asset_series WHERE asset_series.asset = location.asset) FROM "
          "location");
      while (assets.step()) {
        EXPECT_TRUE(names.insert(assets.text(0)).second) << assets.text(0);
        EXPECT_EQ(assets.integer(1), 1) << assets.text(0);  // one judgement a spec
        EXPECT_EQ(assets.integer(2), 6) << assets.text(0);
      }
      Statement all = database.prepare("SELECT asset || ' ' || name FROM tag");
      while (all.step()) tags.insert(all.text(0));
    }));
    for (const std::string& line : acknowledged) {
      const bool asset = line.starts_with("asset "), tag = line.starts_with("tag ");
      EXPECT_TRUE(!asset || names.contains("/masters/" + line.substr(6))) << line;
      EXPECT_TRUE(!tag || tags.contains(line.substr(4))) << line;
    }
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "catalog.db";

 private:
  [[noreturn]] static void run(const std::vector<std::string>& words, const std::string& crash_at,
                               rlim_t largest_file, const std::string& out) {
    const int file = open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    const int errors = open((out + ".err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    dup2(file, 1);
    dup2(errors, 2);
    if (!crash_at.empty()) setenv("CLEANGATE_CRASH_AT", crash_at.c_str(), 1);
    if (largest_file != RLIM_INFINITY) {
      signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{largest_file, largest_file};
      setrlimit(RLIMIT_FSIZE, &limit);
    }
    std::vector<std::string> all{CLEANGATE_CATALOG_PROCESS};
    all.insert(all.end(), words.begin(), words.end());
    std::vector<char*> arguments;
    for (std::string& word : all) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  int started_ = 0;
};

TEST_F(Processes, EightWritersLoseNothing) {
  std::vector<Process> running;
  for (int i = 0; i < 8; ++i) running.push_back(start({"work", path_, fmt::format("p{}", i), "4"}));
  std::vector<std::string> acknowledged;
  for (const Process& process : running) {
    const Ended ended = wait(process);
    EXPECT_TRUE(ended.good()) << ended.errors;
    EXPECT_EQ(ended.errors, "");
    EXPECT_GT(ended.lines.size(), 3u);
    acknowledged.insert(acknowledged.end(), ended.lines.begin(), ended.lines.end());
  }
  RecordProperty("acknowledged", static_cast<int>(acknowledged.size()));
  expect_intact(acknowledged);
  EXPECT_LT(size_of(path_ + "-wal"), 80u << 20);
}

TEST_F(Processes, WritersThatAreKilledLoseNothingThatWasAcknowledged) {
  std::vector<std::string> acknowledged;
  for (int round = 0; round < 6; ++round) {
    std::vector<Process> running;
    for (int i = 0; i < 4; ++i)
      running.push_back(start({"work", path_, fmt::format("r{}p{}", round, i), "60"}));
    usleep(300'000 + static_cast<unsigned>(round) * 170'000);
    for (const Process& process : running) kill(process.pid, SIGKILL);
    for (const Process& process : running) {
      const Ended ended = wait(process);
      EXPECT_TRUE(ended.killed()) << ended.errors;
      acknowledged.insert(acknowledged.end(), ended.lines.begin(), ended.lines.end());
    }
    expect_intact(acknowledged);
  }
}

class CrashPoints : public Processes, public ::testing::WithParamInterface<const char*> {};

// Killed there, and run again: exactly one asset, one judgement, all series.
TEST_P(CrashPoints, RunAgainItIsAsIfNothingHadHappened) {
  ASSERT_TRUE(run_to_end({"record", path_, "before"}).good());
  const Ended crashed = run_to_end({"record", path_, "film", "after"}, GetParam());
  EXPECT_TRUE(crashed.killed()) << GetParam() << " was not met: " << crashed.errors;
  std::vector<std::string> acknowledged = crashed.lines;
  acknowledged.push_back("asset before");
  expect_intact(acknowledged);
  const auto start = std::chrono::steady_clock::now();
  const Ended again = run_to_end({"record", path_, "film", "after"});
  EXPECT_TRUE(again.good()) << again.errors;
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  acknowledged.insert(acknowledged.end(), again.lines.begin(), again.lines.end());
  expect_intact(acknowledged);
  auto catalog = Catalog::open(path_);
  EXPECT_EQ(check_catalog(*catalog, CheckDepth::full)->assets, 3);
  // What the crash left behind is removed once it is old.
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path_ + ".series"))
    if (entry.is_regular_file())
      std::filesystem::last_write_time(
          entry, std::filesystem::file_time_type::clock::now() - std::chrono::hours(48));
  ASSERT_TRUE(tidy_catalog(*catalog));
  EXPECT_TRUE(check_catalog(*catalog, CheckDepth::full)->problems.empty());
}

INSTANTIATE_TEST_SUITE_P(Recording, CrashPoints,
                         ::testing::Values("series:written", "series:synced", "series:renamed",
                                           "series:renamed:3", "series:settled", "record:asset",
                                           "catalog:before-commit", "catalog:committed",
                                           "catalog:committed:2"));

TEST_F(Processes, ACatalogHalfMadeIsMadeAgain) {
  EXPECT_TRUE(run_to_end({"record", path_, "film"}, "migrate:step").killed());
  EXPECT_TRUE(run_to_end({"record", path_, "film"}).good());
  expect_intact({"asset film"});
}

TEST_F(Processes, CheckpointsMayDieToo) {
  std::vector<std::string> words{"record", path_};
  for (int i = 0; i < 150; ++i) words.push_back(fmt::format("n{}", i));
  const Ended crashed = run_to_end(words, "catalog:checkpointed");
  EXPECT_TRUE(crashed.killed()) << "the log never grew so far";
  expect_intact(crashed.lines);
}

TEST_F(Processes, AnInterruptedBackupLeavesNoneAndTheNextOneIsWhole) {
  ASSERT_TRUE(run_to_end({"record", path_, "one", "two"}).good());
  const std::string copy = folder_ / "copy.db";
  for (const char* point : {"backup:snapshot", "backup:series:3"}) {
    EXPECT_TRUE(run_to_end({"backup", path_, copy}, point).killed());
    EXPECT_FALSE(std::filesystem::exists(copy));
  }
  EXPECT_TRUE(run_to_end({"backup", path_, copy}).good());
  path_ = copy;
  expect_intact({"asset one", "asset two"});
}

TEST_F(Processes, AnInterruptedRestoreIsDoneAgain) {
  const std::string copy = folder_ / "copy.db";
  ASSERT_TRUE(run_to_end({"record", path_, "one"}).good());
  ASSERT_TRUE(run_to_end({"backup", path_, copy}).good());
  ASSERT_TRUE(run_to_end({"record", path_, "two"}).good());
  EXPECT_TRUE(run_to_end({"restore", path_, copy}, "restore:ready").killed());
  expect_intact({"asset one", "asset two"});  // nothing changed yet
  EXPECT_TRUE(run_to_end({"restore", path_, copy}, "restore:aside").killed());
  expect_intact({"asset one", "asset two"});  // at no time is there no catalog
  EXPECT_TRUE(run_to_end({"restore", path_, copy}).good());
  expect_intact({"asset one"});
}

TEST_F(Processes, AnInterruptedPruneLeavesOnlyOrphans) {
  ASSERT_TRUE(run_to_end({"record", path_, "one", "two"}).good());
  EXPECT_TRUE(run_to_end({"prune", path_, "1"}, "prune:committed").killed());
  auto catalog = Catalog::open(path_);
  const auto report = check_catalog(*catalog, CheckDepth::full);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->sound());
  EXPECT_FALSE(report->problems.empty());
}

TEST_F(Processes, AFullDiskLosesNothing) {
  ASSERT_TRUE(run_to_end({"record", path_, "before"}).good());
  const auto size = size_of(path_ + "-wal") + size_of(path_);
  int refused = 0;
  for (const rlim_t limit : {rlim_t{100}, rlim_t{3000}, rlim_t{40'000}, rlim_t{size / 2}}) {
    const Ended ended = run_to_end({"record", path_, "film"}, "", limit);
    EXPECT_FALSE(ended.killed());
    if (!ended.good()) {
      ++refused;
      EXPECT_NE(ended.errors, "");
    }
    std::vector<std::string> acknowledged = ended.lines;
    acknowledged.push_back("asset before");
    expect_intact(acknowledged);
  }
  EXPECT_GT(refused, 1);
  EXPECT_TRUE(run_to_end({"record", path_, "film"}).good());
  expect_intact({"asset before", "asset film"});
}

// A small file system of its own, where the tests may mount one.
class SmallDisk : public Processes {
 protected:
  void SetUp() override {
    mount_ = folder_ / "disk";
    std::filesystem::create_directory(mount_);
    if (mount("tmpfs", mount_.c_str(), "tmpfs", 0, "size=3m") != 0)
      GTEST_SKIP() << "no file system can be mounted here";
    mounted_ = true;
    path_ = mount_ + "/catalog.db";
  }
  void TearDown() override {
    if (mounted_) umount2(mount_.c_str(), MNT_DETACH);
  }
  std::string mount_;
  bool mounted_ = false;
};

TEST_F(SmallDisk, RunsFullAndLosesNothing) {
  std::vector<std::string> words{"record", path_};
  for (int i = 0; i < 400; ++i) words.push_back(fmt::format("n{}", i));
  const Ended ended = run_to_end(words);
  EXPECT_FALSE(ended.good());
  EXPECT_FALSE(ended.killed());
  EXPECT_THAT(ended.errors,
              ::testing::AnyOf(::testing::HasSubstr("full"), ::testing::HasSubstr("space")));
  EXPECT_GT(ended.lines.size(), 5u);
  ASSERT_EQ(mount("tmpfs", mount_.c_str(), "tmpfs", MS_REMOUNT, "size=30m"), 0);
  expect_intact(ended.lines);
  const Ended again = run_to_end({"record", path_, "n399"});
  EXPECT_TRUE(again.good()) << again.errors;
}

TEST_F(SmallDisk, ReadOnlyItCanBeRead) {
  ASSERT_TRUE(run_to_end({"record", path_, "film"}).good());
  ASSERT_EQ(mount("tmpfs", mount_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, "size=3m"), 0);
  CatalogOptions options;
  options.access = Access::read;
  auto catalog = Catalog::open(path_, options);
  ASSERT_TRUE(catalog) << catalog.error().message;
  const auto number = resolve_asset(*catalog, "/masters/film");
  ASSERT_TRUE(number) << number.error().message;
  EXPECT_TRUE(StoredEvidence::load(*catalog, *number));
  const Ended refused = run_to_end({"record", path_, "other"});
  EXPECT_FALSE(refused.good());
  EXPECT_THAT(refused.errors, ::testing::HasSubstr("can be read"));
}

TEST_F(SmallDisk, ReadOnlyWithALogItSaysWhy) {
  ASSERT_TRUE(run_to_end({"record", path_, "film"}, "catalog:committed").killed());
  ASSERT_GT(size_of(path_ + "-wal"), 0u);
  std::filesystem::remove(path_ + "-shm");
  ASSERT_EQ(mount("tmpfs", mount_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, "size=3m"), 0);
  CatalogOptions options;
  options.access = Access::read;
  const auto catalog = Catalog::open(path_, options);
  ASSERT_FALSE(catalog);
  EXPECT_EQ(catalog.error().code, ErrorCode::permission);
  EXPECT_THAT(catalog.error().message, ::testing::HasSubstr("log"));
}

}  // namespace
}  // namespace cleangate::dam
