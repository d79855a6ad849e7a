// SPDX-License-Identifier: Apache-2.0
#include "app/worker_about.h"

#include <gtest/gtest.h>

namespace cleangate::app {
namespace {

TEST(WorkerAbout, ReadsLibrariesAndDecodersAndLeavesOutTheRest) {
  const WorkerAbout about = parse_worker_about(
      "library libavcodec 59.37.100\ndecoder prores yes\ndecoder htj2k no\nnews of tomorrow\n\n");
  EXPECT_EQ(about.libraries, std::vector<std::string>{"libavcodec 59.37.100"});
  ASSERT_EQ(about.codecs.size(), 2u);
  EXPECT_EQ(about.codecs[0].name, "prores");
  EXPECT_TRUE(about.codecs[0].available);
  EXPECT_FALSE(about.codecs[1].available);
}

TEST(WorkerAbout, AMissingWorkerIsAnErrorThatNamesIt) {
  worker::WorkerOptions options;
  options.executable = "/nowhere/cleangate-av";
  const auto about = ask_worker(options);
  ASSERT_FALSE(about);
  EXPECT_NE(about.error().message.find("/nowhere/cleangate-av"), std::string::npos);
}

}  // namespace
}  // namespace cleangate::app
