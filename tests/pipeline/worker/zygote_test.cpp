// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/zygote.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>
#include <thread>

#include "tests/pipeline/worker/worker_fixture.h"

namespace cleangate::worker {
namespace {

using probes::Status;

std::int64_t parent_of(std::int64_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(stat, text);
  const auto name_end = text.rfind(')');
  return name_end == std::string::npos ? -1 : std::stoll(text.substr(name_end + 4));
}

class ZygoteTest : public WorkerFixture {
 protected:
  void end_zygote() {
    ::kill(options.zygote->pid(), SIGKILL);
    // Its death is known when nobody answers any more.
    while (options.zygote->fork({})) std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }

  // Of a worker that waits to be killed: /proc tells nothing of one that has ended.
  std::int64_t parent_of_worker() {
    std::int64_t parent = 0;
    sink.on_header = [&](const auto& facts) {
      const std::int64_t worker = *facts.container.bit_rate;
      parent = parent_of(worker);
      ::kill(static_cast<pid_t>(worker), SIGKILL);
    };
    EXPECT_EQ(attempt("wait").status, Status::crashed);
    return parent;
  }
};

TEST_P(ZygoteTest, WorkersAreItsChildren) { EXPECT_EQ(parent_of_worker(), options.zygote->pid()); }

TEST_P(ZygoteTest, WhenItIsGoneWorkersAreStartedOneByOne) {
  end_zygote();
  EXPECT_EQ(parent_of_worker(), ::getpid());
}

TEST_P(ZygoteTest, ItsDeathEndsItsWorkersAndIsTold) {
  sink.on_header = [&](const auto&) { ::kill(options.zygote->pid(), SIGKILL); };
  const WorkerOutcome outcome = attempt("wait");
  EXPECT_EQ(outcome.status, Status::crashed) << message(outcome);
}

TEST_P(ZygoteTest, HangingUpEndsItAndWhatItForked) {
  auto worker = options.zygote->fork({});
  ASSERT_TRUE(worker);
  options.zygote.reset();  // waits for its end
  EXPECT_EQ(worker->reap(std::chrono::milliseconds{5000}), SIGKILL);
}

TEST_P(ZygoteTest, OneWorkerDoesNotHoldAnothersLines) {
  auto first = options.zygote->fork({});
  auto second = options.zygote->fork({});
  ASSERT_TRUE(first && second);
  first->kill();
  EXPECT_EQ(first->reap(std::chrono::milliseconds{5000}), SIGKILL);
  char byte = 0;
  EXPECT_EQ(::read(first->socket(), &byte, 1), 0) << "somebody still holds the other end";
}

TEST_P(ZygoteTest, AProgramThatEndsAtOnceIsNoZygote) {
  options.executable = "/bin/true";
  options.zygote = start_zygote(options);
  ASSERT_TRUE(options.zygote);
  EXPECT_FALSE(options.zygote->fork({}));
  options.executable = directory / "absent";
  EXPECT_FALSE(start_zygote(options));
}

INSTANTIATE_TEST_SUITE_P(Worker, ZygoteTest, ::testing::Values(Birth::forked), name_of);

}  // namespace
}  // namespace cleangate::worker
