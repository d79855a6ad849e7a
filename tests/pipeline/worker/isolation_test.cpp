// SPDX-License-Identifier: Apache-2.0
// The report tells the truth, also where the kernel gives less.
#include <gmock/gmock.h>

#include "tests/pipeline/worker/worker_fixture.h"

namespace cleangate::worker {
namespace {

using probes::Status;
using ::testing::HasSubstr;

class IsolationTest : public WorkerFixture {
 protected:
  void SetUp() override {
    WorkerFixture::SetUp();
    const auto report = probe_isolation(options);
    ASSERT_TRUE(report) << report.error().message;
    if (report->level != "full") GTEST_SKIP() << "less than full here: " << report->missing;
  }
  // The worker under a name that makes it take something away from itself first.
  void poorer(const char* name) {
    std::filesystem::create_symlink(CLEANGATE_ESCAPE_WORKER, directory / name);
    use(directory / name);
  }
};

TEST_P(IsolationTest, FullMeansEverything) {
  const auto report = probe_isolation(options);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->no_new_privs);
  EXPECT_GT(report->landlock_abi, 0);
  EXPECT_TRUE(report->seccomp);
  EXPECT_TRUE(report->rlimits);
  EXPECT_TRUE(report->single_threaded_at_start);
  EXPECT_EQ(report->level, "full");
  EXPECT_EQ(report->missing, "");
}

TEST_P(IsolationTest, StrictMeasuresWhenAllHolds) {
  options.isolation = Isolation::strict;
  const WorkerOutcome outcome = attempt("honest");
  EXPECT_EQ(outcome.status, Status::measured) << message(outcome);
  EXPECT_EQ(outcome.isolation.level, "full");
}

TEST_P(IsolationTest, OffIsOff) {
  options.isolation = Isolation::off;
  const WorkerOutcome outcome = attempt("honest");
  EXPECT_EQ(outcome.status, Status::measured) << message(outcome);
  EXPECT_EQ(outcome.isolation.level, "off");
  EXPECT_FALSE(outcome.isolation.seccomp);
  EXPECT_EQ(outcome.isolation.landlock_abi, 0);
}

// Also the proof that the escape tests can fail.
TEST_P(IsolationTest, OffLetsFilesBeOpened) {
  options.isolation = Isolation::off;
  EXPECT_THAT(message(attempt("open")), HasSubstr("read: SUCCEEDED"));
  std::filesystem::remove("/tmp/cleangate-escape");
  std::filesystem::remove("/tmp/cleangate-escape-directory");
  std::filesystem::remove("/tmp/cleangate-link");
}

TEST_P(IsolationTest, WithoutLandlockItIsPartial) {
  poorer("no-landlock");
  const WorkerOutcome outcome = attempt("honest");
  EXPECT_EQ(outcome.status, Status::measured) << message(outcome);
  EXPECT_EQ(outcome.isolation.level, "partial");
  EXPECT_EQ(outcome.isolation.landlock_abi, 0);
  EXPECT_TRUE(outcome.isolation.seccomp);
  EXPECT_THAT(outcome.isolation.missing, HasSubstr("Landlock"));
}

TEST_P(IsolationTest, WithoutSeccompLandlockStillDeniesFiles) {
  poorer("no-seccomp");
  const WorkerOutcome outcome = attempt("open");
  EXPECT_EQ(outcome.isolation.level, "partial");
  EXPECT_FALSE(outcome.isolation.seccomp);
  EXPECT_THAT(outcome.isolation.missing, HasSubstr("seccomp"));
  EXPECT_THAT(message(outcome), HasSubstr("read: EACCES"));
  EXPECT_THAT(message(outcome), HasSubstr("create: EACCES"));
  EXPECT_THAT(message(outcome), HasSubstr("reopen: EACCES"));
}

TEST_P(IsolationTest, AThreadBeforeTheSandboxIsTold) {
  poorer("threaded");
  const auto report = probe_isolation(options);
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->single_threaded_at_start);
  EXPECT_EQ(report->level, "partial");
  EXPECT_THAT(report->missing, HasSubstr("one thread"));
}

TEST_P(IsolationTest, StrictRefusesAnythingLess) {
  for (const char* name : {"no-landlock", "no-seccomp", "threaded"}) {
    poorer(name);
    options.isolation = Isolation::strict;
    sink = {};
    const WorkerOutcome outcome = attempt("honest");
    EXPECT_EQ(outcome.status, Status::refused) << name;
    ASSERT_TRUE(outcome.error) << name;
    EXPECT_EQ(outcome.error->code, ErrorCode::refused) << name;
    EXPECT_EQ(outcome.isolation.level, "partial") << name;
    EXPECT_FALSE(sink.header_facts) << name << ": the media was opened";
    const auto report = probe_isolation(options);
    ASSERT_TRUE(report) << name;
    EXPECT_EQ(report->level, "partial") << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Worker, IsolationTest, ::testing::Values(Birth::started, Birth::forked),
                         name_of);

}  // namespace
}  // namespace cleangate::worker
