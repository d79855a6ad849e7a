// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run/budget.h"

#include <gtest/gtest.h>

namespace cleangate::run {
namespace {

TEST(Budget, AnAssetAloneGetsEverything) {
  Budget budget(8, 1 << 30);
  budget.expect();
  const auto share = budget.take();
  EXPECT_EQ(share.threads, 8);
  EXPECT_EQ(share.memory_bytes, std::uint64_t{1} << 30);
}

TEST(Budget, ManyShareAndWhatIsGivenBackIsThereAgain) {
  Budget budget(4, 4ull << 30);
  for (int i = 0; i < 8; ++i) budget.expect();
  std::vector<Budget::Share> shares;
  for (int i = 0; i < 4; ++i) {
    shares.push_back(budget.take());
    EXPECT_EQ(shares.back().threads, 1);
    EXPECT_EQ(shares.back().memory_bytes, 1ull << 30);
  }
  for (const auto& share : shares) budget.give_back(share);
  for (int i = 0; i < 3; ++i) budget.forget();  // known: they need no worker
  EXPECT_EQ(budget.take().threads, 4) << "the last one has the machine to itself";
}

TEST(Budget, TheLastOnesMayUseWhatTheOthersLeave) {
  Budget budget(2, 2ull << 30);
  for (int i = 0; i < 5; ++i) budget.expect();
  const auto first = budget.take(), second = budget.take();
  EXPECT_EQ(first.threads, 1);
  EXPECT_EQ(second.threads, 1);
  budget.give_back(first);
  EXPECT_EQ(budget.take().threads, 1) << "two still wait";
  budget.give_back(second);
  const auto fourth = budget.take();
  EXPECT_EQ(fourth.tokens, 1);
  EXPECT_EQ(fourth.threads, 2);
  EXPECT_EQ(fourth.memory_bytes, 1ull << 30) << "memory is shared all the same";
}

TEST(Budget, TokensAreNeverMoreThanThereAre) {
  for (int free = 1; free <= 16; ++free)
    for (std::size_t waiting = 1; waiting <= 40; ++waiting) {
      const int tokens = tokens_for_next(free, waiting);
      EXPECT_GE(tokens, 1);
      EXPECT_LE(tokens, free);
    }
  EXPECT_EQ(tokens_for_next(0, 3), 0);
}

}  // namespace
}  // namespace cleangate::run
