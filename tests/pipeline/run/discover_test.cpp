// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run/discover.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace cleangate::run {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DiscoveryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "cleangate-walk-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  void file(const std::string& path) {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << "x";
  }
  std::vector<std::string> walk(const std::vector<std::string>& paths) {
    Discovery discovery(paths);
    std::vector<std::string> found;
    while (const auto candidate = discovery.next())
      found.push_back(std::filesystem::path(candidate->path).lexically_relative(root_).string());
    remarks_ = discovery.take_remarks();
    return found;
  }

  std::filesystem::path root_;
  std::vector<std::string> remarks_;
};

TEST_F(DiscoveryTest, TheSameTreeGivesTheSameOrder) {
  for (const char* path : {"b.mov", "a/z.mov", "a/b/c.mov", "a.mov", "B/x.mov"}) file(path);
  EXPECT_THAT(walk({root_}), ElementsAre("a.mov", "b.mov", "B/x.mov", "a/z.mov", "a/b/c.mov"));
}

TEST_F(DiscoveryTest, WhatSystemsAndTransfersLeaveIsPassedOver) {
  for (const char* path : {".DS_Store", "._a.mov", "Thumbs.db", "a.mov.part", "a.tmp", "a.mov~",
                           ".hidden/a.mov", "$RECYCLE.BIN/a.mov", "good.mov"})
    file(path);
  EXPECT_THAT(walk({root_}), ElementsAre("good.mov"));
  EXPECT_THAT(walk({(root_ / ".DS_Store").string()}), ElementsAre(".DS_Store"))
      << "named by itself";
}

TEST_F(DiscoveryTest, LoopsOfLinksEnd) {
  file("a/x.mov");
  std::filesystem::create_directory_symlink(root_, root_ / "a/up");
  std::filesystem::create_symlink(root_ / "nowhere", root_ / "broken.mov");
  EXPECT_THAT(walk({root_, root_ / "a"}), ElementsAre("a/x.mov"));
  EXPECT_EQ(remarks_.size(), 3u) << "the loop, the folder given twice, the broken link";
}

TEST_F(DiscoveryTest, AFifoIsNoFile) {
  ASSERT_EQ(::mkfifo((root_ / "pipe.mov").c_str(), 0600), 0);
  EXPECT_THAT(walk({root_}), IsEmpty());
  EXPECT_THAT(remarks_,
              ElementsAre((root_ / "pipe.mov").string() + ": is a FIFO, not a file; passed over."));
}

TEST(Sidecar, BelongsToWhatItIsNamedAfter) {
  const std::vector<std::string> names{"a.mov",    "a.b.mov",   "c.wav", "a.srt",     "a.b.srt",
                                       "a.en.srt", "a.mov.md5", "d.txt", "a.b.en.xml"};
  EXPECT_EQ(Masters(names).of("a.srt"), "a.mov");
  EXPECT_EQ(Masters(names).of("a.b.srt"), "a.b.mov");
  EXPECT_EQ(Masters(names).of("a.en.srt"), "a.mov");
  EXPECT_EQ(Masters(names).of("a.mov.md5"), "a.mov");
  EXPECT_EQ(Masters(names).of("a.b.en.xml"), "a.b.mov");
  EXPECT_EQ(Masters(names).of("d.txt"), std::nullopt);
  EXPECT_EQ(Masters(names).of("c.wav"), std::nullopt) << "media of its own";
}

}  // namespace
}  // namespace cleangate::run
