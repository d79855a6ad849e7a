// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "pipeline/worker/client.h"
#include "tests/pipeline/worker/recording_sink.h"

#if defined(__SANITIZE_ADDRESS__)
#define CLEANGATE_NEEDS_MEMORY_LIMIT() \
  GTEST_SKIP() << "AddressSanitizer reserves terabytes: RLIMIT_AS cannot hold in this build"
#else
#define CLEANGATE_NEEDS_MEMORY_LIMIT() (void)0
#endif

namespace cleangate::worker {

// Runs the attacking worker on a small file of its own, through the real parent.
class WorkerFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name =
        (std::filesystem::temp_directory_path() / "cleangate-worker-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory = name;
    media = directory / "media.mov";
    std::ofstream(media) << "not really media";
    options.executable = CLEANGATE_ESCAPE_WORKER;
    options.isolation = Isolation::automatic;
    options.address_space_bytes = 1ull << 30;
  }
  void TearDown() override {
    std::filesystem::remove_all(directory);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a worker was left behind";
  }
  WorkerOutcome attempt(const std::string& what) {
    probes::MeasureRequest request;
    request.rows = {what};
    return measure(media.string(), request, options, sink, stop.get_token());
  }
  static std::string message(const WorkerOutcome& outcome) {
    return outcome.error ? outcome.error->message : std::string();
  }

  std::filesystem::path directory, media;
  WorkerOptions options;
  test::RecordingSink sink;
  std::stop_source stop;
};

}  // namespace cleangate::worker
