// SPDX-License-Identifier: Apache-2.0
#include "app/exit_status.h"

#include <gtest/gtest.h>

namespace cleangate::app {
namespace {

using specs::VerdictKind;

Tally of(std::initializer_list<VerdictKind> verdicts, int unread = 0) {
  Tally tally;
  for (const VerdictKind verdict : verdicts) tally.add(verdict);
  tally.unread = unread;
  return tally;
}

TEST(ExitStatus, FollowsTheContract) {
  EXPECT_EQ(of({}).status(), ExitStatus::pass);
  EXPECT_EQ(of({VerdictKind::pass, VerdictKind::pass}).status(), ExitStatus::pass);
  EXPECT_EQ(of({VerdictKind::pass, VerdictKind::inconclusive}).status(), ExitStatus::inconclusive);
  EXPECT_EQ(of({VerdictKind::inconclusive, VerdictKind::fail}).status(), ExitStatus::fail);
  EXPECT_EQ(of({VerdictKind::pass}, 1).status(), ExitStatus::inconclusive);
  EXPECT_EQ(of({VerdictKind::fail}, 1).status(), ExitStatus::fail);
  EXPECT_EQ(of({}, 1).status(), ExitStatus::inconclusive);
}

}  // namespace
}  // namespace cleangate::app
