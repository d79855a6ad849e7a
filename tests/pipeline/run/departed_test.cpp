// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run/departed.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "dam/known.h"
#include "tests/dam/temporary_folder.h"

namespace cleangate::run {
namespace {

using dam::Place;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string volume_of(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  auto volume = dam::volume_of(descriptor);
  ::close(descriptor);
  return *volume;
}

class Departed : public ::testing::Test {
 protected:
  Departed() { std::filesystem::create_directory(folder_ / "media"); }
  const test::TemporaryFolder folder_;
  const std::string here_ = volume_of(folder_.path());
};

TEST_F(Departed, WhereNothingIsAnyMore) {
  const Place there{here_, folder_ / "media/there.mov"}, gone{here_, folder_ / "media/gone.mov"},
      deep{here_, folder_ / "gone/with/its/folder.mov"};
  std::ofstream(there.path) << "x";
  EXPECT_THAT(departed({there, gone, deep}), ElementsAre(gone, deep));
}

TEST_F(Departed, WhatIsNotMountedIsNotGone) {
  EXPECT_THAT(departed({Place{"fsid:0123456789abcdef", folder_ / "media/shelf.mov"}}), IsEmpty());
}

TEST_F(Departed, AFileInTheFoldersPlaceLeavesNothing) {
  std::ofstream(folder_ / "file") << "x";
  const Place below{here_, folder_ / "file/below.mov"};
  EXPECT_THAT(departed({below}), ElementsAre(below));
}

}  // namespace
}  // namespace cleangate::run
