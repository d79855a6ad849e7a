// SPDX-License-Identifier: Apache-2.0
#include "dam/checkpoint_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/block_log.h"
#include "tests/dam/temporary_folder.h"

namespace cleangate::dam {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class Checkpoint : public testing::Test {
 protected:
  std::string catalog() { return folder_ / "catalog.db"; }
  static CheckpointOf film() {
    CheckpointOf what;
    what.stat.bytes = 1000;
    what.stat.mtime_ns = 5;
    what.content_hint = {std::byte{0xAB}, std::byte{0x01}};
    what.program = "cleangate 1";
    return what;
  }
  static std::span<const std::byte> bytes(std::string_view text) {
    return std::as_bytes(std::span(text));
  }
  // What a worker reads: everything behind the first block.
  static std::vector<std::string> blocks(const CheckpointFile& file) {
    std::vector<std::string> texts;
    if (file.earlier() < 0) return texts;
    const auto source = open_descriptor(::dup(file.earlier()));
    BlockReader reader(**source);
    for (auto block = reader.next(); block && *block; block = reader.next())
      texts.emplace_back(reinterpret_cast<const char*>((*block)->data()), (*block)->size());
    texts.erase(texts.begin());
    return texts;
  }
  void leave(const std::vector<std::string>& texts) {
    CheckpointFile file(catalog(), film(), hours(1));
    file.take_up();
    for (const std::string& text : texts) file.add(bytes(text));
    file.commit();
  }
  test::TemporaryFolder folder_;
};

TEST_F(Checkpoint, WhatWasCommittedIsTakenUpAndAddedTo) {
  leave({"one", "two"});
  leave({"three"});
  CheckpointFile file(catalog(), film(), hours(1));
  file.take_up();
  EXPECT_EQ(blocks(file), (std::vector<std::string>{"one", "two", "three"}));
}

TEST_F(Checkpoint, NothingIsWrittenBeforeTheIntervalIsOver) {
  CheckpointFile patient(catalog(), film(), hours(1));
  patient.add(bytes("one"));
  EXPECT_FALSE(std::filesystem::exists(checkpoint_directory(catalog())));
  CheckpointFile hasty(catalog(), film(), milliseconds(0));
  hasty.add(bytes("one"));
  EXPECT_TRUE(std::filesystem::exists(hasty.path()));
}

TEST_F(Checkpoint, OfAnotherFileOrProgramIsRemoved) {
  for (int what = 0; what < 3; ++what) {
    leave({"one"});
    CheckpointOf other = film();
    if (what == 0) other.stat.mtime_ns = 6;
    if (what == 1) other.stat.bytes = 1001;
    if (what == 2) other.program = "cleangate 2";
    CheckpointFile file(catalog(), other, hours(1));
    file.take_up();
    EXPECT_EQ(file.earlier(), -1) << what;
    EXPECT_FALSE(std::filesystem::exists(file.path())) << what;
  }
}

TEST_F(Checkpoint, OtherRowsHaveACheckpointOfTheirOwn) {
  leave({"one"});
  CheckpointOf other = film();
  other.rows = {"picture.luma"};
  CheckpointFile file(catalog(), other, milliseconds(0));
  file.take_up();
  EXPECT_EQ(file.earlier(), -1);
  file.add(bytes("two"));
  CheckpointFile first(catalog(), film(), hours(1));
  first.take_up();
  EXPECT_EQ(blocks(first), (std::vector<std::string>{"one"}));
}

TEST_F(Checkpoint, ATornTailIsCutOffAndWrittenOver) {
  leave({"one", "two"});
  const std::string path = CheckpointFile(catalog(), film(), hours(1)).path();
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  leave({"three"});
  CheckpointFile file(catalog(), film(), hours(1));
  file.take_up();
  EXPECT_EQ(blocks(file), (std::vector<std::string>{"one", "three"}));
}

TEST_F(Checkpoint, WhatIsNoneIsRemoved) {
  leave({"one"});
  CheckpointFile file(catalog(), film(), hours(1));
  std::ofstream(file.path()) << "something else altogether, and long enough to be taken for one";
  file.take_up();
  EXPECT_EQ(file.earlier(), -1);
  EXPECT_FALSE(std::filesystem::exists(file.path()));
}

TEST_F(Checkpoint, OfTwoWhoMeasureOneFileOneHasIt) {
  {
    CheckpointFile first(catalog(), film(), milliseconds(0));
    first.take_up();
    first.add(bytes("one"));
    CheckpointFile second(catalog(), film(), milliseconds(0));
    second.take_up();
    EXPECT_EQ(second.earlier(), -1);
    second.add(bytes("two"));
    second.remove();
    CheckpointFile late(catalog(), film(), milliseconds(0));  // began before there was one
    late.add(bytes("three"));
    late.remove();
    first.add(bytes("four"));
  }
  CheckpointFile file(catalog(), film(), hours(1));
  file.take_up();
  EXPECT_EQ(blocks(file), (std::vector<std::string>{"one", "four"}));
}

TEST_F(Checkpoint, RemovedIsGoneAndWhatComesAfterIsNew) {
  CheckpointFile file(catalog(), film(), milliseconds(0));
  file.add(bytes("one"));
  file.remove();
  EXPECT_FALSE(std::filesystem::exists(file.path()));
  file.add(bytes("two"));
  EXPECT_TRUE(std::filesystem::exists(file.path()));
}

TEST_F(Checkpoint, AFullDiskFailsNothing) {
  leave({"one"});
  (void)::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  {
    CheckpointFile file(catalog(), film(), milliseconds(0));
    file.take_up();
    rlimit full = before;
    full.rlim_cur = std::filesystem::file_size(file.path()) + 5;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
    file.add(bytes("what does not fit"));
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    file.add(bytes("what would leave a gap"));
  }
  CheckpointFile file(catalog(), film(), hours(1));
  file.take_up();
  EXPECT_EQ(blocks(file), (std::vector<std::string>{"one"}));
}

TEST_F(Checkpoint, WhereNothingCanBeWrittenNothingHappens) {
  std::ofstream(catalog() + ".series") << "a file where the folder should be";
  CheckpointFile file(catalog(), film(), milliseconds(0));
  file.take_up();
  file.add(bytes("one"));
  file.commit();
  file.remove();
  EXPECT_EQ(file.earlier(), -1);
}

}  // namespace
}  // namespace cleangate::dam
