// SPDX-License-Identifier: Apache-2.0
// What a worker that was taken over can do: nothing.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include "tests/pipeline/worker/worker_fixture.h"

namespace cleangate::worker {
namespace {

using probes::Status;
using ::testing::HasSubstr;
using ::testing::Not;

class EscapeTest : public WorkerFixture {
 protected:
  void SetUp() override {
    WorkerFixture::SetUp();
    const auto report = probe_isolation(options);
    ASSERT_TRUE(report) << report.error().message;
    if (!report->seccomp) GTEST_SKIP() << "no seccomp here: " << report->missing;
  }
  // Tries what tells how it went: nothing may have succeeded, and all must have been tried.
  std::string denied(const std::string& what) {
    const WorkerOutcome outcome = attempt(what);
    EXPECT_EQ(outcome.status, Status::unreadable) << message(outcome);
    EXPECT_THAT(message(outcome), Not(HasSubstr("SUCCEEDED")));
    return message(outcome);
  }
};

TEST_P(EscapeTest, OpensNoFile) {
  const std::string told = denied("open");
  for (const char* expected :
       {"read: EPERM", "create: EPERM", "list: EPERM", "reopen: EPERM", "memory: EPERM",
        "unlink: EPERM", "mkdir: EPERM", "chdir: EPERM", "link: EPERM"})
    EXPECT_THAT(told, HasSubstr(expected));
  EXPECT_FALSE(std::filesystem::exists("/tmp/cleangate-escape"));
}

TEST_P(EscapeTest, ReachesNoNetwork) {
  const std::string told = denied("connect");
  for (const char* expected :
       {"inet: EPERM", "unix: EPERM", "netlink: EPERM", "pair: EPERM", "sendmsg: EPERM"})
    EXPECT_THAT(told, HasSubstr(expected));
}

TEST_P(EscapeTest, CannotAlterTheMedia) {
  const auto before = std::filesystem::last_write_time(media);
  const std::string told = denied("alter");
  for (const char* expected : {"write: EBADF", "truncate: EPERM", "chmod: EPERM", "chown: EPERM",
                               "times: EPERM", "map: EACCES"})
    EXPECT_THAT(told, HasSubstr(expected));
  EXPECT_EQ(std::filesystem::file_size(media), 16u);
  EXPECT_EQ(std::filesystem::last_write_time(media), before);
}

TEST_P(EscapeTest, SignalsNobody) {
  const std::string told = denied("signal");
  for (const char* expected : {"parent: EPERM", "all: EPERM", "group: EPERM", "thread: EPERM"})
    EXPECT_THAT(told, HasSubstr(expected));
}

TEST_P(EscapeTest, MakesNoProcess) {
  const std::string told = denied("fork");
  for (const char* expected : {"fork: EPERM", "clone3: ENOSYS", "clone: EPERM", "namespace: EPERM"})
    EXPECT_THAT(told, HasSubstr(expected));
}

TEST_P(EscapeTest, RunsNoCodeItMade) {
  const std::string told = denied("code");
  EXPECT_THAT(told, HasSubstr("mmap: EPERM"));
  EXPECT_THAT(told, HasSubstr("mprotect: EPERM"));
}

TEST_P(EscapeTest, RaisesNoLimit) {
  const std::string told = denied("limits");
  for (const char* expected : {"raise: EPERM", "core: 0", "fsize: 0"})
    EXPECT_THAT(told, HasSubstr(expected));
}

TEST_P(EscapeTest, WhatOnlyAnAttackCallsEndsTheProcess) {
  for (const char* what : {"exec", "ptrace", "unshare"}) {
    const WorkerOutcome outcome = attempt(what);
    EXPECT_EQ(outcome.status, Status::crashed) << what;
    EXPECT_THAT(message(outcome), HasSubstr("SIGSYS")) << what;
  }
}

TEST_P(EscapeTest, HundredGigabytesAreNotHad) {
  CLEANGATE_NEEDS_MEMORY_LIMIT();
  const WorkerOutcome outcome = attempt("allocate");
  EXPECT_EQ(outcome.status, Status::out_of_memory) << message(outcome);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code, ErrorCode::out_of_memory);
}

TEST_P(EscapeTest, HoardingEndsAtTheLimit) {
  CLEANGATE_NEEDS_MEMORY_LIMIT();
  EXPECT_EQ(attempt("hoard").status, Status::out_of_memory);
}

TEST_P(EscapeTest, ThreadsEndAtTheLimit) {
  CLEANGATE_NEEDS_MEMORY_LIMIT();
  const WorkerOutcome outcome = attempt("threads");
  EXPECT_EQ(outcome.status, Status::out_of_memory) << message(outcome);
}

TEST_P(EscapeTest, AnEndlessLoopIsEnded) {
  options.stall_timeout = std::chrono::milliseconds{1200};
  const WorkerOutcome outcome = attempt("spin");
  EXPECT_EQ(outcome.status, Status::timed_out);
  EXPECT_THAT(message(outcome), HasSubstr("got no further for 1200 ms"));
}

// As `ulimit -St` leaves it: what the caller may use at most, its workers may.
TEST_P(EscapeTest, UsedUpProcessorTimeIsToldApart) {
  rlimit before{}, used_up{};
  ASSERT_EQ(::getrlimit(RLIMIT_CPU, &before), 0);
  rusage used{};
  ASSERT_EQ(::getrusage(RUSAGE_SELF, &used), 0);
  used_up = before;
  used_up.rlim_cur = static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + 2;
  ASSERT_EQ(::setrlimit(RLIMIT_CPU, &used_up), 0);
  use(CLEANGATE_ESCAPE_WORKER);  // a zygote hands on the limits it was started with
  const WorkerOutcome outcome = attempt("spin");
  ASSERT_EQ(::setrlimit(RLIMIT_CPU, &before), 0);
  EXPECT_EQ(outcome.status, Status::timed_out) << message(outcome);
  EXPECT_THAT(message(outcome), HasSubstr("used up its processor time"));
}

TEST_P(EscapeTest, HonestWorkGoesOn) {
  const WorkerOutcome outcome = attempt("compute");
  EXPECT_THAT(message(outcome), HasSubstr("sum: 499999500000. threads: 100."));
}

INSTANTIATE_TEST_SUITE_P(Worker, EscapeTest, ::testing::Values(Birth::started, Birth::forked),
                         name_of);

}  // namespace
}  // namespace cleangate::worker
