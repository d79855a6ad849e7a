// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/ending.h"

#include <gtest/gtest.h>

#include <csignal>

namespace cleangate::worker {
namespace {

using probes::Status;

Ending greeted() {
  Ending ending;
  ending.greeted = true;
  return ending;
}

TEST(Ending, DoneIsMeasured) {
  Ending ending = greeted();
  ending.done = ending.has_facts = true;
  ending.wait_status = SIGKILL;  // we may have hurried it on
  const Verdict verdict = classify(ending);
  EXPECT_EQ(verdict.status, Status::measured);
  EXPECT_FALSE(verdict.error);
}

TEST(Ending, SignalsAreNamed) {
  Ending ending = greeted();
  ending.wait_status = SIGSEGV;
  ending.last_words = "assertion failed";
  const Verdict verdict = classify(ending);
  EXPECT_EQ(verdict.status, Status::crashed);
  EXPECT_NE(verdict.error->message.find("SIGSEGV"), std::string::npos);
  EXPECT_NE(verdict.error->message.find("assertion failed"), std::string::npos);
}

TEST(Ending, AForbiddenCallIsToldApart) {
  Ending ending = greeted();
  ending.wait_status = SIGSYS;
  EXPECT_EQ(classify(ending).status, Status::crashed);
  EXPECT_NE(classify(ending).error->message.find("sandbox forbids"), std::string::npos);
}

TEST(Ending, SigkillIsMemoryOnlyWhenTheKernelKilledForMemory) {
  Ending ending = greeted();
  ending.wait_status = SIGKILL;
  EXPECT_EQ(classify(ending).status, Status::crashed);
  ending.oom_kills_grew = true;
  EXPECT_EQ(classify(ending).status, Status::out_of_memory);
}

TEST(Ending, TimeRunsOutInFourWays) {
  for (const StoppedBy why : {StoppedBy::silence, StoppedBy::stall, StoppedBy::wall_limit}) {
    Ending ending = greeted();
    ending.stopped_by = why;
    ending.limit_ms = 1500;
    ending.wait_status = SIGKILL;
    EXPECT_EQ(classify(ending).status, Status::timed_out);
    EXPECT_NE(classify(ending).error->message.find("1500 ms"), std::string::npos);
  }
  Ending ending = greeted();
  ending.wait_status = SIGXCPU;
  EXPECT_EQ(classify(ending).status, Status::timed_out);
}

TEST(Ending, TheWorkersOwnErrorCounts) {
  const std::pair<ErrorCode, Status> expected[] = {
      {ErrorCode::not_media, Status::not_media},
      {ErrorCode::damaged, Status::unreadable},
      {ErrorCode::unsupported, Status::unreadable},
      {ErrorCode::io, Status::unreadable},
      {ErrorCode::refused, Status::refused},
      {ErrorCode::out_of_memory, Status::out_of_memory},
      {ErrorCode::internal, Status::crashed},
      {ErrorCode::usage, Status::crashed}};
  for (const auto& [code, status] : expected) {
    Ending ending = greeted();
    ending.error = Error{code, "So it is."};
    EXPECT_EQ(classify(ending).status, status) << to_string(code);
    EXPECT_EQ(classify(ending).error->message, "So it is.");
  }
}

TEST(Ending, PartialNeedsFacts) {
  Ending ending = greeted();
  ending.wait_status = SIGSEGV;
  ending.has_facts = true;
  EXPECT_EQ(classify(ending).status, Status::partial);
  EXPECT_EQ(classify(ending).error->code, ErrorCode::crashed);
}

TEST(Ending, CancelledStaysCancelled) {
  Ending ending = greeted();
  ending.stopped_by = StoppedBy::caller;
  ending.has_facts = true;
  EXPECT_EQ(classify(ending).status, Status::cancelled);
}

TEST(Ending, GarbageIsAProtocolError) {
  Ending ending = greeted();
  ending.stopped_by = StoppedBy::protocol;
  ending.violation = "no hello first";
  EXPECT_EQ(classify(ending).status, Status::crashed);
  EXPECT_EQ(classify(ending).error->code, ErrorCode::protocol);
  EXPECT_NE(classify(ending).error->message.find("no hello first"), std::string::npos);
}

TEST(Ending, DoneAfterAViolationIsNotMeasured) {
  Ending ending = greeted();
  ending.done = true;
  ending.stopped_by = StoppedBy::protocol;
  EXPECT_NE(classify(ending).status, Status::measured);
}

TEST(Ending, SilentExitIsNotMeasured) {
  EXPECT_EQ(classify(greeted()).status, Status::crashed);
  EXPECT_EQ(classify(greeted()).error->code, ErrorCode::crashed);
  EXPECT_EQ(classify(Ending{}).error->code, ErrorCode::internal);  // never said hello
}

}  // namespace
}  // namespace cleangate::worker
