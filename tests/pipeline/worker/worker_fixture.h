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

enum class Birth { started, forked };

inline std::string name_of(const ::testing::TestParamInfo<Birth>& info) {
  return info.param == Birth::started ? "Started" : "Forked";
}

// Runs the attacking worker on a small file of its own, through the real parent: started for its
// asset, or forked by a zygote.
class WorkerFixture : public ::testing::TestWithParam<Birth> {
 protected:
  void SetUp() override {
    std::string name =
        (std::filesystem::temp_directory_path() / "cleangate-worker-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory = name;
    media = directory / "media.mov";
    std::ofstream(media) << "not really media";
    use(CLEANGATE_ESCAPE_WORKER);
    options.isolation = Isolation::automatic;
    options.address_space_bytes = 1ull << 30;
  }
  void TearDown() override {
    std::filesystem::remove_all(directory);
    options.zygote.reset();
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a worker was left behind";
  }
  void use(const std::string& executable) {
    options.executable = executable;
    if (GetParam() == Birth::forked) options.zygote = start_zygote(options);
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
