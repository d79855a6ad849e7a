// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/client.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>

#include <thread>

#include "tests/pipeline/worker/worker_fixture.h"

namespace cleangate::worker {
namespace {

using probes::Status;
using ::testing::HasSubstr;

class ClientTest : public WorkerFixture {};

std::size_t open_descriptors() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    (void)entry;
    ++count;
  }
  return count;
}

bool runs(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(stat, text);
  const auto name_end = text.rfind(')');
  return name_end != std::string::npos && text.size() > name_end + 2 && text[name_end + 2] != 'Z';
}

TEST_P(ClientTest, AnHonestWorkerMeasures) {
  const WorkerOutcome outcome = attempt("honest");
  EXPECT_EQ(outcome.status, Status::measured) << message(outcome);
  EXPECT_FALSE(outcome.error);
  ASSERT_TRUE(sink.final_facts);
  EXPECT_EQ(sink.final_facts->bytes, 16u);
  EXPECT_EQ(sink.header_facts, sink.final_facts);
  ASSERT_EQ(sink.series.size(), 1u);
  const auto& rows = sink.series.begin()->second;
  ASSERT_EQ(rows.size(), 2400u);
  for (std::size_t frame = 0; frame < 100; ++frame)
    EXPECT_EQ(rows[frame * 24], std::byte(frame)) << "out of order";
}

TEST_P(ClientTest, WhatIsNoFileIsUnreadable) {
  struct Case {
    std::filesystem::path path;
    ErrorCode code;
  };
  const auto empty = directory / "empty.mov";
  std::ofstream(empty).flush();
  const auto pipe = directory / "pipe\n\x1b[31m.mov";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const auto& [path, code] :
       {Case{directory / "missing.mov", ErrorCode::not_found},
        Case{directory, ErrorCode::not_a_file}, Case{empty, ErrorCode::empty_file},
        Case{pipe, ErrorCode::not_a_file}}) {
    const WorkerOutcome outcome = measure(path.string(), {}, options, sink, stop.get_token());
    EXPECT_EQ(outcome.status, Status::unreadable) << path;
    ASSERT_TRUE(outcome.error) << path;
    EXPECT_EQ(outcome.error->code, code) << path << message(outcome);
    EXPECT_THAT(message(outcome), HasSubstr(path.filename().string().substr(0, 4)));
    EXPECT_EQ(message(outcome).find_first_of("\n\x1b"), std::string::npos);
  }
}

TEST_P(ClientTest, UnreadablePermissionsAreTold) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  std::filesystem::permissions(media, std::filesystem::perms::none);
  const WorkerOutcome outcome = attempt("honest");
  EXPECT_EQ(outcome.status, Status::unreadable);
  EXPECT_EQ(outcome.error->code, ErrorCode::permission);
}

TEST_P(ClientTest, ErrorsNameTheFile) {
  for (const char* what : {"segfault", "exit", "garbage", "throw"})
    EXPECT_THAT(message(attempt(what)), HasSubstr(media.string())) << what;
}

TEST_P(ClientTest, CrashesAreClassified) {
  EXPECT_THAT(message(attempt("segfault")), HasSubstr("SIGSEGV"));
  EXPECT_EQ(attempt("segfault").status, Status::crashed);
  const WorkerOutcome aborted = attempt("abort");
  EXPECT_EQ(aborted.status, Status::crashed);
  EXPECT_THAT(message(aborted), HasSubstr("SIGABRT"));
  EXPECT_THAT(message(aborted), HasSubstr("the invariant broke"));
  EXPECT_EQ(attempt("exit").status, Status::crashed);
  EXPECT_THAT(message(attempt("exit")), HasSubstr("exit status 7"));
  EXPECT_EQ(attempt("throw").status, Status::crashed);
  EXPECT_THAT(message(attempt("throw")), HasSubstr("a surprise"));
}

TEST_P(ClientTest, GarbageIsEndedAtOnce) {
  const WorkerOutcome outcome = attempt("garbage");
  EXPECT_EQ(outcome.status, Status::crashed);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code, ErrorCode::protocol);
}

TEST_P(ClientTest, ARecordCutShortIsNotMeasured) {
  EXPECT_EQ(attempt("cut").status, Status::crashed);
}

TEST_P(ClientTest, AWorkerThatHangsUpAndRunsOnIsEnded) {
  EXPECT_EQ(attempt("hang-up").status, Status::crashed);
}

TEST_P(ClientTest, EndingWithoutFactsIsNotMeasured) {
  const WorkerOutcome outcome = attempt("no-facts");
  EXPECT_EQ(outcome.status, Status::crashed);
  EXPECT_FALSE(sink.final_facts);
}

TEST_P(ClientTest, RowsSentBeforeACrashRemain) {
  const WorkerOutcome outcome = attempt("rows-then-segfault");
  EXPECT_EQ(outcome.status, Status::crashed);
  ASSERT_EQ(sink.series.size(), 1u);
  EXPECT_EQ(sink.series.begin()->second.size(), 2400u);
  EXPECT_FALSE(sink.final_facts);
}

TEST_P(ClientTest, PartialNeedsFacts) {
  const WorkerOutcome outcome = attempt("facts-then-segfault");
  EXPECT_EQ(outcome.status, Status::partial) << message(outcome);
  EXPECT_EQ(outcome.error->code, ErrorCode::crashed);
  EXPECT_TRUE(sink.final_facts);
}

TEST_P(ClientTest, AnErrorAfterTheFactsIsPartial) {
  const WorkerOutcome outcome = attempt("facts-then-error");
  EXPECT_EQ(outcome.status, Status::partial) << message(outcome);
  EXPECT_EQ(outcome.error->code, ErrorCode::damaged);
  EXPECT_TRUE(sink.final_facts);
}

TEST_P(ClientTest, SilenceIsEnded) {
  options.heartbeat_timeout = std::chrono::milliseconds{1500};
  const WorkerOutcome outcome = attempt("freeze");
  EXPECT_EQ(outcome.status, Status::timed_out);
  EXPECT_THAT(message(outcome), HasSubstr("no sign of life for 1500 ms"));
}

TEST_P(ClientTest, TheWallLimitHolds) {
  options.wall_limit = std::chrono::milliseconds{1200};
  const WorkerOutcome outcome = attempt("wait");
  EXPECT_EQ(outcome.status, Status::timed_out);
  EXPECT_THAT(message(outcome), HasSubstr("time limit of 1200 ms"));
}

TEST(WallLimit, GrowsWithTheFileAndIsNeverAbsent) {
  using std::chrono::hours;
  EXPECT_EQ(wall_limit_for(0), hours{1});
  EXPECT_EQ(wall_limit_for(1ull << 30), hours{33});
  EXPECT_EQ(wall_limit_for(~0ull), hours{365 * 24});
}

TEST_P(ClientTest, ASlowSinkIsNotTheWorkersFault) {
  options.heartbeat_timeout = std::chrono::milliseconds{1500};
  options.stall_timeout = std::chrono::milliseconds{1500};
  sink.on_header = [](const auto&) { std::this_thread::sleep_for(std::chrono::seconds{2}); };
  EXPECT_EQ(attempt("honest").status, Status::measured);
}

TEST_P(ClientTest, CancelEndsIt) {
  sink.on_header = [this](const auto&) { stop.request_stop(); };
  const WorkerOutcome outcome = attempt("wait");
  EXPECT_EQ(outcome.status, Status::cancelled);
  EXPECT_EQ(outcome.error->code, ErrorCode::cancelled);
  EXPECT_EQ(attempt("honest").status, Status::cancelled) << "stopped before it started";
}

TEST_P(ClientTest, AWorkerKilledFromOutsideCrashed) {
  sink.on_header = [](const probes::AssetFacts& facts) {
    ::kill(static_cast<pid_t>(*facts.container.bit_rate), SIGKILL);
  };
  const WorkerOutcome outcome = attempt("wait");
  EXPECT_EQ(outcome.status, Status::crashed);
  EXPECT_THAT(message(outcome), HasSubstr("killed from outside"));
}

TEST_P(ClientTest, AFileThatGrowsMeanwhileIsRefused) {
  sink.on_header = [this](const auto&) { std::ofstream(media, std::ios::app) << "more"; };
  const WorkerOutcome outcome = attempt("honest");
  EXPECT_EQ(outcome.status, Status::refused);
  EXPECT_THAT(message(outcome), HasSubstr("grew from 16 to 20 bytes"));
  EXPECT_FALSE(sink.final_facts);
}

TEST_P(ClientTest, AFileThatIsRewrittenMeanwhileIsRefused) {
  sink.on_header = [this](const auto&) {
    std::fstream file(media, std::ios::in | std::ios::out);
    file << "other bytes here";
  };
  EXPECT_EQ(attempt("honest").status, Status::refused);
}

TEST_P(ClientTest, WhatASinkThrowsReachesTheCallerAndLeavesNoProcess) {
  sink.on_header = [](const auto&) { throw std::runtime_error("the disk is full"); };
  EXPECT_THROW((void)attempt("wait"), std::runtime_error);
}

TEST_P(ClientTest, AProgramThatIsNoWorkerIsTold) {
  use("/bin/true");
  WorkerOutcome outcome = attempt("honest");
  EXPECT_EQ(outcome.status, Status::crashed);
  EXPECT_THAT(message(outcome), HasSubstr("did not start"));
  use(directory / "absent");
  outcome = attempt("honest");
  EXPECT_EQ(outcome.status, Status::crashed);
  EXPECT_THAT(message(outcome), HasSubstr("cannot be started"));
  EXPECT_FALSE(probe_isolation(options));
}

TEST_P(ClientTest, AWorkerStartedByHandSaysWhatItIs) {
  const std::string command = std::string(CLEANGATE_ESCAPE_WORKER) + " 2>/dev/null";
  const int status = std::system(command.c_str());
  EXPECT_EQ(WEXITSTATUS(status), 2);
}

TEST_P(ClientTest, WhatItPrintsIsBoundedAndDoesNotBlock) {
  EXPECT_THAT(message(attempt("flood")), HasSubstr("flooded"));
}

TEST_P(ClientTest, ManyAtOnceFromManyThreads) {
  std::vector<Status> statuses(8, Status::refused);
  {
    std::vector<std::jthread> callers;
    for (auto& status : statuses)
      callers.emplace_back([&status, this] {
        test::RecordingSink own;
        status = measure(media.string(), {}, options, own, {}).status;
      });
  }
  EXPECT_EQ(statuses, std::vector<Status>(8, Status::measured));
}

TEST_P(ClientTest, NoDescriptorAndNoZombieIsLeft) {
  (void)attempt("honest");
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 50; ++i) {
    sink = {};
    (void)attempt(i % 3 == 0 ? "honest" : i % 3 == 1 ? "segfault" : "garbage");
  }
  EXPECT_EQ(open_descriptors(), before);
  options.zygote.reset();
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST_P(ClientTest, TheWorkerDiesWithItsParent) {
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  const pid_t parent = ::fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    sink.on_header = [&](const probes::AssetFacts& facts) {
      const std::int64_t pid = *facts.container.bit_rate;
      (void)!::write(pipe_ends[1], &pid, sizeof pid);
    };
    (void)attempt("wait");
    ::_exit(0);
  }
  ::close(pipe_ends[1]);
  std::int64_t worker = 0;
  ASSERT_EQ(::read(pipe_ends[0], &worker, sizeof worker), static_cast<ssize_t>(sizeof worker));
  ::close(pipe_ends[0]);
  EXPECT_TRUE(runs(static_cast<pid_t>(worker)));
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  for (int i = 0; i < 1000 && runs(static_cast<pid_t>(worker)); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  EXPECT_FALSE(runs(static_cast<pid_t>(worker)));
}

INSTANTIATE_TEST_SUITE_P(Worker, ClientTest, ::testing::Values(Birth::started, Birth::forked),
                         name_of);

}  // namespace
}  // namespace cleangate::worker
